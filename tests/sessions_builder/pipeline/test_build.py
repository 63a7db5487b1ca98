from __future__ import annotations

from typing import Any

import pytest

from sessions_builder.errors import FailureCode
from sessions_builder.pipeline.build import differing, finish, request_for
from sessions_builder.pipeline.types import (
    Arc,
    CallRecord,
    FinishedVariant,
    GenerationSource,
    Outline,
    RagState,
    Retrieval,
    SectionType,
    Step,
    Written,
)
from tests.sessions_builder.pipeline.builders import a_brief, a_profile, a_retrieval, a_section, a_source, an_outline

RETRIEVAL = a_retrieval(a_source("S1"), a_source("S2"))
CALL = CallRecord("outline", 1, "gpt-x", "outline-1", 900, 1, "ok")


def finished(
    outline: Outline | None, number: int = 1, *, retrieval: Retrieval = RETRIEVAL, offline: bool = False, **brief: Any
) -> FinishedVariant:
    request = request_for(number, a_brief(**brief), a_profile(number), retrieval, "nonce")
    failure = None if outline else FailureCode.PROVIDER_TIMEOUT
    written = Written(number, outline, 900, failure, calls=(CALL,))
    return finish(written, request, retrieval, writer_is_offline=offline)


def citing(*ids: str, **fields: Any) -> Outline:
    return an_outline(a_section(minutes=45, source_ids=ids, **fields), a_section(SectionType.CLOSING, 45))


def test_it_works() -> None:
    variant = finished(an_outline())
    assert variant.outline is not None
    assert variant.outline.minutes == 90
    assert (variant.generation_source, variant.rag_effective, variant.sources_used) == (GenerationSource.RAG, True, 1)
    assert (variant.model, variant.processing_ms, variant.notes) == ("gpt-x", 900, ())


@pytest.mark.parametrize(("number", "purpose", "sources"), [(0, "legacy", 0), (1, "outline", 2), (4, "outline", 0)])
def test_requests(number: int, purpose: str, sources: int) -> None:
    request = request_for(number, a_brief(), a_profile(number), RETRIEVAL, "nonce")
    assert (request.purpose, len(request.context.sources), len(request.messages)) == (purpose, sources, 2)
    assert request.profile.arc is list(Arc)[number]


def test_invented_citations_are_stripped_and_said() -> None:
    variant = finished(citing("S1", "S9", "doc-7"))
    assert variant.outline is not None
    assert variant.outline.sections[0].source_ids == ("S1",)
    assert variant.citations_removed == 2
    assert variant.notes == ("Citations of sources this version was not given were removed: S9, doc-7.",)


def test_only_invented_citations_are_no_rag() -> None:
    variant = finished(citing("S9"))
    assert (variant.rag_effective, variant.generation_source) == (False, GenerationSource.BASELINE)


def test_a_source_offered_to_another_variant_only_is_invented() -> None:
    retrieval = a_retrieval(*(a_source(f"S{n}") for n in range(1, 9)))
    assert finished(citing("S8"), 1, retrieval=retrieval).rag_effective
    assert not finished(citing("S8"), 3, retrieval=retrieval).rag_effective


@pytest.mark.parametrize("number", [0, 4])
def test_variants_without_weight_are_baseline_whatever_they_claim(number: int) -> None:
    variant = finished(citing("S1"), number)
    assert (variant.rag_effective, variant.sources_used, variant.generation_source) == (
        False,
        0,
        GenerationSource.BASELINE,
    )


def test_the_authors_notes_may_be_cited_but_are_no_retrieval() -> None:
    notes = a_source("N1", reason="notes")
    variant = finished(citing("N1"), retrieval=a_retrieval(notes, state=RagState.DISABLED))
    assert variant.outline is not None
    assert variant.outline.sections[0].source_ids == ("N1",)
    assert (variant.rag_effective, variant.sources_used, variant.generation_source) == (
        False,
        0,
        GenerationSource.BASELINE,
    )


def test_offline_drafts_are_templates_even_when_they_quote() -> None:
    variant = finished(citing("S1"), offline=True)
    assert (variant.generation_source, variant.model, variant.rag_effective) == (
        GenerationSource.TEMPLATE,
        "offline",
        True,
    )


def test_a_failure_stays_a_failure() -> None:
    variant = finished(None)
    assert (variant.outline, variant.failure, variant.sources_used) == (None, FailureCode.PROVIDER_TIMEOUT, 0)
    assert variant.calls == (CALL,)


@pytest.mark.parametrize("minutes", [15, 47, 90, 133, 480])
def test_minutes_are_always_the_briefs(minutes: int) -> None:
    variant = finished(an_outline(), duration_minutes=minutes)
    assert variant.outline is not None
    assert variant.outline.minutes == minutes


def test_foreign_addresses_are_removed_everywhere() -> None:
    bad = "Go to http://evil.example/x"
    outline = citing(
        "S1",
        title=bad,
        description=bad,
        objectives=(bad,),
        activity=bad,
        steps=(Step("http://evil.example/x", 5), Step(bad, 5)),
        materials=("a@evil.example",),
        facilitator_note=bad,
        prompts=(bad,),
    )
    variant = finished(outline)
    assert "evil" not in str(variant.outline)
    assert variant.outline is not None
    assert [step.text for step in variant.outline.sections[0].steps] == ["Go to"]
    assert variant.outline.sections[0].materials == ()
    assert "Links or e-mail addresses that are in no source were removed." in variant.notes


def test_addresses_of_offered_sources_and_of_the_brief_stay() -> None:
    retrieval = a_retrieval(a_source(text="Card deck: https://example.org/deck"))
    outline = citing("S1", description="Use https://example.org/deck and https://own.example/board")
    variant = finished(outline, retrieval=retrieval, current_problem="See https://own.example/board")
    assert variant.outline is not None
    assert variant.outline.sections[0].description == "Use https://example.org/deck and https://own.example/board"
    assert "https" not in str(finished(outline, 4, retrieval=retrieval).outline)


def test_ids_written_into_texts_are_removed() -> None:
    outline = citing("S1", title="[S2]", description="Open well [S1], then ask (S1, S9). Keep (step 1) [sic].")
    variant = finished(outline)
    assert variant.outline is not None
    assert variant.outline.sections[0].description == "Open well, then ask. Keep (step 1) [sic]."
    assert variant.outline.sections[0].title == "Topic"


def test_a_repetition_is_asked_to_differ() -> None:
    request = request_for(2, a_brief(), a_profile(2), RETRIEVAL, "nonce")
    again = differing(request, an_outline(a_section(title="The opening", activity="Drill")))
    assert again.messages[0] == request.messages[0]
    assert again.messages[1].content.startswith(request.messages[1].content)
    assert "made of: topic “The opening” (Drill)." in again.messages[1].content
    assert (again.number, again.context) == (request.number, request.context)
