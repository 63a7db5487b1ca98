"""From a wish to the request for one section, and from its answer to a section that can be proposed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sessions_builder.errors import FailureCode
from sessions_builder.pipeline.balance import OUTER
from sessions_builder.pipeline.build import finish
from sessions_builder.pipeline.prompt_section import section_messages
from sessions_builder.pipeline.types import (
    WEIGHTS,
    Brief,
    RagState,
    Retrieval,
    Section,
    SectionAsk,
    VariantContext,
    VariantProfile,
    WriteRequest,
    Written,
)

NOT_RETRIEVED = Retrieval(RagState.DISABLED)
"""A section is written from what the session has; nothing is looked up for it."""

RELIANCE_WITHOUT_VERSION = max(WEIGHTS.values())
"""How far to lean on sources that are offered though no version's weight asks for any: they are the section's own."""


@dataclass(frozen=True, slots=True)
class ProposedSection:
    """A section ready to be proposed, or why there is none; `notes` say in words what had to be changed."""

    section: Section | None
    failure: FailureCode | None = None
    notes: tuple[str, ...] = ()
    model: str = ""


def section_request(ask: SectionAsk, brief: Brief, context: VariantContext, nonce: str) -> WriteRequest:
    """Everything a writer needs for one section. The length its request aims at is the section's own."""
    weight = WEIGHTS.get(context.number, 0.0) or RELIANCE_WITHOUT_VERSION
    return WriteRequest(
        number=context.number,
        brief=replace(brief, duration_minutes=ask.section.minutes),
        profile=VariantProfile(context.number, "", "", ""),
        context=context,
        messages=section_messages(ask, brief, context, weight, nonce),
        purpose="section",
        ask=ask,
    )


def finish_section(written: Written, request: WriteRequest, *, writer_is_offline: bool) -> ProposedSection:
    """The section with only offered citations, no foreign addresses, exactly its minutes, and a type for its place.

    What opens, closes or interrupts a session goes on doing so, and nothing else begins to.
    """
    finished = finish(written, request, NOT_RETRIEVED, writer_is_offline=writer_is_offline)
    if finished.outline is None or request.ask is None:
        return ProposedSection(None, finished.failure or FailureCode.INTERNAL_ERROR, model=finished.model)
    before, after = request.ask.section, finished.outline.sections[0]
    if before.type in OUTER or after.type in OUTER:
        after = replace(after, type=before.type)
    return ProposedSection(after, notes=finished.notes, model=finished.model)
