"""The frame of every write to a session: lock it, compare versions, change, check, keep, record; one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from sessions_builder.errors import Conflict, NotFound, Stale
from sessions_builder.models import SessionState, TrainingSession, VersionKind
from sessions_builder.selectors import sessions_visible_to
from sessions_builder.services.session_events import record_edit
from sessions_builder.services.sessions.changes import changed_fields, moved_minutes, removed_any
from sessions_builder.services.sessions.history import content_of, keep_version
from sessions_builder.services.sessions.origins import remembered, settle
from sessions_builder.services.sessions.outlines import check_outline

FROZEN = {
    SessionState.PUBLISHED: "This session is published; take it back to a draft to change it.",
    SessionState.ARCHIVED: "This session is archived; bring it back as a draft to change it.",
}
NEEDLESS = ("generation__snapshot", "generation__retrieval", "generation__progress", "generation__brief")


def locked(owner: User, session_id: UUID) -> TrainingSession:
    """One of the owner's sessions, its row locked until the transaction ends. Raises NotFound."""
    rows = sessions_visible_to(owner).select_for_update(of=("self",), no_key=True)
    session = rows.select_related("generation").defer(*NEEDLESS).filter(pk=session_id).first()
    if session is None:
        raise NotFound
    return session


def check_current(session: TrainingSession, version: int) -> None:
    """Raise Stale when the writer has not seen the session's present version."""
    if session.version != version:
        raise Stale(session)


@contextmanager
def editing(
    owner: User, session_id: UUID, version: int, kind: VersionKind = VersionKind.EDITED
) -> Iterator[TrainingSession]:
    """A draft to be changed in the block, which is stored with its next version when the block ends well.

    Raises NotFound, Stale, Conflict for a session that is no draft, and InvalidInput for an outline that cannot be.
    """
    with transaction.atomic():
        session = locked(owner, session_id)
        check_current(session, version)
        if session.state in FROZEN:
            raise Conflict(FROZEN[SessionState(session.state)])
        before = content_of(session)
        session.origins = remembered(session)
        yield session
        check_outline(session, before["outline"])
        session.outline = {**session.outline, "title": session.title}
        settle(session, before["outline"]["sections"])
        after = content_of(session)
        session.version += 1
        session.save()
        if kind == VersionKind.EDITED and removed_any(before, after):
            kind = VersionKind.REMOVED
        keep_version(session, kind)
        if changed := changed_fields(before, after):
            record_edit(session, changed_fields=changed, moved_minutes=moved_minutes(before, after))
