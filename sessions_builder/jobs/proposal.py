"""One section written anew, worker side: claim the proposal, write, store what came of it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from functools import partial
from queue import Empty
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import connection

from sessions_builder import persistence, tracing
from sessions_builder.errors import FailureCode
from sessions_builder.jobs import providers
from sessions_builder.jobs.claims import GivenBack, give_back
from sessions_builder.jobs.leases import Inbox, Interruption
from sessions_builder.jobs.rows import count_calls, interaction_row
from sessions_builder.jobs.writing import LONGEST_WAIT_HERE_SECONDS
from sessions_builder.models import ProposalState, WriterKind
from sessions_builder.persistence import ClaimedProposal, ProposalRow
from sessions_builder.pipeline.section import finish_section, section_request
from sessions_builder.pipeline.types import ContextSource, SectionAsk, VariantContext, WriteRequest, Written
from sessions_builder.pipeline.wire import brief_from_wire, outline_from_wire, section_to_wire
from sessions_builder.tracing.attributes import CLAIMS, ERROR_TYPE, PROPOSAL_ID

log = structlog.get_logger(__name__)

STOPPING = (Interruption.SHUTDOWN, Interruption.LEASE_LOST)
"""What ends the work on a section; that writing several versions was switched off does not concern it."""


def run(proposal_id: UUID) -> None:
    """Work on a proposal until it is ready or failed, or somebody else has to go on. Raises GivenBack at shutdown.

    Does nothing when the proposal is not to be had: delivered twice, decided, or already done.
    """
    token = uuid4()
    try:
        held = persistence.claim_proposal(proposal_id, token)
    finally:
        connection.close()
    if held is None:
        return
    names = structlog.contextvars.bound_contextvars(requestId=held.request_id, proposalId=str(proposal_id))
    about = {PROPOSAL_ID: str(proposal_id), CLAIMS: held.claims}
    with (
        names,
        providers.leases.hold(token) as inbox,
        tracing.span("proposal", kind="consumer", attributes=about) as note,
    ):
        _run_claimed(held, inbox, note)


def _run_claimed(held: ClaimedProposal, inbox: Inbox, note: tracing.Note) -> None:
    """Work under the lease; whatever goes wrong, it is given back, and the claim where the job was not at fault."""
    try:
        _work(held, inbox, note)
    except BaseException as error:
        give_back(partial(persistence.release_proposal, held), error, claims=held.claims, what="Proposal")
        raise
    finally:
        connection.close()


def _work(held: ClaimedProposal, inbox: Inbox, note: tracing.Note) -> None:
    offline = held.writer == WriterKind.OFFLINE
    pause = 0.0 if offline else providers.model_breaker.pause()
    if pause and pause < held.seconds_left:
        persistence.release_proposal(held, delay_seconds=pause)
        return
    request = _request(held.request)
    written = _written(held, request, inbox)
    if written is None:
        log.info("Proposal left to another worker", reason=Interruption.LEASE_LOST.value)
        return
    if not _postponed(held, written):
        _store(held, request, written, note)


def _request(stored: Mapping[str, Any]) -> WriteRequest:
    ask = SectionAsk(
        outline=outline_from_wire(stored["outline"]),
        place=stored["place"],
        instruction=stored["instruction"],
        avoided=tuple(stored["avoided"]),
    )
    context = VariantContext(stored["number"], tuple(ContextSource(**source) for source in stored["sources"]))
    return section_request(ask, brief_from_wire(stored["brief"]), context, secrets.token_hex(8))


def _written(held: ClaimedProposal, request: WriteRequest, inbox: Inbox) -> Written | None:
    """What the writer made of it; None when the lease was lost meanwhile. Raises GivenBack at shutdown."""
    if held.writer == WriterKind.MODEL and not providers.model_breaker.allow():
        return Written(request.number, None, 0, failure=FailureCode.PROVIDER_CONFIG)
    connection.close()
    limit = settings.GENERATION_VARIANT_DEADLINE_MS / 1000
    deadline = time.monotonic() + min(limit, held.seconds_left)
    handle = providers.writer(held.writer).start(request, deadline=deadline, done=inbox.put)
    try:
        written = _awaited(request, inbox, deadline)
    finally:
        handle.cancel()
    if held.writer == WriterKind.MODEL and written is not None:
        providers.note_model_result(written.failure)
    return written


def _awaited(request: WriteRequest, inbox: Inbox, deadline: float) -> Written | None:
    while True:
        try:
            item = inbox.get(timeout=max(0.0, deadline - time.monotonic()))
        except Empty:
            spent = settings.GENERATION_VARIANT_DEADLINE_MS
            return Written(request.number, None, spent, failure=FailureCode.DEADLINE_EXCEEDED)
        if isinstance(item, Written):
            return item
        if item in STOPPING:
            if item is Interruption.SHUTDOWN:
                raise GivenBack
            return None


def _postponed(held: ClaimedProposal, written: Written) -> bool:
    """Whether the provider's wish to wait was met by queueing the proposal again."""
    wait = written.retry_after
    if wait is None or not LONGEST_WAIT_HERE_SECONDS < wait < held.seconds_left - LONGEST_WAIT_HERE_SECONDS:
        return False
    providers.model_breaker.record_pause(wait)
    calls = [interaction_row(held, call) for call in written.calls]
    persistence.release_proposal(held, delay_seconds=wait, interactions=calls)
    count_calls(calls)
    return True


def _store(held: ClaimedProposal, request: WriteRequest, written: Written, note: tracing.Note) -> None:
    made = finish_section(written, request, writer_is_offline=held.writer == WriterKind.OFFLINE)
    row = ProposalRow(
        state=ProposalState.FAILED if made.section is None else ProposalState.READY,
        section=None if made.section is None else section_to_wire(made.section),
        notes=made.notes,
        model=made.model,
        error_code=made.failure,
    )
    calls = [interaction_row(held, call) for call in written.calls]
    if not persistence.finish_proposal(held, row, calls):
        log.info("Proposal left to another worker", reason=Interruption.LEASE_LOST.value)
        return
    count_calls(calls)
    if made.failure is not None:
        note({ERROR_TYPE: str(made.failure)})
    tell = log.info if made.failure is None else log.warning
    tell("Proposal ended", state=str(row.state), errorCode=made.failure, writer=held.writer, claims=held.claims)
