"""Reference data as the pipeline's values, taken when a brief is submitted: later edits change nothing under way."""

from __future__ import annotations

from sessions_builder import models
from sessions_builder.pipeline.types import Audience, Tone, VariantProfile


def audience_value(row: models.Audience) -> Audience:
    """The audience as the pipeline sees it."""
    return Audience(
        name=row.name,
        experience_level=row.experience_level,
        technical_depth=row.technical_depth,
        communication_style=row.communication_style,
        vocabulary_level=row.vocabulary_level,
        example_types=row.example_types,
        avoid_topics=tuple(row.avoid_topics),
        instructions=row.instructions,
    )


def tone_value(row: models.Tone) -> Tone:
    """The tone as the pipeline sees it."""
    return Tone(
        name=row.name,
        style=row.style,
        formality=row.formality,
        energy=row.energy,
        example_phrases=tuple(row.example_phrases),
        instructions=row.instructions,
    )


def profile_value(row: models.VariantProfile) -> VariantProfile:
    """The variant profile as the pipeline sees it."""
    return VariantProfile(number=row.number, label=row.label, description=row.description, instruction=row.instruction)
