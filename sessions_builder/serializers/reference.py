"""The reference data a brief can name, as the API shows it."""

from __future__ import annotations

from typing import Any

from sessions_builder.pipeline.types import WEIGHTS
from sessions_builder.selectors import Reference


def reference_to_wire(reference: Reference) -> dict[str, Any]:
    """Categories, audiences, tones and variant profiles, each in list order."""
    return {
        "categories": [
            {"id": category.pk, "name": category.name, "aliases": category.aliases} for category in reference.categories
        ],
        "audiences": [
            {"id": audience.pk, "name": audience.name, "experienceLevel": audience.experience_level}
            for audience in reference.audiences
        ],
        "tones": [{"id": tone.pk, "name": tone.name, "style": tone.style} for tone in reference.tones],
        "variantProfiles": [
            {
                "number": profile.number,
                "label": profile.label,
                "description": profile.description,
                "ragWeight": WEIGHTS.get(profile.number, 0.0),
            }
            for profile in reference.profiles
        ],
    }
