"""Training sessions: list, read, delete."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from sessions_builder.models import TrainingSession
from tests.sessions_builder.api.conftest import OUTLINE

URL = "/api/sessions"


@pytest.fixture
def session(author: User) -> TrainingSession:
    return make_session(author)


def make_session(owner: User, **fields: Any) -> TrainingSession:
    outline = {**OUTLINE, "sections": [{**section, "id": "a", "locked": False} for section in OUTLINE["sections"]]}
    return TrainingSession.objects.create(
        **{
            "owner": owner,
            "title": "Calls",
            "category": "Prospecting",
            "session_type": "workshop",
            "duration_minutes": 90,
            "outline": outline,
            **fields,
        }
    )


def test_it_works(api: Client, session: TrainingSession) -> None:
    body = api.get(f"{URL}/{session.pk}").json()
    assert (body["id"], body["title"], body["version"]) == (str(session.pk), "Calls", 1)
    assert len(body["outline"]["sections"]) == 3
    (listed,) = api.get(URL).json()["results"]
    assert listed["id"] == body["id"]
    assert "outline" not in listed


def test_by_state_and_page(api: Client, author: User) -> None:
    for number in range(3):
        make_session(author, title=str(number))
    archived = make_session(author, state="archived")
    assert [entry["id"] for entry in api.get(URL, {"state": "archived"}).json()["results"]] == [str(archived.pk)]
    first = api.get(URL, {"limit": 2}).json()
    second = api.get(URL, {"limit": 2, "cursor": first["nextCursor"]}).json()
    assert len({entry["id"] for entry in first["results"] + second["results"]}) == 4


def test_delete(api: Client, session: TrainingSession) -> None:
    assert api.delete(f"{URL}/{session.pk}?version=1").status_code == 204
    assert api.delete(f"{URL}/{session.pk}").status_code == 404


def test_delete_of_a_changed_one_is_a_conflict_with_both_versions(api: Client, session: TrainingSession) -> None:
    response = api.delete(f"{URL}/{session.pk}?version=7")
    assert response.status_code == 409
    whole = api.get(f"{URL}/{session.pk}").json()
    assert response.json()["error"]["details"] == {"yours": {"version": 7}, "current": whole}
    assert TrainingSession.objects.exists()


@pytest.mark.parametrize("version", ["", "x", "-1", "1.0", "9" * 30])
def test_delete_with_a_version_that_is_none(api: Client, session: TrainingSession, version: str) -> None:
    assert api.delete(f"{URL}/{session.pk}?version={version}").status_code == 400


@pytest.mark.parametrize("query", ["version=abc", "version=²", "version=9", "version=" + "9" * 5000])
def test_a_late_change_is_a_conflict_whatever_else_the_address_says(
    api: Client, session: TrainingSession, query: str
) -> None:
    change = {"version": 7, "title": "Mine"}
    response = api.patch(f"{URL}/{session.pk}?{query}", change, content_type="application/json")
    assert response.status_code == 409
    assert response.json()["error"]["details"]["yours"] == change


def test_a_late_delete_is_a_conflict_whatever_its_body_is(api: Client, session: TrainingSession) -> None:
    response = api.delete(f"{URL}/{session.pk}?version=7", "{", content_type="application/json")
    assert response.status_code == 409


@pytest.mark.parametrize("query", ["state=x", "cursor=x", "limit=0"])
def test_bad_questions(api: Client, query: str) -> None:
    assert api.get(f"{URL}?{query}").status_code == 400


@pytest.mark.parametrize("method", ["get", "delete"])
def test_others_sessions_are_not_there(outsider: Client, session: TrainingSession, method: str) -> None:
    assert getattr(outsider, method)(f"{URL}/{session.pk}").status_code == 404
    assert outsider.get(URL).json()["results"] == []
    assert TrainingSession.objects.exists()
