"""Who may see which rows, and the two statements behind polling."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet
from pydantic_core import from_json

from sessions_builder.models import (
    TERMINAL,
    Audience,
    Category,
    Generation,
    SavedIdea,
    Tone,
    TrainingSession,
    VariantProfile,
)

User = AbstractBaseUser | AnonymousUser


def generations_visible_to(user: User) -> QuerySet[Generation]:
    """The user's own generations, newest first; a superuser's are no more than their own either."""
    return Generation.objects.filter(owner_id=user.pk)


def sessions_visible_to(user: User) -> QuerySet[TrainingSession]:
    """The user's own training sessions, last changed first."""
    return TrainingSession.objects.filter(owner_id=user.pk)


def ideas_of(user: User) -> QuerySet[SavedIdea]:
    """The user's own saved ideas, newest first."""
    return SavedIdea.objects.filter(owner_id=user.pk)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a brief can name, and how the variants are presented."""

    categories: Sequence[Category]
    audiences: Sequence[Audience]
    tones: Sequence[Tone]
    profiles: Sequence[VariantProfile]


def reference() -> Reference:
    """Everything on offer, in list order."""
    return Reference(
        categories=list(Category.objects.filter(active=True)),
        audiences=list(Audience.objects.filter(active=True)),
        tones=list(Tone.objects.filter(active=True)),
        profiles=list(VariantProfile.objects.all()),
    )


@dataclass(frozen=True, slots=True)
class Question:
    """What a statement that reads a user can answer besides: columns and joins in SQL, where `owner` is that user."""

    columns: str
    parameters: Mapping[str, Any]
    joins: str = ""


_GRANTED = """
EXISTS (
    SELECT FROM auth_permission permission
      JOIN django_content_type content ON content.id = permission.content_type_id
     WHERE content.app_label = %(app)s AND permission.codename = %(codename)s
       AND (EXISTS (SELECT FROM auth_user_user_permissions direct
                     WHERE direct.permission_id = permission.id AND direct.user_id = owner.id)
         OR EXISTS (SELECT FROM auth_group_permissions granted
                      JOIN auth_user_groups member ON member.group_id = granted.group_id
                     WHERE granted.permission_id = permission.id AND member.user_id = owner.id)))
"""


def right_question(right: str) -> Question:
    """Whether the user was granted the right; superusers need not be."""
    app, _, codename = right.partition(".")
    return Question(_GRANTED, {"app": app, "codename": codename})


def has_right(user: Any, right: str) -> bool:
    """What `user.has_perm(right)` says, in one small statement instead of two that read every permission."""
    return _may(user, lambda: bool(_answer(user, right_question(right))[0]))


def _may(user: Any, granted: Callable[[], bool]) -> bool:
    return bool(user.is_active and (user.is_superuser or granted()))


def _answer(user: Any, question: Question) -> tuple[Any, ...]:
    """The answer; at no cost where the statement that read the user was asked the same (`services.tokens`)."""
    asked, row = getattr(user, "answered", (None, ()))
    if asked == question:
        return tuple(row)
    statement = f"SELECT {question.columns} FROM auth_user owner {question.joins} WHERE owner.id = %(user)s"
    with connection.cursor() as cursor:
        cursor.execute(statement, {**question.parameters, "user": user.pk})
        row = cursor.fetchone()
    if row is None:  # deleted since the request began
        raise PermissionDenied
    return tuple(row)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a generation is: enough to answer a poll that has seen this version already."""

    version: str
    state: str

    @property
    def is_terminal(self) -> bool:
        return self.state in TERMINAL


# The session made of a generation is part of its document, and what changes either is another version of that.
_MADE = """
  LEFT JOIN LATERAL (
       SELECT s.id, s.state, s.variant_number, s.version
         FROM sessions_builder_trainingsession s
        WHERE s.generation_id = g.id AND s.owner_id = g.owner_id
        ORDER BY s.created_at DESC LIMIT 1) made ON true
"""
_VERSION = "concat_ws('-', g.version, made.id, made.version)"
_OWN_GENERATION = f"""
  LEFT JOIN sessions_builder_generation g ON g.id = %(id)s AND g.owner_id = owner.id
{_MADE}"""


