from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analytics import alerts, registry, rollups
from analytics.models import AIInteraction, Alert, EvidenceReport, ModelPrice
from tests.analytics.history import event, generation, interaction, selection

pytestmark = pytest.mark.django_db

Login = Callable[[User], Client]
ADDRESS = "/admin/analytics/event/dashboard/"


@pytest.fixture
def markers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_markers", {})
    change = registry.Marker(timezone.now() - timedelta(days=1), "Rollout from 10 to 50 %")
    registry.register_markers("test", lambda period: [change])


def busy_week(n: int = 30) -> None:
    for index in range(n):
        at = timezone.now() - timedelta(days=index % 7, minutes=5)
        generation(at)
        interaction(at)
        selection(at, number=index % 4 + 1, user_id=index)
    generation(timezone.now() - timedelta(hours=1), outcome="failed")
    event("session_published", timezone.now() - timedelta(hours=1), quality=78)
    rollups.refresh()


@pytest.mark.usefixtures("markers")
def test_it_works(login: Login, product: User) -> None:
    busy_week()

    page = login(product).get(ADDRESS, {"evidence": "1"}).content.decode()

    assert "97 % of 31 generations brought all four versions" in page
    assert "Rollout from 10 to 50 %" in page
    assert "not enough data: about 1,990 more needed, n = 31" in page, "97 % of 31 may be 80 % of all"
    assert "met: under 8 s, n = 120" in page
    assert "provider_timeout" in page
    assert "blind picking gives 75 %: not enough data" in page
    assert "Published sessions score 78 of 100 on average" in page
    assert "30 model calls cost 0.30 US dollars" in page
    assert "1 session published of 30 generations" in page, "the failed one generated nothing"
    assert "97\u00a0% of 31 generations" in page, "the heading keeps a number and its unit together"
    assert "Card 1 (0.8) wins" in page
    assert page.count("<svg") > 10
    day = timezone.now().date().isoformat()
    assert f"occurred_at_from_0={day}&amp;occurred_at_from_1=00%3A00%3A00" in page
    for criterion in ("All four versions in over 95 %", "Quality is 10 points higher", "Flags split users as they say"):
        assert criterion in page
    assert "for people to judge" in page


@pytest.mark.usefixtures("markers")
def test_real_changes_are_not_marked_on_demonstration_data(login: Login, product: User) -> None:
    generation(timezone.now() - timedelta(hours=1))
    generation(timezone.now() - timedelta(hours=1), is_demo=True)
    rollups.refresh()
    client = login(product)

    assert "Rollout from 10 to 50 %" in client.get(ADDRESS).content.decode()
    assert "Rollout from 10 to 50 %" not in client.get(ADDRESS, {"demo": "1"}).content.decode()


def test_a_day_leads_to_its_rows(login: Login, product: User) -> None:
    at = timezone.now() - timedelta(days=2)
    for outcome in ("success", "failed"):
        generation(at, outcome=outcome)
    generation(at - timedelta(days=1))
    rollups.refresh()
    client = login(product)
    page = client.get(ADDRESS)

    [link] = {
        column.link
        for panel in page.context["board"].panels
        if panel.subject == "Generation health"
        for column in panel.chart.columns
        if column.text.startswith(at.date().isoformat())
    }
    rows = client.get(link)

    assert rows.status_code == 200
    assert {(row.event_type, row.error_code) for row in rows.context["cl"].result_list} == {
        ("ai_content_generated", None),
        ("ai_content_failed", "provider_timeout"),
    }


def test_an_event_leads_to_all_its_generation_told(login: Login, product: User) -> None:
    wanted, _ = generation(timezone.now()), generation(timezone.now())
    page = reverse("admin:analytics_event_changelist")
    client = login(product)

    assert f'href="{page}?q={wanted}"' in client.get(page).content.decode()
    rows = client.get(page, {"q": wanted}).context["cl"].result_list
    assert [row.generation_id for row in rows] == [wanted, wanted]


def test_all_failures_are_those_of_the_page(login: Login, product: User) -> None:
    at = timezone.now() - timedelta(hours=1)
    shown = {"is_demo": True}
    wanted = generation(at, outcome="failed", **shown)
    generation(at, outcome="cancelled", **shown)
    generation(at, outcome="failed")
    generation(at - timedelta(days=60), outcome="failed", **shown)
    call = interaction(at, outcome="failed", **shown)
    interaction(at, outcome="failed")
    client = login(product)

    pages = client.get(ADDRESS, {"demo": "1"}).context["board"].failed_rows

    [failure] = client.get(pages["generations"]).context["cl"].result_list
    [failed_call] = client.get(pages["calls"]).context["cl"].result_list
    assert (failure.generation_id, failed_call.id) == (wanted, call.id)


