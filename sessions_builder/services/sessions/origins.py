"""Who wrote what a session holds, when parts of it come from different hands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sessions_builder.models import TrainingSession, WriterKind
from sessions_builder.pipeline.types import GenerationSource

AUTHOR = ""
"""Nobody but the author, or nobody knows."""
MIXED = "mixed"
"""A model wrote some of it, the author or the activity library the rest."""
AI = (GenerationSource.RAG, GenerationSource.BASELINE)


def joined(present: str, added: str) -> str:
    """The origin of a session of origin `present` that took in something of origin `added`.

    Material in one part makes it a session with material; no part hides that a model wrote another.
    """
    if added in (present, AUTHOR):
        return present
    if present in AI and added in AI:
        return GenerationSource.RAG.value
    if present == AUTHOR and added == GenerationSource.TEMPLATE:
        return added
    return MIXED


def take_in(session: TrainingSession, added: str, others: Sequence[Mapping[str, Any]]) -> None:
    """Set the session's origin to what it is with a section of that origin beside these others."""
    session.generation_source = joined(session.generation_source, added) if others else added


def proposal_source(writer: str, section: Mapping[str, Any]) -> str:
    """The origin of a section somebody proposed: with material when it cites some."""
    if writer == WriterKind.OFFLINE:
        return GenerationSource.TEMPLATE.value
    return (GenerationSource.RAG if section.get("sourceIds") else GenerationSource.BASELINE).value
