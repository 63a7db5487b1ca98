"""Every way a model call can fail, sorted into the few kinds that are handled differently."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from enum import Enum, auto

from openai import APIStatusError

from sessions_builder.errors import FailureCode

LONGEST_RETRY_AFTER = 3600.0


class Kind(Enum):
    TRANSIENT = auto()
    RATE_LIMIT = auto()
    CONFIG = auto()
    CAPABILITY = auto()
    MALFORMED = auto()
    LENGTH = auto()
    FINAL = auto()


class CallTrouble(Exception):
    """One attempt that brought no outline; `text` is the provider's and not yet scrubbed, `retry_after` in seconds."""

    def __init__(
        self,
        kind: Kind,
        code: FailureCode,
        *,
        text: str = "",
        retry_after: float | None = None,
        param: str | None = None,
    ) -> None:
        self.kind, self.code, self.text, self.retry_after, self.param = kind, code, text, retry_after, param
        super().__init__(code.value)


_QUOTA = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
_FILTER = frozenset({"content_filter", "content_policy_violation"})
_PASSING_STATUSES = frozenset({408, 409, 425})


def trouble_of_status(error: APIStatusError) -> CallTrouble:
    """The trouble behind an answer that is not 2xx."""
    status, names = error.status_code, {str(error.code), str(error.type)}
    text = str(error.body if error.body is not None else error.message)
    retry_after = seconds_to_wait(error.response.headers)
    if status in _PASSING_STATUSES or status >= 500:
        return CallTrouble(Kind.TRANSIENT, FailureCode.PROVIDER_UNAVAILABLE, text=text, retry_after=retry_after)
    if status == 429 and not names & _QUOTA:
        return CallTrouble(Kind.RATE_LIMIT, FailureCode.PROVIDER_RATE_LIMITED, text=text, retry_after=retry_after)
    if status in (400, 422):
        if names & _FILTER:
            return CallTrouble(Kind.FINAL, FailureCode.FILTERED, text=text)
        return CallTrouble(Kind.CAPABILITY, FailureCode.PROVIDER_CONFIG, text=text, param=error.param)
    return CallTrouble(Kind.CONFIG, FailureCode.PROVIDER_CONFIG, text=text)


def seconds_to_wait(headers: Mapping[str, str]) -> float | None:
    """What `retry-after-ms` or `Retry-After` (seconds or a date) asks for, 0..3600 s; None when it says nothing."""
    millis = _number(headers.get("retry-after-ms"))
    if millis is not None:
        return min(LONGEST_RETRY_AFTER, millis / 1000)
    given = headers.get("retry-after")
    seconds = _number(given)
    if seconds is None and given:
        try:
            seconds = parsedate_to_datetime(given).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    return None if seconds is None else min(LONGEST_RETRY_AFTER, max(0.0, seconds))


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
