"""A session from scratch and its changes as a whole: versions compared, nothing written over."""

import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from analytics.models import Event
from sessions_builder.errors import Stale
from sessions_builder.models import TrainingSession
from sessions_builder.services import sessions
from sessions_builder.services.tokens import token_create
from tests.sessions_builder.sessions.conftest import START, URL, Send, ids, made, section


def test_it_works(send: Send) -> None:
    created = send("POST", "", START)
    assert created.status_code == 201
    body = created.json()
    assert created["Location"] == f"{URL}/{body['id']}"
    assert (body["version"], body["state"], body["generationId"]) == (1, "draft", None)
    assert body["startsAt"] == "2027-03-02T08:00:00.000Z"
    assert body["readiness"] == {"ready": True, "score": 100, "checks": body["readiness"]["checks"]}
    assert 0 < body["quality"]["score"] <= 100
    assert body["quality"]["maxima"]["outcome"] == 20

    change = {"version": 1, "title": "Better calls", "durationMinutes": 60, "outline": {"summary": "An hour."}}
    changed = send("PATCH", f"/{body['id']}", change).json()
    assert (changed["version"], changed["title"], changed["durationMinutes"]) == (2, "Better calls", 60)
    assert (changed["outline"]["summary"], changed["outline"]["title"]) == ("An hour.", "Better calls")
    assert changed["outline"]["sections"] == body["outline"]["sections"]
    assert send("GET", f"/{body['id']}").json() == changed


def test_the_least_a_session_needs(send: Send) -> None:
    body = send("POST", "", {"title": "T", "category": "lead generation", "sessionType": "event"}).json()
    assert (body["category"], body["durationMinutes"], body["timeZone"]) == ("Prospecting", 90, "UTC")
    assert body["outline"] == {"title": "T", "summary": "", "difficulty": "", "sections": []}
    assert body["quality"]["score"] == 0
    assert not body["readiness"]["ready"]


def test_a_stale_write_shows_both_and_changes_nothing(send: Send, session: TrainingSession) -> None:
    send("PATCH", f"/{session.pk}", {"version": 1, "title": "First"})
    late = send("PATCH", f"/{session.pk}", {"version": 1, "title": "Second"})
    assert late.status_code == 409
    error = late.json()["error"]
    assert error["code"] == "conflict"
    assert error["details"]["yours"] == {"version": 1, "title": "Second"}
    assert error["details"]["current"] == send("GET", f"/{session.pk}").json()
    assert error["details"]["current"]["title"] == "First"


def test_a_whole_outline_keeps_ids_and_gives_new_ones(send: Send, session: TrainingSession) -> None:
    first, second, *rest = session.outline["sections"]
    sections = [second, section("break", 10), first, *rest]
    changed = send("PATCH", f"/{session.pk}", {"version": 1, "outline": {"sections": sections}}).json()
    kept = [entry["id"] for entry in changed["outline"]["sections"]]
    assert [kept[0], kept[2], *kept[3:]] == [second["id"], first["id"], *(entry["id"] for entry in rest)]
    assert len(set(kept)) == 5


def test_what_a_session_answers_can_be_sent_back(send: Send, session: TrainingSession) -> None:
    whole = send("GET", f"/{session.pk}").json()
    changed = send("PATCH", f"/{session.pk}", {"version": 1, "outline": whole["outline"]}).json()
    assert changed["outline"] == whole["outline"]


def test_an_edit_is_recorded_with_what_changed(send: Send, session: TrainingSession) -> None:
    moved = [*session.outline["sections"][1:], session.outline["sections"][0]]
    moved[0] = {**moved[0], "minutes": 40}
    send("PATCH", f"/{session.pk}", {"version": 1, "category": "Recruiting", "outline": {"sections": moved}})
    event = Event.objects.get(event_type="content_edited")
    assert event.metadata["changedFields"] == ["category", "sections", "sections.minutes"]
    assert event.metadata["movedMinutes"] == 10
    assert (event.session_id, event.category) == (session.pk, "Recruiting")


def test_the_number_of_statements_does_not_depend_on_the_sections(author: User) -> None:
    def statements(count: int) -> int:
        session = made(author, outline={"sections": [section("topic", 10)] * count})
        with CaptureQueriesContext(
            connection,
        ) as captured:
            sessions.session_update(owner=author, session_id=session.pk, version=1, changes={"title": "X"})
        return len([query for query in captured if "SAVEPOINT" not in query["sql"]])

    assert statements(1) == statements(40) <= 8


