"""Versions: what a session's content was after each write, quick edits of one sitting taken together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone

from sessions_builder.models import SessionVersion, TrainingSession, VersionKind
from sessions_builder.services.sessions.origins import origins_of, take_in

ONE_SITTING = timedelta(minutes=2)
"""Edits within so long of a version's first one go into it."""
MOST_UNNAMED = 100
MOST_NAMED = 100

Content = dict[str, Any]


def content_of(session: TrainingSession) -> Content:
    """Everything an author can change, and where it comes from, as a version keeps it."""
    return {
        "title": session.title,
        "startsAt": None if session.starts_at is None else _iso(session.starts_at),
        "timeZone": session.time_zone,
        "category": session.category,
        "sessionType": session.session_type,
        "durationMinutes": session.duration_minutes,
        "brief": session.brief,
        "outline": session.outline,
        "sources": session.sources,
        "variantNumber": session.variant_number,
        "generationSource": session.generation_source,
        "origins": origins_of(session),
    }


def _iso(at: datetime) -> str:
    """As the API shows moments, so that the same one is always the same text."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def put_content(session: TrainingSession, content: Mapping[str, Any]) -> None:
    """Make a version's content the session's."""
    starts_at = content["startsAt"]
    session.title = content["title"]
    session.starts_at = None if starts_at is None else datetime.fromisoformat(starts_at)
    session.time_zone = content["timeZone"]
    session.category = content["category"]
    session.session_type = content["sessionType"]
    session.duration_minutes = content["durationMinutes"]
    session.brief = content["brief"]
    _put_origins(session, content)
    session.outline = content["outline"]
    session.sources = content["sources"]
    # Versions kept before origins were say nothing about theirs.
    session.variant_number = content.get("variantNumber", session.variant_number)
    session.generation_source = content.get("generationSource", session.generation_source)


def _put_origins(session: TrainingSession, content: Mapping[str, Any]) -> None:
    """Take in each section of a version as whoever wrote it; versions kept before sections had origins are of one."""
    origins, of_one = content.get("origins", {}), content.get("generationSource", session.generation_source)
    for section in content["outline"]["sections"]:
        take_in(session, section, origins.get(section["id"], of_one))


def keep_version(session: TrainingSession, kind: VersionKind) -> None:
    """Keep the session's content as its present version; call it in the transaction that wrote it.

    Its times are the database's: others are compared with them.
    """
    latest = SessionVersion.objects.filter(session=session).defer("content").order_by("-number").first()
    if latest is not None and _is_same_sitting(latest, kind):
        latest.number, latest.content, latest.updated_at = session.version, content_of(session), Now()
        latest.save(update_fields=["number", "content", "updated_at"])
        return
    SessionVersion.objects.create(
        session=session,
        first_number=session.version,
        number=session.version,
        kind=kind,
        content=content_of(session),
    )
    _forget_old(session)


def stretch_version(session: TrainingSession) -> None:
    """Let the latest version stand for the session's new number, too: its state changed, its content did not."""
    latest = SessionVersion.objects.filter(session=session).only("pk").order_by("-number").first()
    if latest is not None:
        latest.number = session.version
        latest.save(update_fields=["number"])


def _is_same_sitting(latest: SessionVersion, kind: VersionKind) -> bool:
    both_edits = kind == latest.kind == VersionKind.EDITED
    return both_edits and not latest.name and timezone.now() - latest.created_at < ONE_SITTING


def _forget_old(session: TrainingSession) -> None:
    """Drop the oldest unnamed versions beyond the limit."""
    unnamed = SessionVersion.objects.filter(session=session, name="").order_by("-number")
    SessionVersion.objects.filter(pk__in=unnamed.values("pk")[MOST_UNNAMED:]).delete()
