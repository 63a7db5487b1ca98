"""Sources of a session: excerpts that came with an outline, joined by those a section from elsewhere brings along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sessions_builder.models import TrainingSession

KEPT = ("id", "docId", "chunkId", "title", "category", "updatedAt", "similarity", "score", "excerpt")

Source = Mapping[str, Any]


def excerpt_of(source: Source) -> dict[str, Any]:
    """What stays with a session of a retrieved source: all but its whole text."""
    return {name: source[name] for name in KEPT}


def adopt(session: TrainingSession, section: Mapping[str, Any], sources: Sequence[Source]) -> dict[str, Any]:
    """The section with its citations in the session's numbering; the sources it cites become the session's.

    A source the session has already keeps its id there; one whose id is taken gets the next free number.
    """
    by_id = {source["id"]: source for source in sources}
    cited = [_adopted(session, by_id[source_id]) for source_id in section.get("sourceIds", ()) if source_id in by_id]
    return {**section, "sourceIds": list(dict.fromkeys(cited))}


def _adopted(session: TrainingSession, source: Source) -> str:
    for known in session.sources:
        if (known["docId"], known["chunkId"], known["excerpt"]) == (
            source["docId"],
            source["chunkId"],
            source["excerpt"],
        ):
            return str(known["id"])
    taken = {known["id"] for known in session.sources}
    new = source["id"] if source["id"] not in taken else _next_id(taken, source["id"][0])
    session.sources = [*session.sources, {**excerpt_of(source), "id": new}]
    return new


def _next_id(taken: set[str], letter: str) -> str:
    """S and N are counted apart: N marks the author's own notes."""
    numbers = [int(one[1:]) for one in taken if one[0] == letter]
    return f"{letter}{max(numbers, default=0) + 1}"
