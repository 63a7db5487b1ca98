"""Deleting a session."""

from __future__ import annotations

from django.db import transaction

from sessions_builder.errors import Conflict, NotFound
from sessions_builder.models import TrainingSession


def session_delete(*, session: TrainingSession, version: int | None = None) -> None:
    """Delete a session for good; given a version, only while that is still the current one.

    Raises Conflict with both versions when it has changed meanwhile, NotFound when it is gone already.
    """
    with transaction.atomic():
        current = TrainingSession.objects.select_for_update().filter(pk=session.pk).only("version").first()
        if current is None:
            raise NotFound
        if version is not None and version != current.version:
            raise Conflict(details={"yours": {"version": version}, "current": {"version": current.version}})
        current.delete()
