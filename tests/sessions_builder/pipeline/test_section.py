"""One section of an outline: what is asked of the writer, and what becomes of its answer."""

import json
from dataclasses import replace
from typing import Any

import pytest

from sessions_builder.errors import FailureCode
from sessions_builder.pipeline.forms import OUTLINE, SECTION, form_of
from sessions_builder.pipeline.parse import ParseError, parse_section
from sessions_builder.pipeline.section import finish_section, section_request
from sessions_builder.pipeline.types import (
    Brief,
    ContextSource,
    Outline,
    Section,
    SectionAsk,
    SectionType,
    Step,
    VariantContext,
    WriteRequest,
    Written,
)

BRIEF = Brief("Prospecting", "workshop", "Book five appointments a week")
OPENER = Section(SectionType.OPENER, "Arrive", 10, "Everyone names one call.")
TALK = Section(SectionType.TOPIC, "The script", 30, "See https://intern.example/script first.", activity="Input")
CLOSING = Section(SectionType.CLOSING, "Commit", 15)
PLAN = Outline("Calls", "", "", (OPENER, TALK, CLOSING))
SOURCE = ContextSource("S1", "Field notes", "Ask one question less.", 9)


def asked(place: int = 1, number: int = 1, **changes: Any) -> WriteRequest:
    context = VariantContext(number, (SOURCE,) if number != 4 else ())
    return section_request(SectionAsk(PLAN, place, **changes), BRIEF, context, "n0nce")


def finished(section: Section, place: int = 1, *, offline: bool = False, **changes: Any) -> Any:
    written = Written(1, Outline("x", "", "", (section,)), 5)
    return finish_section(written, asked(place, **changes), writer_is_offline=offline)


def test_it_works() -> None:
    proposed = finished(Section(SectionType.EXERCISE, "Calls", 20, steps=(Step("Call", 5), Step("Tell", 15))))
    assert proposed.section.minutes == 30
    assert sum(step.minutes for step in proposed.section.steps) == 30
    assert (proposed.section.type, proposed.failure) == (SectionType.EXERCISE, None)


def test_the_writer_sees_the_section_its_neighbours_and_the_wish() -> None:
    request = asked(instruction="More\npractice", avoided=("Role play",))
    rules, everything = request.messages
    assert (rules.role, request.purpose, form_of(request)) == ("system", "section", SECTION)
    assert form_of(replace(request, ask=None)) is OUTLINE
    for told in (
        "1. opener, 10 min: Arrive. Everyone names one call.",
        "2. topic, 30 min, Input: The script.",
        "<- the section to write anew",
        "TASK: write section 2 anew, exactly 30 minutes.",
        "The author asks: More practice",
        "Use none of these activities: Role play.",
        "<<<SOURCE S1 n0nce>>>",
        "Build the section on the sources",
        "Length: 90 minutes",
    ):
        assert told in everything.content


@pytest.mark.parametrize(
    ("number", "says"), [(2, "Take what the sources do well"), (3, "one idea"), (4, "claim no source")]
)
def test_the_weight_decides_how_far_it_leans_on_sources(number: int, says: str) -> None:
    assert says in asked(number=number).messages[1].content


def test_only_offered_sources_are_cited() -> None:
    proposed = finished(Section(SectionType.TOPIC, "Calls [S1]", 30, source_ids=("S1", "S9")))
    assert (proposed.section.source_ids, proposed.section.title) == (("S1",), "Calls")
    assert any("S9" in note for note in proposed.notes)


def test_addresses_the_author_let_stand_may_stand_and_others_go() -> None:
    text = "See https://intern.example/script and https://evil.example/x."
    proposed = finished(Section(SectionType.TOPIC, "Calls", 30, text))
    assert "intern.example" in proposed.section.description
    assert "evil.example" not in proposed.section.description


@pytest.mark.parametrize(
    ("place", "written", "kept"),
    [(0, "exercise", "opener"), (2, "topic", "closing"), (1, "closing", "topic"), (1, "discussion", "discussion")],
)
def test_what_opens_and_closes_goes_on_and_nothing_else_begins_to(place: int, written: str, kept: str) -> None:
    proposed = finished(Section(SectionType(written), "Calls", 10), place)
    assert proposed.section.type == kept


def test_a_failure_keeps_its_name() -> None:
    written = Written(1, None, 5, failure=FailureCode.REFUSED)
    assert finish_section(written, asked(), writer_is_offline=False).failure is FailureCode.REFUSED


ANSWER = {"type": "exercise", "title": "Calls", "minutes": "20 min", "steps": ["Call"]}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ANSWER),
        json.dumps({"section": ANSWER}),
        json.dumps({"title": "Plan", "sections": [ANSWER]}),
        f"Here it is:\n```json\n{json.dumps(ANSWER)}\n```",
    ],
)
def test_answers_that_hold_a_section(text: str) -> None:
    (section,) = parse_section(text).sections
    assert (section.type, section.title, section.minutes) == (SectionType.EXERCISE, "Calls", 20)
    assert section.steps == (Step("Call"),)


@pytest.mark.parametrize(
    "text", ["", "no", "[]", "{}", '{"title": ""}', '{"answer": 42}', '{"title": 5e9, "steps": 7}']
)
def test_answers_that_hold_none(text: str) -> None:
    with pytest.raises(ParseError):
        parse_section(text)
