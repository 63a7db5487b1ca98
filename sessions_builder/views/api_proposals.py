"""One section written anew: ask for it, watch it, take it or leave it."""

from __future__ import annotations

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from sessions_builder.serializers.proposal import (
    Regeneration,
    accepted_proposal_to_wire,
    proposal_to_wire,
    proposal_url,
)
from sessions_builder.serializers.session_bodies import Versioned
from sessions_builder.services import sessions
from sessions_builder.views import session_docs as docs
from sessions_builder.views.session_base import SessionBase, sent, whole

POLL_AFTER_SECONDS = "1"


class RegenerateView(SessionBase):
    """`…/sections/{sid}/regenerate`"""

    @docs.section_regenerate
    def post(self, request: Request, session_id: UUID, section_id: str) -> Response:
        body = sent(Regeneration, request)
        proposal = sessions.section_regenerate(
            owner=self.owner, session_id=session_id, section_id=section_id, instruction=body.instruction
        )
        headers = {"Location": proposal_url(proposal), "Retry-After": POLL_AFTER_SECONDS}
        return Response(accepted_proposal_to_wire(proposal), status=202, headers=headers)


class ProposalsView(SessionBase):
    """`…/proposals`: what a reloaded page has to go on with."""

    @docs.proposal_list
    def get(self, request: Request, session_id: UUID) -> Response:
        found = sessions.undecided_proposals(self.session(session_id))
        return Response({"results": [proposal_to_wire(proposal) for proposal in found]})


class ProposalView(SessionBase):
    """`…/proposals/{pid}`"""

    @docs.proposal_detail
    def get(self, request: Request, session_id: UUID, proposal_id: UUID) -> Response:
        proposal = sessions.proposal_of(owner=self.owner, session_id=session_id, proposal_id=proposal_id)
        headers = {"Cache-Control": "private, no-store"}
        if proposal.is_open:
            headers["Retry-After"] = POLL_AFTER_SECONDS
        return Response(proposal_to_wire(proposal), headers=headers)


class AcceptView(SessionBase):
    """`…/proposals/{pid}/accept`"""

    @docs.proposal_accept
    def post(self, request: Request, session_id: UUID, proposal_id: UUID) -> Response:
        version = sent(Versioned, request).version
        session = sessions.proposal_accept(
            owner=self.owner, session_id=session_id, proposal_id=proposal_id, version=version
        )
        return whole(session)


class LeaveView(SessionBase):
    """`…/proposals/{pid}/reject`"""

    @docs.proposal_reject
    def post(self, request: Request, session_id: UUID, proposal_id: UUID) -> Response:
        sessions.proposal_reject(owner=self.owner, session_id=session_id, proposal_id=proposal_id)
        return Response(status=204)
