"""Generations as the API shows them, for what a real run reaches only by bad luck, such as odd languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]

LABELS = {
    0: "Standard Outline",
    1: "Knowledge Base-Driven",
    2: "Recommended Mix",
    3: "Creative Approach",
    4: "Alternative Structure",
}
WEIGHTS = {0: 0.0, 1: 0.8, 2: 0.5, 3: 0.2, 4: 0.0}
POSITIONS = {0: 1, 1: 3, 2: 1, 3: 4, 4: 2}
BRIEF: Json = {
    "category": "Leadership Development",
    "sessionType": "workshop",
    "desiredOutcome": "New managers hold a 15-minute coaching talk with each of their people every month",
    "durationMinutes": 90,
    "timeZone": "UTC",
    "groupSize": 12,
}
QUALITY: Json = {
    "score": 78,
    "version": "oqs-1",
    "parts": {
        "time": 10,
        "arc": 12,
        "outcome": 12.1,
        "objectives": 9,
        "active": 13,
        "events": 7.5,
        "facilitation": 9,
        "clarity": 5.4,
    },
}
PLAN = (
    ("opener", "Two truths about being coached", 10),
    ("topic", "What a coaching talk is, and is not", 20),
    ("exercise", "Triads: fifteen minutes, one real case", 30),
    ("discussion", "What made you think, what made you close up", 15),
    ("break", "Pause", 5),
    ("closing", "The first talk goes into the calendar", 10),
)


def section(kind: str, title: str, minutes: int, sources: tuple[str, ...] = ()) -> Json:
    return {
        "type": kind,
        "title": title,
        "minutes": minutes,
        "description": "Everybody thinks of one talk that helped them and says what the other person did. Collect it.",
        "objectives": ["Ask three open questions before giving advice"],
        "purposes": ["practice"],
        "activity": "Triads",
        "mode": "groups of three",
        "steps": [{"text": "Set the task", "minutes": 5}, {"text": "Run it", "minutes": minutes - 5}],
        "materials": ["Timer"],
        "facilitatorNote": "Keep the time visible and announce the last two minutes.",
        "prompts": ["What surprised you?"],
        "sourceIds": list(sources),
    }


def outline(number: int, title: str = "Coaching that sticks") -> Json:
    cited = ("S1", "S2") if WEIGHTS[number] else ()
    return {
        "title": title,
        "summary": "Ninety minutes in which new managers practise a short coaching talk three times, with a real case, "
        "and leave with the first one in their calendar.",
        "difficulty": "intermediate",
        "sections": [section(*planned, sources=cited if planned[0] == "topic" else ()) for planned in PLAN],
    }


def variant(number: int, state: str = "ready", **changes: Any) -> Json:
    ready = state == "ready"
    material = WEIGHTS[number] > 0 and ready
    error = {"code": "provider_timeout", "message": "The writing service did not answer in time."}
    return {
        "number": number,
        "position": POSITIONS[number],
        "state": state,
        "label": LABELS[number],
        "description": "Keeps close to your material." if WEIGHTS[number] else "Starts from a blank page.",
        "generationSource": ("rag" if material else "baseline") if ready else None,
        "ragWeight": WEIGHTS[number],
        "ragEffective": material,
        "ragSourcesUsed": 2 if material else 0,
        "realisedReliance": None,
        "outline": outline(number) if ready else None,
        "quality": None,
        "grounding": None,
        "processingTime": 2100 if ready else None,
        "model": "fake" if ready else "",
        "error": error if state == "failed" else None,
        **changes,
    }


def events(*stages: Json, began: datetime | None = None) -> list[Json]:
    """Stage events 400 ms apart."""
    start = began or datetime.now(UTC) - timedelta(seconds=4)
    return [
        {
            "at": f"{start + timedelta(milliseconds=400 * n):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z",
            **stage,
        }
        for n, stage in enumerate(stages)
    ]


def generation(identity: str, state: str, variants: list[Json], stages: list[Json], **changes: Any) -> Json:
    ended = state in ("succeeded", "partial", "failed", "cancelled")
    metadata = {
        "processingTime": 4120 if ended else None,
        "ragAvailable": True,
        "ragState": "ok",
        "ragQueryTime": 412,
        "ragSourcesFound": 5,
        "averageSimilarity": 0.71,
        "totalVariants": len(variants),
    } | changes.pop("metadata", {})
    happened = events(*stages)
    return {
        "id": identity,
        "state": state,
        "mode": "multi_variant",
        "writer": "model",
        "progress": {"percent": 100 if ended else 46, "stage": stages[-1]["stage"], "message": "", "events": happened},
        "brief": BRIEF,
        "decision": {"enabled": True, "reason": "full_rollout", "sample": 1.0, "percentage": 100, "revision": 1},
        "metadata": metadata,
        "variants": variants,
        "session": None,
        "error": None,
        "createdAt": happened[0]["at"],
        "finishedAt": happened[-1]["at"] if ended else None,
        **changes,
    }


QUEUED: Json = {"stage": "queued"}
LOOKING: Json = {"stage": "retrieving"}
FOUND: Json = {"stage": "sources", "count": 5, "state": "ok"}
WRITING: list[Json] = [{"stage": "variant_started", "number": number} for number in (1, 2, 3, 4)]
SOURCES: list[Json] = [
    {
        "id": f"S{n}",
        "docId": f"d{n}",
        "chunkId": f"c{n}",
        "title": title,
        "category": "Leadership Development",
        "updatedAt": "2026-08-14",
        "similarity": 0.8,
        "score": score,
        "excerpt": "A coaching talk is short and regular. The manager asks, listens, and ends with one agreed step.",
        "kept": True,
        "reason": "kept",
    }
    for n, title, score in ((1, "The fifteen-minute talk", 0.86), (2, "Questions that open", 0.74))
]
