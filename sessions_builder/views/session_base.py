"""What all addresses of training sessions have in common: who may, which session, and how a stale write is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth.models import User
from pydantic import BaseModel
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sessions_builder.errors import InvalidInput, NotFound, Stale
from sessions_builder.models import TrainingSession
from sessions_builder.permissions import WRITE_SESSIONS, HasRight, TokenScopeAllows
from sessions_builder.selectors import sessions_visible_to
from sessions_builder.serializers.session import session_to_wire
from sessions_builder.serializers.validation import checked

Sent = TypeVar("Sent", bound=BaseModel)


class SessionBase(APIView):
    """One's own sessions; another's do not exist."""

    permission_classes = [IsAuthenticated, TokenScopeAllows, HasRight]
    right = WRITE_SESSIONS
    token_scope = "sessions"

    @property
    def owner(self) -> User:
        return self.request.user  # type: ignore[return-value]

    def session(self, session_id: UUID) -> TrainingSession:
        """The session. Raises NotFound, the same for another's as for none."""
        found = sessions_visible_to(self.owner).filter(pk=session_id).first()
        if found is None:
            raise NotFound
        return found

    def handle_exception(self, exc: Exception) -> Response:
        """Show a writer who came too late what was sent beside what there is, so that neither is lost."""
        if isinstance(exc, Stale):
            exc.details = {"yours": self._sent(), "current": session_to_wire(exc.current)}
        return super().handle_exception(exc)

    def _sent(self) -> Mapping[str, Any]:
        """What a write was made of: a DELETE names its version in the query, everything else is in the body."""
        if self.request.method == "DELETE":
            return {"version": version_of(self.request.GET.get("version"))}
        return self.request.data if isinstance(self.request.data, Mapping) else {}


def sent(definition: type[Sent], request: Request) -> Sent:
    """The body as its definition has it. Raises InvalidInput."""
    return checked(definition, request.data)


def version_of(asked: str | None) -> int:
    """The version in a query string. Raises InvalidInput."""
    if asked is not None and asked.isascii() and asked.isdigit() and len(asked) < 10:
        return int(asked)
    raise InvalidInput(fields={"version": ["Must be a whole number."]})


def whole(session: TrainingSession, *, status: int = 200) -> Response:
    """The whole session as an answer; of a new one with its address."""
    headers: dict[str, Any] = {"Location": f"/api/sessions/{session.pk}"} if status == 201 else {}
    return Response(session_to_wire(session), status=status, headers=headers)
