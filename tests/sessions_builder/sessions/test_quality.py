"""Advice: each hint says where, each fix is a request that raises the score when it is sent."""

import copy
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from sessions_builder.models import TrainingSession
from sessions_builder.pipeline.quality import MAXIMA
from tests.sessions_builder.sessions.conftest import URL, Send, ids, made, minutes, section

BARE = {"description": "", "objectives": [], "facilitatorNote": "", "steps": []}


def bare(kind: str, length: int, **fields: Any) -> dict[str, Any]:
    return {**section(kind, length), **BARE, **fields}


def advice(send: Send, session: TrainingSession) -> Any:
    return send("GET", f"/{session.pk}/quality").json()


def followed(send: Send, fix: dict[str, Any], version: int) -> Any:
    path = fix["url"].removeprefix(URL)
    answer = send(fix["method"], path, {**fix["body"], "version": version})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_it_works(send: Send, session: TrainingSession) -> None:
    body = advice(send, session)
    assert body["sessionVersion"] == session.version
    assert body["score"] == send("GET", f"/{session.pk}").json()["quality"]["score"]
    assert (body["grade"], body["maxima"]) == ("weak", dict(MAXIMA))
    lost = {part: most - body["parts"][part] for part, most in MAXIMA.items()}
    order = list(dict.fromkeys(hint["part"] for hint in body["hints"]))
    assert order == sorted(order, key=lambda part: -lost[part])
    assert all(hint["sectionId"] in (None, *ids(session)) for hint in body["hints"])
    assert any(hint["fix"] for hint in body["hints"])


@pytest.mark.parametrize(
    "sections",
    [
        [bare("topic", 60), bare("exercise", 35)],
        [bare("closing", 20), bare("topic", 40), bare("opener", 30)],
        [bare("opener", 10), bare("presentation", 30), bare("presentation", 35), bare("closing", 15)],
        [section("opener", 10), section("topic", 30), section("exercise", 35), section("closing", 15)],
    ],
)
def test_every_fix_does_what_it_promises(send: Send, author: User, sections: list[Any]) -> None:
    for_each = made(author, outline={"sections": sections})
    offered = [hint["fix"] for hint in advice(send, for_each)["hints"] if hint["fix"]]
    assert offered
    for place in range(len(offered)):
        session = made(author, outline={"sections": copy.deepcopy(sections)})
        before = advice(send, session)
        fix = [hint["fix"] for hint in before["hints"] if hint["fix"]][place]
        after = followed(send, fix, 1)
        gained = sum(after["quality"]["parts"].values()) - sum(before["parts"].values())
        assert round(gained, 1) == fix["gain"] > 0


def test_percentages_are_written_as_everywhere_else(send: Send, author: User) -> None:
    for kind, words in (("topic", "0 % of the time; from 40 % on"), ("exercise", "100 % of the time; up to 80 %")):
        session = made(author, outline={"sections": [bare(kind, 90)]})
        assert any(words in hint["message"] for hint in advice(send, session)["hints"])


def test_following_the_fixes_leads_somewhere(send: Send, author: User) -> None:
    session = made(author, outline={"sections": [bare("topic", 60), bare("exercise", 35)]})
    start = advice(send, session)
    for version in range(1, 25):
        best = max((hint["fix"] for hint in advice(send, session)["hints"] if hint["fix"]), key=_gain, default=None)
        if best is None:
            break
        last = followed(send, best, version)
    assert last["quality"]["score"] >= max(70, start["score"] + 25)
    assert sum(minutes(last)) == 90


def _gain(fix: dict[str, Any]) -> float:
    return fix["gain"]


@pytest.mark.parametrize(
    ("sections", "says", "label"),
    [
        ([section("opener", 10), section("closing", 70)], "take 80 of 90 minutes", "Fit to 90 minutes"),
        ([section("topic", 75), section("closing", 15)], "has no opening", "Add an opening"),
        ([section("opener", 10), section("topic", 80)], "has no closing", "Add a closing"),
        (
            [section("topic", 30), section("opener", 10), section("exercise", 35), section("closing", 15)],
            "opening does not come first",
            "Move the opening to the start",
        ),
        (
            [section("opener", 10), section("topic", 65, objectives=[]), section("closing", 15)],
            "does not say what people learn to do",
            "Write an objective",
        ),
        (
            [section("opener", 10), section("exercise", 65, activity="Teach-back"), section("closing", 15)],
            "lacks three steps, materials",
            "Fill in from the library",
        ),
        (
            [section("opener", 15), section("topic", 65, mode=""), section("closing", 10)],
            "does not say how people work",
            "Work: pairs",
        ),
    ],
)
def test_what_is_said(send: Send, author: User, sections: list[Any], says: str, label: str) -> None:
    hints = advice(send, made(author, outline={"sections": sections}))["hints"]
    (found,) = [hint for hint in hints if says in hint["message"]]
    assert found["fix"]["label"] == label


def test_what_the_words_lack(send: Send, author: User) -> None:
    brief = {"desiredOutcome": "Mediate a dispute between two colleagues", "specificTopics": ["price objections"]}
    told = [hint["message"] for hint in advice(send, made(author, brief=brief))["hints"]]
    assert any("Mediate, dispute, two, colleagues" in message for message in told)
    assert "No section of 8 minutes or more is about “price objections”." in told


def test_without_sections_there_is_one_hint(send: Send, author: User) -> None:
    (hint,) = advice(send, made(author, outline={"sections": []}))["hints"]
    assert (hint["sectionId"], hint["fix"]) == (None, None)


def test_a_locked_outline_is_not_stretched(send: Send, author: User) -> None:
    locked = [section("topic", 40, locked=True), section("exercise", 50, locked=True)]
    hints = advice(send, made(author, outline={"sections": locked}))["hints"]
    assert [hint["fix"] for hint in hints if "has no closing" in hint["message"]] == [None]


def test_others_get_no_advice(session: TrainingSession, author2: User) -> None:
    other = Client()
    other.force_login(author2, backend="django.contrib.auth.backends.ModelBackend")
    assert other.get(f"{URL}/{session.pk}/quality").status_code == 404