@pytest.mark.parametrize("day", ["9999-12-31", "0000-00-00", "soon"])
def test_a_day_that_cannot_be_filtered_by_filters_nothing(login: Login, product: User, day: str) -> None:
    generation(timezone.now())

    rows = login(product).get(reverse("admin:analytics_event_changelist"), {"occurred_at_to_0": day})

    assert rows.status_code == 200
    assert rows.context["cl"].result_count > 0


@pytest.mark.usefixtures("markers")
def test_criteria_say_how_many_are_still_needed(login: Login, product: User) -> None:
    for n in range(12):
        generation(timezone.now() - timedelta(hours=1), arm="v2" if n % 2 else "legacy")
    rollups.refresh()

    found = {one.name: one for one in login(product).get(ADDRESS, {"evidence": "1"}).context["board"].criteria}

    assert len(found) == 13
    success = found["All four versions in over 95 %"]
    assert (success.verdict, success.n, success.missing) == ("not enough data", 12, 146)
    assert found["Sessions are published 20 % faster"].missing == 316
    assert found["Quality is 10 points higher"].missing == 63
    assert found["Waiting is engaging"].verdict == "for people to judge"


def test_evidence_nobody_computed_holds_up_no_page(login: Login, product: User) -> None:
    busy_week()
    client = login(product)
    asked = {"start": "2026-01-05", "end": "2026-02-09"}

    first = client.get(ADDRESS, asked)

    assert not EvidenceReport.objects.exists()
    pending = [panel.subject for panel in first.context["board"].panels if panel.pending]
    assert pending == ["Effect of four versions", "Selection"]
    assert [one.name for one in first.context["board"].criteria if one.pending] == [
        "Flags split users as they say",
        "Sessions are published 20 % faster",
        "Quality is 10 points higher",
    ]
    link = "?start=2026-01-05&amp;end=2026-02-09&amp;evidence=1"
    assert link in first.content.decode()

    computed = client.get(ADDRESS + link.replace("&amp;", "&"))
    again = client.get(ADDRESS, asked)

    for page in (computed, again):
        assert not page.context["board"].pending
        assert "not computed yet" not in page.content.decode()
    assert EvidenceReport.objects.count() == 1


def test_a_new_installation_says_what_to_do(login: Login, product: User) -> None:
    page = login(product).get(ADDRESS).content.decode()

    assert "Ask an author to write a brief" in page
    assert "is the tick process running?" in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"start": "2026-03-01", "end": "2026-03-31"}, "1 Mar 2026 to 31 Mar 2026"),
        ({"start": "soon"}, "cannot be read"),
        ({"start": "2026-03-31", "end": "2026-03-01"}, "cannot be read"),
        ({"start": "2020-01-01", "end": "2026-03-01"}, "at most 400 days"),
        ({"end": "2020-01-01"}, "This range is empty"),
        ({"demo": "1"}, "demonstration data"),
    ],
)
def test_ranges(login: Login, product: User, query: dict[str, str], said: str) -> None:
    response = login(product).get(ADDRESS, query)

    assert response.status_code == 200
    assert said in response.content.decode()


@pytest.mark.parametrize(("role", "status"), [("product", 200), ("analyst", 200), ("operator", 200), ("author", 302)])
def test_who_may(login: Login, request: pytest.FixtureRequest, role: str, status: int) -> None:
    assert login(request.getfixturevalue(role)).get(ADDRESS).status_code == status


def test_staff_without_the_right_may_not(login: Login, make_user: Any) -> None:
    assert login(make_user("helper", is_staff=True)).get(ADDRESS).status_code == 403


def test_the_number_of_queries_does_not_grow(login: Login, product: User, django_assert_max_num_queries: Any) -> None:
    busy_week(60)
    client = login(product)

    with django_assert_max_num_queries(40):
        client.get(ADDRESS)


@pytest.mark.parametrize(
    ("model", "roles"),
    [
        ("event", {"analyst", "product", "operator"}),
        ("aiinteraction", {"analyst", "product", "operator"}),
        ("selection", {"analyst", "product", "operator"}),
        ("export", {"analyst", "operator"}),
        ("alert", {"product", "operator"}),
        ("modelprice", {"analyst", "product", "operator"}),
    ],
)
def test_lists_in_the_admin(login: Login, request: pytest.FixtureRequest, model: str, roles: set[str]) -> None:
    busy_week(4)
    alerts.raise_critical("rag_down")

    for role in ("analyst", "product", "operator"):
        status = login(request.getfixturevalue(role)).get(f"/admin/analytics/{model}/").status_code
        assert status == (200 if role in roles else 403), role


