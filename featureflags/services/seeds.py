"""The flags the product is built with."""

from __future__ import annotations

from typing import Any

from featureflags.models import Flag, Kind, Source
from featureflags.services.changes import create_flag

SEEDED: tuple[dict[str, Any], ...] = (
    {
        "key": "variant_generation_v2",
        "name": "Multi-variant generation",
        "description": "Four outlines in parallel instead of one standard outline.",
        "kind": Kind.ROLLOUT,
        "enabled": False,
        "percentage": 0,
    },
    {
        "key": "rag_integration",
        "name": "RAG integration",
        "description": "Retrieve training material. Off: every variant is written without it and no call goes out.",
        "kind": Kind.KILL_SWITCH,
        "enabled": True,
        "percentage": 100,
    },
    {
        "key": "variant_selection_logging",
        "name": "Variant selection logging",
        "description": "Store which variant an author picks.",
        "kind": Kind.OPS,
        "enabled": True,
        "percentage": 100,
    },
    {
        "key": "offline_composer",
        "name": "Offline composer",
        "description": "Offer drafts composed without a model.",
        "kind": Kind.OPS,
        "enabled": True,
        "percentage": 100,
    },
)


def ensure_flags() -> list[Flag]:
    """Add the seeded flags that are missing and return those added; what exists stays as it is."""
    existing = set(Flag.objects.values_list("key", flat=True))
    return [
        create_flag(
            seed["key"],
            source=Source.COMMAND,
            reason="Added with the installation.",
            enabled=seed["enabled"],
            percentage=seed["percentage"],
            details={name: seed[name] for name in ("name", "description", "kind")},
        )
        for seed in SEEDED
        if seed["key"] not in existing
    ]
