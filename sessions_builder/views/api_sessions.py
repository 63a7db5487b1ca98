"""Training sessions: list, write from scratch, read, change, delete, publish, archive, copy."""

from __future__ import annotations

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from sessions_builder.errors import InvalidInput
from sessions_builder.models import SessionState
from sessions_builder.pipeline.wire_scores import readiness_to_wire
from sessions_builder.selectors import sessions_visible_to
from sessions_builder.serializers.cursor import page_of
from sessions_builder.serializers.session import advice_to_wire, listed_session_to_wire
from sessions_builder.serializers.session_bodies import (
    Balance,
    SessionChanges,
    SessionStart,
    Versioned,
    session_values,
)
from sessions_builder.services import sessions
from sessions_builder.services.sessions.advice import session_advice
from sessions_builder.services.sessions.assessment import session_readiness
from sessions_builder.views import session_docs as docs
from sessions_builder.views.session_base import SessionBase, sent, version_of, whole


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

    @docs.session_create
    def post(self, request: Request) -> Response:
        values = session_values(sent(SessionStart, request))
        return whole(sessions.session_create(owner=self.owner, values=values), status=201)


class SessionView(SessionBase):
    """`/api/sessions/{id}`"""

    @docs.session_detail
    def get(self, request: Request, session_id: UUID) -> Response:
        return whole(self.session(session_id))

    @docs.session_update
    def patch(self, request: Request, session_id: UUID) -> Response:
        body = sent(SessionChanges, request)
        session = sessions.session_update(
            owner=self.owner, session_id=session_id, version=body.version, changes=session_values(body)
        )
        return whole(session)

    @docs.session_delete
    def delete(self, request: Request, session_id: UUID) -> Response:
        asked = request.GET.get("version")
        version = None if asked is None else version_of(asked)
        sessions.session_delete(owner=self.owner, session_id=session_id, version=version)
        return Response(status=204)


class BalanceView(SessionBase):
    """`…/balance`"""

    @docs.session_balance
    def post(self, request: Request, session_id: UUID) -> Response:
        body = sent(Balance, request)
        session = sessions.session_balance(
            owner=self.owner, session_id=session_id, version=body.version, target=body.target
        )
        return whole(session)


class ReadinessView(SessionBase):
    """`…/readiness`"""

    @docs.session_readiness
    def get(self, request: Request, session_id: UUID) -> Response:
        return Response(readiness_to_wire(session_readiness(self.session(session_id))))


class QualityView(SessionBase):
    """`…/quality`"""

    @docs.session_quality
    def get(self, request: Request, session_id: UUID) -> Response:
        session = self.session(session_id)
        return Response(advice_to_wire(session, *session_advice(session)))


class PublishView(SessionBase):
    """`…/publish`"""

    @docs.session_publish
    def post(self, request: Request, session_id: UUID) -> Response:
        version = sent(Versioned, request).version
        return whole(sessions.session_publish(owner=self.owner, session_id=session_id, version=version))


class UnpublishView(SessionBase):
    """`…/unpublish`"""

    @docs.session_unpublish
    def post(self, request: Request, session_id: UUID) -> Response:
        version = sent(Versioned, request).version
        return whole(sessions.session_unpublish(owner=self.owner, session_id=session_id, version=version))


class ArchiveView(SessionBase):
    """`…/archive`"""

    @docs.session_archive
    def post(self, request: Request, session_id: UUID) -> Response:
        version = sent(Versioned, request).version
        return whole(sessions.session_archive(owner=self.owner, session_id=session_id, version=version))


class DuplicateView(SessionBase):
    """`…/duplicate`"""

    @docs.session_duplicate
    def post(self, request: Request, session_id: UUID) -> Response:
        return whole(sessions.session_duplicate(owner=self.owner, session_id=session_id), status=201)


def _state(asked: str) -> str:
    if asked not in SessionState.values:
        raise InvalidInput(fields={"state": [f"Must be one of {', '.join(SessionState.values)}."]})
    return asked
