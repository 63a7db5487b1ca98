"""From a retrieval to the request for one variant, and from its answer to a variant that can be stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sessions_builder.pipeline.context import context_for
from sessions_builder.pipeline.fit import fit
from sessions_builder.pipeline.hostile import addresses, may_hold_address, scrub
from sessions_builder.pipeline.prompt import differ_part, messages_for
from sessions_builder.pipeline.types import (
    STANDARD,
    Brief,
    FinishedVariant,
    GenerationSource,
    Message,
    Outline,
    Retrieval,
    Section,
    Step,
    VariantContext,
    VariantProfile,
    WriteRequest,
    Written,
)

# Ids written into a text, such as "[S3]" or "(S1, S2)": citations belong in sourceIds, where they are checked.
_INLINE_CITATION = re.compile(r"\s*[\[(](?:source\s+)?[SN]\d{1,3}(?:\s*[,;&]\s*[SN]\d{1,3})*[\])]", re.IGNORECASE)


def request_for(number: int, brief: Brief, profile: VariantProfile, retrieval: Retrieval, nonce: str) -> WriteRequest:
    """Everything a writer needs for one variant; number 0, the Standard Outline, gets no sources.

    `nonce` delimits the sources in the prompt: fresh for each request, hard to guess (secrets.token_hex will do).
    """
    context = context_for(number, retrieval)
    messages = messages_for(brief, profile, context, nonce)
    purpose = "legacy" if number == STANDARD else "outline"
    return WriteRequest(number, brief, profile, context, messages, purpose)


def differing(request: WriteRequest, earlier: Outline) -> WriteRequest:
    """The same request for an outline that has to differ from an earlier one it turned out to repeat."""
    *before, last = request.messages
    asked = Message(last.role, f"{last.content}\n\n{differ_part(earlier)}")
    return replace(request, messages=(*before, asked), purpose="diversity")


def finish(
    written: Written, request: WriteRequest, retrieval: Retrieval, *, writer_is_offline: bool
) -> FinishedVariant:
    """The variant ready to be stored: only offered citations, no foreign addresses, exactly the brief's minutes.

    What had to be changed is said in `notes`. A failed answer becomes a variant without an outline.
    """
    shaped = _shape(written.outline, request) if written.outline else _Shaped(None)
    used = _sources_used(shaped.outline, retrieval)
    effective = request.profile.weight > 0 and bool(used)
    return FinishedVariant(
        number=request.number,
        profile=request.profile,
        outline=shaped.outline,
        generation_source=_generation_source(effective, writer_is_offline),
        rag_effective=effective,
        sources_used=len(used),
        processing_ms=written.processing_ms,
        model=_model(written, writer_is_offline),
        failure=written.failure,
        notes=shaped.notes,
        calls=written.calls,
        citations_removed=shaped.citations_removed,
    )


@dataclass(frozen=True, slots=True)
class _Shaped:
    outline: Outline | None
    notes: tuple[str, ...] = ()
    citations_removed: int = 0


def _shape(outline: Outline, request: WriteRequest) -> _Shaped:
    unknown = _unknown_citations(outline, request.context)
    cited, removed = _cleaned(_without_citations(outline, frozenset(unknown)), request)
    fitted, notes = fit(cited, request.brief.duration_minutes)
    if removed:
        notes = ("Links or e-mail addresses that are in no source were removed.", *notes)
    if unknown:
        names = ", ".join(sorted(set(unknown)))
        notes = (f"Citations of sources this version was not given were removed: {names}.", *notes)
    return _Shaped(fitted, notes, len(unknown))


def _cleaned(outline: Outline, request: WriteRequest) -> tuple[Outline, bool]:
    """The outline without citations and foreign addresses in its texts, and whether there was such an address."""
    brief = request.brief
    own = [brief.title, brief.desired_outcome, brief.current_problem, *brief.specific_topics]
    if request.ask is not None:
        own += [request.ask.instruction, *_texts_of(request.ask.section)]
    allowed = addresses((*own, *(source.text for source in request.context.sources)))
    removed = False

    def change(text: str) -> str:
        nonlocal removed
        plain = _without_inline_citations(text)
        scrubbed = scrub(plain, allowed)
        removed = removed or scrubbed != plain
        return scrubbed

    return _mapped(outline, change), removed


def _unknown_citations(outline: Outline, context: VariantContext) -> list[str]:
    """Every citation of something this variant was not given, repeated as often as it occurs."""
    return [cited for section in outline.sections for cited in section.source_ids if cited not in context.source_ids]


def _without_citations(outline: Outline, unknown: frozenset[str]) -> Outline:
    if not unknown:
        return outline
    sections = (
        replace(section, source_ids=tuple(cited for cited in section.source_ids if cited not in unknown))
        for section in outline.sections
    )
    return replace(outline, sections=tuple(sections))


def _without_inline_citations(text: str) -> str:
    return _INLINE_CITATION.sub("", text).strip() if "[" in text or "(" in text else text


def _texts_of(section: Section) -> Iterable[str]:
    """What the author let stand so far may stand on."""
    yield from (section.title, section.description, section.facilitator_note, *section.materials, *section.prompts)
    yield from (step.text for step in section.steps)


def _mapped(outline: Outline, change: Callable[[str], str]) -> Outline:
    """The outline with every text changed; a title or step that would be left empty falls back or out."""
    sections = tuple(_mapped_section(section, change) for section in outline.sections)
    return replace(
        outline, title=change(outline.title) or "Outline", summary=change(outline.summary), sections=sections
    )


def _mapped_section(section: Section, change: Callable[[str], str]) -> Section:
    if not _needs_change(section):
        return section

    def each(texts: Iterable[str]) -> tuple[str, ...]:
        return tuple(filter(None, map(change, texts)))

    steps = (Step(change(step.text), step.minutes) for step in section.steps)
    return replace(
        section,
        title=change(section.title) or section.type.value.capitalize(),
        description=change(section.description),
        objectives=each(section.objectives),
        activity=change(section.activity),
        steps=tuple(step for step in steps if step.text),
        materials=each(section.materials),
        facilitator_note=change(section.facilitator_note),
        prompts=each(section.prompts),
    )


def _needs_change(section: Section) -> bool:
    """Whether any text of the section may hold a citation or an address; most hold neither."""
    texts = (section.title, section.description, section.activity, section.facilitator_note)
    lists = (*section.objectives, *(step.text for step in section.steps), *section.materials, *section.prompts)
    whole = "\n".join((*texts, *lists))
    return "[" in whole or "(" in whole or may_hold_address(whole)


def _sources_used(outline: Outline | None, retrieval: Retrieval) -> frozenset[str]:
    """Ids of retrieved sources the outline cites; the author's own notes are not retrieved, so they do not count."""
    if outline is None:
        return frozenset()
    retrieved = {source.id for source in retrieval.material}
    return frozenset(cited for section in outline.sections for cited in section.source_ids if cited in retrieved)


def _generation_source(effective: bool, writer_is_offline: bool) -> GenerationSource:
    if writer_is_offline:
        return GenerationSource.TEMPLATE
    return GenerationSource.RAG if effective else GenerationSource.BASELINE


def _model(written: Written, writer_is_offline: bool) -> str:
    if writer_is_offline:
        return "offline"
    return written.calls[-1].model if written.calls else ""
