"""The events of a training session; call these in the transaction of what they tell."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from analytics.selectors import active_time
from analytics.services import record
from sessions_builder.events import ContentEdited, SessionPublished, arm_of
from sessions_builder.models import TrainingSession


def record_edit(session: TrainingSession, *, changed_fields: Sequence[str], moved_minutes: int = 0) -> None:
    """Record that an author changed a session: the wire names of what changed, and the minutes sections gained."""
    now = timezone.now()
    event = ContentEdited(
        active_time=active_time(session.pk, until=now).since_last,
        changed_fields=sorted(set(changed_fields)),
        moved_minutes=moved_minutes,
        arm=_arm(session),
        category=session.category,
    )
    record(event, user_id=session.owner_id, session_id=session.pk, generation_id=session.generation_id, occurred_at=now)


def record_publication(session: TrainingSession, *, quality: float | None, readiness: float) -> None:
    """Record that a session was published with these scores, 0 to 100; a quality nobody could tell is None."""
    now = timezone.now()
    generation = session.generation
    begun = session.created_at if generation is None else generation.created_at
    event = SessionPublished(
        active_time=active_time(session.pk, until=now).total,
        quality=quality,
        readiness=readiness,
        arm=_arm(session),
        variant_mode=None if generation is None else generation.mode,
        minutes_to_publish=max(0, round((now - begun).total_seconds() / 60)),
        category=session.category,
    )
    record(event, user_id=session.owner_id, session_id=session.pk, generation_id=session.generation_id, occurred_at=now)


def _arm(session: TrainingSession) -> str | None:
    """The side of the rollout a session's outline comes from; None for one nobody generated."""
    return None if session.generation is None else arm_of(session.generation.decision)
