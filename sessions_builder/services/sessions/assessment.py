"""How a session stands: its quality and what it still needs, worked out from its row whenever somebody asks."""

from __future__ import annotations

from dataclasses import replace

from sessions_builder.models import TrainingSession
from sessions_builder.offline.activities import minutes_by_name
from sessions_builder.pipeline.quality import Quality, quality
from sessions_builder.pipeline.readiness import Readiness, SessionFacts, readiness
from sessions_builder.pipeline.types import Brief, Outline
from sessions_builder.pipeline.wire import brief_from_wire, outline_from_wire


def brief_of(session: TrainingSession) -> Brief:
    """The session's brief with the category, type and length the session has now."""
    brief = brief_from_wire(
        {
            **session.brief,
            "category": session.category,
            "sessionType": session.session_type,
            "desiredOutcome": session.brief.get("desiredOutcome", ""),
        }
    )
    return replace(brief, duration_minutes=session.duration_minutes, title=session.title)


def outline_of(session: TrainingSession) -> Outline:
    return outline_from_wire(session.outline)


def session_quality(session: TrainingSession) -> Quality:
    """The session's `oqs-1`."""
    return quality(outline_of(session), brief_of(session), minutes_by_name())


def session_readiness(session: TrainingSession) -> Readiness:
    """The session's `rdy-1`."""
    return readiness(
        SessionFacts(
            title=session.title,
            brief=brief_of(session),
            outline=outline_of(session),
            duration_minutes=session.duration_minutes,
            has_choice=session.generation_id is None or session.variant_number is not None,
            is_scheduled=session.starts_at is not None,
        )
    )
