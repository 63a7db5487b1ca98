"""Versions of a training session, and what its author thinks of it."""

from __future__ import annotations

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from sessions_builder.serializers.cursor import page_by_number
from sessions_builder.serializers.session_bodies import Versioned
from sessions_builder.serializers.session_extras import (
    Rating,
    VersionName,
    comparison_to_wire,
    rating_to_wire,
    version_to_wire,
)
from sessions_builder.services import sessions
from sessions_builder.views import session_docs as docs
from sessions_builder.views.session_base import SessionBase, sent, whole


class VersionsView(SessionBase):
    """`…/versions`"""

    @docs.version_list
    def get(self, request: Request, session_id: UUID) -> Response:
        page = page_by_number(sessions.versions_of(self.session(session_id)), request.GET, by="number")
        return Response({"results": [version_to_wire(row) for row in page.rows], "nextCursor": page.next_cursor})

    @docs.version_name
    def post(self, request: Request, session_id: UUID) -> Response:
        body = sent(VersionName, request)
        version = sessions.version_name(owner=self.owner, session_id=session_id, name=body.name, number=body.number)
        return Response(version_to_wire(version))


class DiffView(SessionBase):
    """`…/versions/{n}/diff`"""

    @docs.version_diff
    def get(self, request: Request, session_id: UUID, number: int) -> Response:
        against = request.GET.get("against", "current")
        return Response(comparison_to_wire(sessions.version_compare(self.session(session_id), number, against)))


class RestoreView(SessionBase):
    """`…/versions/{n}/restore`"""

    @docs.version_restore
    def post(self, request: Request, session_id: UUID, number: int) -> Response:
        version = sent(Versioned, request).version
        session = sessions.version_restore(owner=self.owner, session_id=session_id, version=version, number=number)
        return whole(session)


class RatingView(SessionBase):
    """`…/rating`"""

    @docs.rating_detail
    def get(self, request: Request, session_id: UUID) -> Response:
        rating = self.session(session_id).ratings.filter(user_id=self.owner.pk).first()
        return Response(rating_to_wire(rating))

    @docs.rating_put
    def put(self, request: Request, session_id: UUID) -> Response:
        body = sent(Rating, request)
        rating = sessions.session_rate(
            session=self.session(session_id), user=self.owner, score=body.score, comment=body.comment
        )
        return Response(rating_to_wire(rating))
