"""Deleting a session."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from sessions_builder.services.sessions.writing import check_current, locked


def session_delete(*, owner: User, session_id: UUID, version: int | None = None) -> None:
    """Delete a session for good; given a version, only while that is still the current one.

    Raises NotFound, and Stale when it has changed meanwhile.
    """
    with transaction.atomic():
        session = locked(owner, session_id)
        if version is not None:
            check_current(session, version)
        session.delete()