def standing_question(generation_id: UUID, right: str) -> Question:
    """Whether the user was granted the right, and where their generation stands."""
    parameters = {**right_question(right).parameters, "id": generation_id}
    return Question(f"{_GRANTED}, g.id IS NOT NULL, {_VERSION}, g.state", parameters, _OWN_GENERATION)


def standing_of(user: Any, question: Question) -> Standing | None:
    """The answer to a `standing_question`; None where the user has no such generation of their own.

    Raises PermissionDenied for a user without the right, whether there is such a generation or not.
    """
    granted, is_there, version, state = _answer(user, question)
    if not _may(user, lambda: granted):
        raise PermissionDenied
    return Standing(version, state) if is_there else None


@dataclass(frozen=True, slots=True)
class Document:
    """A generation with its variants as one statement reads them, so that version and content belong together."""

    id: UUID
    parent_id: UUID | None
    version: str
    state: str
    mode: str
    writer: str
    brief: Mapping[str, Any]
    profiles: Sequence[Mapping[str, Any]]
    decision: Mapping[str, Any]
    card_order: Sequence[int]
    progress: Sequence[Mapping[str, Any]]
    rag_state: str | None
    rag_query_ms: int | None
    rag_kept: int | None
    rag_similarity: float | None
    diversity: Mapping[str, Any] | None
    processing_ms: int | None
    error_code: str | None
    created_at: datetime
    finished_at: datetime | None
    variants: Sequence[Mapping[str, Any]]
    session: Mapping[str, Any] | None


# The text of the sources stays in the database: a poll shows how many were kept, and how similar they are on average.
_DOCUMENT = f"""
SELECT g.id, g.parent_id, {_VERSION}, g.state, g.mode, g.writer, g.brief, g.snapshot -> 'profiles', g.decision,
       g.card_order, g.progress, g.rag_state, (g.retrieval ->> 'queryMs')::int, found.kept, found.similarity,
       g.diversity, g.processing_ms, g.error_code, g.created_at, g.finished_at,
       (SELECT coalesce(json_agg(json_build_object('number', v.number, 'state', v.state, 'label', v.label,
               'description', v.description, 'generationSource', v.generation_source, 'ragWeight', v.rag_weight,
               'ragEffective', v.rag_effective, 'ragSourcesUsed', v.rag_sources_used, 'grounding', v.grounding,
               'outline', v.outline, 'quality', v.quality, 'notes', v.notes, 'processingTime', v.processing_ms,
               'model', v.model, 'errorCode', v.error_code) ORDER BY v.number), '[]')::text
          FROM sessions_builder_variant v WHERE v.generation_id = g.id),
       CASE WHEN made.id IS NOT NULL
            THEN jsonb_build_object('id', made.id, 'state', made.state, 'variantNumber', made.variant_number) END
  FROM sessions_builder_generation g
  LEFT JOIN LATERAL (
       SELECT count(*) AS kept, avg((source ->> 'similarity')::float) AS similarity
         FROM jsonb_array_elements(g.retrieval -> 'sources') AS source
        WHERE (source ->> 'kept')::bool AND source ->> 'reason' <> 'notes') found ON g.retrieval IS NOT NULL
{_MADE}
 WHERE g.id = %s AND g.owner_id = %s
"""
_JSON_COLUMNS = frozenset({6, 7, 8, 10, 15, 20, 21})


def document_of(generation_id: UUID, user: User) -> Document | None:
    """One of the user's own generations as it is shown; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_DOCUMENT, [generation_id, user.pk])
        row = cursor.fetchone()
    if row is None:
        return None
    return Document(
        *(from_json(value) if place in _JSON_COLUMNS and value else value for place, value in enumerate(row))
    )
