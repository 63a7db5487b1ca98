"""Training sessions: list, read, delete."""

from __future__ import annotations

from uuid import UUID

from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sessions_builder.errors import InvalidInput, NotFound
from sessions_builder.models import SessionState, TrainingSession
from sessions_builder.permissions import WRITE_SESSIONS, HasRight, TokenScopeAllows
from sessions_builder.selectors import sessions_visible_to
from sessions_builder.serializers.cursor import page_of
from sessions_builder.serializers.session import listed_session_to_wire, session_to_wire
from sessions_builder.services import sessions
from sessions_builder.views import docs


class SessionBase(APIView):
    """One's own sessions; another's do not exist."""

    permission_classes = [IsAuthenticated, TokenScopeAllows, HasRight]
    right = WRITE_SESSIONS
    token_scope = "sessions"

    def session(self, session_id: UUID) -> TrainingSession:
        """The session. Raises NotFound, the same for another's as for none."""
        found = sessions_visible_to(self.request.user).filter(pk=session_id).first()
        if found is None:
            raise NotFound
        return found


class SessionsView(SessionBase):
    """`/api/sessions`"""

    @docs.session_list
    def get(self, request: Request) -> Response:
        rows = sessions_visible_to(request.user).defer("outline", "sources", "brief")
        if (state := request.GET.get("state")) is not None:
            rows = rows.filter(state=_state(state))
        page = page_of(rows, request.GET, by="updated_at")
        results = [listed_session_to_wire(session) for session in page.rows]
        return Response({"results": results, "nextCursor": page.next_cursor})


class SessionView(SessionBase):
    """`/api/sessions/{id}`"""

    @docs.session_detail
    def get(self, request: Request, session_id: UUID) -> Response:
        return Response(session_to_wire(self.session(session_id)))

    @docs.session_delete
    def delete(self, request: Request, session_id: UUID) -> Response:
        sessions.session_delete(session=self.session(session_id), version=_version(request.GET.get("version")))
        return Response(status=204)


def _state(asked: str) -> str:
    if asked not in SessionState.values:
        raise InvalidInput(fields={"state": [f"Must be one of {', '.join(SessionState.values)}."]})
    return asked


def _version(asked: str | None) -> int | None:
    if asked is None:
        return None
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        return int(asked)
    raise InvalidInput(fields={"version": ["Must be a whole number."]})
