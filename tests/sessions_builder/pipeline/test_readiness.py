from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sessions_builder.pipeline.readiness import Readiness, SessionFacts, readiness
from sessions_builder.pipeline.types import Audience, SectionType
from tests.sessions_builder.pipeline.builders import a_brief, a_section, an_outline
from tests.sessions_builder.pipeline.examples import CAREFUL

READY = SessionFacts(
    title="Five calls",
    brief=a_brief(audience_name="New advisors"),
    outline=CAREFUL,
    duration_minutes=90,
    has_choice=True,
    is_scheduled=True,
)
BARE = an_outline(
    a_section(SectionType.OPENER, 10, description="Hello."),
    a_section(SectionType.TOPIC, 65, description="Talk."),
    a_section(SectionType.CLOSING, 15, description="Bye."),
)


def ready(**facts: Any) -> Readiness:
    return readiness(replace(READY, **facts))


def test_it_works() -> None:
    result = readiness(READY)
    assert (result.ready, result.score, result.version) == (True, 100, "rdy-1")
    assert sum(check.maximum for check in result.checks) == 100
    assert not [check for check in result.checks if check.message]


@pytest.mark.parametrize(
    ("facts", "failing", "score", "still_ready"),
    [
        ({"title": " "}, "title", 90, False),
        ({"brief": None}, "brief", 80, False),
        ({"brief": a_brief(desired_outcome="Calls", audience_name="All")}, "brief", 85, False),
        ({"brief": a_brief()}, "audience", 95, True),
        ({"outline": replace(CAREFUL, sections=CAREFUL.sections[::-1])}, "outline", 85, False),
        ({"duration_minutes": 120}, "duration", 85, False),
        ({"has_choice": False}, "choice", 95, False),
        ({"is_scheduled": False}, "schedule", 95, True),
        ({"outline": BARE}, "objectives", 80, True),
        ({"outline": BARE}, "practice", 80, True),
        ({"outline": BARE}, "facilitator", 80, True),
        ({"outline": BARE, "is_scheduled": False}, "schedule", 75, False),
    ],
)
def test_checks(facts: dict[str, Any], failing: str, score: int, still_ready: bool) -> None:
    result = ready(**facts)
    (check,) = [check for check in result.checks if check.id == failing]
    assert (check.passed, check.points) == (False, 0)
    assert check.message
    assert check.field
    assert (result.score, result.ready) == (score, still_ready)


def test_nearly_the_right_length_passes_with_fewer_points() -> None:
    result = ready(duration_minutes=95)
    (check,) = [check for check in result.checks if check.id == "duration"]
    words = "The sections take 90 minutes, the session 95. Up to 10 % off can be published."
    assert (check.passed, check.points, check.message) == (True, 8, words)
    assert (result.ready, result.score) == (True, 93)


def test_an_audience_from_the_list_counts() -> None:
    assert ready(brief=a_brief(audience=Audience("Newcomers"))).score == 100


@pytest.mark.parametrize("field", ["title", "description", "minutes"])
def test_incomplete_sections_are_named(field: str) -> None:
    broken = replace(CAREFUL.sections[2], **{field: 0 if field == "minutes" else " "})
    outline = replace(CAREFUL, sections=(*CAREFUL.sections[:2], broken, *CAREFUL.sections[3:]))
    checks = {check.id: check.passed for check in ready(outline=outline, duration_minutes=outline.minutes).checks}
    assert [name for name, passed in checks.items() if not passed] == ["sections"]


def test_a_break_needs_no_description() -> None:
    sections = (*CAREFUL.sections[:3], a_section(SectionType.BREAK, 10), *CAREFUL.sections[3:])
    assert ready(outline=replace(CAREFUL, sections=sections), duration_minutes=100).score == 100


def test_an_empty_outline_is_not_ready() -> None:
    result = ready(outline=replace(CAREFUL, sections=()))
    assert not result.ready
    assert {check.id for check in result.checks if check.blocking and not check.passed} == {"outline", "duration"}


def test_the_blocking_ones_are_these() -> None:
    blocking = {check.id for check in readiness(READY).checks if check.blocking}
    assert blocking == {"title", "brief", "outline", "duration", "choice"}
