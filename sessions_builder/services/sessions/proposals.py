"""One section written anew: asked for, then taken or left by the author. Nothing changes until it is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Func, IntegerField, JSONField, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast
from django.utils import timezone

from sessions_builder import tracing
from sessions_builder.clients.doorbell import PROPOSE, doorbell
from sessions_builder.errors import Conflict, NotFound, QueueFull, TooManyJobs
from sessions_builder.models import (
    OPEN,
    ProposalState,
    SectionProposal,
    SessionState,
    TrainingSession,
    VersionKind,
)
from sessions_builder.pipeline.wire import brief_to_wire
from sessions_builder.services.generations import RETRY_AFTER_SECONDS, configured_writer, lock_user, unfinished
from sessions_builder.services.sessions.material import material_for, resolved_brief
from sessions_builder.services.sessions.origins import proposal_source, take_in
from sessions_builder.services.sessions.outlines import place_of, sections_of, set_sections, with_minutes
from sessions_builder.services.sessions.sources import adopt
from sessions_builder.services.sessions.writing import FROZEN, editing, locked

MOST_SHOWN = 50
REMEMBERED = 8
"""Earlier proposals whose activities a new one keeps away from."""


def section_regenerate(*, owner: User, session_id: UUID, section_id: str, instruction: str = "") -> SectionProposal:
    """Have a section written anew in place of what waits for its author; workers are woken once it is stored.

    Raises NotFound, Conflict for a session that is no draft, a locked section, or one that is being written anew
    already, TooManyJobs and QueueFull beyond the limits, and Unavailable when offline drafts are switched off and all
    there is.
    """
    with transaction.atomic():
        lock_user(owner)
        session = locked(owner, session_id)
        place = place_of(session.outline["sections"], section_id)
        _check_may_be_written(session, session.outline["sections"][place])
        _check_limits(owner)
        now = timezone.now()
        _supersede(session, section_id)
        proposal = SectionProposal.objects.create(
            session=session,
            section_id=section_id,
            writer=configured_writer(owner),
            instruction=instruction,
            request=_request(session, place, instruction),
            request_id=structlog.contextvars.get_contextvars().get("requestId", ""),
            trace_parent=tracing.current(),
            created_at=now,
            available_at=now,
            published_at=now,
            published_count=1,
            expires_at=now + timedelta(milliseconds=settings.GENERATION_EXPIRES_MS),
        )
        transaction.on_commit(lambda: doorbell.ring(proposal.pk, PROPOSE), robust=True)
    return proposal


def proposal_of(*, owner: User, session_id: UUID, proposal_id: UUID) -> SectionProposal:
    """A proposal for one of the owner's sessions. Raises NotFound."""
    found = _shown().filter(session__owner=owner, session_id=session_id, pk=proposal_id).first()
    if found is None:
        raise NotFound
    return found


def undecided_proposals(session: TrainingSession) -> Sequence[SectionProposal]:
    """Proposals of a session that are being written, or wait for its author; newest first, no more than MOST_SHOWN."""
    waiting = (*OPEN, ProposalState.READY)
    return list(_shown().filter(session=session, state__in=waiting).order_by("-created_at", "-id")[:MOST_SHOWN])


def _shown() -> QuerySet[SectionProposal]:
    """Proposals with `before` and `excerpts` of their requests; the brief and whole texts stay in the database."""
    place = Cast(KeyTextTransform("place", F("request")), IntegerField())
    sections = KeyTransform("sections", KeyTransform("outline", F("request")))
    before = Func(sections, place, template="(%(expressions)s)", arg_joiner=" -> ", output_field=JSONField())
    return SectionProposal.objects.defer("request").annotate(
        before=before, excerpts=KeyTransform("excerpts", F("request"))
    )


def proposal_accept(*, owner: User, session_id: UUID, proposal_id: UUID, version: int) -> TrainingSession:
    """Put the proposed section in the old one's place: its id, lock and present minutes stay.

    Accepting again answers the session as it is. Raises what `editing` raises, and Conflict for a proposal that is not
    ready, a section that was locked, and NotFound for one that is gone meanwhile.
    """
    with transaction.atomic():
        session = locked(owner, session_id)  # before the proposal, as whoever deletes a session does
        proposal = _locked_proposal(owner, session_id, proposal_id)
        if proposal.state == ProposalState.ACCEPTED:
            return session
        if proposal.state != ProposalState.READY:
            raise Conflict(f"This proposal is {proposal.state}; only one that is ready can be taken.")
        with editing(owner, session_id, version, VersionKind.REWRITTEN) as session:
            _replace(session, proposal)
        _decide(proposal, ProposalState.ACCEPTED)
    return session


