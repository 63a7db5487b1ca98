"""Sections: add, change, remove, reorder, fit to the minutes."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from sessions_builder.models import TrainingSession
from tests.sessions_builder.sessions.conftest import URL, Send, ids, made, minutes, section


def test_it_works(send: Send, session: TrainingSession) -> None:
    own = f"/{session.pk}"
    added = send("POST", f"{own}/sections", {"version": 1, "section": section("discussion", 15)}).json()
    assert [entry["type"] for entry in added["outline"]["sections"]][-2:] == ["discussion", "closing"]
    new = added["outline"]["sections"][3]["id"]

    changed = send("PATCH", f"{own}/sections/{new}", {"version": 2, "locked": True, "title": "Talk"}).json()
    assert changed["outline"]["sections"][3] == {**added["outline"]["sections"][3], "locked": True, "title": "Talk"}

    fitted = send("POST", f"{own}/balance", {"version": 3}).json()
    assert sum(minutes(fitted)) == 90
    assert minutes(fitted)[3] == 15

    order = [entry["id"] for entry in fitted["outline"]["sections"]]
    order[1], order[2] = order[2], order[1]
    moved = send("POST", f"{own}/sections/reorder", {"version": 4, "order": order}).json()
    assert [entry["id"] for entry in moved["outline"]["sections"]] == order

    left = send("DELETE", f"{own}/sections/{new}?version=5").json()
    assert (left["version"], len(left["outline"]["sections"])) == (6, 4)


@pytest.mark.parametrize(("position", "place"), [(0, 0), (2, 2), (4, 4), (None, 3)])
def test_where_a_new_section_goes(send: Send, session: TrainingSession, position: int | None, place: int) -> None:
    body = {"version": 1, "section": section("break", 10), "position": position}
    added = send("POST", f"/{session.pk}/sections", body).json()
    assert added["outline"]["sections"][place]["type"] == "break"


def test_without_a_closing_a_new_section_goes_to_the_end(send: Send, author: User) -> None:
    session = made(author, outline={"sections": [section("topic", 10)]})
    added = send("POST", f"/{session.pk}/sections", {"version": 1, "section": section("closing", 10)}).json()
    assert [entry["type"] for entry in added["outline"]["sections"]] == ["topic", "closing"]


def test_new_minutes_take_the_steps_along(send: Send, session: TrainingSession) -> None:
    place = f"/{session.pk}/sections/{ids(session)[1]}"
    steps = [{"text": "Show", "minutes": 10}, {"text": "Try", "minutes": 20}]
    send("PATCH", place, {"version": 1, "steps": steps})
    changed = send("PATCH", place, {"version": 2, "minutes": 45}).json()["outline"]["sections"][1]
    assert [step["minutes"] for step in changed["steps"]] == [15, 30]
    asked = send("PATCH", place, {"version": 3, "minutes": 20, "steps": steps}).json()["outline"]["sections"][1]
    assert (asked["minutes"], asked["steps"]) == (20, steps)


@pytest.mark.parametrize(
    ("given", "target", "fitted"),
    [
        ([12, 33, 28, 14], 90, [10, 35, 30, 15]),
        ([15, 30, 30, 15], 45, [10, 15, 15, 5]),
        ([12, 33, 30, 15], 90, [12, 33, 30, 15]),
    ],
)
def test_fit(send: Send, author: User, given: list[int], target: int, fitted: list[int]) -> None:
    kinds = ("opener", "topic", "exercise", "closing")
    session = made(author, outline={"sections": list(map(section, kinds, given))})
    body = send("POST", f"/{session.pk}/balance", {"version": 1, "target": target}).json()
    assert minutes(body) == fitted
    assert body["durationMinutes"] == target
    assert all(sum(step["minutes"] for step in s["steps"]) == s["minutes"] for s in body["outline"]["sections"])


@pytest.mark.parametrize(
    ("sections", "target", "says"),
    [
        ([], 60, "no sections"),
        ([section("topic", 50, locked=True)], 60, "they take 50 of 60 minutes; unlock one"),
        ([section("topic", 60, locked=True), section("break", 10)], 60, "take 60 of 60 minutes"),
    ],
)
def test_what_cannot_be_fitted(send: Send, author: User, sections: list[Any], target: int, says: str) -> None:
    session = made(author, outline={"sections": sections})
    response = send("POST", f"/{session.pk}/balance", {"version": 1, "target": target})
    assert response.status_code == 409
    assert says in response.json()["error"]["message"]
    session.refresh_from_db()
    assert (session.version, session.duration_minutes) == (1, 90)


@pytest.mark.parametrize("change", [lambda order: order[:-1], lambda order: [*order, order[0]], lambda order: ["a"]])
def test_an_order_names_every_section_once(send: Send, session: TrainingSession, change: Any) -> None:
    response = send("POST", f"/{session.pk}/sections/reorder", {"version": 1, "order": change(ids(session))})
    assert list(response.json()["error"]["fields"]) == ["order"]


BAD: list[tuple[str, Any]] = [
    ("title", ""),
    ("type", "dance"),
    ("minutes", 0),
    ("minutes", 12.5),
    ("locked", "yes"),
    ("description", "x" * 2001),
    ("objectives", ["x"] * 9),
    ("objectives", [""]),
    ("purposes", ["fun"]),
    ("activity", "two\nlines"),
    ("mode", "x" * 41),
    ("steps", [{"text": "x", "minutes": 0}]),
    ("steps", [{"words": "x"}]),
    ("materials", [5]),
    ("facilitatorNote", None),
    ("prompts", "x"),
    ("sourceIds", ["S1"]),
    ("sourceIds", ["source"]),
    ("id", "a"),
    ("colour", "red"),
]


def test_bad_values(send: Send, session: TrainingSession) -> None:
    place = f"/{session.pk}/sections/{ids(session)[0]}"
    for field, value in BAD:
        new = {"version": 1, "section": {**section("topic", 10), field: value}}
        assert send("POST", f"/{session.pk}/sections", new).status_code == 400, (field, value)
        assert send("PATCH", place, {"version": 1, field: value}).status_code == 400, (field, value)


@pytest.mark.parametrize("position", [-1, 5, "1", 41])
def test_bad_positions(send: Send, session: TrainingSession, position: Any) -> None:
    body = {"version": 1, "section": section("topic", 10), "position": position}
    assert send("POST", f"/{session.pk}/sections", body).status_code == 400


def test_a_section_that_is_not_there(send: Send, session: TrainingSession) -> None:
    assert send("PATCH", f"/{session.pk}/sections/none", {"version": 1, "title": "x"}).status_code == 404
    assert send("DELETE", f"/{session.pk}/sections/none?version=1").status_code == 404
    assert send("DELETE", f"/{session.pk}/sections/{ids(session)[0]}").status_code == 400


def test_a_late_removal_is_told_what_there_is(send: Send, session: TrainingSession) -> None:
    response = send("DELETE", f"/{session.pk}/sections/{ids(session)[0]}?version=7")
    assert response.status_code == 409
    assert response.json()["error"]["details"]["yours"] == {"version": 7}
    assert response.json()["error"]["details"]["current"]["version"] == 1


def test_others_sections_are_not_there(session: TrainingSession, author2: User) -> None:
    other = Client()
    other.force_login(author2, backend="django.contrib.auth.backends.ModelBackend")
    path = f"{URL}/{session.pk}/sections"
    body = {"version": 1, "section": section("topic", 10)}
    assert other.post(path, body, content_type="application/json").status_code == 404
    assert other.delete(f"{path}/{ids(session)[0]}?version=1").status_code == 404
