"""Publishing: only what is ready, once, with outline and sources kept; back to a draft, to the archive, into a copy."""

import threading
from importlib import import_module
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from analytics.models import Event
from sessions_builder.models import Generation, TrainingSession
from sessions_builder.services import sessions
from tests.sessions_builder.api.conftest import defaults
from tests.sessions_builder.sessions.conftest import SECTIONS, URL, Send, ids, made


def test_it_works_and_twice_changes_nothing(send: Send, session: TrainingSession) -> None:
    draft = send("GET", f"/{session.pk}").json()
    first = send("POST", f"/{session.pk}/publish", {"version": 1})
    assert first.status_code == 200
    published = first.json()
    assert (published["state"], published["version"]) == ("published", 2)
    assert published["publishedAt"]
    assert (published["outline"], published["sources"]) == (draft["outline"], draft["sources"])

    assert send("POST", f"/{session.pk}/publish", {"version": 1}).json() == published
    assert TrainingSession.objects.filter(state="published").count() == 1
    event = Event.objects.get(event_type="session_published")
    assert event.metadata["readiness"] == published["readiness"]["score"]
    assert event.quality == published["quality"]["score"]


def test_what_is_not_ready_is_refused_by_name(send: Send, author: User) -> None:
    session = made(author, outline={"sections": SECTIONS[:1]}, brief={})
    response = send("POST", f"/{session.pk}/publish", {"version": 1})
    assert response.status_code == 409
    error = response.json()["error"]
    assert error["details"]["failing"] == ["brief", "outline", "duration"]
    assert error["details"]["readiness"] == send("GET", f"/{session.pk}/readiness").json()
    assert "an opener first and a closing last" in error["message"]
    session.refresh_from_db()
    assert (session.state, session.version) == ("draft", 1)
    assert not Event.objects.filter(event_type="session_published").exists()


def test_too_few_points_name_what_costs_them(send: Send, author: User) -> None:
    bare = [{**section, "objectives": [], "facilitatorNote": "", "description": ""} for section in SECTIONS]
    session = made(author, outline={"sections": bare}, startsAt=None)
    error = send("POST", f"/{session.pk}/publish", {"version": 1}).json()["error"]
    assert error["details"]["failing"] == ["sections", "objectives", "schedule", "facilitator"]
    assert error["details"]["readiness"]["score"] == 70


def test_what_is_published_stays_as_it_is_until_it_is_a_draft_again(send: Send, session: TrainingSession) -> None:
    own = f"/{session.pk}"
    send("POST", f"{own}/publish", {"version": 1})
    for method, path, body in (
        ("PATCH", own, {"version": 2, "title": "X"}),
        ("POST", f"{own}/balance", {"version": 2}),
        ("DELETE", f"{own}/sections/{ids(session)[0]}?version=2", None),
    ):
        response = send(method, path, body)
        assert response.status_code == 409
        assert "take it back to a draft" in response.json()["error"]["message"]
    draft = send("POST", f"{own}/unpublish", {"version": 2}).json()
    assert (draft["state"], draft["version"], draft["publishedAt"]) == ("draft", 3, None)
    assert send("POST", f"{own}/unpublish", {"version": 2}).json()["version"] == 3
    assert send("PATCH", own, {"version": 3, "title": "X"}).status_code == 200


def test_the_archive_and_back(send: Send, session: TrainingSession) -> None:
    archived = send("POST", f"/{session.pk}/archive", {"version": 1}).json()
    assert (archived["state"], archived["version"]) == ("archived", 2)
    assert send("POST", f"/{session.pk}/archive", {"version": 1}).json() == archived
    assert send("POST", f"/{session.pk}/publish", {"version": 2}).status_code == 409
    assert send("POST", f"/{session.pk}/unpublish", {"version": 2}).json()["state"] == "draft"


