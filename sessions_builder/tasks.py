"""Doorbells: a task carries an id and wakes the job of that name. No logic here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import shared_task
from celery.exceptions import Reject
from celery.signals import worker_init, worker_shutdown, worker_shutting_down

from sessions_builder.jobs import claims, generation, process, proposal


@shared_task
def generate(generation_id: str) -> None:
    """Work on a generation; at shutdown its message goes back to the queue for the next worker."""
    try:
        generation.run(UUID(generation_id))
    except claims.GivenBack as given_back:
        raise Reject(given_back, requeue=True) from None


@shared_task
def propose(proposal_id: str) -> None:
    """Work on a proposal of a section; at shutdown as with a generation."""
    try:
        proposal.run(UUID(proposal_id))
    except claims.GivenBack as given_back:
        raise Reject(given_back, requeue=True) from None


@worker_init.connect
def start_worker(**_: Any) -> None:
    process.start_worker()


@worker_shutting_down.connect
def shut_down_worker(**_: Any) -> None:
    process.shut_down_worker()


@worker_shutdown.connect
def leave_worker(**_: Any) -> None:
    process.leave_worker()
