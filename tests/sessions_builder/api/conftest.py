"""Clients of the API, and generations in every state to look at."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from featureflags.testing import override_flag
from sessions_builder.models import Category, Generation, Variant, VariantProfile
from sessions_builder.services.tokens import token_create

BRIEF: dict[str, Any] = {
    "category": "Prospecting",
    "sessionType": "workshop",
    "desiredOutcome": "Book five qualified appointments a week with a short phone script",
}
OUTLINE: dict[str, Any] = {
    "title": "Calls that book",
    "summary": "Ninety minutes of calling.",
    "difficulty": "beginner",
    "sections": [
        {
            "type": kind,
            "title": kind.title(),
            "minutes": minutes,
            "description": "What happens here.",
            "objectives": ["Open a call"],
            "purposes": ["practice"],
            "activity": "Role play",
            "mode": "pairs",
            "steps": [{"text": "Begin", "minutes": minutes}],
            "materials": ["Script"],
            "facilitatorNote": "Walk around and listen to the pairs.",
            "prompts": ["What did you hear?"],
            "sourceIds": ["S1"],
        }
        for kind, minutes in (("opener", 10), ("exercise", 65), ("closing", 15))
    ],
}
SOURCE: dict[str, Any] = {
    "id": "S1",
    "docId": "d" * 32,
    "chunkId": "3",
    "title": "Calling",
    "category": "Prospecting",
    "updatedAt": "2026-03-02",
    "similarity": 0.8,
    "score": 0.85,
    "text": "The whole text of the source, which is longer than its excerpt.",
    "excerpt": "The whole text of the source …",
    "kept": True,
    "reason": "kept",
}
NOTES = {**SOURCE, "id": "N1", "similarity": 1.0, "reason": "notes"}
DROPPED = {**SOURCE, "id": "", "similarity": 0.1, "kept": False, "reason": "below_threshold"}
RETRIEVAL: dict[str, Any] = {
    "state": "ok",
    "sources": [NOTES, SOURCE, DROPPED],
    "queryMs": 412,
    "hitsFound": 2,
    "error": "",
}
AT = "2026-11-23T10:00:00.000Z"

MakeGeneration = Callable[..., Generation]


@pytest.fixture
def reference_data(db: None) -> Category:
    for number in range(5):
        VariantProfile.objects.get_or_create(
            number=number, defaults={"label": f"Label {number}", "description": "d", "instruction": "i"}
        )
    return Category.objects.get_or_create(name="Prospecting", defaults={"aliases": ["Lead Generation"]})[0]


@pytest.fixture
def several() -> Iterator[None]:
    """Everybody gets four variants, and offline drafts are allowed."""
    with override_flag("variant_generation_v2", True), override_flag("offline_composer", True):
        yield


@pytest.fixture
def api(author: User, client: Client) -> Client:
    """A client with a session of the author."""
    client.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def outsider(author2: User) -> Client:
    """A client of an author to whom nothing belongs."""
    client = Client()
    client.force_login(author2, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def bearer(author: User) -> dict[str, str]:
    """Headers with a token of the author that has all their rights."""
    return {"Authorization": f"Bearer {token_create(user=author).secret}"}


@pytest.fixture
def make_generation(author: User) -> MakeGeneration:
    """Return a function that stores a generation of the author, by default one that waits."""

    def make(**fields: Any) -> Generation:
        ended = fields.get("state") in ("succeeded", "partial", "failed", "cancelled")
        return Generation.objects.create(
            **{**defaults(author), "finished_at": timezone.now() if ended else None, **fields}
        )

    return make


def defaults(owner: User) -> dict[str, Any]:
    return {
        "owner": owner,
        "mode": "multi_variant",
        "writer": "model",
        "brief": {**BRIEF, "title": "Calls", "durationMinutes": 90, "timeZone": "UTC"},
        "snapshot": {
            "brief": {"category": "Prospecting"},
            "profiles": [
                {"number": number, "label": f"Label {number}", "description": "d", "instruction": "secret"}
                for number in range(5)
            ],
        },
        "decision": {"enabled": True, "reason": "full_rollout", "sample": 12.34, "percentage": 100.0, "revision": 3},
        "card_order": [3, 1, 4, 2],
        "expires_at": datetime.now(UTC) + timedelta(minutes=15),
        "progress": [{"at": AT, "stage": "queued"}],
    }


def add_variant(generation: Generation, number: int, **fields: Any) -> Variant:
    """Store a variant, ready unless said otherwise."""
    return Variant.objects.create(
        **{
            "generation": generation,
            "number": number,
            "run": generation.run,
            "state": "ready",
            "label": f"Label {number}",
            "description": "d",
            "arc": "tell_show_do",
            "rag_weight": {1: "0.8", 2: "0.5", 3: "0.2"}.get(number, "0.0"),
            "generation_source": "rag" if number in (1, 2, 3) else "baseline",
            "rag_effective": number in (1, 2, 3),
            "rag_sources_used": 1,
            "outline": OUTLINE,
            "quality": {"score": 78, "parts": {"time": 10.0}, "version": "oqs-1"},
            "grounding": {"score": 81, "realisedReliance": 0.63, "version": "grd-1"},
            "processing_ms": 7311,
            "model": "some-model",
            **fields,
        }
    )


def add_failed(generation: Generation, number: int, code: str = "refused") -> Variant:
    """Store a variant that could not be written."""
    return add_variant(
        generation,
        number,
        state="failed",
        outline=None,
        quality=None,
        grounding=None,
        generation_source="baseline",
        rag_effective=False,
        error_code=code,
    )
