"""Versions: kept with every write, quick edits together, named, compared, gone back to."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from sessions_builder.models import SessionVersion, TrainingSession
from sessions_builder.services.sessions import history, versions
from tests.sessions_builder.sessions.conftest import URL, Send, ids, section


def listed(send: Send, session: TrainingSession) -> list[dict[str, Any]]:
    return send("GET", f"/{session.pk}/versions").json()["results"]


def later(seconds: int) -> None:
    """As if everything so far had happened earlier."""
    for version in SessionVersion.objects.all():
        version.created_at -= timedelta(seconds=seconds)
        version.save()


def test_it_works(send: Send, session: TrainingSession) -> None:
    own = f"/{session.pk}"
    named = send("POST", f"{own}/versions", {"name": "As planned"}).json()
    assert (named["number"], named["name"], named["kind"], named["current"]) == (1, "As planned", "created", True)
    first, second, *_ = ids(session)
    send("PATCH", f"{own}/sections/{second}", {"version": 1, "minutes": 40, "title": "Scripts"})
    send("DELETE", f"{own}/sections/{first}?version=2")

    assert [(entry["number"], entry["kind"], entry["sections"]) for entry in listed(send, session)] == [
        (3, "removed", 3),
        (2, "edited", 4),
        (1, "created", 4),
    ]
    diff = send("GET", f"{own}/versions/1/diff").json()
    assert (diff["earlier"]["name"], diff["later"]["number"]) == ("As planned", 3)
    assert diff["minutes"] == {"before": 90, "after": 90}
    assert [entry["section"]["id"] for entry in diff["sections"]["removed"]] == [first]
    (changed,) = diff["sections"]["changed"]
    assert (changed["id"], changed["minutes"]) == (second, {"before": 30, "after": 40})
    assert {field["field"] for field in changed["fields"]} == {"title", "minutes", "steps"}
    assert send("GET", f"{own}/versions/3/diff?against=previous").json()["sections"]["changed"] == []

    restored = send("POST", f"{own}/versions/1/restore", {"version": 3}).json()
    assert restored["version"] == 4
    assert restored["outline"] == session.outline
    assert listed(send, session)[0]["kind"] == "restored"


def test_quick_edits_share_a_version(send: Send, session: TrainingSession) -> None:
    for version, title in enumerate(("A", "B", "C"), start=1):
        send("PATCH", f"/{session.pk}", {"version": version, "title": title})
    assert [(entry["firstNumber"], entry["number"], entry["title"]) for entry in listed(send, session)] == [
        (2, 4, "C"),
        (1, 1, "Calls that book"),
    ]
    middle = send("GET", f"/{session.pk}/versions/3/diff?against=1").json()
    assert middle["fields"] == [{"field": "title", "before": "Calls that book", "after": "C"}]
    later(121)
    send("PATCH", f"/{session.pk}", {"version": 4, "title": "D"})
    assert [entry["number"] for entry in listed(send, session)] == [5, 4, 1]


def test_they_come_in_pages(send: Send, session: TrainingSession) -> None:
    for number in range(1, 5):
        send("POST", f"/{session.pk}/versions", {"name": f"{number}"})
        send("PATCH", f"/{session.pk}", {"version": number, "title": f"{number}"})
    own, seen, cursor = f"/{session.pk}/versions?limit=2", [], ""
    for _ in range(3):
        page = send("GET", f"{own}&cursor={cursor}").json()
        seen.append([entry["number"] for entry in page["results"]])
        cursor = page["nextCursor"]
    assert (seen, cursor) == ([[5, 4], [3, 2], [1]], None)


@pytest.mark.parametrize("cursor", ["x", "MTc0", "LTE=", "OTk5OTk5OTk5OTk5", "é"])
def test_cursors(send: Send, session: TrainingSession, cursor: str) -> None:
    asked = send("GET", f"/{session.pk}/versions?cursor={cursor}")
    assert asked.status_code == (200 if cursor == "MTc0" else 400)


def test_a_name_keeps_a_version_from_changing(send: Send, session: TrainingSession) -> None:
    send("PATCH", f"/{session.pk}", {"version": 1, "title": "A"})
    send("POST", f"/{session.pk}/versions", {"name": "Kept"})
    send("PATCH", f"/{session.pk}", {"version": 2, "title": "B"})
    assert [(entry["title"], entry["name"]) for entry in listed(send, session)] == [
        ("B", ""),
        ("A", "Kept"),
        ("Calls that book", ""),
    ]
    renamed = send("POST", f"/{session.pk}/versions", {"name": "Start", "number": 1}).json()
    assert (renamed["number"], renamed["name"], renamed["current"]) == (1, "Start", False)


def test_no_more_than_so_many_are_named(send: Send, session: TrainingSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "MOST_NAMED", 1)
    send("POST", f"/{session.pk}/versions", {"name": "Start"})
    send("PATCH", f"/{session.pk}", {"version": 1, "title": "A"})
    refused = send("POST", f"/{session.pk}/versions", {"name": "Second"})
    assert (refused.status_code, "name one of them anew" in refused.json()["error"]["message"]) == (409, True)
    assert send("POST", f"/{session.pk}/versions", {"name": "Begin", "number": 1}).json()["name"] == "Begin"


def test_a_session_older_than_versions_begins_with_what_it_is(send: Send, session: TrainingSession) -> None:
    SessionVersion.objects.all().delete()
    fill = import_module("sessions_builder.migrations.0005_first_versions").FILL
    with connection.cursor() as cursor:
        cursor.execute(fill)
        cursor.execute(fill)
    (version,) = SessionVersion.objects.all()
    assert (version.first_number, version.number) == (1, 1)
    assert version.content.items() <= history.content_of(session).items()
    send("PATCH", f"/{session.pk}", {"version": 1, "title": "X"})
    diff = send("GET", f"/{session.pk}/versions/1/diff").json()
    assert [field["field"] for field in diff["fields"]] == ["title"]


def test_sections_that_vanish_with_an_edit_can_be_got_back(send: Send, session: TrainingSession) -> None:
    send("PATCH", f"/{session.pk}", {"version": 1, "title": "A"})
    send("PATCH", f"/{session.pk}", {"version": 2, "outline": {"sections": session.outline["sections"][:1]}})
    assert [(entry["kind"], entry["sections"]) for entry in listed(send, session)][:2] == [
        ("removed", 1),
        ("edited", 4),
    ]


def test_every_number_belongs_to_a_version(send: Send, session: TrainingSession) -> None:
    send("POST", f"/{session.pk}/publish", {"version": 1})
    send("POST", f"/{session.pk}/unpublish", {"version": 2})
    assert [(entry["firstNumber"], entry["number"], entry["kind"]) for entry in listed(send, session)] == [
        (2, 3, "published"),
        (1, 1, "created"),
    ]
    assert send("GET", f"/{session.pk}/versions/3/diff?against=1").json()["sections"]["changed"] == []


def test_a_file_prints_the_number_of_a_version(api: Client, send: Send, session: TrainingSession) -> None:
    """Also a calendar file: a later one carries a higher number, so that it takes the place of the earlier one."""
    steps = [
        ("PATCH", "", {"title": "A"}),
        ("PATCH", "", {"title": "B"}),
        ("POST", "/balance", {}),
        ("POST", "/publish", {}),
        ("POST", "/unpublish", {}),
        ("POST", "/versions/1/restore", {}),
    ]
    for number, (method, path, body) in enumerate(steps, start=1):
        assert send(method, f"/{session.pk}{path}", {**body, "version": number}).json()["version"] == number + 1
        (present,) = [entry for entry in listed(send, session) if entry["current"]]
        assert present["firstNumber"] <= number + 1 <= present["number"]
        for form, words in (("markdown", "version {}"), ("html", "version {}<"), ("ics", "SEQUENCE:{}\r\n")):
            told = send("GET", f"/{session.pk}/export?format={form}").content.decode()
            assert words.format(number + 1) in told
        assert f">version {number + 1}<" in api.get(f"/sessions/{session.pk}/read/").content.decode()


def test_what_moved_is_told_apart_from_what_stayed(send: Send, session: TrainingSession) -> None:
    first, second, third, last = ids(session)
    send("POST", f"/{session.pk}/sections/reorder", {"version": 1, "order": [first, third, second, last]})
    send("POST", f"/{session.pk}/sections", {"version": 2, "section": section("break", 5), "position": 0})
    sections = send("GET", f"/{session.pk}/versions/1/diff").json()["sections"]
    (moved,) = sections["moved"]
    assert {moved["before"], moved["after"] - 1} == {1, 2}
    assert [entry["position"] for entry in sections["added"]] == [0]


def test_old_unnamed_versions_are_forgotten(
    send: Send, session: TrainingSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST_UNNAMED", 2)
    send("POST", f"/{session.pk}/versions", {"name": "Kept"})
    for version in range(1, 5):
        send("POST", f"/{session.pk}/balance", {"version": version})
    assert [entry["number"] for entry in listed(send, session)] == [5, 4, 1]
    assert send("GET", f"/{session.pk}/versions/2/diff").status_code == 404


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "x" * 81}, {"name": "x", "number": "1"}, {"names": "x"}])
def test_bad_names(send: Send, session: TrainingSession, body: Any) -> None:
    assert send("POST", f"/{session.pk}/versions", body).status_code == 400


@pytest.mark.parametrize("number", ["9", "0", "99999999999999999999"])
def test_versions_that_are_not_there(send: Send, session: TrainingSession, number: str) -> None:
    assert send("GET", f"/{session.pk}/versions/{number}/diff").status_code == 404
    assert send("POST", f"/{session.pk}/versions/{number}/restore", {"version": 1}).status_code == 404


@pytest.mark.parametrize("against", ["", "x", "-1", "1" * 12])
def test_bad_comparisons(send: Send, session: TrainingSession, against: str) -> None:
    assert send("GET", f"/{session.pk}/versions/1/diff?against={against}").status_code == 400


def test_others_versions_are_not_there(session: TrainingSession, author2: User) -> None:
    other = Client()
    other.force_login(author2, backend="django.contrib.auth.backends.ModelBackend")
    own = f"{URL}/{session.pk}/versions"
    assert other.get(own).status_code == 404
    assert other.get(f"{own}/1/diff").status_code == 404
    assert other.post(own, {"name": "x"}, content_type="application/json").status_code == 404
    assert other.post(f"{own}/1/restore", {"version": 1}, content_type="application/json").status_code == 404
