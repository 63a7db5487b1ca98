"""A training session as the API shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sessions_builder.models import TrainingSession
from sessions_builder.pipeline.quality import MAXIMA, Quality
from sessions_builder.pipeline.wire_scores import quality_to_wire, readiness_to_wire
from sessions_builder.serializers.times import iso
from sessions_builder.services.sessions.advice import Advice
from sessions_builder.services.sessions.assessment import session_quality, session_readiness


def session_to_wire(session: TrainingSession) -> dict[str, Any]:
    """The whole session: its outline, the excerpts of its sources, and how it stands."""
    return {
        **listed_session_to_wire(session),
        "brief": session.brief,
        "outline": session.outline,
        "sources": session.sources,
        "quality": graded_quality_to_wire(session_quality(session)),
        "readiness": readiness_to_wire(session_readiness(session)),
    }


def graded_quality_to_wire(quality: Quality) -> dict[str, Any]:
    """The score with its word, and what each part could have given at most."""
    return {**quality_to_wire(quality), "grade": quality.grade, "maxima": dict(MAXIMA)}


def advice_to_wire(session: TrainingSession, quality: Quality, advice: Sequence[Advice]) -> dict[str, Any]:
    """The graded score with hints; a fix is a request whose body lacks only `version`, the `sessionVersion`."""
    base = f"/api/sessions/{session.pk}"
    return {
        "sessionVersion": session.version,
        **graded_quality_to_wire(quality),
        "hints": [_hint(base, one) for one in advice],
    }


def _hint(base: str, advice: Advice) -> dict[str, Any]:
    remedy = advice.remedy
    fix = remedy and {
        "label": remedy.label,
        "method": remedy.method,
        "url": f"{base}{remedy.path}",
        "body": dict(remedy.body),
        "gain": remedy.gain,
    }
    return {"part": advice.hint.part, "sectionId": advice.section_id, "message": advice.hint.message, "fix": fix}


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
