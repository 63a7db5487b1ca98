"""How types, states and origins are called in a file somebody else reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sessions_builder.pipeline.types import STANDARD, GenerationSource, SectionType

TYPE_NAMES: Mapping[SectionType, str] = {
    SectionType.OPENER: "Opener",
    SectionType.TOPIC: "Topic",
    SectionType.EXERCISE: "Exercise",
    SectionType.INSPIRATION: "Inspiration",
    SectionType.CLOSING: "Closing",
    SectionType.VIDEO: "Video",
    SectionType.DISCUSSION: "Discussion",
    SectionType.PRESENTATION: "Presentation",
    SectionType.BREAK: "Break",
    SectionType.ASSESSMENT: "Check",
    SectionType.CUSTOM: "Other",
}
OFFLINE = "Offline draft: composed from an activity library, no AI"
WITHOUT = "without the author's material"


def origin(source: str, number: int | None, cited: int) -> str:
    """Who wrote the outline, and with how much of the author's material.

    `source` is a GenerationSource, `mixed` where a model wrote some sections only, or empty.
    """
    material = f"with the author's material ({cited} {'source' if cited == 1 else 'sources'})"
    match source:
        case "mixed":
            return f"Partly AI, {material if cited else WITHOUT}"
        case GenerationSource.TEMPLATE:
            return OFFLINE
        case GenerationSource.RAG if cited:
            return f"AI {material}"
        case GenerationSource.BASELINE if number == STANDARD:
            return "Standard outline, AI"
        case GenerationSource.BASELINE | GenerationSource.RAG:
            return f"AI, {WITHOUT}"
    return "Written by the author"


def off_plan(total: int, planned: int) -> str:
    """A sentence where the sections do not add up to the planned minutes, empty where they do."""
    return "" if total == planned else f"The sections add up to {total} of {planned} planned minutes."


def places(numbers: Sequence[int]) -> str:
    """`section 2`; `sections 1–3, 5`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    named = [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return f"section{'' if len(numbers) == 1 else 's'} {', '.join(named)}"


def parts(sources: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    """Which part of a document each source is, `part 1 of 2`, by its id; only where several are of one document."""
    alike: dict[Any, list[str]] = {}
    for source in sources:
        alike.setdefault(source.get("docId") or source["id"], []).append(source["id"])
    return {
        source_id: f"part {place} of {len(ids)}"
        for ids in alike.values()
        for place, source_id in enumerate(ids, start=1)
        if len(ids) > 1
    }


def status(state: str, version: int) -> str:
    """`Draft, version 3`; `Published, version 7`."""
    return f"{state.capitalize()}, version {version}"
