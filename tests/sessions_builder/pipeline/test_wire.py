from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from sessions_builder.pipeline.types import Audience, Brief, RagState, Retrieval, Step, Tone
from sessions_builder.pipeline.wire import (
    brief_from_wire,
    brief_to_wire,
    outline_from_wire,
    outline_to_wire,
    profile_from_wire,
    profile_to_wire,
    retrieval_from_wire,
    retrieval_to_wire,
    section_from_wire,
    section_to_wire,
    source_to_wire,
)
from tests.sessions_builder.pipeline.builders import a_brief, a_profile, a_retrieval, a_section, a_source, an_outline

SECTION = a_section(
    objectives=("Explain it",),
    purposes=("input",),
    activity="Demo",
    mode="pairs",
    steps=(Step("Show", 5), Step("Try")),
    materials=("Cards",),
    facilitator_note="Slowly.",
    prompts=("Why?",),
    source_ids=("S1",),
)


def test_it_works() -> None:
    outline = an_outline(SECTION)
    assert outline_from_wire(json.loads(json.dumps(outline_to_wire(outline)))) == outline


def test_section_names_are_those_of_the_api() -> None:
    assert section_to_wire(SECTION) == {
        "type": "topic",
        "title": "A topic",
        "minutes": 30,
        "description": "",
        "objectives": ["Explain it"],
        "purposes": ["input"],
        "activity": "Demo",
        "mode": "pairs",
        "steps": [{"text": "Show", "minutes": 5}, {"text": "Try", "minutes": None}],
        "materials": ["Cards"],
        "facilitatorNote": "Slowly.",
        "prompts": ["Why?"],
        "sourceIds": ["S1"],
    }


def test_the_editors_own_fields_are_ignored() -> None:
    data = {**section_to_wire(SECTION), "id": "x", "locked": True}
    assert section_from_wire(data) == SECTION


@pytest.mark.parametrize("data", [{"title": "T", "minutes": 5, "type": "party"}, {"minutes": 5, "type": "topic"}])
def test_what_was_never_written_is_refused(data: dict[str, object]) -> None:
    with pytest.raises((KeyError, ValueError)):
        section_from_wire(data)


@pytest.mark.parametrize(
    "retrieval",
    [
        Retrieval(RagState.UNAVAILABLE, query_ms=20_000, error="timeout"),
        a_retrieval(a_source(), a_source("", updated_at=None, kept=False, reason="below_threshold"), a_source("N1")),
    ],
)
def test_retrievals_survive_storage(retrieval: Retrieval) -> None:
    assert retrieval_from_wire(json.loads(json.dumps(retrieval_to_wire(retrieval)))) == retrieval


def test_sources_carry_an_excerpt_beside_the_text() -> None:
    data = source_to_wire(a_source(text="word " * 200, updated_at=date(2026, 5, 1)))
    assert len(data["excerpt"]) <= 300
    assert data["excerpt"].endswith("word…")
    assert data["updatedAt"] == "2026-05-01"


FULL = Brief(
    category="Prospecting",
    session_type="webinar",
    desired_outcome="Book five appointments",
    duration_minutes=45,
    category_aliases=("Leads",),
    title="Calls",
    current_problem="Nobody calls",
    specific_topics=("opening",),
    start_time="2026-06-02T09:00",
    end_time="2026-06-02T09:45",
    time_zone="Europe/Vienna",
    audience=Audience("New", "first year", 2, "plain", "everyday", "calls", ("tax",), "Short."),
    audience_name="Blue",
    group_size=30,
    tone=Tone("Warm", "friendly", 1, "calm", ("Let us",), "No slang."),
    avoid_topics=("politics",),
    online=True,
    language="de",
    chosen_sources=("d#1",),
    notes="Mine.",
)


@pytest.mark.parametrize(
    "brief", [FULL, a_brief(), replace(FULL, chosen_sources=()), replace(FULL, audience=None, tone=None)]
)
def test_briefs_survive_storage(brief: Brief) -> None:
    assert brief_from_wire(json.loads(json.dumps(brief_to_wire(brief)))) == brief


def test_a_short_brief_gets_defaults() -> None:
    data = {"category": "Prospecting", "sessionType": "workshop", "desiredOutcome": "Book five appointments"}
    assert brief_from_wire(data) == Brief("Prospecting", "workshop", "Book five appointments")


def test_profiles_survive_storage() -> None:
    assert profile_from_wire(profile_to_wire(a_profile(3))) == a_profile(3)
