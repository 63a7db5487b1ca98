from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from analytics import registry, rollups
from analytics.models import Event
from tests.analytics.history import DAY_ONE, event, generation, interaction, selection

pytestmark = pytest.mark.django_db

Login = Callable[[User], Client]
ADDRESSES = [
    "/api/analytics/ai-metrics",
    "/api/analytics/builder-metrics",
    "/api/analytics/stats",
    "/api/analytics/events",
    "/api/analytics/interactions",
]


@pytest.fixture
def past() -> None:
    """Thirty generations of a day, the last with every kind of trouble."""
    for n in range(24):
        generation(seconds=10 + n % 5)
    generation(outcome="partial")
    generation(outcome="failed")
    generation(outcome="fallback", rag_state="unavailable")
    generation(outcome="cancelled")
    generation(outcome="pending")
    generation(writer="offline")
    for number in (1, 2, 2, 4):
        selection(number=number)
    interaction()
    interaction(cost_usd=None, model="unheard-of")
    rollups.refresh()


@pytest.mark.usefixtures("past")
def test_it_works(login: Login, analyst: User) -> None:
    answer = login(analyst).get(ADDRESSES[0]).json()

    assert answer["totalPrompts"] == 30
    assert answer["successfulGenerations"] == 26
    assert answer["failedGenerations"] == 1
    assert (answer["cancelledGenerations"], answer["runningGenerations"], answer["offlineGenerations"]) == (1, 1, 1)
    assert answer["acceptedGenerations"] == 4
    assert answer["averageProcessingTime"] == pytest.approx(11_840, abs=1)
    assert answer["topPromptCategories"] == [{"category": "Team Building", "count": 30}]
    assert answer["usage"]["costUsd"] == 0.01
    assert answer["usage"]["callsWithoutPrice"] == 1
    assert answer["freshness"]["ageSeconds"] >= 0


@pytest.mark.usefixtures("past")
def test_success_leaves_out_cancelled_offline_and_unfinished_ones(login: Login, analyst: User) -> None:
    rates = login(analyst).get(ADDRESSES[0]).json()["rates"]

    assert (rates["successRate"]["value"], rates["successRate"]["n"]) == (pytest.approx(24 / 27), 27)
    assert rates["fallbackRate"]["value"] == pytest.approx(1 / 27)
    assert rates["ragAvailability"]["value"] == pytest.approx(25 / 26)
    assert rates["ragSelectionRate"]["value"] == 0.75
    assert rates["successRate"]["low"] < 24 / 27 < rates["successRate"]["high"]


@pytest.mark.usefixtures("past")
def test_targets_say_met_not_met_or_too_few(login: Login, analyst: User) -> None:
    verdicts = {item["name"]: item["verdict"] for item in login(analyst).get(ADDRESSES[0]).json()["targets"]}

    assert verdicts == {
        "averageProcessingTime": "not enough data",
        "averageRagQueryTime": "not enough data",
        "averageVariantTime": "met",
        "successRate": "not enough data",
        "ragAvailability": "not enough data",
        "ragErrorRate": "not enough data",
        "ragSelectionRate": "not enough data",
    }


def test_an_empty_system_answers_with_nothing_rather_than_zero(login: Login, analyst: User) -> None:
    client = login(analyst)

    answer = client.get(ADDRESSES[0]).json()
    assert answer["averageProcessingTime"] is None
    assert answer["rates"]["successRate"] == {"value": None, "n": 0, "low": None, "high": None}
    assert answer["freshness"] == {"countedUntil": None, "ageSeconds": None}
    assert client.get(ADDRESSES[1]).json()["averageBuilderTime"] is None


