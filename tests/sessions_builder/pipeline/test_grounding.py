from __future__ import annotations

from typing import Any

import pytest

from sessions_builder.pipeline.grounding import grounding
from sessions_builder.pipeline.types import Outline, SectionType
from tests.sessions_builder.pipeline.builders import a_section, an_outline

SOURCES = {
    "S1": "Prospecting improves when advisors open with a genuine compliment and a short reason for the call.",
    "S2": "Objection handling: acknowledge the concern, ask a clarifying question, offer a next step.",
}
DRAWN = "Advisors open the call with a genuine compliment and a short reason before asking anything."
UNRELATED = "Painters mix colours outside under changing light."


def drawn_from(*sections: Any) -> Outline:
    return an_outline(a_section(SectionType.OPENER, 10), *sections, a_section(SectionType.CLOSING, 10))


def test_it_works() -> None:
    result = grounding(drawn_from(a_section(description=DRAWN, source_ids=("S1",))), SOURCES, 0.8)
    assert result is not None
    assert (result.score, result.reliance, result.version) == (100, 1.0, "grd-1")


@pytest.mark.parametrize(("weight", "sources"), [(0.0, SOURCES), (0.8, {})])
def test_without_weight_or_sources_there_is_none(weight: float, sources: dict[str, str]) -> None:
    assert grounding(an_outline(), sources, weight) is None


def test_no_citation_scores_nothing() -> None:
    result = grounding(drawn_from(a_section(description=DRAWN)), SOURCES, 0.8)
    assert result is not None
    assert (result.score, result.reliance) == (0, 0.0)


def test_citing_without_drawing_on_it_is_seen() -> None:
    result = grounding(drawn_from(a_section(description=UNRELATED, source_ids=("S1",))), SOURCES, 0.8)
    assert result is not None
    assert (result.score, result.reliance) == (60, 0.0)


def test_invented_citations_count_against_it() -> None:
    outline = drawn_from(a_section(description=DRAWN, source_ids=("S1",)))
    honest, invented = grounding(outline, SOURCES, 0.8), grounding(outline, SOURCES, 0.8, invented=1)
    assert honest is not None
    assert invented is not None
    assert honest.score - invented.score == 15


@pytest.mark.parametrize(("weight", "score"), [(0.8, 70 + 30 * 0.5 / 0.6), (0.5, 100), (0.2, 100)])
def test_the_quota_follows_the_weight(weight: float, score: float) -> None:
    outline = drawn_from(a_section(description=DRAWN, source_ids=("S1",)), a_section(description=UNRELATED))
    result = grounding(outline, SOURCES, weight)
    assert result is not None
    assert result.score == round(score)


def test_reliance_is_weighted_by_minutes() -> None:
    outline = drawn_from(
        a_section(minutes=15, description=DRAWN, source_ids=("S1",)), a_section(minutes=45, description=UNRELATED)
    )
    result = grounding(outline, SOURCES, 0.5)
    assert result is not None
    assert result.reliance == 0.25
