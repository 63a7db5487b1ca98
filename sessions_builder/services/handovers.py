"""Handing a training session over to somebody else."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils import timezone

from sessions_builder.exports.assembly import StoredSession, assemble
from sessions_builder.exports.document import Audience, HandoverDocument
from sessions_builder.exports.times import Schedule
from sessions_builder.models import TrainingSession
from sessions_builder.pipeline.wire import outline_from_wire


def session_handover(*, session: TrainingSession, audience: Audience) -> HandoverDocument:
    """The session as one audience gets it, as a value the export formats are written from."""
    stored = StoredSession(
        id=str(session.pk),
        version=session.version,
        state=session.state,
        title=session.title,
        category=session.category,
        session_type=session.session_type,
        generation_source=session.generation_source,
        variant_number=session.variant_number,
        schedule=Schedule(session.starts_at, ZoneInfo(session.time_zone), session.duration_minutes),
        brief=session.brief,
        outline=outline_from_wire(session.outline),
        sources=session.sources,
        created_at=session.created_at,
        updated_at=session.updated_at,
    )
    return assemble(stored, audience, now=timezone.now())
