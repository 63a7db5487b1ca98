"""Bodies of what surrounds a session: sections from elsewhere, names of versions, ratings, ideas."""

from __future__ import annotations

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from sessions_builder.models import SavedIdea, SessionRating, SessionVersion
from sessions_builder.offline.activities import Activity
from sessions_builder.pipeline.parse import MAX_SECTIONS
from sessions_builder.serializers.actions import OptionalRowId, row_id
from sessions_builder.serializers.fields import OneLine, trimmed
from sessions_builder.serializers.session_bodies import Paragraph, Position, SectionId, Version, Versioned
from sessions_builder.serializers.times import iso
from sessions_builder.serializers.validation import Body
from sessions_builder.services.sessions.versions import Comparison


def _place_in_variant(value: Any) -> Any:
    """Sections of a variant have no id: their place in its outline, from 0, stands for one, as a number or as text."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 3 else value


def _required_id(value: Any) -> Any:
    if value is None:
        raise ValueError("Must be an id.")
    return row_id(value)


RowId = Annotated[UUID, BeforeValidator(_required_id), WithJsonSchema({"type": "string", "format": "uuid"})]
VariantNumber = Annotated[int, Field(ge=0, le=4)]
PlaceInVariant = Annotated[
    int,
    BeforeValidator(_place_in_variant),
    Field(ge=0, le=MAX_SECTIONS),
    WithJsonSchema({"type": ["integer", "string"], "description": "Place in the variant's outline, from 0."}),
]


class Import(Versioned):
    """A section of a variant of one's own, to put at a place counted from 0, else before the closing."""

    generation_id: RowId
    variant_number: VariantNumber
    section_id: PlaceInVariant
    position: Position | None = None


class VersionName(Body):
    """A name for a version, by default for the present one."""

    name: Annotated[str, trimmed(80, shortest=1), OneLine]
    number: Version | None = None


class Rating(Body):
    """1 poor to 5 excellent."""

    score: Annotated[int, Field(ge=1, le=5)]
    comment: Paragraph = ""


class Idea(Body):
    """A thought under a title; or a section of a session or a variant, under its own title unless another is given."""

    title: Annotated[str, trimmed(200), OneLine] = ""
    note: Paragraph = ""
    session_id: OptionalRowId = None
    section_id: SectionId | None = None
    generation_id: OptionalRowId = None
    variant_number: VariantNumber | None = None
    section_place: PlaceInVariant | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        of_session = (self.session_id, self.section_id)
        of_variant = (self.generation_id, self.variant_number, self.section_place)
        for one, other in ((of_session, of_variant), (of_variant, of_session)):
            if all(part is not None for part in one) and all(part is None for part in other):
                return self
        if self.title and all(part is None for part in (*of_session, *of_variant)):
            return self
        raise ValueError(
            "Give a title, or sessionId with sectionId, or generationId with variantNumber and sectionPlace."
        )


def version_to_wire(version: Any) -> dict[str, Any]:
    """One entry of a session's history, as `versions_of` reads it."""
    return {
        **named_version_to_wire(version),
        "title": version.title,
        "sections": version.sections,
        "current": version.current,
    }


def named_version_to_wire(version: SessionVersion) -> dict[str, Any]:
    """Which version it is: quick edits share one, which then stands for several numbers."""
    return {
        "number": version.number,
        "firstNumber": version.first_number,
        "name": version.name,
        "kind": version.kind,
        "createdAt": iso(version.created_at),
        "updatedAt": iso(version.updated_at),
    }


def comparison_to_wire(comparison: Comparison) -> dict[str, Any]:
    """Two versions, the earlier one first, and what differs."""
    return {
        "earlier": named_version_to_wire(comparison.earlier),
        "later": named_version_to_wire(comparison.later),
        **comparison.difference,
    }


def rating_to_wire(rating: SessionRating | None) -> dict[str, Any]:
    """The rating; null and empty where there is none yet."""
    if rating is None:
        return {"score": None, "comment": "", "ratedAt": None}
    return {"score": rating.score, "comment": rating.comment, "ratedAt": iso(rating.rated_at)}


def idea_to_wire(idea: SavedIdea) -> dict[str, Any]:
    """An idea, with its section and the excerpts that section cites where it is more than a note."""
    return {
        "id": str(idea.pk),
        "title": idea.title,
        "note": idea.note,
        "section": idea.section,
        "sources": idea.sources,
        "createdAt": iso(idea.created_at),
    }


def activity_to_wire(activity: Activity) -> dict[str, Any]:
    """An activity of the library; "{topic}" in a text stands for what the section will be about."""
    return {
        "key": activity.key,
        "name": activity.name,
        "type": activity.type.value,
        "mode": activity.mode,
        "minutes": {"min": activity.minutes.low, "max": activity.minutes.high},
        "groupSize": {"min": activity.group.low, "max": activity.group.high},
        "level": activity.bloom.value,
        "energy": activity.energy,
        "online": activity.online,
        "purposes": list(activity.purposes),
        "description": activity.description,
        "steps": [text for _, text in activity.steps],
        "materials": list(activity.materials),
        "facilitatorNote": activity.note,
        "prompts": list(activity.prompts),
    }
