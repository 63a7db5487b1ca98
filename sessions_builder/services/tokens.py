"""API tokens: made once, shown once, stored as a digest."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from sessions_builder.errors import InvalidInput
from sessions_builder.models import ApiToken
from sessions_builder.selectors import Question

SECRET_PREFIX = "sb_"
PREFIX_LENGTH = 12
LAST_USE_KEPT_TO = timedelta(minutes=1)
SCOPES = frozenset(
    f"{resource}:{action}"
    for resource in ("generations", "sessions", "reference", "flags", "analytics", "operations")
    for action in ("read", "write")
)
"""What a token can be limited to. Analytics and operations know no writes but events, so some are rarely useful."""

_TOKEN = [field.attname for field in ApiToken._meta.concrete_fields]
_USER = [field.attname for field in User._meta.concrete_fields]
# Written once: every request with a token begins here, and building it anew costs as much as the rest of a poll.
_COLUMNS = ", ".join([*(f"token.{name}" for name in _TOKEN), *(f"owner.{name}" for name in _USER)])
_TOKEN_AND_OWNER = "sessions_builder_apitoken token JOIN auth_user owner ON owner.id = token.user_id"
_GOOD = "token.digest = %(digest)s AND token.revoked_at IS NULL"
_NOTHING = Question("NULL", {})


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token and its secret; the secret exists nowhere else and is gone with this value."""

    token: ApiToken
    secret: str


def token_create(
    *, user: User, name: str = "", scopes: Sequence[str] = (), expires_at: datetime | None = None
) -> NewToken:
    """Make a token for a user; without scopes it has all of their rights. Raises InvalidInput for unknown scopes."""
    unknown = sorted(set(scopes) - SCOPES)
    if unknown:
        known = ", ".join(sorted(SCOPES))
        raise InvalidInput(fields={"scopes": [f"Unknown: {', '.join(unknown)}. Known are {known}."]})
    secret = SECRET_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        digest=digest_of(secret),
        prefix=secret[:PREFIX_LENGTH],
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
    )
    return NewToken(token, secret)


def token_revoke(*, token: ApiToken) -> None:
    """End a token for good; one that was revoked before keeps its time."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())


def token_of(secret: str, question: Question | None = None) -> ApiToken | None:
    """The token this secret belongs to, with its user, as long as both are good; None otherwise. Notes the use.

    The same statement answers the question, for selectors that ask it of the token's user to know.
    """
    now = timezone.now()
    token = _unrevoked(digest_of(secret), question or _NOTHING)
    if token is None or not token.user.is_active or (token.expires_at is not None and token.expires_at <= now):
        return None
    _note_use(token, now)
    return token


def _unrevoked(digest: str, question: Question) -> ApiToken | None:
    statement = f"SELECT {_COLUMNS}, {question.columns} FROM {_TOKEN_AND_OWNER} {question.joins} WHERE {_GOOD}"
    with connection.cursor() as cursor:
        cursor.execute(statement, {**question.parameters, "digest": digest})
        row = cursor.fetchone()
    if row is None:
        return None
    token_ends, owner_ends = len(_TOKEN), len(_TOKEN) + len(_USER)
    token = ApiToken.from_db(connection.alias, _TOKEN, row[:token_ends])
    token.user = User.from_db(connection.alias, _USER, row[token_ends:owner_ends])
    token.user.answered = (question, row[owner_ends:])  # type: ignore[attr-defined]
    return token


def digest_of(secret: str) -> str:
    """SHA-256 in hex. A token has 256 random bits, so a slow hash would protect nothing."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _note_use(token: ApiToken, now: datetime) -> None:
    """Store the last use, at most once a minute, so that polling does not write."""
    stale = now - LAST_USE_KEPT_TO
    if token.last_used_at is None or token.last_used_at < stale:
        unused = Q(last_used_at=None) | Q(last_used_at__lt=stale)
        ApiToken.objects.filter(unused, pk=token.pk).update(last_used_at=now)
