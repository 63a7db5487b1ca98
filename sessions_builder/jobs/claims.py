"""What becomes of a claim whose work went wrong; the same rules for a generation and for a section written anew."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError

log = structlog.get_logger(__name__)

BACKOFF_SECONDS = 10.0


class GivenBack(Exception):
    """The process is shutting down; the work was put back in the queue and its message should be too."""


def give_back(release: Callable[..., object], error: BaseException, *, claims: int, what: str) -> None:
    """Give the lease back after `error`, and the claim where the job was not at fault. Raises nothing of the database.

    `release` takes `keep_claim` and `delay_seconds`. A job that breaks every time must come to an end: its claims
    count, and it waits longer each time.
    """
    broke = isinstance(error, Exception) and not isinstance(error, GivenBack)
    at_fault = broke and not isinstance(error, OperationalError | InterfaceError)
    try:
        release(keep_claim=at_fault, delay_seconds=BACKOFF_SECONDS * claims if broke else 0)
    except (OperationalError, InterfaceError) as trouble:  # the lease runs out by itself
        log.warning(f"{what} could not be given back", error=type(trouble).__name__)
