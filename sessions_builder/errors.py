"""Trouble has one name per cause:

codes a generation or variant can fail with, and errors a caller can be answered with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar


class FailureCode(StrEnum):
    """Why a variant or a whole generation ended without a result. Closed: nothing else is ever stored or shown."""

    PROVIDER_TIMEOUT = "provider_timeout"
    PROVIDER_UNAVAILABLE = "provider_unavailable"
    PROVIDER_RATE_LIMITED = "provider_rate_limited"
    PROVIDER_CONFIG = "provider_config"
    MALFORMED_OUTPUT = "malformed_output"
    OUTPUT_TOO_LONG = "output_too_long"
    REFUSED = "refused"
    FILTERED = "filtered"
    IMPOSSIBLE_MINUTES = "impossible_minutes"
    DEADLINE_EXCEEDED = "deadline_exceeded"
    CANCELLED = "cancelled"
    SWITCHED_OFF = "switched_off"
    WORKER_LOST = "worker_lost"
    EXPIRED = "expired"
    INTERNAL_ERROR = "internal_error"


FAILURE_SENTENCES: Mapping[FailureCode, str] = {
    FailureCode.PROVIDER_TIMEOUT: "The writing service did not answer in time.",
    FailureCode.PROVIDER_UNAVAILABLE: "The writing service could not be reached.",
    FailureCode.PROVIDER_RATE_LIMITED: "The writing service is busy and asked us to slow down.",
    FailureCode.PROVIDER_CONFIG: "The writing service refused our account or settings; staff have to look at it.",
    FailureCode.MALFORMED_OUTPUT: "The writing service answered with something that is not an outline.",
    FailureCode.OUTPUT_TOO_LONG: "The writing service ran out of room before the outline was complete.",
    FailureCode.REFUSED: "The writing service declined to write about this brief.",
    FailureCode.FILTERED: "The writing service's content filter stopped this outline.",
    FailureCode.IMPOSSIBLE_MINUTES: "The outline has more sections than there are minutes.",
    FailureCode.DEADLINE_EXCEEDED: "This took longer than allowed and was stopped.",
    FailureCode.CANCELLED: "You cancelled this.",
    FailureCode.SWITCHED_OFF: "Writing several versions was switched off while this one was under way.",
    FailureCode.WORKER_LOST: "The work was interrupted too many times.",
    FailureCode.EXPIRED: "The work waited too long and was given up.",
    FailureCode.INTERNAL_ERROR: "Something on our side went wrong; it has been recorded.",
}


class ProductError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400

    def __init__(
        self,
        message: str | None = None,
        *,
        fields: Mapping[str, Sequence[str]] | None = None,
        details: Mapping[str, Any] | None = None,
        retry_after: int | None = None,
    ) -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        self.fields = dict(fields or {})
        self.details = dict(details or {})
        self.retry_after = retry_after
        super().__init__(self.message)


class InvalidInput(ProductError):
    """Some fields need another look."""

    code = "validation_error"
    status = 400


class NotFound(ProductError):
    """There is nothing here that you can see."""

    code = "not_found"
    status = 404


class Conflict(ProductError):
    """This has changed in the meantime."""

    code = "conflict"
    status = 409


class Stale(Conflict):
    """This session was changed somewhere else; nothing of yours was written over it."""

    def __init__(self, current: Any) -> None:
        super().__init__()
        self.current = current
        """The session as it stands; whoever answers shows it beside what was sent."""


class IdempotencyMismatch(ProductError):
    """This Idempotency-Key was used before with another body."""

    code = "idempotency_mismatch"
    status = 422


class TooManyJobs(ProductError):
    """You have as many unfinished generations as allowed; wait for one to end or cancel it."""

    code = "too_many_jobs"
    status = 429


class QueueFull(ProductError):
    """Too many generations are waiting right now; try again shortly."""

    code = "queue_full"
    status = 503


class Unavailable(ProductError):
    """This is not available right now."""

    code = "unavailable"
    status = 503