BAD = {
    "title": ["", " ", "x" * 201, "two\nlines", 5, None, "nul\u0000"],
    "category": ["", "Nothing like it", 0, True, None],
    "sessionType": ["party", None, 1],
    "durationMinutes": [14, 481, 90.5, "90", None, True],
    "startsAt": ["tomorrow", "2026-13-01T09:00", "1999-01-01T09:00", 5],
    "timeZone": ["Mars/Base", "", None],
    "brief": [None, "x", {"desiredOutcome": "x" * 1001}, {"groupSize": 0}, {"specificTopics": ["x"] * 13}, {"a": 1}],
    "outline": [
        None,
        [],
        {"sections": "x"},
        {"summary": "x" * 1001},
        {"difficulty": "x" * 41},
        {"color": "red"},
        {"sections": [section("topic", 10)] * 41},
        {"sections": [section("dance", 10)]},
        {"sections": [section("topic", 0)]},
        {"sections": [section("topic", 481)]},
        {"sections": [section("topic", 10, sourceIds=["S1"])]},
        {"sections": [section("topic", 10, id="a"), section("topic", 10, id="a")]},
        {"sections": [section("topic", 10, id="a/b")]},
    ],
    "outlines": [1],
}


@pytest.mark.parametrize("field", BAD)
def test_bad_values(send: Send, session: TrainingSession, field: str) -> None:
    for value in BAD[field]:
        for method, path, body in (
            ("POST", "", {**START, field: value}),
            ("PATCH", f"/{session.pk}", {"version": 1, field: value}),
        ):
            response = send(method, path, body)
            assert response.status_code == 400, (method, value)
            assert response.json()["error"]["code"] == "validation_error"
    assert TrainingSession.objects.get().version == 1


@pytest.mark.parametrize("version", [None, "1", 1.0, -1, True, 2**31])
def test_a_write_carries_its_version(send: Send, session: TrainingSession, version: Any) -> None:
    response = send("PATCH", f"/{session.pk}", {"version": version, "title": "X"})
    assert response.status_code == 400
    assert list(response.json()["error"]["fields"]) == ["version"]


@pytest.mark.parametrize("taken", ["reorder", "import"])
def test_no_section_is_called_like_an_address(send: Send, session: TrainingSession, taken: str) -> None:
    sections = [{**section("opener", 10), "id": taken}]
    response = send("PATCH", f"/{session.pk}", {"version": 1, "outline": {"sections": sections}})
    assert response.status_code == 400
    assert "Must not be reorder or import" in response.json()["error"]["fields"]["outline"][0]


def test_what_is_wrong_deep_inside_is_named(send: Send, session: TrainingSession) -> None:
    sections = [section("opener", 10), section("topic", 10, title="")]
    response = send("PATCH", f"/{session.pk}", {"version": 1, "outline": {"sections": sections}})
    assert response.json()["error"]["fields"] == {
        "outline": ["Sections, item 2, title: Must have at least 1 characters."]
    }


@pytest.mark.parametrize(
    ("scopes", "read", "write"),
    [(["sessions:read"], 200, 403), (["sessions:read", "sessions:write"], 200, 200), (["generations:write"], 403, 403)],
)
def test_tokens_reach_what_their_scopes_say(
    session: TrainingSession, author: User, scopes: list[str], read: int, write: int
) -> None:
    bearer = {"Authorization": f"Bearer {token_create(user=author, scopes=scopes).secret}"}
    client = Client()
    for path in (f"{URL}/{session.pk}", f"{URL}/{session.pk}/versions", "/api/saved-ideas", "/api/activities"):
        assert client.get(path, headers=bearer).status_code == read
    body = {"version": 1, "title": "By token"}
    changed = client.patch(f"{URL}/{session.pk}", body, content_type="application/json", headers=bearer)
    assert changed.status_code == write


def test_others_change_nothing(session: TrainingSession, author2: User) -> None:
    other = Client()
    other.force_login(author2, backend="django.contrib.auth.backends.ModelBackend")
    response = other.patch(f"{URL}/{session.pk}", {"version": 1, "title": "Mine"}, content_type="application/json")
    assert response.status_code == 404
    session.refresh_from_db()
    assert session.title == "Calls that book"


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_one_is_told(author: User) -> None:
    session = made(author)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def write(title: str) -> None:
        start.wait()
        try:
            sessions.session_update(owner=author, session_id=session.pk, version=1, changes={"title": title})
            outcomes.append(title)
        except Stale as stale:
            outcomes.append(f"late, {stale.current.version}")
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(title,)) for title in ("One", "Two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.refresh_from_db()
    assert (session.version, sorted(outcomes)) == (2, sorted([session.title, "late, 2"]))
    assert len(ids(session)) == 4
