"""What gets into a hand-over, for whom, and under which label."""

from dataclasses import asdict
from typing import Any

import pytest

from sessions_builder.exports.document import Audience
from sessions_builder.exports.times import Schedule
from sessions_builder.exports.words import OFFLINE, places
from sessions_builder.pipeline.types import SectionType
from tests.sessions_builder.exports.examples import BERLIN, SOURCE, START, handover, outline, section


def test_it_works() -> None:
    document = handover()
    first, second, *_ = document.sections
    assert (first.starts, first.ends, second.starts, second.begins) == ("09:00", "09:10", "09:10", 10)
    assert second.how == "Triads · small groups"
    assert [source.id for source in second.sources] == ["S1"]
    assert document.sources[0].excerpt == SOURCE["excerpt"]
    assert document.sources[0].about == "Leadership Development · 2026-01-20"
    assert {fact.label: fact.text for fact in document.facts}["Group"] == "12 people"


def test_parts_of_one_document_are_told_apart() -> None:
    sources = [{**SOURCE, "id": name, "chunkId": name} for name in ("S1", "S2", "S3")]
    sources.append({**SOURCE, "id": "S4", "docId": "other"})
    cited = outline(section(SectionType.TOPIC, "Talks", 20, source_ids=("S3", "S1", "S4")))
    document = handover(outline=cited, sources=sources)
    assert [(source.id, source.about.split(" · ")[0]) for source in document.sources] == [
        ("S1", "part 1 of 2"),
        ("S3", "part 2 of 2"),
        ("S4", "Leadership Development"),
    ]


def test_participants_get_nothing_of_the_facilitators() -> None:
    document = handover(Audience.PARTICIPANT)
    assert (document.materials, document.sources) == ((), ())
    for planned in document.sections:
        filled = {name for name, value in asdict(planned).items() if value}
        assert filled <= {"number", "type", "title", "minutes", "begins", "starts", "ends", "objectives"}
    assert {fact.label for fact in document.facts} == {"When", "Length", "Kind", "Origin"}
    assert document.objectives == ["Ask three open questions before giving advice"]


@pytest.mark.parametrize(
    ("source", "number", "cited", "label"),
    [
        ("rag", 1, True, "AI with the author's material (1 source)"),
        ("rag", 1, False, "AI, without the author's material"),
        ("baseline", 4, False, "AI, without the author's material"),
        ("baseline", 0, False, "Standard outline, AI"),
        ("template", 2, True, OFFLINE),
        ("mixed", 1, True, "Partly AI, with the author's material (1 source)"),
        ("mixed", None, False, "Partly AI, without the author's material"),
        ("", None, False, "Written by the author"),
    ],
)
@pytest.mark.parametrize("audience", list(Audience))
def test_every_audience_is_told_who_wrote_it(
    audience: Audience, source: str, number: int | None, cited: bool, label: str
) -> None:
    document = handover(audience, generation_source=source, variant_number=number, sources=[SOURCE] if cited else [])
    assert document.origin == label
    assert ("Origin", label) in [(fact.label, fact.text) for fact in document.facts]


@pytest.mark.parametrize(
    ("changes", "notices"),
    [
        ({"state": "published"}, ()),
        ({"state": "archived"}, ()),
        ({}, ("This is a draft; it can still change.",)),
        (
            {"state": "published", "schedule": Schedule(START, BERLIN, 95)},
            ("The sections add up to 90 of 95 planned minutes.",),
        ),
    ],
)
def test_what_a_reader_has_to_know(changes: dict[str, Any], notices: tuple[str, ...]) -> None:
    assert handover(**changes).notices == notices


def test_materials_are_listed_once_with_where_they_are_needed() -> None:
    plan = outline(
        section(SectionType.OPENER, "a", 10, materials=("Flipchart", "Timer")),
        section(SectionType.TOPIC, "b", 10, materials=("flipchart", "flipchart", " ")),
    )
    materials = handover(outline=plan).materials
    assert [(material.name, material.sections) for material in materials] == [("Flipchart", (1, 2)), ("Timer", (1,))]


@pytest.mark.parametrize(
    ("numbers", "words"),
    [((2,), "section 2"), ((1, 3), "sections 1, 3"), ((1, 2, 3, 5), "sections 1–3, 5")],
)
def test_places(numbers: tuple[int, ...], words: str) -> None:
    assert places(numbers) == words


def test_a_session_from_scratch_needs_no_brief() -> None:
    document = handover(brief={}, sources=[], generation_source="", variant_number=None)
    assert document.language == "en"
    assert [fact.label for fact in document.facts] == ["When", "Length", "Kind", "Level", "Origin"]