def test_a_draft_again_beside_a_newer_one_is_a_conflict(send: Send, author: User) -> None:
    generation = Generation.objects.create(**{**defaults(author), "state": "succeeded"}, finished_at=timezone.now())
    archived = made(author)
    TrainingSession.objects.filter(pk=archived.pk).update(generation=generation, state="archived")
    newer = made(author)
    TrainingSession.objects.filter(pk=newer.pk).update(generation=generation)
    response = send("POST", f"/{archived.pk}/unpublish", {"version": 1})
    assert (response.status_code, "newer draft" in response.json()["error"]["message"]) == (409, True)
    newer.delete()
    assert send("POST", f"/{archived.pk}/unpublish", {"version": 1}).json()["state"] == "draft"


def test_the_first_publication_is_remembered(send: Send, session: TrainingSession) -> None:
    send("POST", f"/{session.pk}/publish", {"version": 1})
    session.refresh_from_db()
    first = session.first_published_at
    assert first == session.published_at
    send("POST", f"/{session.pk}/unpublish", {"version": 2})
    send("POST", f"/{session.pk}/publish", {"version": 3})
    session.refresh_from_db()
    assert session.first_published_at == first != session.published_at
    session.first_published_at = None
    session.save()
    with connection.cursor() as cursor:
        cursor.execute(import_module("sessions_builder.migrations.0012_first_published").FILL)
    session.refresh_from_db()
    assert session.first_published_at == session.versions.filter(kind="published").earliest("number").created_at


def test_a_copy_is_a_draft_of_its_own(send: Send, session: TrainingSession) -> None:
    send("POST", f"/{session.pk}/publish", {"version": 1})
    copied = send("POST", f"/{session.pk}/duplicate")
    assert copied.status_code == 201
    body = copied.json()
    assert copied["Location"] == f"{URL}/{body['id']}"
    assert (body["title"], body["state"], body["version"]) == ("Calls that book (copy)", "draft", 1)
    assert body["outline"]["sections"] == session.outline["sections"]
    send("PATCH", f"/{body['id']}", {"version": 1, "outline": {"sections": []}})
    session.refresh_from_db()
    assert len(session.outline["sections"]) == 4


def test_a_stale_publication_is_a_conflict(send: Send, session: TrainingSession) -> None:
    send("PATCH", f"/{session.pk}", {"version": 1, "title": "X"})
    for action in ("publish", "archive"):
        response = send("POST", f"/{session.pk}/{action}", {"version": 1})
        assert response.status_code == 409
        assert response.json()["error"]["details"]["current"]["title"] == "X"


@pytest.mark.parametrize("body", [None, {}, {"version": "1"}, {"version": 1, "force": True}])
@pytest.mark.parametrize("action", ["publish", "unpublish", "archive"])
def test_bad_bodies(send: Send, session: TrainingSession, action: str, body: Any) -> None:
    assert send("POST", f"/{session.pk}/{action}", body).status_code == 400


@pytest.mark.parametrize("path", ["", "/readiness"])
def test_nobody_else_reaches_a_session_draft_or_not(
    send: Send, session: TrainingSession, author2: User, admin: User, path: str
) -> None:
    for state in ("draft", "published"):
        if state == "published":
            send("POST", f"/{session.pk}/publish", {"version": 1})
        for somebody in (author2, admin):
            other = Client()
            other.force_login(somebody, backend="django.contrib.auth.backends.ModelBackend")
            assert other.get(f"{URL}/{session.pk}{path}").status_code == 404
        assert Client().get(f"{URL}/{session.pk}{path}").status_code == 401


@pytest.mark.django_db(transaction=True)
def test_two_publications_at_once_are_one(author: User) -> None:
    session = made(author)
    answers: list[tuple[str, int]] = []
    start = threading.Barrier(2)

    def publish() -> None:
        start.wait()
        try:
            published = sessions.session_publish(owner=author, session_id=session.pk, version=1)
            answers.append((published.state, published.version))
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [("published", 2)] * 2
    assert Event.objects.filter(event_type="session_published").count() == 1
