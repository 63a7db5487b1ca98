"""Advice on briefs: one table of what is said about which gap, and that following it is worth points."""

from dataclasses import replace

import pytest

from sessions_builder.pipeline.coach import MOST_HINTS, coach
from sessions_builder.pipeline.types import Brief

CAREFUL = Brief(
    category="Prospecting",
    session_type="workshop",
    desired_outcome="Book five qualified appointments a week with a short phone script",
    current_problem="New advisors put off calling and give up after the first objection",
    specific_topics=("call opening", "objection handling"),
    audience_name="Advisors in their first year",
)
EMPTY = Brief(category="", session_type="", desired_outcome="")


def fields(brief: Brief) -> list[str]:
    return [hint.field for hint in coach(brief).hints]


def test_it_works() -> None:
    assert coach(CAREFUL) == (advice := coach(CAREFUL))
    assert (advice.score, advice.hints) == (100, ())


def test_an_empty_brief_gets_the_hints_worth_most_and_not_all() -> None:
    advice = coach(EMPTY)
    assert advice.score <= 10
    assert fields(EMPTY) == ["desiredOutcome", "currentProblem", "specificTopics", "audienceName"]
    assert len(advice.hints) == MOST_HINTS


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"desired_outcome": "Better calls"}, "desiredOutcome", "do differently"),
        ({"desired_outcome": "Understand how calls work with a short script"}, "desiredOutcome", "“understand”"),
        ({"desired_outcome": "Participants know five ways to open a call"}, "desiredOutcome", "“know”"),
        ({"desired_outcome": "A good atmosphere within the sales team"}, "desiredOutcome", "watch people do"),
        ({"desired_outcome": "Draft and present a phone script to colleagues"}, "desiredOutcome", "how well"),
        ({"current_problem": ""}, "currentProblem", "goes wrong"),
        ({"current_problem": "Bad calls"}, "currentProblem", "goes wrong"),
        ({"current_problem": CAREFUL.desired_outcome}, "currentProblem", "goes wrong"),
        ({"specific_topics": ()}, "specificTopics", "two to four"),
        ({"specific_topics": tuple("abcdefgh"), "duration_minutes": 60}, "specificTopics", "the 4 that matter most"),
        ({"specific_topics": ("a", "b"), "duration_minutes": 15}, "specificTopics", "the one that matters most"),
        ({"audience_name": ""}, "audienceName", "who comes"),
        ({"group_size": 60}, "groupSize", "60 people"),
        ({"duration_minutes": 25, "specific_topics": ("a",)}, "durationMinutes", "25 minutes"),
        ({"category": ""}, "category", "category"),
        ({"session_type": ""}, "sessionType", "type"),
    ],
)
def test_what_is_said_about_a_gap(changes: dict[str, object], field: str, words: str) -> None:
    advice = coach(replace(CAREFUL, **changes))
    (hint,) = [hint for hint in advice.hints if hint.field == field]
    assert words in hint.message
    assert hint.example
    assert advice.score < 100


@pytest.mark.parametrize(
    "outcome",
    [
        "New advisors can open a call in under a minute",
        "Participants will be able to explain three funds without notes",
        "Leaders give feedback within a day of what they saw",
    ],
)
def test_a_verb_further_in_is_found(outcome: str) -> None:
    assert "desiredOutcome" not in fields(replace(CAREFUL, desired_outcome=outcome))


@pytest.mark.parametrize("kind", ["event", "webinar"])
def test_large_groups_are_fine_where_people_listen(kind: str) -> None:
    assert fields(replace(CAREFUL, session_type=kind, group_size=400)) == []


def test_words_are_read_in_english_only() -> None:
    german = replace(CAREFUL, language="de-AT", desired_outcome="Die Teilnehmenden vereinbaren mehr gute Termine")
    assert coach(german).score == 100


def test_one_hint_a_field_and_no_shouting() -> None:
    for hint in coach(replace(CAREFUL, desired_outcome="", group_size=99, audience_name="")).hints:
        assert "!" not in hint.message
    assert fields(replace(CAREFUL, desired_outcome="")) == ["desiredOutcome"]
