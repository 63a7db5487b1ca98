"""Ideas an author keeps, and the library of activities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from sessions_builder.errors import InvalidInput
from sessions_builder.models import SavedIdea
from sessions_builder.offline.activities import find
from sessions_builder.pipeline.types import SectionType
from sessions_builder.selectors import ideas_of
from sessions_builder.serializers.cursor import page_of
from sessions_builder.serializers.session_extras import Idea, activity_to_wire, idea_to_wire
from sessions_builder.services import sessions
from sessions_builder.views import session_docs as docs
from sessions_builder.views.session_base import SessionBase, sent

BOOLEANS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


class IdeasView(SessionBase):
    """`/api/saved-ideas`"""

    @docs.idea_list
    def get(self, request: Request) -> Response:
        page = page_of(ideas_of(request.user), request.GET, by="created_at")
        return Response({"results": [idea_to_wire(idea) for idea in page.rows], "nextCursor": page.next_cursor})

    @docs.idea_save
    def post(self, request: Request) -> Response:
        return Response(idea_to_wire(self._kept(sent(Idea, request))), status=201)

    def _kept(self, body: Idea) -> SavedIdea:
        words: dict[str, Any] = {"owner": self.owner, "title": body.title, "note": body.note}
        if body.session_id is not None and body.section_id is not None:
            return sessions.idea_from_session(session_id=body.session_id, section_id=body.section_id, **words)
        if body.generation_id is not None and body.variant_number is not None and body.section_place is not None:
            return sessions.idea_from_variant(
                generation_id=body.generation_id, number=body.variant_number, place=body.section_place, **words
            )
        return sessions.idea_note(**words)


class IdeaView(SessionBase):
    """`/api/saved-ideas/{id}`"""

    @docs.idea_delete
    def delete(self, request: Request, idea_id: UUID) -> Response:
        sessions.idea_delete(owner=self.owner, idea_id=idea_id)
        return Response(status=204)


class ActivitiesView(SessionBase):
    """`/api/activities`"""

    @docs.activity_list
    def get(self, request: Request) -> Response:
        found = find(
            kind=_kind(request.GET.get("type")),
            minutes=_number(request.GET, "minutes", 480),
            group_size=_number(request.GET, "groupSize", 1000),
            online=_online(request.GET.get("online")),
        )
        return Response({"results": [activity_to_wire(activity) for activity in found]})


def _kind(asked: str | None) -> SectionType | None:
    if asked is None:
        return None
    if asked not in set(SectionType):
        raise InvalidInput(fields={"type": [f"Must be one of {', '.join(SectionType)}."]})
    return SectionType(asked)


def _number(query: Mapping[str, str], name: str, most: int) -> int | None:
    asked = query.get(name)
    if asked is None:
        return None
    if asked.isascii() and asked.isdigit() and len(asked) < 5 and 1 <= int(asked) <= most:
        return int(asked)
    raise InvalidInput(fields={name: [f"Must be a whole number from 1 to {most}."]})


def _online(asked: str | None) -> bool:
    if asked is None:
        return False
    if asked.lower() not in BOOLEANS:
        raise InvalidInput(fields={"online": ["Must be true or false."]})
    return BOOLEANS[asked.lower()]
