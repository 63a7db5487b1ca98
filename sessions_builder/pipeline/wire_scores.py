"""Scores as JSON, as stored beside a variant and as the API shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sessions_builder.pipeline.diversity import Diversity
from sessions_builder.pipeline.grounding import Grounding
from sessions_builder.pipeline.quality import Quality
from sessions_builder.pipeline.readiness import Readiness


def quality_to_wire(quality: Quality) -> dict[str, Any]:
    return {"score": quality.score, "parts": dict(quality.parts), "version": quality.version}


def grounding_to_wire(grounding: Grounding) -> dict[str, Any]:
    """The grounding score and the share of content minutes that the cited sources support (0..1)."""
    return {"score": grounding.score, "realisedReliance": grounding.reliance, "version": grounding.version}


def diversity_to_wire(diversity: Diversity, rewritten: Iterable[int]) -> dict[str, Any]:
    """The distances of a set (0..1), the pairs still too close, and which numbers were written a second time."""
    return {
        "mean": diversity.mean,
        "minimum": diversity.minimum,
        "nearDuplicates": [list(pair) for pair in diversity.near_duplicates],
        "rewritten": sorted(rewritten),
    }


def readiness_to_wire(readiness: Readiness) -> dict[str, Any]:
    return {
        "ready": readiness.ready,
        "score": readiness.score,
        "checks": [
            {
                "id": check.id,
                "passed": check.passed,
                "points": check.points,
                "max": check.maximum,
                "blocking": check.blocking,
                "field": check.field,
                "message": check.message,
            }
            for check in readiness.checks
        ],
    }
