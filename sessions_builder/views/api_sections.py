"""Sections of a training session: add, change, remove, put in order, bring in from elsewhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from sessions_builder.serializers.session_bodies import (
    NewSection,
    Order,
    SectionChanges,
    section_changes_to_wire,
    section_to_wire,
)
from sessions_builder.serializers.session_extras import Import
from sessions_builder.services import sessions
from sessions_builder.views import session_docs as docs
from sessions_builder.views.session_base import SessionBase, sent, version_of, whole


class SectionsView(SessionBase):
    """`…/sections`"""

    @docs.section_add
    def post(self, request: Request, session_id: UUID) -> Response:
        body = sent(NewSection, request)
        where: dict[str, Any] = {"owner": self.owner, "session_id": session_id, "version": body.version}
        where["position"] = body.position
        if body.idea_id is not None:
            return whole(sessions.idea_insert(idea_id=body.idea_id, fit=body.fit, **where))
        session = sessions.section_add(
            section=None if body.section is None else section_to_wire(body.section),
            activity=body.activity_key or "",
            minutes=body.minutes,
            fit=body.fit,
            **where,
        )
        return whole(session)


class SectionView(SessionBase):
    """`…/sections/{sid}`"""

    @docs.section_update
    def patch(self, request: Request, session_id: UUID, section_id: str) -> Response:
        body = sent(SectionChanges, request)
        session = sessions.section_update(
            owner=self.owner,
            session_id=session_id,
            version=body.version,
            section_id=section_id,
            changes=section_changes_to_wire(body),
            activity=body.activity_key or "",
        )
        return whole(session)

    @docs.section_delete
    def delete(self, request: Request, session_id: UUID, section_id: str) -> Response:
        session = sessions.section_delete(
            owner=self.owner,
            session_id=session_id,
            version=version_of(request.GET.get("version")),
            section_id=section_id,
        )
        return whole(session)


class OrderView(SessionBase):
    """`…/sections/reorder`"""

    @docs.sections_reorder
    def post(self, request: Request, session_id: UUID) -> Response:
        body = sent(Order, request)
        session = sessions.sections_reorder(
            owner=self.owner, session_id=session_id, version=body.version, order=body.order
        )
        return whole(session)


class ImportView(SessionBase):
    """`…/sections/import`"""

    @docs.section_import
    def post(self, request: Request, session_id: UUID) -> Response:
        body = sent(Import, request)
        session = sessions.section_import(
            owner=self.owner,
            session_id=session_id,
            version=body.version,
            generation_id=body.generation_id,
            number=body.variant_number,
            place=body.section_id,
            position=body.position,
        )
        return whole(session)
