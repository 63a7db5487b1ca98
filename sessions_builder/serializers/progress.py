"""How far a generation is, in per cent and in a sentence, from the events that really happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

PERCENT_QUEUED, PERCENT_RETRIEVING, PERCENT_WRITING, PERCENT_CHECKING, PERCENT_DONE = 2, 8, 20, 95, 100

ENDINGS: Mapping[str, str] = {
    "succeeded": "Everything is ready",
    "partial": "Some versions are ready",
    "failed": "This could not be written",
    "cancelled": "Cancelled",
}


def progress_of(events: Sequence[Mapping[str, Any]], state: str, total: int) -> dict[str, Any]:
    """Percent, stage, message and events of the current run; `total` is the number of versions to be written."""
    last = events[-1] if events else {"stage": "queued"}
    return {
        "percent": PERCENT_DONE if state in ENDINGS else _percent(events, total),
        "stage": last["stage"],
        "message": ENDINGS[state] if state in ENDINGS else _message(last),
        "events": list(events),
    }


def _percent(events: Sequence[Mapping[str, Any]], total: int) -> int:
    """Never less than before within a run, and below 100 until it has ended."""
    stages = [event["stage"] for event in events]
    if "scoring" in stages:
        return PERCENT_CHECKING
    written = stages.count("variant_ready") + stages.count("variant_failed")
    if "sources" in stages or "variant_started" in stages:
        return PERCENT_WRITING + (PERCENT_CHECKING - PERCENT_WRITING) * min(written, total) // (total + 1)
    return PERCENT_RETRIEVING if "retrieving" in stages else PERCENT_QUEUED


def _message(event: Mapping[str, Any]) -> str:
    match event["stage"]:
        case "queued":
            return "Waiting for a writer"
        case "retrieving":
            return "Looking for your material"
        case "sources":
            count = event.get("count", 0)
            return f"{count} {'source' if count == 1 else 'sources'} found"
        case "variant_started":
            return f"Writing {_version(event)}"
        case "variant_ready":
            return f"{_version(event).capitalize()} is ready"
        case "variant_failed":
            return f"{_version(event).capitalize()} could not be written"
        case "variant_rewriting":
            return f"{_version(event).capitalize()} was too close to another and is written again"
        case "variant_rewritten":
            return f"{_version(event).capitalize()} was written again"
        case _:
            return "Checking the outlines"


def _version(event: Mapping[str, Any]) -> str:
    number = event.get("number")
    return f"version {number}" if number else "the standard outline"
