"""From draft to published and back, to the archive, and into a copy. The outline and its sources stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from sessions_builder.errors import Conflict
from sessions_builder.models import Generation, SessionState, TrainingSession, VersionKind
from sessions_builder.pipeline.readiness import Check, Readiness
from sessions_builder.pipeline.wire_scores import readiness_to_wire
from sessions_builder.services.session_events import record_publication
from sessions_builder.services.sessions.assessment import session_quality, session_readiness
from sessions_builder.services.sessions.history import content_of, keep_version, put_content, stretch_version
from sessions_builder.services.sessions.writing import FROZEN, check_current, locked


def session_publish(*, owner: User, session_id: UUID, version: int) -> TrainingSession:
    """Publish a draft that is ready; a published session is answered as it is, whatever version is sent.

    Raises NotFound, Stale, and Conflict naming the failing checks, or for an archived session.
    """
    with transaction.atomic():
        session = locked(owner, session_id)
        if session.state == SessionState.PUBLISHED:
            return session
        if session.state == SessionState.ARCHIVED:
            raise Conflict(FROZEN[SessionState.ARCHIVED])
        check_current(session, version)
        ready = session_readiness(session)
        if not ready.ready:
            raise _not_ready(ready)
        session.state, session.published_at = SessionState.PUBLISHED, timezone.now()
        session.first_published_at = session.first_published_at or session.published_at
        session.version += 1
        session.save()
        keep_version(session, VersionKind.PUBLISHED)
        record_publication(session, quality=session_quality(session).score, readiness=ready.score)
    return session


def session_unpublish(*, owner: User, session_id: UUID, version: int) -> TrainingSession:
    """Make a published or archived session a draft again. Raises NotFound, Stale, and Conflict beside another draft."""
    with transaction.atomic():
        _lock_generation_of(owner, session_id)
        session = locked(owner, session_id)
        if session.state == SessionState.DRAFT:
            return session
        check_current(session, version)
        _check_only_draft(session)
        session.published_at = None
        _move(session, SessionState.DRAFT)
    return session


def session_archive(*, owner: User, session_id: UUID, version: int) -> TrainingSession:
    """Put a session out of sight; an archived one is answered as it is. Raises NotFound and Stale."""
    with transaction.atomic():
        session = locked(owner, session_id)
        if session.state == SessionState.ARCHIVED:
            return session
        check_current(session, version)
        _move(session, SessionState.ARCHIVED)
    return session


def session_duplicate(*, owner: User, session_id: UUID) -> TrainingSession:
    """A new draft with the same content, which counts as written by its author. Raises NotFound."""
    with transaction.atomic():
        original = locked(owner, session_id)
        copy = TrainingSession(owner=owner, version=1, outline=original.outline, origins=original.origins)
        put_content(copy, content_of(original))
        copy.variant_number = None
        copy.title = f"{original.title[:190]} (copy)"
        copy.outline = {**copy.outline, "title": copy.title}
        copy.save(force_insert=True)
        keep_version(copy, VersionKind.CREATED)
    return copy


def _move(session: TrainingSession, state: SessionState) -> None:
    session.state = state
    session.version += 1
    session.save()
    stretch_version(session)


def _lock_generation_of(owner: User, session_id: UUID) -> None:
    """Take the lock a choice takes, and as a choice does before the session's, so that none makes a draft meanwhile."""
    rows = Generation.objects.select_for_update(of=("self",), no_key=True).only("pk")
    rows.filter(training_sessions__pk=session_id, owner=owner).first()


def _check_only_draft(session: TrainingSession) -> None:
    """Raise Conflict when a generation has another draft: a choice would not know which one to fill."""
    if session.generation is None:
        return
    others = TrainingSession.objects.filter(generation=session.generation, state=SessionState.DRAFT)
    if others.exclude(pk=session.pk).exists():
        raise Conflict("There is a newer draft made from the same outlines; archive or delete that one first.")


def _not_ready(ready: Readiness) -> Conflict:
    failing = _failing(ready)
    return Conflict(
        " ".join(("This session is not ready to be published.", *(check.message for check in failing))),
        details={"failing": [check.id for check in failing], "readiness": readiness_to_wire(ready)},
    )


def _failing(ready: Readiness) -> Sequence[Check]:
    """The checks that keep a session from being published: the blocking ones, else all that cost it points."""
    blocking = [check for check in ready.checks if check.blocking and not check.passed]
    return blocking or [check for check in ready.checks if check.points < check.maximum]
