"""The admin pages of the flags."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core import checks
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from featureflags import blast_radius, services, standing
from featureflags.models import Flag, FlagChange, FlagOverride, Guardrail, RampPlan, ScheduledChange, Source

V2 = "variant_generation_v2"
pytestmark = pytest.mark.django_db
Login = Callable[[User], Client]


def flag(key: str = V2) -> Flag:
    return Flag.objects.get(key=key)


def page(key: str = V2) -> str:
    return reverse("admin:featureflags_flag_change", args=(flag(key).pk,))


def entries(key: str = V2, **changed: object) -> dict[str, object]:
    """What the page of the flag sends when only `changed` is edited."""
    stored = flag(key)
    sent = {
        "name": stored.name,
        "description": stored.description,
        "kind": stored.kind,
        "owner": stored.owner,
        "expires_on": "",
        "percentage": f"{stored.percentage:g}",
        "reason": "beta test",
        "opened_revision": stored.revision,
        "previewed": "",
        "typed_count": "",
    }
    sent |= {"enabled": "on"} if stored.enabled else {}
    return {name: value for name, value in (sent | changed).items() if value is not None}


def save_twice(client: Client, sent: dict[str, object], url: str = "") -> tuple[str, int]:
    """Save, then save again what came back, as a person does who has read the preview; return page and status."""
    first = client.post(url or page(), sent)
    form = first.context["adminform"].form
    answer = client.post(url or page(), sent | {"previewed": form["previewed"].value()})
    return first.content.decode(), answer.status_code


def confirm(client: Client, url: str, **sent: object) -> HttpResponse:
    """Answer what a page asks before it switches people, as a person does who has read it."""
    return client.post(url, {"previewed": client.post(url).context["form"]["previewed"].value() or ""} | sent)


def opened(client: Client, url: str) -> dict[str, object]:
    """What the page of an override sends of itself: what it was opened with."""
    return {"opened_version": client.get(url).context["adminform"].form["opened_version"].value()}


@pytest.fixture
def staff(login: Login, product: User) -> Client:
    return login(product)


def test_it_works(staff: Client, author: User, product: User) -> None:
    shown, status = save_twice(staff, entries(enabled="on", percentage="100"))
    assert "+2 users on, −0 off, 0 with a generation running" in shown
    assert "Off → On for everyone" in shown
    assert [line in shown for line in ("<li>product <", "<li>author <")] == [True, True]
    assert "Please correct" not in shown
    assert status == 302
    assert (flag().enabled, flag().percentage) == (True, 100)
    row = FlagChange.objects.first()
    assert (row.actor_id, row.source, row.reason) == (product.pk, "admin", "beta test")


def test_nothing_is_saved_before_the_preview_was_seen(staff: Client) -> None:
    assert staff.post(page(), entries(enabled="on", percentage="50")).status_code == 200
    assert flag().revision == 1


def test_a_preview_of_another_percentage_does_not_count(staff: Client) -> None:
    first = staff.post(page(), entries(enabled="on", percentage="1"))
    seen = first.context["adminform"].form["previewed"].value()
    assert staff.post(page(), entries(enabled="on", percentage="100", previewed=seen)).status_code == 200
    assert flag().revision == 1


def test_details_are_saved_at_once_and_without_a_reason(staff: Client) -> None:
    assert staff.post(page(), entries(owner="Team Outline", reason="")).status_code == 302
    assert flag().owner == "Team Outline"


def test_exposure_needs_a_reason(staff: Client) -> None:
    answer = staff.post(page(), entries(enabled="on", reason=""))
    assert "reason" in answer.context["adminform"].form.errors
    assert flag().revision == 1


@pytest.mark.parametrize("percentage", ["-1", "100.01", "1.234", "ten", "", "NaN"])
def test_bad_percentages_are_refused(percentage: str, staff: Client) -> None:
    answer = staff.post(page(), entries(percentage=percentage))
    assert "percentage" in answer.context["adminform"].form.errors


def test_the_second_editor_is_told_and_keeps_what_was_entered(staff: Client, admin: User) -> None:
    opened = entries(owner="Second")
    services.change_flag(V2, source=Source.ADMIN, reason="first", actor=admin, details={"owner": "First"})
    answer = staff.post(page(), opened)
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert "This flag was changed by admin (first) while you had it open; nothing was saved." in shown
    assert 'value="Second"' in shown
    assert flag().owner == "First"
    form = answer.context["adminform"].form
    again = opened | {"opened_revision": form["opened_revision"].value()}
    assert staff.post(page(), again).status_code == 302
    assert flag().owner == "Second"


def test_large_changes_are_typed(staff: Client, author: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blast_radius, "TYPED_CONFIRMATION_ABOVE", 1)
    sent = entries(enabled="on", percentage="100")
    first = staff.post(page(), sent)
    sent |= {"previewed": first.context["adminform"].form["previewed"].value()}
    refused = staff.post(page(), sent)
    assert refused.context["adminform"].form.errors["typed_count"] == [
        "Type 2 to confirm that so many users are reached."
    ]
    assert staff.post(page(), sent | {"typed_count": "2"}).status_code == 302
    assert flag().enabled


def test_the_page_says_where_the_flag_stands(staff: Client, settings: object) -> None:
    settings.ENABLE_VARIANT_GENERATION_V2 = False
    shown = staff.get(page()).content.decode()
    assert "Off, held by the environment" in shown
    assert "The environment holds this flag: <code>ENABLE_VARIANT_GENERATION_V2=false</code>." in shown
    assert "<dt>Last change</dt><dd>Added with the installation." in shown
    assert "version 4" in shown


def test_a_plan_is_not_the_last_change(staff: Client) -> None:
    services.create_ramp(V2, source=Source.ADMIN, reason="spring release")
    assert "<dt>Last change</dt><dd>Added with the installation." in staff.get(page()).content.decode()
    services.change_flag(V2, source=Source.ADMIN, reason="first users", percentage=5)
    services.create_ramp(V2, source=Source.ADMIN, reason="summer release")
    assert "<dt>Last change</dt><dd>first users" in staff.get(page()).content.decode()


@pytest.mark.parametrize("key", ["variant_generation_v2", "rag_integration"])
def test_the_list_marks_what_is_stale(key: str, staff: Client) -> None:
    services.change_flag(
        key,
        source=Source.ADMIN,
        reason="",
        details={"expires_on": timezone.now().date() - timedelta(days=2)},
    )
    shown = staff.get(reverse("admin:featureflags_flag_changelist")).content.decode()
    assert shown.count("Expired on") == 1


def test_a_flag_that_is_at_full_rollout_for_long_is_stale_unless_the_environment_holds_it(
    staff: Client, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "STALE_AFTER", timedelta(seconds=-1))
    services.change_flag(V2, enabled=True, percentage=100, source=Source.ADMIN, reason="Phase 4")
    url = reverse("admin:featureflags_flag_changelist")
    assert staff.get(url).content.decode().count("At 100 % since") == 1  # switches are meant to stay on
    settings.ENABLE_VARIANT_GENERATION_V2 = False
    assert "At 100 % since" not in staff.get(url).content.decode()


def test_the_list_needs_the_same_queries_for_any_number_of_flags(staff: Client) -> None:
    url = reverse("admin:featureflags_flag_changelist")
    counts = []
    for round_ in range(2):
        staff.get(url)  # reads the flags that are new
        with CaptureQueriesContext(connection) as queries:
            staff.get(url)
        # The check for a new version comes when a second has passed.
        counts.append(sum("featureflags_flagversion" not in query["sql"] for query in queries))
        for number in range(5):
            services.create_flag(f"flag-{round_}-{number}", source=Source.ADMIN, reason="r")
    assert counts[0] == counts[1]


def test_the_page_of_a_flag_needs_the_same_queries_for_any_number_of_users(staff: Client) -> None:
    sent = entries(enabled="on", percentage="50")
    counts = []
    for more in (10, 1000):
        User.objects.bulk_create(User(username=f"user{more}-{number}", password="!") for number in range(more))
        staff.get(page())
        with CaptureQueriesContext(connection) as queries:
            staff.get(page())
            staff.post(page(), sent)
        counts.append(sum("featureflags_flagversion" not in query["sql"] for query in queries))
    assert counts[0] == counts[1] <= 40


def test_history_shows_differences_and_reverts_with_one_click(staff: Client) -> None:
    services.change_flag(V2, source=Source.ADMIN, reason="go", enabled=True, percentage=25)
    change = FlagChange.objects.first()
    shown = staff.get(page()).content.decode()
    assert "Switched: <del>off</del> → <ins>on</ins>" in shown
    assert "Rollout: <del>0 %</del> → <ins>25 %</ins>" in shown
    url = reverse("admin:featureflags_flag_revert", args=(flag().pk, change.pk))
    assert url in shown
    assert staff.get(url)["Location"] == page()
    assert flag().enabled
    assert staff.post(url).status_code == 302
    assert (flag().enabled, flag().percentage) == (False, 0)


def test_a_revert_that_switches_people_on_shows_whom_and_asks_why(staff: Client) -> None:
    services.change_flag(V2, source=Source.ADMIN, reason="go", enabled=True, percentage=100)
    services.kill_flag(V2, source=Source.ADMIN, reason="wrong answers")
    url = revert_latest()
    shown = staff.post(url)
    assert shown.status_code == 200
    for words in ("Off → On for everyone", "+1 user on, −0 off", "<li>product <", "wrong answers"):
        assert words in shown.content.decode()
    assert confirm(staff, url, reason="").context["form"].errors.keys() == {"reason"}
    assert not flag().enabled
    assert confirm(staff, url, reason="they are right again").status_code == 302
    assert flag().enabled
    assert FlagChange.objects.first().reason == "they are right again (Off → On for everyone)"


def revert_latest() -> str:
    return reverse("admin:featureflags_flag_revert", args=(flag().pk, FlagChange.objects.first().pk))


def test_a_large_revert_is_typed_as_on_the_page_of_the_flag(
    staff: Client, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blast_radius, "TYPED_CONFIRMATION_ABOVE", 1)
    services.change_flag(V2, source=Source.ADMIN, reason="go", enabled=True, percentage=100)
    services.kill_flag(V2, source=Source.ADMIN, reason="wrong answers")
    for typed in ("", "1", "many"):
        refused = confirm(staff, revert_latest(), reason="again", typed_count=typed)
        assert "typed_count" in refused.context["form"].errors
    assert "type how many users this reaches: 2" in refused.content.decode()
    assert not flag().enabled
    assert confirm(staff, revert_latest(), reason="again", typed_count="2").status_code == 302
    assert flag().enabled


def test_a_revert_does_only_what_was_shown(staff: Client) -> None:
    services.change_flag(V2, source=Source.ADMIN, reason="go", enabled=True, percentage=100)
    services.kill_flag(V2, source=Source.ADMIN, reason="wrong answers")
    url = revert_latest()
    seen = staff.post(url).context["form"]["previewed"].value()
    services.change_flag(V2, source=Source.ADMIN, reason="smaller", percentage=99.99)
    again = staff.post(url, {"previewed": seen, "reason": "again"})
    assert "The flag was changed meanwhile" in again.content.decode()
    assert "Off → On for 99.99 % of users" in again.content.decode()
    assert not flag().enabled


def test_a_revert_that_was_asked_about_is_asked_about_again(staff: Client) -> None:
    """Also where it has come to switch nobody on; and the reason that was typed is kept."""
    services.change_flag(V2, source=Source.ADMIN, reason="go", enabled=True, percentage=50)
    services.change_flag(V2, source=Source.ADMIN, reason="smaller", percentage=0)
    url = revert_latest()
    User.objects.bulk_create(User(username=f"user{number}", password="!") for number in range(20))
    seen = staff.post(url).context["form"]["previewed"].value()
    services.change_flag(V2, source=Source.ADMIN, reason="everybody", percentage=100)
    again = staff.post(url, {"previewed": seen, "reason": "again"})
    assert "The flag was changed meanwhile" in again.content.decode()
    assert "+0 users on" in again.content.decode()
    assert flag().percentage == 100
    form = again.context["form"]
    assert staff.post(url, {name: form[name].value() for name in ("previewed", "reason")}).status_code == 302
    assert flag().percentage == 50
    assert FlagChange.objects.first().reason == "again (On for everyone → On for 50 % of users)"


def test_reverting_an_override_of_many_asks_as_well(staff: Client, author: User, author2: User) -> None:
    services.change_flag(V2, source=Source.ADMIN, reason="by name", enabled=True)
    choir = Group.objects.create(name="choir")
    choir.user_set.set([author, author2])
    override = services.set_override(V2, group=choir, enabled=True, reason="pilot", source=Source.ADMIN)
    services.remove_overrides(V2, override_ids=[override.pk], reason="over", source=Source.ADMIN)
    assert "+2 users on" in staff.post(revert_latest()).content.decode()
    assert confirm(staff, revert_latest(), reason="once more").status_code == 302
    assert FlagOverride.objects.get().group == choir


def test_kill_asks_for_a_reason_and_acts(staff: Client) -> None:
    url = reverse("admin:featureflags_flag_kill", args=(flag("rag_integration").pk,))
    assert "Takes effect within a second" in staff.get(url).content.decode()
    assert staff.post(url, {"reason": ""}).status_code == 200
    assert flag("rag_integration").enabled
    assert staff.post(url, {"reason": "answers are wrong"}).status_code == 302
    assert not flag("rag_integration").enabled


def test_bulk_kill_writes_one_audit_row_for_each(staff: Client) -> None:
    url = reverse("admin:featureflags_flag_changelist")
    chosen = [flag(key).pk for key in ("rag_integration", "offline_composer")]
    sent = {"action": "kill_selected", "_selected_action": chosen}
    assert "rag_integration" in staff.post(url, sent).content.decode()
    assert flag("rag_integration").enabled
    assert staff.post(url, sent | {"reason": "incident 12"}).status_code == 302
    assert FlagChange.objects.filter(reason="incident 12", source="admin").count() == 2
    assert not flag("offline_composer").enabled


@pytest.mark.parametrize("row", ["x", "\0"])
def test_a_bulk_action_for_rows_that_cannot_exist_is_refused(row: str, staff: Client) -> None:
    sent = {"action": "kill_selected", "_selected_action": [flag().pk, row], "reason": "too slow"}
    answer = staff.post(reverse("admin:featureflags_flag_changelist"), sent, follow=True)
    assert (answer.status_code, flag("rag_integration").enabled) == (200, True)
    assert "Choose rows of the list; nothing was changed." in answer.content.decode()


def test_preview_while_the_slider_moves(staff: Client, author: User) -> None:
    url = reverse("admin:featureflags_flag_preview", args=(flag().pk,))
    assert staff.get(url, {"percentage": "100", "enabled": "true"}).json() == {
        "sentence": "+2 users on, −0 off, 0 with a generation running",
        "affected": 2,
        "needsTyping": False,
    }
    for wrong in ("many", "1e999999", "NaN", "9" * 5000, "\0"):
        assert staff.get(url, {"percentage": wrong}).status_code == 400


@pytest.mark.parametrize(
    "name", ["flag_kill", "flag_pause_ramp", "flag_resume_ramp", "rampplan_start", "scheduledchange_cancel"]
)
def test_a_button_of_nothing_is_not_found(name: str, staff: Client) -> None:
    for about in ("x", "日本", "9" * 30):
        assert staff.get(reverse(f"admin:featureflags_{name}", args=(about,))).status_code == 404


def test_the_history_names_whom_an_override_is_for(staff: Client, author: User) -> None:
    services.set_override(V2, user=author, enabled=True, reason="pilot", source=Source.ADMIN)
    url = reverse("admin:featureflags_flag_change", args=(flag().pk,))
    assert f"Override for user {author.username}" in staff.get(url).content.decode()
    number = author.pk
    author.delete()
    assert f"Override for user {number}" in staff.get(url).content.decode()


def test_a_new_flag(staff: Client) -> None:
    url = reverse("admin:featureflags_flag_add")
    assert staff.get(url).status_code == 200
    sent = {"key": "new_editor", "name": "New editor", "kind": "rollout", "percentage": "5", "reason": "next quarter"}
    assert "Say why" in staff.post(url, sent | {"reason": " "}).content.decode()
    assert staff.post(url, sent).status_code == 302
    row = FlagChange.objects.get(flag__key="new_editor")
    assert (row.reason, row.after["percentage"], row.source) == ("next quarter", 5, "admin")
    assert staff.post(url, sent).status_code == 200  # the key is taken


def test_overrides_are_audited(staff: Client, author: User) -> None:
    url = reverse("admin:featureflags_flagoverride_add")
    never = {"expires_at_0": "", "expires_at_1": ""}
    sent = {"flag": flag().pk, "user": author.pk, "enabled": "on", "reason": "pilot", **never}
    assert "One user or one group, not both." in staff.get(url).content.decode()
    assert staff.post(url, sent | opened(staff, url))["Location"] == page()
    assert f"user:{author.pk}" in FlagChange.objects.first().after["overrides"]
    override = FlagOverride.objects.get()
    change = reverse("admin:featureflags_flagoverride_change", args=(override.pk,))
    assert staff.post(change, {"reason": "pilot is over", **never, **opened(staff, change)}).status_code == 302
    assert FlagOverride.objects.get().enabled is False
    delete = reverse("admin:featureflags_flagoverride_delete", args=(override.pk,))
    assert confirm(staff, delete, reason="").context["form"].errors.keys() == {"reason"}
    assert confirm(staff, delete, reason="pilot ended")["Location"] == page()
    row = FlagChange.objects.first()
    assert (row.after["overrides"], row.reason) == ({}, "pilot ended")
    assert staff.post(delete, {"reason": "again"}).status_code == 302  # gone already
    assert FlagChange.objects.filter(flag__key=V2).count() == 4


def test_the_override_of_a_group_is_saved_once_it_was_shown(
    staff: Client, author: User, author2: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blast_radius, "TYPED_CONFIRMATION_ABOVE", 1)
    services.change_flag(V2, source=Source.ADMIN, reason="by name", enabled=True)
    choir, band = Group.objects.create(name="choir"), Group.objects.create(name="band")
    for group in (choir, band):
        group.user_set.set([author, author2])
    add = reverse("admin:featureflags_flagoverride_add")
    sent = {"flag": flag().pk, "group": choir.pk, "enabled": "on", "reason": "pilot", **opened(staff, add)}
    first = staff.post(add, sent)
    assert "On by name only (0 %), as before; overrides change" in first.content.decode()
    assert "+2 users on" in first.content.decode()
    assert "Please correct" not in first.content.decode()
    seen = {"previewed": first.context["adminform"].form["previewed"].value()}
    for unlike in ({}, {"typed_count": "2", "group": band.pk}, {"typed_count": "2", "enabled": ""}):
        assert staff.post(add, sent | seen | unlike).status_code == 200
    assert not FlagOverride.objects.exists()
    assert staff.post(add, sent | seen | {"typed_count": "2"}).status_code == 302
    override = FlagOverride.objects.get()
    assert (override.group, override.enabled) == (choir, True)
    change = reverse("admin:featureflags_flagoverride_change", args=(override.pk,))
    sent = {"reason": "pilot is over", **opened(staff, change)}
    shown = staff.post(change, sent)
    assert "+0 users on, −2 off" in shown.content.decode()
    seen = {"previewed": shown.context["adminform"].form["previewed"].value()}
    assert staff.post(change, sent | {"typed_count": "2"} | seen).status_code == 302
    assert FlagOverride.objects.get().enabled is False


@pytest.mark.parametrize("name", ["change", "add"])
def test_the_second_editor_of_an_override_is_told_and_keeps_what_was_entered(
    name: str, staff: Client, author: User, author2: User, admin: User
) -> None:
    override = services.set_override(V2, user=author, enabled=True, reason="pilot", source=Source.ADMIN)
    url = reverse(f"admin:featureflags_flagoverride_{name}", args=(override.pk,) if name == "change" else ())
    sent = {"reason": "my reason", **opened(staff, url)}
    sent |= {"flag": flag().pk, "user": author2.pk} if name == "add" else {}
    services.set_override(V2, user=author, enabled=False, reason="too slow", source=Source.ADMIN, actor=admin)
    services.change_flag("offline_composer", enabled=False, source=Source.ADMIN, reason="elsewhere")
    told = staff.post(url, sent)
    shown = told.content.decode()
    assert "This flag was changed by admin (too slow) while you had this page open; nothing was saved." in shown
    assert "<del>on (pilot)</del> → <ins>off (too slow)</ins>" in shown
    assert 'value="my reason"' in shown
    assert "elsewhere" not in shown
    assert FlagOverride.objects.get().reason == "too slow"
    again = sent | {"opened_version": told.context["adminform"].form["opened_version"].value()}
    assert staff.post(url, again).status_code == 302
    assert FlagOverride.objects.filter(reason="my reason").count() == 1


def test_an_override_whose_time_is_over_says_so(staff: Client, author: User, author2: User) -> None:
    now = timezone.now()
    common = {"source": Source.ADMIN, "reason": "pilot"}
    services.set_override(V2, user=author, enabled=True, expires_at=now - timedelta(days=1), **common)
    services.set_override(V2, user=author2, enabled=False, expires_at=now + timedelta(days=1), **common)
    shown = staff.get(reverse("admin:featureflags_flagoverride_changelist")).content.decode()
    assert re.findall(r">\s*(On|Off|Expired)\s*</span>", shown) == ["Expired", "Off"]
    shown = staff.get(page()).content.decode()
    assert [words in shown for words in ("user author expired</a>", "user author2 off</a> until")] == [True, True]


def test_an_override_does_not_end_before_it_begins(staff: Client, author: User) -> None:
    add = reverse("admin:featureflags_flagoverride_add")
    sent = {"flag": flag().pk, "user": author.pk, "enabled": "on", "reason": "pilot", **opened(staff, add)}
    refused = staff.post(add, sent | {"expires_at_0": "2020-01-01", "expires_at_1": "12:00"})
    assert refused.context["adminform"].form.errors.keys() == {"expires_at"}


@pytest.mark.parametrize("nobody", ["x", "\0", "9" * 30])
def test_an_override_for_nobody_is_refused(nobody: str, staff: Client) -> None:
    sent = {"flag": flag().pk, "user": nobody, "reason": "pilot"}
    refused = staff.post(reverse("admin:featureflags_flagoverride_add"), sent)
    assert "user" in refused.context["adminform"].form.errors


def choir_of(*members: User) -> FlagOverride:
    """The override that puts a group of them on, of a flag that is on by name only."""
    services.change_flag(V2, source=Source.ADMIN, reason="by name", enabled=True)
    choir = Group.objects.create(name="choir")
    choir.user_set.set(members)
    return services.set_override(V2, group=choir, enabled=True, reason="pilot", source=Source.ADMIN)


def test_an_override_is_taken_away_once_it_was_shown_whom_that_reaches(
    staff: Client, author: User, author2: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blast_radius, "TYPED_CONFIRMATION_ABOVE", 1)
    override = choir_of(author, author2)
    url = reverse("admin:featureflags_flagoverride_delete", args=(override.pk,))
    shown = staff.get(url)
    for words in ("Take away the override of group choir", "+0 users on, −2 off", "<li>author <"):
        assert words in shown.content.decode()
    seen = {"previewed": shown.context["form"]["previewed"].value(), "reason": "over"}
    assert "typed_count" in staff.post(url, seen).context["form"].errors
    services.set_override(V2, user=author, enabled=True, reason="stays", source=Source.ADMIN)
    again = staff.post(url, seen | {"typed_count": "2"})
    assert "The flag was changed meanwhile" in again.content.decode()
    assert "+0 users on, −1 off" in again.content.decode()
    assert FlagOverride.objects.count() == 2
    assert confirm(staff, url, reason="over").status_code == 302
    assert FlagOverride.objects.get().user == author


def test_overrides_of_one_flag_are_taken_away_together_as_one_change(
    staff: Client, author: User, author2: User, product: User
) -> None:
    choir_of(author, author2)
    services.set_override(V2, user=product, enabled=True, reason="pilot", source=Source.ADMIN)
    other = services.set_override("offline_composer", user=author, enabled=False, reason="r", source=Source.ADMIN)
    url = reverse("admin:featureflags_flagoverride_changelist")
    chosen = list(FlagOverride.objects.exclude(pk=other.pk).values_list("pk", flat=True))
    sent = {"action": "delete_selected", "_selected_action": [*chosen, other.pk]}
    assert "Choose overrides of one flag" in staff.post(url, sent, follow=True).content.decode()
    sent["_selected_action"] = chosen
    asked = staff.post(url, sent)
    assert "+0 users on, −3 off" in asked.content.decode()
    again = dict(asked.context["hidden"]) | {"_selected_action": chosen, "reason": "pilot ended"}
    before = flag().revision
    assert staff.post(url, again).status_code == 200  # without what was shown
    assert staff.post(url, again | {"previewed": asked.context["form"]["previewed"].value()}).status_code == 302
    assert list(FlagOverride.objects.all()) == [other]
    row = FlagChange.objects.first()
    assert (flag().revision, row.after["overrides"], row.reason) == (before + 1, {}, "pilot ended")


def test_the_audit_reads_names_once_for_all_its_rows(staff: Client, author: User, author2: User, analyst: User) -> None:
    asked = []
    for user in (author, author2, analyst):
        services.set_override(V2, user=user, enabled=True, reason="pilot", source=Source.ADMIN)
        with CaptureQueriesContext(connection) as queries:
            page = staff.get(reverse("admin:featureflags_flagchange_changelist")).content.decode()
        assert f"Override for user {user.username}" in page
        # The check for a new version comes when a second has passed.
        asked.append(sum("featureflags_flagversion" not in query["sql"] for query in queries))
    assert len(set(asked)) == 1


def test_the_audit_is_read_only_even_for_a_superuser(login: Login, admin: User) -> None:
    client = login(admin)
    row = FlagChange.objects.first()
    assert client.get(reverse("admin:featureflags_flagchange_changelist")).status_code == 200
    detail = reverse("admin:featureflags_flagchange_change", args=(row.pk,))
    assert client.get(detail).status_code == 200
    assert client.post(detail, {"reason": "x"}).status_code == 403
    assert client.post(reverse("admin:featureflags_flagchange_delete", args=(row.pk,))).status_code == 403
    assert client.get(reverse("admin:featureflags_flagchange_add")).status_code == 403


def test_a_flag_is_deleted_by_nobody(login: Login, admin: User) -> None:
    assert login(admin).post(reverse("admin:featureflags_flag_delete", args=(flag().pk,))).status_code == 403


def test_an_operator_looks_and_kills_and_no_more(login: Login, operator: User) -> None:
    client = login(operator)
    assert client.get(page("rag_integration")).status_code == 200
    assert client.post(page(), entries(owner="me")).status_code == 403
    change = FlagChange.objects.first()
    assert client.post(reverse("admin:featureflags_flag_revert", args=(flag().pk, change.pk))).status_code == 403
    assert client.get(reverse("admin:featureflags_flag_preview", args=(flag().pk,))).status_code == 403
    assert client.get(reverse("admin:featureflags_flagoverride_add")).status_code == 403
    assert client.get(reverse("admin:featureflags_rampplan_add")).status_code == 403
    kill = reverse("admin:featureflags_flag_kill", args=(flag("rag_integration").pk,))
    assert client.post(kill, {"reason": "incident"}).status_code == 302
    assert not flag("rag_integration").enabled


@pytest.mark.parametrize("role", ["author", "analyst"])
def test_others_see_no_flags(role: str, login: Login, request: pytest.FixtureRequest) -> None:
    answer = login(request.getfixturevalue(role)).get(page())
    assert answer.status_code in (302, 403)


def test_a_ramp_is_planned_started_paused_and_resumed(staff: Client) -> None:
    add = reverse("admin:featureflags_rampplan_add")
    assert staff.get(add).status_code == 200
    assert staff.post(add, {"flag": flag().pk, "reason": "spring release"}).status_code == 302
    plan = RampPlan.objects.get()
    assert [step.basis_points for step in plan.steps.all()] == [100, 500, 1000, 2500, 5000, 10_000]
    change = reverse("admin:featureflags_rampplan_change", args=(plan.pk,))
    assert 'aria-label="Metric"' in staff.get(change).content.decode()
    assert 'aria-label="None"' not in staff.get(change).content.decode()
    for url, state in (
        (reverse("admin:featureflags_rampplan_start", args=(plan.pk,)), "running"),
        (reverse("admin:featureflags_flag_pause_ramp", args=(flag().pk,)), "paused"),
        (reverse("admin:featureflags_flag_resume_ramp", args=(flag().pk,)), "running"),
    ):
        shown = staff.get(url)
        assert shown.status_code == 200
        assert "overrides change" not in shown.content.decode()
        assert confirm(staff, url, reason="as planned").status_code == 302
        assert RampPlan.objects.get().state == state
        assert state in staff.get(page()).content.decode()
    assert (flag().enabled, flag().percentage) == (True, 1)
    assert staff.post(change, {"reason": "r"}).status_code == 403  # no longer a draft


@pytest.mark.parametrize(
    ("enabled", "percentage", "proposed"),
    [(True, 25, [50, 100]), (True, 100, [1, 5, 10, 25, 50, 100]), (False, 25, [1, 5, 10, 25, 50, 100])],
)
def test_a_proposed_ramp_goes_on_from_where_the_flag_is(
    enabled: bool, percentage: int, proposed: list[int], staff: Client
) -> None:
    services.change_flag(V2, source=Source.ADMIN, reason="r", enabled=enabled, percentage=percentage)
    staff.post(reverse("admin:featureflags_rampplan_add"), {"flag": flag().pk, "reason": "spring release"})
    plan = RampPlan.objects.get()
    assert [step.percentage for step in plan.steps.all()] == proposed
    shown = staff.get(reverse("admin:featureflags_rampplan_start", args=(plan.pk,))).content.decode()
    assert ("Switches the flag on" in shown) is not enabled


def test_a_ramp_asks_for_its_reason_once(staff: Client) -> None:
    staff.post(reverse("admin:featureflags_rampplan_add"), {"flag": flag().pk, "reason": "spring release"})
    plan = RampPlan.objects.get()
    for name in ("change", "start"):
        shown = staff.get(reverse(f"admin:featureflags_rampplan_{name}", args=(plan.pk,))).content.decode()
        assert "spring release" in shown
    start = reverse("admin:featureflags_rampplan_start", args=(plan.pk,))
    shown = staff.get(start)
    assert "Off → On for 1 % of users" in shown.content.decode()
    offered = shown.context["form"]
    staff.post(start, {name: offered[name].value() for name in ("reason", "previewed")})
    assert (FlagChange.objects.first().reason, flag().percentage) == ("spring release", 1)


def test_a_ramp_that_reaches_many_is_typed(staff: Client, author: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blast_radius, "TYPED_CONFIRMATION_ABOVE", 1)
    common = {"source": Source.ADMIN, "reason": "r"}
    plan = services.create_ramp(V2, steps=[services.Step(100)], rules=[], **common)
    start = reverse("admin:featureflags_rampplan_start", args=(plan.pk,))
    assert "typed_count" in confirm(staff, start, reason="go").context["form"].errors
    assert confirm(staff, start, reason="go", typed_count="2").status_code == 302
    assert flag().enabled


def test_a_ramp_of_a_flag_that_is_off_says_so_before_it_asks(staff: Client) -> None:
    plan = services.create_ramp(V2, source=Source.ADMIN, reason="r")
    services.start_ramp(plan, source=Source.ADMIN, reason="r")
    services.kill_flag(V2, source=Source.ADMIN, reason="incident")
    answer = staff.get(reverse("admin:featureflags_flag_resume_ramp", args=(flag().pk,)), follow=True)
    assert "Switch it on first, then resume the ramp." in answer.content.decode()


def test_the_page_of_a_ramp_says_what_comes_next(staff: Client) -> None:
    plan = services.create_ramp(V2, source=Source.ADMIN, reason="spring")
    address = reverse("admin:featureflags_rampplan_change", args=(plan.pk,))

    def offered() -> tuple[str, str]:
        return staff.get(address).context["next"]

    assert offered()[0] == "Start ramp"
    services.start_ramp(plan, source=Source.ADMIN, reason="r")
    services.create_ramp(V2, source=Source.ADMIN, reason="summer")
    assert offered() == ("Pause ramp", reverse("admin:featureflags_flag_pause_ramp", args=(flag().pk,)))
    assert staff.post(offered()[1], {"reason": "wait"}).status_code == 302
    assert offered()[0] == "Resume ramp"
    shown = staff.get(address).content.decode()
    assert "Paused, step 1 of 6" in shown
    assert ">25<" in shown


def test_only_what_is_still_to_come_can_be_cancelled(staff: Client) -> None:
    later = timezone.now() + timedelta(days=1)
    change = services.schedule_change(V2, apply_at=later, percentage=10, reason="r", source=Source.ADMIN)
    address = reverse("admin:featureflags_scheduledchange_change", args=(change.pk,))
    assert "Cancel this change" in staff.get(address).content.decode()
    assert "stays as it is" in staff.get(address).content.decode()
    services.cancel_scheduled(change, reason="r", source=Source.ADMIN)
    assert "Cancel this change" not in staff.get(address).content.decode()


@pytest.mark.parametrize("name", ["rampplan_add", "scheduledchange_add", "rampplan_change", "flag_change"])
def test_pages_are_saved_in_one_way(name: str, staff: Client) -> None:
    plan = services.create_ramp(V2, source=Source.ADMIN, reason="r")
    about = {"rampplan_change": (plan.pk,), "flag_change": (flag().pk,)}
    shown = staff.get(reverse(f"admin:featureflags_{name}", args=about.get(name, ()))).content.decode()
    assert 'name="_save"' in shown
    assert 'name="_addanother"' not in shown
    assert 'name="_continue"' not in shown


def test_the_way_to_a_flag_names_it_as_it_is(staff: Client) -> None:
    shown = staff.get(page()).content.decode()
    assert V2 in shown
    assert V2.capitalize() not in shown
    assert ">\n        Feature flags\n" in shown


def test_the_rows_of_a_draft_are_edited_as_one_audited_change(staff: Client) -> None:
    plan = services.create_ramp(
        V2, source=Source.ADMIN, reason="r", steps=[services.Step(5), services.Step(50)], rules=[]
    )
    steps = list(plan.steps.all())
    sent = {"reason": "slower", "steps-TOTAL_FORMS": 2, "steps-INITIAL_FORMS": 2}
    sent |= {"guardrails-TOTAL_FORMS": 1, "guardrails-INITIAL_FORMS": 0}
    sent |= {
        "guardrails-0-metric": "success_rate",
        "guardrails-0-check_kind": "below",
        "guardrails-0-threshold": "0.9",
        "guardrails-0-minimum_samples": "40",
        "guardrails-0-action": "pause",
    }
    for number, (step, percentage) in enumerate(zip(steps, ("2.5", "50"), strict=True)):
        sent |= {
            f"steps-{number}-id": step.pk,
            f"steps-{number}-position": step.position,
            f"steps-{number}-percentage": percentage,
            f"steps-{number}-hold_minutes": "30",
            f"steps-{number}-minimum_samples": "0",
        }
    url = reverse("admin:featureflags_rampplan_change", args=(plan.pk,))
    before = flag().revision
    assert staff.post(url, sent).status_code == 302
    assert flag().revision == before + 1
    ramp = FlagChange.objects.first().after["ramp"]
    assert [step["percentage"] for step in ramp["steps"]] == [2.5, 50]
    assert RampPlan.objects.get().reason == "slower"
    assert ramp["guardrails"][0]["metric"] == "success_rate"
    falling = staff.post(url, sent | {"steps-1-percentage": "1"})
    assert falling.status_code == 200
    assert "have to rise" in falling.content.decode()


def test_a_guardrail_keeps_a_metric_that_is_no_longer_registered(staff: Client) -> None:
    rule = services.Rule("gone_rate", Guardrail.Check.BELOW, 0.9)
    plan = services.create_ramp(V2, source=Source.ADMIN, reason="r", rules=[rule])
    shown = staff.get(reverse("admin:featureflags_rampplan_change", args=(plan.pk,))).content.decode()
    assert re.search(r'<option value="gone_rate"\s+selected', shown)


def test_a_change_is_scheduled_and_cancelled(staff: Client) -> None:
    add = reverse("admin:featureflags_scheduledchange_add")
    assert staff.get(add).status_code == 200
    later = timezone.now() + timedelta(days=1)
    sent = {
        "flag": flag().pk,
        "apply_at_0": later.strftime("%Y-%m-%d"),
        "apply_at_1": later.strftime("%H:%M:%S"),
        "enabled": "unknown",
        "percentage": "10",
        "reason": "launch",
    }
    assert staff.post(add, sent | {"percentage": ""}).status_code == 200
    assert staff.post(add, sent | {"apply_at_0": "2020-01-01"}).status_code == 200
    shown, status = save_twice(staff, sent, add)
    assert "Not planned yet: who this would reach now" in shown
    other = flag("offline_composer")
    Flag.objects.filter(pk=other.pk).update(revision=flag().revision, enabled=flag().enabled, basis_points=0)
    seen = staff.post(add, sent).context["adminform"].form["previewed"].value()
    assert staff.post(add, sent | {"flag": other.pk, "previewed": seen}).status_code == 200
    assert ScheduledChange.objects.count() == 1
    assert "Please correct" not in shown
    assert status == 302
    planned = ScheduledChange.objects.get()
    assert (planned.enabled, planned.basis_points, planned.state) == (None, 1000, "pending")
    assert FlagChange.objects.first().after["scheduled"][0]["percentage"] == 10
    assert staff.get(reverse("admin:featureflags_scheduledchange_change", args=(planned.pk,))).status_code == 200
    assert "Scheduled" in staff.get(page()).content.decode()
    cancel = reverse("admin:featureflags_scheduledchange_cancel", args=(planned.pk,))
    assert staff.post(cancel, {"reason": "not yet"}).status_code == 302
    assert ScheduledChange.objects.get().state == "cancelled"
    assert FlagChange.objects.first().after["scheduled"] == []


@pytest.mark.django_db
def test_the_checks_of_the_pages_need_no_database() -> None:
    with CaptureQueriesContext(connection) as queries:  # `migrate` runs the checks before there are tables
        assert checks.run_checks(tags=["admin"]) == []
    assert len(queries) == 0
