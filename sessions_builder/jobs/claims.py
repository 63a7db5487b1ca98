"""Working on a claimed row, with the same rules for a generation and for a section written anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID, uuid4

import structlog
from django.db import InterfaceError, OperationalError, connection

from sessions_builder import persistence, tracing
from sessions_builder.jobs import providers
from sessions_builder.jobs.leases import Inbox, Interruption, Stopped
from sessions_builder.models import WriterKind
from sessions_builder.persistence import Held, Queue
from sessions_builder.tracing.attributes import CLAIMS

log = structlog.get_logger(__name__)

BACKOFF_SECONDS = 10.0
LONGEST_WAIT_HERE_SECONDS = 10.0

Row = TypeVar("Row", bound=Held)


class GivenBack(Exception):
    """The process is shutting down; the work was put back in the queue and its message should be too."""


class Postponed(Exception):
    """The provider wants everybody to wait longer than a job should sit out."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"{seconds:.0f} s")


def take(claim: Callable[[UUID, UUID], Row | None], row_id: UUID) -> Row | None:
    """Claim a row.

    None when it is not to be had: delivered twice, cancelled, decided, or already done.
    """
    try:
        return claim(row_id, uuid4())
    finally:
        connection.close()


@contextmanager
def at_work(queue: Queue, held: Held, about: dict[str, Any]) -> Iterator[tuple[Inbox, tracing.Note]]:
    """Work on a claimed row, in a span that tells this `about` it; yields the inbox of interruptions.

    A block that is stopped or postponed ends quietly. The lease is given back unless it is lost or the work cancelled,
    and the claim where the job was not at fault. Raises GivenBack at shutdown.
    """
    names = structlog.contextvars.bound_contextvars(requestId=held.request_id, **{f"{queue.name}Id": str(held.id)})
    tracing.past("queue", parent=held.trace_parent, began=held.available_at)
    span = tracing.span(
        queue.name, kind="consumer", parent=held.trace_parent, attributes={**about, CLAIMS: held.claims}
    )
    with names, providers.leases.hold(held.token) as inbox, span as note:
        try:
            yield inbox, note
        except Stopped as stopped:
            if stopped.why is Interruption.SHUTDOWN:
                _give_back(queue, held)
                raise GivenBack from None
            log.info(f"{queue.name.capitalize()} left to another worker", reason=stopped.why.value)
        except Postponed as postponed:
            _give_back(queue, held, delay_seconds=postponed.seconds)
        except (OperationalError, InterfaceError):
            _give_back(queue, held, delay_seconds=BACKOFF_SECONDS * held.claims)
            raise
        except Exception:  # one that breaks every time must come to an end: its claims count
            _give_back(queue, held, keep_claim=True, delay_seconds=BACKOFF_SECONDS * held.claims)
            raise
        except BaseException:
            _give_back(queue, held)
            raise
        finally:
            connection.close()


def wait_for_model(held: Held) -> None:
    """Raise Postponed while the model's provider wants everybody to wait, unless the row would expire."""
    pause = 0.0 if held.writer == WriterKind.OFFLINE else providers.model_breaker.pause()
    if pause and pause < held.seconds_left:
        raise Postponed(pause)


def long_wait(asked: float | None, held: Held) -> float | None:
    """The seconds a provider asked for, where queueing the row again meets that better than failing; else None."""
    if asked is not None and LONGEST_WAIT_HERE_SECONDS < asked < held.seconds_left - LONGEST_WAIT_HERE_SECONDS:
        return asked
    return None


def _give_back(queue: Queue, held: Held, *, keep_claim: bool = False, delay_seconds: float = 0) -> None:
    """Give the lease back, and the claim unless it is to be counted. Raises nothing of the database."""
    try:
        persistence.release(queue, held, keep_claim=keep_claim, delay_seconds=delay_seconds)
    except (OperationalError, InterfaceError) as trouble:  # the lease runs out by itself
        log.warning(f"{queue.name.capitalize()} could not be given back", error=type(trouble).__name__)
