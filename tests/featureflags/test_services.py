"""Writing flags: every change is audited, versioned and refused when it is stale or without a reason."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection

from featureflags import services
from featureflags.errors import FlagConflict, FlagNotFound, InvalidFlag, ReasonRequired
from featureflags.flags import is_enabled
from featureflags.models import Flag, FlagChange, FlagOverride, FlagVersion, RampPlan, Source

V2 = "variant_generation_v2"
pytestmark = pytest.mark.django_db


def change(**values: object) -> Flag:
    return services.change_flag(V2, **({"source": Source.ADMIN, "reason": "beta test"} | values))


def test_it_works(product: User) -> None:
    before = FlagVersion.objects.get()
    flag = change(actor=product, enabled=True, percentage="12.5")
    flag.refresh_from_db()
    assert (flag.enabled, flag.percentage, flag.revision) == (True, 12.5, 2)
    row = FlagChange.objects.get(flag=flag, revision=2)
    assert (row.actor_id, row.who, row.source, row.reason) == (product.pk, "product", "admin", "beta test")
    assert (row.before["percentage"], row.after["percentage"]) == (0.0, 12.5)
    assert (row.before["enabled"], row.after["enabled"]) == (False, True)
    after = FlagVersion.objects.get()
    assert row.version == after.version == before.version + 1
    assert after.token != before.token
    assert after.changed_at > before.changed_at


def test_no_difference_makes_no_revision() -> None:
    change(enabled=False, percentage=0, reason="")
    assert Flag.objects.get(key=V2).revision == FlagChange.objects.filter(flag__key=V2).count() == 1


@pytest.mark.parametrize("values", [{"enabled": True}, {"percentage": 1}])
@pytest.mark.parametrize("reason", ["", "  "])
def test_switching_and_exposure_need_a_reason(values: dict[str, object], reason: str) -> None:
    with pytest.raises(ReasonRequired):
        change(reason=reason, **values)
    assert Flag.objects.get(key=V2).revision == 1


def test_details_need_no_reason_and_are_audited() -> None:
    change(reason="", details={"owner": "Team Outline", "description": "New words"})
    row = FlagChange.objects.get(flag__key=V2, revision=2)
    assert {name for name in row.after if row.after[name] != row.before[name]} == {"owner", "description"}


def test_the_second_of_two_editors_gets_a_conflict_and_nothing_is_lost() -> None:
    change(percentage=10, expected_revision=1)
    with pytest.raises(FlagConflict) as refused:
        change(percentage=20, expected_revision=1)
    assert refused.value.details == {"expected": 1, "current": 2}
    assert Flag.objects.get(key=V2).percentage == 10


@pytest.mark.parametrize(
    "values", [{"percentage": 101}, {"percentage": "x"}, {"details": {"kind": "x"}}, {"details": {"salt": "x"}}]
)
def test_bad_values_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(InvalidFlag):
        change(**values)


def test_unknown_flag() -> None:
    with pytest.raises(FlagNotFound, match="no flag nonsense"):
        services.change_flag("nonsense", source=Source.ADMIN, reason="r", enabled=True)


def test_kill_switches_off_at_once_keeps_the_percentage_and_pauses_the_ramp(operator: User) -> None:
    flag = change(enabled=True, percentage=100)
    plan = RampPlan.objects.create(flag=flag, state=RampPlan.State.RUNNING)
    assert is_enabled(V2)
    services.kill_flag(V2, source=Source.ADMIN, reason="outlines are broken", actor=operator)
    assert not is_enabled(V2)
    plan.refresh_from_db()
    assert plan.state == RampPlan.State.PAUSED
    assert Flag.objects.get(key=V2).percentage == 100
    row = FlagChange.objects.first()
    assert (row.before["ramp"]["state"], row.after["ramp"]["state"]) == ("running", "paused")


def test_overrides_are_audited_and_replaced(product: User, author: User) -> None:
    for enabled in (True, False):
        services.set_override(V2, user=author, enabled=enabled, reason="pilot", source=Source.ADMIN, actor=product)
    assert FlagOverride.objects.get().enabled is False
    row = FlagChange.objects.first()
    assert row.after["overrides"] == {f"user:{author.pk}": {"enabled": False, "reason": "pilot", "expiresAt": None}}
    services.remove_overrides(
        V2, override_ids=[FlagOverride.objects.get().pk], reason="pilot is over", source=Source.ADMIN, actor=product
    )
    assert FlagChange.objects.first().after["overrides"] == {}
    assert Flag.objects.get(key=V2).revision == 4


def test_an_override_is_for_one_user_or_one_group_and_has_a_reason(author: User) -> None:
    with pytest.raises(InvalidFlag):
        services.set_override(V2, enabled=True, reason="r", source=Source.ADMIN)
    with pytest.raises(InvalidFlag):
        services.set_override(
            V2, user=author, group=Group.objects.create(name="g"), enabled=True, reason="r", source=Source.ADMIN
        )
    with pytest.raises(ReasonRequired):
        services.set_override(V2, user=author, enabled=True, reason=" ", source=Source.ADMIN)


def test_a_new_flag_is_revision_one_and_its_key_is_taken() -> None:
    services.create_flag("new_editor", source=Source.ADMIN, reason="next quarter", percentage=5)
    assert FlagChange.objects.get(flag__key="new_editor").after["percentage"] == 5
    with pytest.raises(InvalidFlag, match="exists already"):
        services.create_flag("new_editor", source=Source.ADMIN, reason="again")


@pytest.mark.parametrize("values", [{"enabled": True}, {"percentage": 1}])
def test_a_new_flag_that_reaches_anybody_needs_a_reason(values: dict[str, object]) -> None:
    with pytest.raises(ReasonRequired):
        services.create_flag("new_editor", source=Source.ADMIN, reason=" ", **values)
    assert not Flag.objects.filter(key="new_editor").exists()


def test_ensure_flags_adds_only_what_is_missing() -> None:
    assert services.ensure_flags() == []
    change(enabled=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE featureflags_flagchange DISABLE TRIGGER featureflags_flagchange_append_only")
        cursor.execute("DELETE FROM featureflags_flagchange")
        cursor.execute("DELETE FROM featureflags_flag WHERE key = 'offline_composer'")
        cursor.execute("ALTER TABLE featureflags_flagchange ENABLE TRIGGER featureflags_flagchange_append_only")
    assert [flag.key for flag in services.ensure_flags()] == ["offline_composer"]
    assert Flag.objects.get(key=V2).enabled
