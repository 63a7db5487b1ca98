"""What a session offers to whoever writes a section of it: its brief, and its sources by the weight of its version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sessions_builder.models import TrainingSession
from sessions_builder.pipeline.context import context_for
from sessions_builder.pipeline.types import STANDARD, WEIGHTS, Brief, RagState, Retrieval, VariantContext
from sessions_builder.pipeline.wire import brief_from_wire, brief_to_wire, source_from_wire
from sessions_builder.services.sessions.assessment import brief_of
from sessions_builder.services.sessions.sources import adopt, excerpt_of

WHOLE = max(WEIGHTS, key=lambda number: WEIGHTS[number])
"""The version that is offered most. A session that came from none, a copy for one, is offered as much."""


@dataclass(frozen=True, slots=True)
class Material:
    """The sources offered, cut to the budget, and the excerpts that come to the session with a citation."""

    context: VariantContext
    excerpts: Sequence[Mapping[str, Any]]


def resolved_brief(session: TrainingSession) -> Brief:
    """The session's brief with the audience and the tone its generation was made for."""
    brief = brief_of(session)
    if session.generation is None:
        return brief
    frozen = brief_from_wire({**brief_to_wire(brief), **session.generation.snapshot["brief"]})
    return replace(brief, audience=frozen.audience, tone=frozen.tone, avoid_topics=frozen.avoid_topics)


def material_for(session: TrainingSession, section: Mapping[str, Any]) -> Material:
    """What may be cited, those sources first that the section cites already.

    In a version of weight 0 that is no more than what a section brought along when it came from elsewhere. Sources
    have the session's numbers: one of the generation's that the session does not have yet gets a free one.
    """
    wide = TrainingSession(sources=list(session.sources))
    texts = {}
    for source in _retrieved(session):
        (number,) = adopt(wide, {"sourceIds": [source["id"]]}, [source])["sourceIds"]
        texts[number] = source["text"]
    cited = set(section.get("sourceIds", ()))
    number = WHOLE if session.variant_number is None else session.variant_number
    weighted = WEIGHTS.get(number, 0.0) > 0
    offered = [source for source in wide.sources if weighted or source["id"] in cited]
    offered.sort(key=lambda source: source["id"] not in cited)
    judged = [
        source_from_wire({**source, "text": texts.get(source["id"], source["excerpt"]), "kept": True, "reason": "kept"})
        for source in offered
    ]
    context = context_for(number if weighted else WHOLE, Retrieval(RagState.OK, tuple(judged)))
    context = replace(context, number=session.variant_number or STANDARD)
    excerpts = [excerpt_of(source) for source in offered if source["id"] in context.source_ids]
    return Material(context, excerpts)


def _retrieved(session: TrainingSession) -> Sequence[Mapping[str, Any]]:
    """The kept sources of the session's generation, whole."""
    retrieval = session.generation.retrieval if session.generation is not None else None
    return [source for source in (retrieval or {}).get("sources", ()) if source["kept"]]