def test_prompts_are_for_those_who_may_see_them(login: Login, analyst: User) -> None:
    row = interaction(prompt="canary", response="canary")
    address = f"/admin/analytics/aiinteraction/{row.id}/change/"
    client = login(analyst)

    assert "canary" not in client.get(address).content.decode()
    analyst.user_permissions.add(Permission.objects.get(codename="view_prompt"))
    assert "canary" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ({"purpose__exact": "legacy"}, 1),
        ({"outcome__exact": "failed"}, 1),
        ({"cost_usd_from": "0.4"}, 1),
        ({"latency_ms_to": "100"}, 1),
        ({"feedback__isempty": "0"}, 1),
        ({"model": "gpt-5.4-mini"}, 2),
        ({"created_at_from_0": "2026-02-01", "created_at_to_0": "2026-04-01"}, 2),
        ({"created_at_from_0": "2026-03-01", "created_at_to_0": "2026-03-01"}, 2),
        ({"created_at_from_0": "2026-03-01", "created_at_from_1": "10:00:01"}, 0),
        ({"created_at_to_0": "2026-03-01", "created_at_to_1": "10:00:00"}, 2),
        ({"created_at_from_0": "soon"}, 2),
    ],
)
def test_interactions_can_be_filtered(login: Login, admin: User, query: dict[str, str], n: int) -> None:
    interaction(purpose="legacy", cost_usd="0.5", feedback="good")
    interaction(outcome="failed", latency_ms=50)
    found = login(admin).get("/admin/analytics/aiinteraction/", query)

    assert found.status_code == 200
    assert found.context["cl"].result_count == n


def test_rows_are_read_only(login: Login, admin: User) -> None:
    row = interaction()
    client = login(admin)

    assert client.get("/admin/analytics/aiinteraction/add/").status_code == 403
    assert client.post(f"/admin/analytics/aiinteraction/{row.id}/delete/", {"post": "yes"}).status_code == 403
    assert AIInteraction.objects.count() == 1


def test_an_operator_closes_an_alert(login: Login, operator: User, product: User) -> None:
    alert = alerts.raise_critical("rag_down")
    page = f"/admin/analytics/alert/{alert.id}/change/"
    close = f"/admin/analytics/alert/{alert.id}/close/"
    client = login(product)

    shown = client.get(page).content.decode()
    assert "Check the RAG service" in shown
    assert "Close this alert" not in shown
    assert client.post(close).status_code == 403

    client = login(operator)
    assert f'formaction="{close}"' in client.get(page).content.decode()
    assert client.get(close)["Location"] == page
    assert Alert.objects.get().closed_at is None
    client.post(close)
    assert Alert.objects.get().closed_at is not None
    assert "Close this alert" not in client.get(page).content.decode()


def test_a_new_price_counts_at_once(login: Login, product: User) -> None:
    fields = {"model": "new", "valid_from": "2026-01-01", "input_usd": "1", "cached_usd": "", "output_usd": "2"}

    response = login(product).post("/admin/analytics/modelprice/add/", fields)

    assert response.status_code == 302
    assert ModelPrice.objects.get(model="new").cached_usd is None


def test_a_download_follows_what_is_shown(login: Login, product: User) -> None:
    client = login(product)
    passed_on = '<input type="hidden" name="demo" value="1">'

    real, demo = (client.get(ADDRESS, query).content.decode() for query in ({}, {"demo": "1"}))

    assert passed_on not in real
    assert 'value="generations"' in real
    assert passed_on in demo
    assert 'value="generations"' not in demo, "it has no demonstration data"


def test_offline_drafts_are_not_counted_and_the_page_says_so(login: Login, product: User) -> None:
    at = timezone.now() - timedelta(hours=1)
    for _ in range(12):
        generation(at, writer="offline", rag_state="disabled")
    rollups.refresh()
    client = login(product)

    page = client.get(ADDRESS).content.decode()

    assert "12 offline drafts, not counted as evidence: no model wrote them" in page
    assert page.count("offline drafts") == 1, "it is said once, on top"
    assert page.count('<p class="quiet">–</p>') == 7
    assert "To have a model write, set <code>OPENAI_API_KEY</code>" in page
    assert "no data yet" not in page

    generation(at)
    rollups.rebuild(at.date())
    page = client.get(ADDRESS).content.decode()

    assert "12 offline drafts, not counted as evidence: no model wrote them" in page
    assert "To have a model write" not in page, "what is empty now is so for other reasons"
