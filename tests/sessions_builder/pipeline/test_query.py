from __future__ import annotations

import pytest

from sessions_builder.pipeline.query import avoid_topics, fuse, queries
from sessions_builder.pipeline.types import Audience, Tone
from tests.sessions_builder.pipeline.builders import a_brief, a_hit


def test_it_works() -> None:
    assert queries(a_brief()) == (
        "Prospecting Book five qualified appointments per week using a short phone script "
        "call opening objection handling referral request",
        "New advisors avoid calling and lose confidence after objections",
        "call opening",
        "objection handling",
        "referral request",
    )


def test_at_most_sixty_words_and_three_topics() -> None:
    brief = a_brief(
        desired_outcome="word " * 100,
        current_problem="trouble " * 100,
        specific_topics=tuple(f"topic {n}" for n in range(9)),
    )
    asked = queries(brief)
    assert len(asked) == 5
    assert max(len(query.split()) for query in asked) == 60


def test_no_empty_and_no_repeated_query() -> None:
    brief = a_brief(current_problem="", specific_topics=("Trust", "trust", " "))
    assert queries(brief)[1:] == ("Trust",)


def test_logistics_tone_and_avoided_topics_stay_out() -> None:
    brief = a_brief(
        specific_topics=("call opening", "cold calling in the evening"),
        avoid_topics=("evening",),
        tone=Tone("Playful", example_phrases=("Let's go",)),
        audience=Audience("Newcomers", avoid_topics=("commission",)),
        audience_name="Team Blue",
        group_size=77,
        duration_minutes=123,
        time_zone="Europe/Vienna",
        notes="private remark",
    )
    text = " ".join(queries(brief))
    for word in ("evening", "Playful", "Let's", "commission", "Newcomers", "Blue", "77", "123", "Vienna", "remark"):
        assert word not in text


def test_avoid_topics_join_brief_and_audience() -> None:
    brief = a_brief(
        avoid_topics=("Politics", " "), audience=Audience("Newcomers", avoid_topics=("politics", "religion"))
    )
    assert avoid_topics(brief) == ("Politics", "religion")


def test_fusing_rewards_what_several_queries_find() -> None:
    both, first, second = a_hit("both"), a_hit("first"), a_hit("second")
    assert [hit.doc_id for hit in fuse([[first, both], [second, both]])] == ["both", "first", "second"]


def test_fusing_keeps_the_best_similarity_once() -> None:
    fused = fuse([[a_hit(score=0.4), a_hit(score=0.9)], [a_hit(score=0.7)]])
    assert [hit.score for hit in fused] == [0.9]


def test_fusing_does_not_depend_on_the_order_of_answers() -> None:
    one, other = [a_hit("a", score=0.5), a_hit("b", score=0.6)], [a_hit("b", score=0.6), a_hit("a", score=0.5)]
    assert fuse([one, other]) == fuse([other, one])
    assert fuse([one, other])[0].doc_id == "b"


@pytest.mark.parametrize("answers", [[], [[]], [[], []]])
def test_fusing_nothing(answers: list[list[object]]) -> None:
    assert fuse(answers) == ()  # type: ignore[arg-type]
