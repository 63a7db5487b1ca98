import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from analytics import registry
from analytics.models import Event

pytestmark = pytest.mark.django_db

Login = Callable[[User], Client]
ADDRESS = "/api/events"


def item(**changes: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "type": "kitchen_opened",
        "occurredAt": (datetime.now(UTC) - timedelta(minutes=5)).isoformat(),
        "metadata": {"activeTime": 1200},
    } | changes


def send(client: Client, *items: Any) -> Any:
    return client.post(ADDRESS, {"events": list(items)}, content_type="application/json")


def test_it_works(login: Login, author: User) -> None:
    sent = item()

    response = send(login(author), sent)

    assert response.status_code == 207
    assert response.json() == {"results": [{"id": sent["id"], "status": 201}]}
    stored = Event.objects.get(id=sent["id"])
    assert (stored.user_id, stored.active_ms, stored.is_demo) == (author.pk, 1200, False)
    assert stored.occurred_at == datetime.fromisoformat(sent["occurredAt"])
    assert stored.occurred_at < stored.received_at


def test_an_event_sent_twice_is_stored_once(login: Login, author: User) -> None:
    sent = item()
    client = login(author)

    assert [r["status"] for r in send(client, sent, sent).json()["results"]] == [201, 200]
    assert [r["status"] for r in send(client, sent).json()["results"]] == [200]
    assert Event.objects.count() == 1


def test_an_id_somebody_else_used_is_refused(login: Login, author: User, author2: User) -> None:
    sent = item()
    send(login(author), sent)

    [result] = send(login(author2), sent).json()["results"]

    assert result["status"] == 400
    assert Event.objects.get().user_id == author.pk


def ago(**delta: float) -> str:
    return (datetime.now(UTC) - timedelta(**delta)).isoformat()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"occurredAt": ago(days=31)}, "occurredAt"),
        ({"occurredAt": ago(days=-1)}, "occurredAt"),
        ({"occurredAt": "2026-01-01"}, "occurredAt"),
        ({"occurredAt": "soon"}, "occurredAt"),
        ({"occurredAt": None}, "occurredAt"),
        ({"type": "unheard_of"}, "type"),
        ({"type": "meal_served"}, "type"),
        ({"metadata": {"activeTime": "long"}}, "metadata"),
        ({"metadata": {"activeTime": 5, "colour": "red"}}, "metadata"),
        ({"metadata": []}, "metadata"),
        ({"id": "1"}, "id"),
        ({"sessionId": str(uuid.uuid4())}, "sessionId"),
        ({"generationId": "x"}, "generationId"),
        ({"userId": 1}, "userId"),
    ],
)
def test_each_event_is_judged_by_itself(login: Login, author: User, changes: dict[str, Any], field: str) -> None:
    good, bad = item(), item(**changes)

    results = send(login(author), bad, good).json()["results"]

    assert [result["status"] for result in results] == [400, 201]
    assert list(results[0]["error"]["fields"]) == [field]
    assert Event.objects.count() == 1


@pytest.mark.parametrize("junk", [None, 5, "text", [], [[]]])
def test_junk_is_refused(login: Login, author: User, junk: Any) -> None:
    results = send(login(author), junk, item()).json()["results"]

    assert [result["status"] for result in results] == [400, 201]


def test_only_own_sessions(login: Login, author: User, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, foreign = uuid.uuid4(), uuid.uuid4()
    monkeypatch.setattr(registry, "_owners", {"session": lambda user_id, ids: set(ids) & {mine}})

    results = send(login(author), item(sessionId=str(mine)), item(sessionId=str(foreign))).json()["results"]

    assert [result["status"] for result in results] == [201, 400]
    assert Event.objects.get().session_id == mine


@pytest.mark.parametrize("body", [{}, {"events": []}, {"events": {}}, {"events": [{}] * 101}, []])
def test_a_batch_has_1_to_100_events(login: Login, author: User, body: Any) -> None:
    response = login(author).post(ADDRESS, body, content_type="application/json")

    assert response.status_code == 400
    assert not Event.objects.exists()


def test_a_hundred_events_take_few_queries(login: Login, author: User, django_assert_max_num_queries: Any) -> None:
    client = login(author)

    with django_assert_max_num_queries(9):
        assert send(client, *[item() for _ in range(100)]).status_code == 207
    assert Event.objects.count() == 100


def test_nobody_unknown(client: Client) -> None:
    assert send(client, item()).status_code == 401
