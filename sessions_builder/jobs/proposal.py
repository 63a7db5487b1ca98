"""One section written anew, worker side: claim the proposal, write, store what came of it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from queue import Empty
from typing import Any, NoReturn
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection

from sessions_builder import persistence, tracing
from sessions_builder.errors import FailureCode
from sessions_builder.jobs import providers
from sessions_builder.jobs.claims import Postponed, at_work, long_wait, take, wait_for_model
from sessions_builder.jobs.leases import Inbox, Interruption, Stopped
from sessions_builder.jobs.rows import count_calls, interaction_row
from sessions_builder.models import ProposalState, WriterKind
from sessions_builder.persistence import PROPOSALS, ClaimedProposal, ProposalRow
from sessions_builder.pipeline.section import finish_section, section_request
from sessions_builder.pipeline.types import CallRecord, ContextSource, SectionAsk, VariantContext, WriteRequest, Written
from sessions_builder.pipeline.wire import brief_from_wire, outline_from_wire, section_to_wire
from sessions_builder.tracing.attributes import ERROR_TYPE, PROPOSAL_ID

log = structlog.get_logger(__name__)


def run(proposal_id: UUID) -> None:
    """Work on a proposal until it is ready or failed, or somebody else has to go on. Raises GivenBack at shutdown.

    Does nothing when the proposal is not to be had: delivered twice, decided, or already done.
    """
    held = take(persistence.claim_proposal, proposal_id)
    if held is None:
        return
    with at_work(PROPOSALS, held, {PROPOSAL_ID: str(held.id)}) as (inbox, note):
        wait_for_model(held)
        request = _request(held.request)
        written = _written(held, request, inbox)
        if wait := long_wait(written.retry_after, held):
            _postpone(held, written.calls, wait)
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


def _written(held: ClaimedProposal, request: WriteRequest, inbox: Inbox) -> Written:
    """What the writer made of it. Raises Stopped when that was not to be waited for."""
    by_model = held.writer == WriterKind.MODEL
    if by_model and not providers.model_breaker.allow():
        return Written(request.number, None, 0, failure=FailureCode.PROVIDER_CONFIG)
    limit = settings.GENERATION_VARIANT_DEADLINE_MS / 1000
    deadline = time.monotonic() + min(limit, held.seconds_left)
    connection.close()
    handle = providers.writer(held.writer).start(request, deadline=deadline, done=inbox.put)
    try:
        written = _awaited(request, inbox, deadline)
    finally:
        handle.cancel()
    if by_model:
        providers.note_model_result(written.failure)
    return written


def _awaited(request: WriteRequest, inbox: Inbox, deadline: float) -> Written:
    while True:
        try:
            item = inbox.get(timeout=max(0.0, deadline - time.monotonic()))
        except Empty:
            spent = settings.GENERATION_VARIANT_DEADLINE_MS
            return Written(request.number, None, spent, failure=FailureCode.DEADLINE_EXCEEDED)
        if isinstance(item, Written):
            return item
        if item is not Interruption.SWITCHED_OFF:  # several versions, which does not concern a section
            raise Stopped(item)


def _postpone(held: ClaimedProposal, made: Sequence[CallRecord], seconds: float) -> NoReturn:
    """Store the calls that were made, and leave the proposal to the queue until the provider's pause is over."""
    providers.model_breaker.record_pause(seconds)
    calls = [interaction_row(held, call) for call in made]
    if not persistence.store_calls(held, calls):
        raise Stopped(Interruption.LEASE_LOST)
    count_calls(calls)
    raise Postponed(seconds)


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
        raise Stopped(Interruption.LEASE_LOST)
    count_calls(calls)
    if made.failure is not None:
        note({ERROR_TYPE: str(made.failure)})
    tell = log.info if made.failure is None else log.warning
    tell("Proposal ended", state=str(row.state), errorCode=made.failure, writer=held.writer, claims=held.claims)
