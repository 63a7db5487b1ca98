"""Every way to write a flag leaves exactly one row with before, after, who and why; and no way to change such a row."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from featureflags import guardrails, ramp, services
from featureflags.guardrails import Measurement, register_metric
from featureflags.models import Flag, FlagChange, FlagOverride, Guardrail, RampPlan, ScheduledChange, Source
from featureflags.models.history import AppendOnly
from featureflags.services import Rule, Step
from tests.featureflags.test_admin import V2, confirm, entries, opened, page, save_twice

pytestmark = pytest.mark.django_db
COMMON: dict[str, Any] = {"source": Source.ADMIN, "reason": "earlier"}
RULE = Rule("success_rate", Guardrail.Check.BELOW, 0.95, action=Guardrail.Action.ROLL_BACK)


class World:
    """What the ways need: a client of the product staff, somebody to be named, and a place for files."""

    def __init__(self, client: Client, product: User, author: User, settings: Any, directory: Path) -> None:
        self.client, self.product, self.author = client, product, author
        self.settings, self.directory = settings, directory

    def post(self, view: str, *arguments: int, **sent: Any) -> None:
        url = reverse(f"admin:featureflags_{view}", args=arguments)
        assert self.client.post(url, sent).status_code == 302

    def confirm(self, view: str, *arguments: int) -> None:
        url = reverse(f"admin:featureflags_{view}", args=arguments)
        assert confirm(self.client, url, reason="why").status_code == 302

    @property
    def flag(self) -> Flag:
        return Flag.objects.get(key=V2)


def by_form(world: World) -> None:
    assert save_twice(world.client, entries(percentage="25", reason="why"))[1] == 302


def by_details(world: World) -> None:
    assert world.client.post(page(), entries(owner="Team", reason="why")).status_code == 302


def by_bulk(world: World) -> None:
    world.post("flag_changelist", action="kill_selected", _selected_action=[world.flag.pk], reason="why")


def by_kill(world: World) -> None:
    world.post("flag_kill", world.flag.pk, reason="why")


def by_revert(world: World) -> None:
    world.post("flag_revert", world.flag.pk, world.flag.changes.first().pk)


def by_override(world: World) -> None:
    page_opened = opened(world.client, reverse("admin:featureflags_flagoverride_add"))
    sent = {"flag": world.flag.pk, "user": world.author.pk, "enabled": "on", "reason": "why"}
    world.post("flagoverride_add", **sent, **page_opened)


def by_override_delete(world: World) -> None:
    world.confirm("flagoverride_delete", FlagOverride.objects.get().pk)


def by_inline(world: World) -> None:
    plan = RampPlan.objects.get()
    sent: dict[str, Any] = {"guardrails-TOTAL_FORMS": 0, "guardrails-INITIAL_FORMS": 0}
    sent |= {"steps-TOTAL_FORMS": 2, "steps-INITIAL_FORMS": 2}
    for number, step in enumerate(plan.steps.all()):
        values = {"id": step.pk, "position": step.position, "percentage": 30 + step.position, "hold_minutes": 5}
        sent |= {f"steps-{number}-{name}": value for name, value in (values | {"minimum_samples": 0}).items()}
    world.post("rampplan_change", plan.pk, reason="why", **sent)


def by_ramp_start(world: World) -> None:
    world.confirm("rampplan_start", RampPlan.objects.get().pk)


def by_ramp_pause(world: World) -> None:
    world.post("flag_pause_ramp", world.flag.pk, reason="why")


def by_ramp_resume(world: World) -> None:
    world.confirm("flag_resume_ramp", world.flag.pk)


def by_ramp_advance(world: World) -> None:
    ramp.evaluate_all(timezone.now() + timedelta(days=2))


def by_guardrail(world: World) -> None:
    register_metric(RULE.metric, lambda window: Measurement(0.1, 400))
    ramp.evaluate_all(timezone.now())


def by_schedule_plan(world: World) -> None:
    later = timezone.now() + timedelta(days=1)
    when = {"apply_at_0": later.strftime("%Y-%m-%d"), "apply_at_1": "12:00:00"}
    sent = {"flag": world.flag.pk, "enabled": "unknown", "percentage": "40", "reason": "why", **when}
    assert save_twice(world.client, sent, reverse("admin:featureflags_scheduledchange_add"))[1] == 302


def by_schedule_cancel(world: World) -> None:
    world.post("scheduledchange_cancel", ScheduledChange.objects.get().pk, reason="why")


def by_schedule(world: World) -> None:
    services.apply_scheduled(timezone.now() + timedelta(days=2))


def by_command(world: World) -> None:
    call_command("flag", "set", V2, "--rollout", "33", "--reason", "why", stdout=StringIO())


def by_sync(world: World) -> None:
    file = world.directory / "flags.json"
    file.write_text(f'{{"flags": [{{"key": "{V2}", "percentage": 34}}]}}')
    call_command("flag", "sync", str(file), "--reason", "why", stdout=StringIO())


def by_api(world: World) -> None:
    services.change_flag(V2, percentage=35, source=Source.API, reason="why", actor=world.product)


def by_environment(world: World) -> None:
    world.settings.VARIANT_GENERATION_ROLLOUT_PERCENTAGE = 60
    services.apply_environment()


def draft() -> RampPlan:
    return services.create_ramp(V2, steps=[Step(30), Step(60)], rules=[RULE], **COMMON)


def draft_without_rules() -> RampPlan:
    return services.create_ramp(V2, steps=[Step(30), Step(60)], rules=[], **COMMON)


def running() -> RampPlan:
    plan = draft()
    services.start_ramp(plan, **COMMON)
    return plan


def running_without_rules() -> None:
    services.start_ramp(draft_without_rules(), **COMMON)


def paused() -> None:
    services.pause_ramp(running(), **COMMON)


def planned() -> None:
    services.schedule_change(V2, apply_at=timezone.now() + timedelta(days=1), percentage=40, **COMMON)


WAYS: list[tuple[Callable[[World], None], str, str, Callable[[], object] | None]] = [
    (by_form, "admin", "percentage", None),
    (by_details, "admin", "owner", None),
    (by_bulk, "admin", "enabled", None),
    (by_kill, "admin", "enabled", None),
    (by_revert, "admin", "percentage", None),
    (by_override, "admin", "overrides", None),
    (by_override_delete, "admin", "overrides", None),
    (by_inline, "admin", "ramp", draft_without_rules),
    (by_ramp_start, "admin", "ramp", draft),
    (by_ramp_pause, "admin", "ramp", running),
    (by_ramp_resume, "admin", "ramp", paused),
    (by_ramp_advance, "ramp", "percentage", running_without_rules),
    (by_guardrail, "guardrail", "percentage", running),
    (by_schedule_plan, "admin", "scheduled", None),
    (by_schedule_cancel, "admin", "scheduled", planned),
    (by_schedule, "schedule", "percentage", planned),
    (by_command, "command", "percentage", None),
    (by_sync, "command", "percentage", None),
    (by_api, "api", "percentage", None),
    (by_environment, "environment", "percentage", None),
]


@pytest.mark.parametrize(("way", "source", "field", "before"), WAYS, ids=[way.__name__ for way, *_ in WAYS])
def test_every_way_leaves_exactly_one_row(
    way: Callable[[World], None],
    source: str,
    field: str,
    before: Callable[[], object] | None,
    client: Client,
    product: User,
    author: User,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(guardrails, "_metrics", {})
    client.force_login(product, backend="django.contrib.auth.backends.ModelBackend")
    services.change_flag(V2, enabled=True, percentage=10, **COMMON)
    if way is by_override_delete:
        services.set_override(V2, user=author, enabled=True, **COMMON)
    if before is not None:
        before()
    world = World(client, product, author, settings, tmp_path)
    known, revision = set(FlagChange.objects.values_list("pk", flat=True)), world.flag.revision
    way(world)
    (row,) = FlagChange.objects.exclude(pk__in=known)
    assert (row.flag.key, row.revision, row.source) == (V2, revision + 1, source)
    assert row.before[field] != row.after[field]
    assert row.reason
    automatic = source in ("ramp", "guardrail", "command", "environment", "schedule")
    assert row.actor_name == ("" if automatic else "product")
    assert (row.actor_id == product.pk) is not automatic
    if source == "guardrail":
        assert row.evidence["findings"][0]["value"] == 0.1


TAMPERING: dict[str, Callable[[FlagChange], object]] = {
    "save": lambda row: row.save(),
    "delete": lambda row: row.delete(),
    "update": lambda row: FlagChange.objects.update(reason="x"),
    "filter update": lambda row: FlagChange.objects.filter(pk=row.pk).update(reason="x"),
    "queryset delete": lambda row: FlagChange.objects.all().delete(),
    "related delete": lambda row: row.flag.changes.all().delete(),
    "bulk_update": lambda row: FlagChange.objects.bulk_update([row], ["reason"]),
    "update_or_create": lambda row: FlagChange.objects.update_or_create(pk=row.pk, defaults={"reason": "x"}),
    "_raw_delete": lambda row: FlagChange.objects.all()._raw_delete("default"),
    "base manager": lambda row: FlagChange._base_manager.filter(pk=row.pk).update(reason="x"),
    "base manager delete": lambda row: FlagChange._base_manager.filter(pk=row.pk).delete(),
    "upsert": lambda row: FlagChange.objects.bulk_create(
        [row], update_conflicts=True, update_fields=["reason"], unique_fields=["id"]
    ),
    "flag delete": lambda row: row.flag.delete(),
}
STATEMENTS = (
    "UPDATE featureflags_flagchange SET reason = 'x'",
    "DELETE FROM featureflags_flagchange",
)


@pytest.mark.parametrize("attempt", TAMPERING.values(), ids=TAMPERING)
def test_no_way_to_rewrite_a_row(attempt: Callable[[FlagChange], object]) -> None:
    before = list(FlagChange.objects.values_list("pk", "reason", "after"))
    row = FlagChange.objects.first()
    row.reason = "x"
    with pytest.raises((AppendOnly, DatabaseError)), transaction.atomic():
        attempt(row)
    assert list(FlagChange.objects.values_list("pk", "reason", "after")) == before


@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_statement_rewrites_a_row(statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_draft_does_not_hide_the_ramp_that_runs() -> None:
    plan = running()
    draft()
    services.pause_ramp(plan, source=Source.ADMIN, reason="wait")
    row = FlagChange.objects.first()
    assert [row.before["ramp"]["state"], row.after["ramp"]["state"]] == ["running", "paused"]
    assert row.after["nextRamp"]["state"] == "draft"
