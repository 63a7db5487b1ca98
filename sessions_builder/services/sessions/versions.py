"""Versions of a session: list them, name one, compare two, go back to one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Func, IntegerField, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from sessions_builder.errors import Conflict, InvalidInput, NotFound
from sessions_builder.models import SessionVersion, TrainingSession, VersionKind
from sessions_builder.services.sessions.differences import difference
from sessions_builder.services.sessions.history import MOST_NAMED, put_content
from sessions_builder.services.sessions.writing import editing, locked

CURRENT, PREVIOUS = "current", "previous"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions, the earlier one first, and what differs."""

    earlier: SessionVersion
    later: SessionVersion
    difference: dict[str, Any]


def versions_of(session: TrainingSession) -> QuerySet[SessionVersion]:
    """The session's versions, each with `title`, `sections` (how many) and whether it is `current`."""
    sections = KeyTransform("sections", KeyTransform("outline", F("content")))
    return (
        SessionVersion.objects.filter(session=session)
        .defer("content")
        .annotate(
            title=KeyTextTransform("title", F("content")),
            current=Q(number=session.version),
            sections=Func(sections, function="jsonb_array_length", output_field=IntegerField()),
        )
    )


def version_name(*, owner: User, session_id: UUID, name: str, number: int | None = None) -> SessionVersion:
    """Give a version a name, by default the present one; later edits leave it as it is.

    Raises NotFound, and Conflict when as many have one as allowed.
    """
    with transaction.atomic():
        session = locked(owner, session_id)
        version = _version(session, session.version if number is None else number)
        if not version.name and SessionVersion.objects.filter(session=session).exclude(name="").count() >= MOST_NAMED:
            raise Conflict(
                f"{MOST_NAMED} versions of this session have a name, and no more can; name one of them anew."
            )
        version.name = name
        version.save(update_fields=["name"])
    return versions_of(session).get(pk=version.pk)


def version_compare(session: TrainingSession, number: int, against: str = CURRENT) -> Comparison:
    """Compare a version with the present one, with the one before it, or with another by number.

    Raises NotFound for a version that is not there and InvalidInput for an `against` that is none of these.
    """
    version = _version(session, number)
    other = _other(session, version, against)
    earlier, later = sorted((version, other), key=lambda one: one.number)
    return Comparison(earlier, later, difference(earlier.content, later.content))


def version_restore(*, owner: User, session_id: UUID, version: int, number: int) -> TrainingSession:
    """Make an earlier version's content the session's next version. Raises what `editing` raises."""
    with editing(owner, session_id, version, VersionKind.RESTORED) as session:
        put_content(session, _version(session, number).content)
    return session


def _version(session: TrainingSession, number: int) -> SessionVersion:
    """The version a number belongs to: quick edits share one."""
    found = SessionVersion.objects.filter(session=session, first_number__lte=number, number__gte=number).first()
    if found is None:
        raise NotFound
    return found


def _other(session: TrainingSession, version: SessionVersion, against: str) -> SessionVersion:
    if against == CURRENT:
        return _version(session, session.version)
    if against == PREVIOUS:
        before = SessionVersion.objects.filter(session=session, number__lt=version.number).order_by("-number").first()
        return before or version
    if against.isascii() and against.isdigit() and len(against) < 10:
        return _version(session, int(against))
    raise InvalidInput(fields={"against": [f"Must be {CURRENT}, {PREVIOUS} or the number of a version."]})