def test_builder_metrics_hold_what_other_apps_register(
    login: Login, analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_providers", {})
    registry.register_metrics(
        "builder", "sessions", lambda period, demo, category: {"totalSessions": registry.Figure(12, 12)}
    )
    event("builder_opened")
    event("session_published")
    rollups.refresh()

    answer = login(analyst).get(ADDRESSES[1]).json()

    assert answer["totalSessions"] == 12
    assert answer["samples"]["totalSessions"] == 12
    assert [step["count"] for step in answer["funnel"]] == [1, 0, 0, 1]
    assert {item["action"] for item in answer["topUserActions"]} == {"builder_opened", "session_published"}


def test_stats_have_zeros_for_days_and_types_without_events(login: Login, analyst: User) -> None:
    event("builder_opened")
    event("builder_opened", DAY_ONE + timedelta(days=2))
    rollups.refresh()

    answer = login(analyst).get(ADDRESSES[2], {"start": "2026-02-28", "end": "2026-03-03"}).json()

    assert answer["total"] == 2
    assert answer["byType"] == {"builder_opened": 2, "kitchen_opened": 0, "meal_served": 0}
    assert [day["count"] for day in answer["byDay"]] == [0, 1, 0, 1]
    assert len(login(analyst).get(ADDRESSES[2]).json()["byDay"]) == 3


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ({}, 3),
        ({"start": "2026-03-01", "end": "2026-03-01"}, 2),
        ({"startDate": "2026-03-02", "endDate": "2026-03-02"}, 1),
        ({"start": "2026-03-01T10:00:00Z", "end": "2026-03-01T11:00:00Z"}, 1),
        ({"start": "2026-03-01T12:00:00+01:00", "end": "2026-03-02"}, 2),
        ({"start": "2026-03-01T11:00:00", "end": "2026-03-02"}, 2),
        ({"end": "2026-02-28"}, 0),
    ],
)
def test_periods(login: Login, analyst: User, query: dict[str, str], total: int) -> None:
    for hours in (0, 1, 24):
        event("builder_opened", DAY_ONE + timedelta(hours=hours))
    rollups.refresh()

    assert login(analyst).get(ADDRESSES[2], query).json()["total"] == total
    assert len(login(analyst).get(ADDRESSES[3], query).json()["events"]) == total


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"start": "2026-03-02", "end": "2026-03-01"}, "start"),
        ({"start": "yesterday"}, "start"),
        ({"end": "2026-02-30"}, "end"),
        ({"end": "9999-12-31"}, "end"),
        ({"start": "2026-W01"}, "start"),
        ({"start": "2026-03-01T25:00:00Z"}, "start"),
        ({"start": "\x00"}, "start"),
    ],
)
def test_bad_periods(login: Login, analyst: User, address: str, query: dict[str, str], field: str) -> None:
    response = login(analyst).get(address, query)

    assert response.status_code == 400
    assert field in response.content.decode()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "1001"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"type": "unheard_of"}, "type"),
        ({"cursor": "%%%"}, "cursor"),
        ({"cursor": "bm90aGluZw=="}, "cursor"),
    ],
)
def test_bad_pages(login: Login, analyst: User, query: dict[str, str], field: str) -> None:
    response = login(analyst).get(ADDRESSES[3], query)

    assert response.status_code == 400
    assert field in response.content.decode()


def test_events_come_newest_first_page_by_page(login: Login, analyst: User) -> None:
    for n in range(5):
        event("kitchen_opened", DAY_ONE + timedelta(minutes=n // 2))
    event("meal_served", DAY_ONE + timedelta(hours=1))
    client, seen, cursor = login(analyst), [], None
    while cursor or not seen:
        query = {"limit": 2, "type": "kitchen_opened"} | ({"cursor": cursor} if cursor else {})
        answer = client.get(ADDRESSES[3], query).json()
        seen += answer["events"]
        cursor = answer["next"]

    expected = Event.objects.filter(event_type="kitchen_opened").order_by("-occurred_at", "-id")
    assert [row["id"] for row in seen] == [str(row.id) for row in expected]
    assert set(seen[0]) >= {"eventType", "occurredAt", "subject", "metadata", "isDemo"}
    assert "userId" not in seen[0]


def test_interactions_can_be_filtered_and_never_show_texts(login: Login, admin: User) -> None:
    interaction(prompt="canary", response="canary", purpose="legacy", cost_usd="0.5", feedback="good")
    interaction(model="other")
    client = login(admin)

    def models(**query: Any) -> list[str]:
        return [row["model"] for row in client.get(ADDRESSES[4], query).json()["interactions"]]

    assert len(models()) == 2
    assert models(purpose="legacy") == models(minCostUsd="0.4") == models(hasFeedback="true") == ["gpt-5.4-mini"]
    assert models(model="other") == models(hasFeedback="false") == ["other"]
    assert client.get(ADDRESSES[4], {"purpose": "fun"}).status_code == 400
    assert b"canary" not in client.get(ADDRESSES[4]).content


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("role", "status"), [("author", 403), ("product", 200), ("analyst", 200), ("operator", 200), ("admin", 200)]
)
def test_who_may(login: Login, request: pytest.FixtureRequest, address: str, role: str, status: int) -> None:
    assert login(request.getfixturevalue(role)).get(address).status_code == status


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_unknown(client: Client, address: str) -> None:
    assert client.get(address).status_code in (401, 403)


def test_the_number_of_queries_does_not_grow(login: Login, analyst: User, django_assert_max_num_queries: Any) -> None:
    for n in range(40):
        generation(DAY_ONE + timedelta(days=n % 8))
    rollups.refresh()
    client = login(analyst)

    with django_assert_max_num_queries(14):
        client.get(ADDRESSES[0])
