"""Sections from elsewhere: other versions, the library, saved ideas; and a person's rating."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from sessions_builder.models import Generation, SavedIdea, TrainingSession
from sessions_builder.offline.activities import library
from tests.sessions_builder.api.conftest import NOTES, RETRIEVAL, SOURCE, add_failed, add_variant, defaults
from tests.sessions_builder.sessions.conftest import URL, Send, ids, made, minutes, section

OTHER_SOURCE = {**SOURCE, "docId": "e" * 32, "excerpt": "Another excerpt …"}


@pytest.fixture
def generation(author: User) -> Generation:
    return generated(author)


def generated(owner: User, **fields: Any) -> Generation:
    """An ended generation with version 1 ready and version 2 failed."""
    values = {**defaults(owner), "state": "partial", "retrieval": RETRIEVAL, "rag_state": "ok", **fields}
    generation = Generation.objects.create(**values, finished_at=values["expires_at"])
    add_variant(generation, 1)
    add_failed(generation, 2)
    return generation


def imported(generation: Generation, version: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "version": version,
        "generationId": str(generation.pk),
        "variantNumber": 1,
        "sectionId": 1,
        "position": 1,
        **changes,
    }


def test_it_works(send: Send, session: TrainingSession, generation: Generation) -> None:
    body = send("POST", f"/{session.pk}/sections/import", imported(generation)).json()
    brought = body["outline"]["sections"][1]
    assert (body["version"], brought["title"], brought["minutes"], brought["locked"]) == (2, "Exercise", 65, False)
    assert (brought["sourceIds"], [source["id"] for source in body["sources"]]) == (["S1"], ["S1"])
    assert body["sources"][0]["excerpt"] == SOURCE["excerpt"]
    assert "text" not in body["sources"][0]

    again = send("POST", f"/{session.pk}/sections/import", imported(generation, 2, sectionId="0")).json()
    assert again["outline"]["sections"][1]["type"] == "opener"
    assert len(again["sources"]) == 1


def test_a_foreign_source_gets_a_number_of_its_own(send: Send, author: User, session: TrainingSession) -> None:
    first = generated(author)
    second = generated(author, retrieval={**RETRIEVAL, "sources": [NOTES, OTHER_SOURCE]})
    send("POST", f"/{session.pk}/sections/import", imported(first))
    body = send("POST", f"/{session.pk}/sections/import", imported(second, 2)).json()
    assert body["outline"]["sections"][1]["sourceIds"] == ["S2"]
    assert [(source["id"], source["docId"][0]) for source in body["sources"]] == [("S1", "d"), ("S2", "e")]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"sectionId": 9}, 404),
        ({"variantNumber": 2}, 404),
        ({"variantNumber": 4}, 404),
        ({"generationId": "00000000-0000-4000-8000-000000000000"}, 404),
        ({"generationId": None}, 400),
        ({"generationId": "x"}, 400),
        ({"variantNumber": 5}, 400),
        ({"sectionId": -1}, 400),
        ({"sectionId": "first"}, 400),
        ({"sectionId": 1.5}, 400),
        ({"position": 7}, 400),
        ({"extra": 1}, 400),
    ],
)
def test_what_cannot_be_imported(
    send: Send, session: TrainingSession, generation: Generation, changes: Any, status: int
) -> None:
    assert send("POST", f"/{session.pk}/sections/import", imported(generation, **changes)).status_code == status
    session.refresh_from_db()
    assert session.version == 1


def test_anothers_generation_is_not_there(send: Send, session: TrainingSession, author2: User) -> None:
    assert send("POST", f"/{session.pk}/sections/import", imported(generated(author2))).status_code == 404


def test_an_activity_becomes_a_section(send: Send, session: TrainingSession) -> None:
    new = {"version": 1, "activityKey": "teach_back", "minutes": 10, "position": 2, "fit": True}
    body = send("POST", f"/{session.pk}/sections", new).json()
    added = body["outline"]["sections"][2]
    assert (added["activity"], added["type"], added["mode"]) == ("Teach-back", "exercise", "pairs")
    assert added["title"].startswith("Teach-back: ")
    assert sum(step["minutes"] for step in added["steps"]) == added["minutes"]
    assert sum(minutes(body)) == 90


def test_swapping_an_activity_keeps_minutes_id_and_lock(send: Send, session: TrainingSession) -> None:
    place = f"/{session.pk}/sections/{ids(session)[2]}"
    swap = {"version": 1, "activityKey": "teach_back", "locked": True}
    swapped = send("PATCH", place, swap).json()["outline"]["sections"][2]
    assert (swapped["id"], swapped["minutes"], swapped["locked"]) == (ids(session)[2], 35, True)
    assert (swapped["activity"], swapped["objectives"]) == ("Teach-back", ["Open a call within ten seconds"])
    again = {"version": 2, "activityKey": "role_play_triads"}
    title = send("PATCH", place, again).json()["outline"]["sections"][2]["title"]
    assert title == swapped["title"].replace("Teach-back", "Role play in triads")


def test_an_opening_stays_one_whatever_is_done_in_it(send: Send, session: TrainingSession) -> None:
    swap = {"version": 1, "activityKey": "teach_back"}
    swapped = send("PATCH", f"/{session.pk}/sections/{ids(session)[0]}", swap).json()["outline"]["sections"][0]
    assert (swapped["type"], swapped["activity"]) == ("opener", "Teach-back")


@pytest.mark.parametrize("key", ["nothing_like_it", "", "Teach-back", 5, None])
def test_activities_that_are_not_there(send: Send, session: TrainingSession, key: Any) -> None:
    assert send("POST", f"/{session.pk}/sections", {"version": 1, "activityKey": key}).status_code == 400
    place = f"/{session.pk}/sections/{ids(session)[0]}"
    assert send("PATCH", place, {"version": 1, "activityKey": key}).status_code == 400


def test_every_activity_makes_a_section_that_may_be_sent_back(send: Send, author: User) -> None:
    session = made(author, outline={"sections": []})
    for version, activity in enumerate(library()[::12], start=1):
        send("POST", f"/{session.pk}/sections", {"version": version, "activityKey": activity.key})
    whole = send("GET", f"/{session.pk}").json()
    assert len(whole["outline"]["sections"]) == len(library()[::12])
    back = send("PATCH", f"/{session.pk}", {"version": whole["version"], "outline": whole["outline"]})
    assert back.json()["outline"] == whole["outline"]


@pytest.mark.parametrize("extra", [{}, {"section": section("topic", 10), "activityKey": "teach_back"}])
def test_a_new_section_comes_from_one_place(send: Send, session: TrainingSession, extra: Any) -> None:
    assert send("POST", f"/{session.pk}/sections", {"version": 1, **extra}).status_code == 400


def test_the_library(api: Client) -> None:
    every = api.get("/api/activities").json()["results"]
    assert len(every) == len(library())
    some = api.get("/api/activities", {"type": "exercise", "minutes": 20, "groupSize": 8, "online": "true"})
    found = some.json()["results"]
    assert 0 < len(found) < len(every)
    assert all(one["type"] == "exercise" and one["online"] for one in found)
    assert all(one["minutes"]["min"] <= 20 <= one["minutes"]["max"] for one in found)


@pytest.mark.parametrize("query", ["type=dance", "minutes=0", "minutes=x", "groupSize=1001", "online=maybe"])
def test_bad_questions_to_the_library(api: Client, query: str) -> None:
    assert api.get(f"/api/activities?{query}").status_code == 400


def ideas(api: Client, body: Any) -> Any:
    return api.post("/api/saved-ideas", body, content_type="application/json")


def test_an_idea_is_kept_and_put_into_another_session(
    api: Client, send: Send, author: User, session: TrainingSession, generation: Generation
) -> None:
    of_variant = {"generationId": str(generation.pk), "variantNumber": 1, "sectionPlace": 1, "note": "For March"}
    kept = ideas(api, of_variant)
    assert kept.status_code == 201
    assert (kept.json()["title"], kept.json()["note"]) == ("Exercise", "For March")
    assert [source["id"] for source in kept.json()["sources"]] == ["S1"]
    of_session = {"sessionId": str(session.pk), "sectionId": ids(session)[0], "title": "Opening"}
    assert "id" not in ideas(api, of_session).json()["section"]
    assert ideas(api, {"title": "Ask about their worst call"}).json()["section"] is None
    assert len(api.get("/api/saved-ideas").json()["results"]) == 3

    other = made(author)
    body = send("POST", f"/{other.pk}/sections", {"version": 1, "ideaId": kept.json()["id"], "position": 0}).json()
    assert body["outline"]["sections"][0]["sourceIds"] == ["S1"]
    assert api.delete(f"/api/saved-ideas/{kept.json()['id']}").status_code == 204
    assert api.delete(f"/api/saved-ideas/{kept.json()['id']}").status_code == 404


def test_an_idea_is_fitted_where_that_is_asked(send: Send, author: User, session: TrainingSession) -> None:
    idea = SavedIdea.objects.create(owner=author, title="Talk", section=section("topic", 30))
    body = send("POST", f"/{session.pk}/sections", {"version": 1, "ideaId": str(idea.pk), "fit": True}).json()
    assert (len(minutes(body)), sum(minutes(body))) == (5, 90)


@pytest.mark.parametrize(
    "what", [{"section": section("topic", 10)}, {"ideaId": "00000000-0000-4000-8000-000000000000"}]
)
def test_minutes_are_an_activitys(send: Send, session: TrainingSession, what: Any) -> None:
    answer = send("POST", f"/{session.pk}/sections", {"version": 1, "minutes": 10, **what})
    assert answer.status_code == 400
    assert "Minutes can be given for an activity only" in answer.content.decode()


def test_a_note_is_no_section(api: Client, send: Send, session: TrainingSession) -> None:
    note = ideas(api, {"title": "A thought"}).json()
    assert send("POST", f"/{session.pk}/sections", {"version": 1, "ideaId": note["id"]}).status_code == 409


def test_others_ideas_are_not_there(api: Client, send: Send, session: TrainingSession, author2: User) -> None:
    theirs = SavedIdea.objects.create(owner=author2, title="Theirs", section=section("topic", 10))
    assert api.get("/api/saved-ideas").json()["results"] == []
    assert api.delete(f"/api/saved-ideas/{theirs.pk}").status_code == 404
    assert send("POST", f"/{session.pk}/sections", {"version": 1, "ideaId": str(theirs.pk)}).status_code == 404
    foreign = made(author2)
    assert ideas(api, {"sessionId": str(foreign.pk), "sectionId": ids(foreign)[0]}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": ""},
        {"title": "x" * 201},
        {"note": "no title"},
        {"title": "x", "sectionId": "a"},
        {"title": "x", "generationId": "00000000-0000-4000-8000-000000000000"},
        {"title": "x", "colour": "red"},
    ],
)
def test_bad_ideas(api: Client, body: Any) -> None:
    assert ideas(api, body).status_code == 400


def test_a_rating_is_kept_and_replaced(send: Send, session: TrainingSession) -> None:
    own = f"/{session.pk}/rating"
    assert send("GET", own).json() == {"score": None, "comment": "", "ratedAt": None}
    send("PUT", own, {"score": 3})
    rated = send("PUT", own, {"score": 5, "comment": "Went well"}).json()
    assert (rated["score"], rated["comment"]) == (5, "Went well")
    assert send("GET", own).json() == rated
    assert session.ratings.count() == 1


@pytest.mark.parametrize("body", [{}, {"score": 0}, {"score": 6}, {"score": "5"}, {"score": 4.5}, {"score": True}])
def test_bad_ratings(send: Send, session: TrainingSession, body: Any) -> None:
    assert send("PUT", f"/{session.pk}/rating", body).status_code == 400


def test_others_do_not_rate(session: TrainingSession, author2: User) -> None:
    other = Client()
    other.force_login(author2, backend="django.contrib.auth.backends.ModelBackend")
    response = other.put(f"{URL}/{session.pk}/rating", {"score": 1}, content_type="application/json")
    assert response.status_code == 404
    assert not session.ratings.exists()
