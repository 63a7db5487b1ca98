"""Versions that turned out nearly the same: the later of two is written once more, told what it has to differ from."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from queue import Empty

import structlog
from django.conf import settings
from django.db import connection, transaction

from sessions_builder import persistence
from sessions_builder.jobs import progress, providers
from sessions_builder.jobs.leases import Inbox, Interruption, Stopped
from sessions_builder.jobs.plan import Plan
from sessions_builder.jobs.rows import count_calls, interaction_row, variant_row
from sessions_builder.models import Variant, VariantState
from sessions_builder.persistence import Claimed, Json
from sessions_builder.pipeline.build import differing, finish, request_for
from sessions_builder.pipeline.diversity import diversity, room
from sessions_builder.pipeline.types import (
    STANDARD,
    FinishedVariant,
    Outline,
    Retrieval,
    WriteHandle,
    WriteRequest,
    Written,
)
from sessions_builder.pipeline.wire import outline_from_wire
from sessions_builder.pipeline.wire_scores import diversity_to_wire

log = structlog.get_logger(__name__)

NOTE = "Written a second time: the first was nearly another version."


def tell_apart(
    held: Claimed, plan: Plan, found: Retrieval, written: Mapping[int, Outline], inbox: Inbox, deadline: float
) -> Json | None:
    """How far apart the versions of a generation are, after near-duplicates were written once more.

    `written` are this claim's outlines by number; what earlier claims stored is read. None for fewer than two versions.
    `deadline` is a time.monotonic() value. Raises Stopped when the generation is cancelled, lost or given back.
    """
    if not plan.several:
        return None
    outlines = dict(written) if set(plan.numbers) <= set(written) else _stored(held)
    before = diversity(outlines)
    if before is None:
        return None
    if not before.near_duplicates or plan.offline:
        return diversity_to_wire(before, ())
    rewriting = _Rewriting(held, plan, found, outlines, inbox, deadline)
    rewriting.run(before.repeats)
    after = diversity(rewriting.outlines)
    return None if after is None else diversity_to_wire(after, rewriting.rewritten)


def _stored(held: Claimed) -> dict[int, Outline]:
    ready = Variant.objects.filter(generation_id=held.id, state=VariantState.READY).exclude(number=STANDARD)
    try:
        return {variant.number: outline_from_wire(variant.outline) for variant in ready.only("number", "outline")}
    finally:
        connection.close()


class _Rewriting:
    def __init__(
        self,
        held: Claimed,
        plan: Plan,
        found: Retrieval,
        outlines: dict[int, Outline],
        inbox: Inbox,
        deadline: float,
    ) -> None:
        self.held, self.plan, self.found, self.outlines, self.inbox = held, plan, found, outlines, inbox
        self.deadline = min(deadline, time.monotonic() + settings.GENERATION_VARIANT_DEADLINE_MS / 1000)
        self.requests: dict[int, WriteRequest] = {}
        self.rewritten: set[int] = set()

    def run(self, repeats: Mapping[int, int]) -> None:
        """Write the later ones again, at the same time, and put each in its place."""
        self._prepare(repeats)
        if not self.requests:
            return
        writer = providers.writer(self.plan.writer)
        handles: dict[int, WriteHandle] = {}
        try:
            for number, request in self.requests.items():
                handles[number] = writer.start(request, deadline=self.deadline, done=self.inbox.put)
            self._collect()
        finally:
            for handle in handles.values():
                handle.cancel()

    def _prepare(self, repeats: Mapping[int, int]) -> None:
        """The requests for what may be replaced at all, told to the author before they begin."""
        if not providers.model_breaker.allow():
            return
        nonce = secrets.token_hex(8)
        try:
            allowed = persistence.rewritable_numbers(self.held.id)
            wanted = {number: earlier for number, earlier in repeats.items() if number in allowed}
            stages = [progress.stage("variant_rewriting", number=number) for number in sorted(wanted)]
            if wanted and not persistence.tell(self.held, stages):
                raise Stopped(Interruption.LEASE_LOST)
        finally:
            connection.close()
        for number, earlier in wanted.items():
            request = request_for(number, self.plan.brief, self.plan.profiles[number], self.found, nonce)
            self.requests[number] = differing(request, self.outlines[earlier])

    def _collect(self) -> None:
        pending = set(self.requests)
        while pending:
            try:
                item = self.inbox.get(timeout=max(0.0, self.deadline - time.monotonic()))
            except Empty:
                return
            if isinstance(item, Interruption):
                if item is Interruption.SWITCHED_OFF:  # the versions are there; none is written again
                    return
                raise Stopped(item)
            if isinstance(item, Written) and item.number in pending:
                pending.discard(item.number)
                self._take(item)

    def _take(self, written: Written) -> None:
        """Put a second writing in the first one's place where it is further from the others; it is paid for anyway."""
        number = written.number
        variant = finish(written, self.requests[number], self.found, writer_is_offline=False)
        others = {other: outline for other, outline in self.outlines.items() if other != number}
        try:
            self._pay(written)
            if variant.outline is None or room(variant.outline, others) <= room(self.outlines[number], others):
                log.info("Near-duplicate kept", variant=number, errorCode=variant.failure)
                return
            replaced = self._replace(replace(variant, notes=(NOTE, *variant.notes)))
        finally:
            connection.close()
        log.info("Near-duplicate written again", variant=number, replaced=replaced)
        if replaced:
            self.outlines[number] = variant.outline
            self.rewritten.add(number)

    def _pay(self, written: Written) -> None:
        interactions = [interaction_row(self.held, call) for call in written.calls]
        if not persistence.store_variants(self.held, variants=[], interactions=interactions, progress=[]):
            raise Stopped(Interruption.LEASE_LOST)
        count_calls(interactions)

    def _replace(self, variant: FinishedVariant) -> bool:
        row = variant_row(variant, self.requests[variant.number])
        with transaction.atomic():
            return persistence.replace_variant(
                self.held, row, [progress.stage("variant_rewritten", number=variant.number)]
            )
