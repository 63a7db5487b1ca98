"""Bodies of the small requests."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, WithJsonSchema

from sessions_builder.serializers.fields import SeveralLines, trimmed
from sessions_builder.serializers.validation import Body


def row_id(value: Any) -> UUID | None:
    """A UUID given as text, or None. Raises ValueError for anything else."""
    if value is None:
        return None
    if isinstance(value, str) and len(value) == 36:
        try:
            return UUID(value)
        except ValueError:
            pass
    raise ValueError("Must be an id such as 0b8f5a0e-8a3c-4a0e-9f5c-2f1d5c0b7a11.")


OptionalRowId = Annotated[
    UUID | None, BeforeValidator(row_id), WithJsonSchema({"type": ["string", "null"], "format": "uuid"})
]


class Selection(Body):
    """Which of the author's drafts the chosen variant goes into; without one, its own."""

    session_id: OptionalRowId = None


class Rejection(Body):
    """Why a variant is not wanted, in the author's words."""

    reason: Annotated[str, trimmed(500), SeveralLines] = ""
