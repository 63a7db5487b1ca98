from __future__ import annotations

import json

from sessions_builder.pipeline.grounding import Grounding
from sessions_builder.pipeline.quality import quality
from sessions_builder.pipeline.readiness import Check, Readiness
from sessions_builder.pipeline.wire_scores import grounding_to_wire, quality_to_wire, readiness_to_wire
from tests.sessions_builder.pipeline.examples import BRIEF, CAREFUL


def test_it_works() -> None:
    result = quality(CAREFUL, BRIEF)
    data = json.loads(json.dumps(quality_to_wire(result)))
    assert data == {"score": result.score, "parts": result.parts, "version": "oqs-1"}


def test_grounding() -> None:
    assert grounding_to_wire(Grounding(81, 0.63)) == {"score": 81, "realisedReliance": 0.63, "version": "grd-1"}


def test_readiness_names_are_those_of_the_api() -> None:
    check = Check("title", False, 0, 10, True, "title", "Give the session a title.")
    assert readiness_to_wire(Readiness(False, 55, (check,))) == {
        "ready": False,
        "score": 55,
        "checks": [
            {
                "id": "title",
                "passed": False,
                "points": 0,
                "max": 10,
                "blocking": True,
                "field": "title",
                "message": "Give the session a title.",
            }
        ],
    }
