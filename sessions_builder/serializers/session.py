"""A training session as the API shows it."""

from __future__ import annotations

from typing import Any

from sessions_builder.models import TrainingSession
from sessions_builder.serializers.times import iso


def session_to_wire(session: TrainingSession) -> dict[str, Any]:
    """The whole session, with its outline and the excerpts of its sources."""
    return {
        **listed_session_to_wire(session),
        "outline": session.outline,
        "sources": session.sources,
    }


def listed_session_to_wire(session: TrainingSession) -> dict[str, Any]:
    """One entry of the list of sessions: all but the outline and its sources."""
    return {
        "id": str(session.pk),
        "title": session.title,
        "state": session.state,
        "version": session.version,
        "generationId": None if session.generation_id is None else str(session.generation_id),
        "variantNumber": session.variant_number,
        "generationSource": session.generation_source or None,
        "startsAt": iso(session.starts_at),
        "timeZone": session.time_zone,
        "category": session.category,
        "sessionType": session.session_type,
        "durationMinutes": session.duration_minutes,
        "createdAt": iso(session.created_at),
        "updatedAt": iso(session.updated_at),
        "publishedAt": iso(session.published_at),
    }