def proposal_reject(*, owner: User, session_id: UUID, proposal_id: UUID) -> None:
    """Leave a proposal, written or not; work on it stops. Raises NotFound, and Conflict for one that was taken."""
    with transaction.atomic():
        proposal = _locked_proposal(owner, session_id, proposal_id)
        if proposal.state == ProposalState.ACCEPTED:
            raise Conflict("This proposal was taken; go back to an earlier version instead.")
        if proposal.state != ProposalState.REJECTED:
            _decide(proposal, ProposalState.REJECTED)


def _check_may_be_written(session: TrainingSession, section: Mapping[str, Any]) -> None:
    if session.state in FROZEN:
        raise Conflict(FROZEN[SessionState(session.state)])
    if section.get("locked"):
        raise Conflict("This section is locked; unlock it to have it written anew.")
    if SectionProposal.objects.filter(session=session, section_id=section["id"], state__in=OPEN).exists():
        raise Conflict("This section is being written anew already.")


def _check_limits(owner: User) -> None:
    _, everybodys = unfinished(owner)
    if everybodys >= settings.GENERATION_MAX_UNFINISHED:
        raise QueueFull("Too much is being written right now; try again shortly.", retry_after=RETRY_AFTER_SECONDS)
    # One that was left while it was written keeps its worker busy until the lease is seen to be lost. It counts for its
    # author alone: no index finds all of them, and every submission would read a week of proposals.
    busy = Q(state__in=OPEN) | Q(state=ProposalState.REJECTED, lease_until__gt=timezone.now())
    if (
        SectionProposal.objects.filter(busy, session__owner=owner).count()
        >= settings.GENERATION_MAX_UNFINISHED_PER_USER
    ):
        raise TooManyJobs(
            "As many of your sections are being written anew as allowed; wait for one.",
            retry_after=RETRY_AFTER_SECONDS,
        )


def _supersede(session: TrainingSession, section_id: str) -> None:
    """Leave what waits for the author: whoever asks again does not want it."""
    waiting = SectionProposal.objects.filter(session=session, section_id=section_id, state=ProposalState.READY)
    waiting.update(state=ProposalState.REJECTED, decided_at=timezone.now())


def _request(session: TrainingSession, place: int, instruction: str) -> dict[str, Any]:
    """Everything the writer needs, as it is now: later edits change nothing under way."""
    section = session.outline["sections"][place]
    material = material_for(session, section)
    return {
        "brief": brief_to_wire(resolved_brief(session)),
        "outline": session.outline,
        "place": place,
        "instruction": instruction,
        "avoided": _proposed_before(session, section["id"]),
        "number": material.context.number,
        "sources": [asdict(source) for source in material.context.sources],
        "excerpts": material.excerpts,
    }


def _proposed_before(session: TrainingSession, section_id: str) -> list[str]:
    earlier = SectionProposal.objects.filter(session=session, section_id=section_id, section__isnull=False)
    sections = earlier.order_by("-created_at").values_list("section", flat=True)[:REMEMBERED]
    return [section["activity"] for section in sections if section and section["activity"]]


def _locked_proposal(owner: User, session_id: UUID, proposal_id: UUID) -> SectionProposal:
    found = (
        SectionProposal.objects.select_for_update(of=("self",), no_key=True)
        .filter(session__owner=owner, session_id=session_id, pk=proposal_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _replace(session: TrainingSession, proposal: SectionProposal) -> None:
    sections = sections_of(session)
    place = place_of(sections, proposal.section_id)
    old = sections[place]
    if old.get("locked"):
        raise Conflict("This section was locked meanwhile; unlock it to take the proposal.")
    new = adopt(session, proposal.section, proposal.request["excerpts"])
    sections[place] = with_minutes({**new, "id": old["id"], "locked": False}, old["minutes"])
    take_in(session, sections[place], proposal_source(proposal.writer, new))
    set_sections(session, sections)


def _decide(proposal: SectionProposal, state: ProposalState) -> None:
    proposal.state, proposal.decided_at = state, timezone.now()
    proposal.lease_token = None  # how long the work may still go on is kept
    proposal.save(update_fields=["state", "decided_at", "lease_token"])
