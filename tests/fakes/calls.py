"""What the fake provider was asked, for tests to look at."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

REMEMBERED = 5000


@dataclass(slots=True)
class Call:
    """One request; `at` and `ended` in seconds since 1970.

    `outcome` is pending, answered or dropped (the client went away).
    """

    kind: str
    at: float
    variant: int | None = None
    prompt: str = ""
    fault: str | None = None
    status: int | None = None
    outcome: str = "pending"
    ended: float | None = None
    parameters: tuple[str, ...] = ()
    response_format: str | None = None

    def end(self, outcome: str, status: int | None = None) -> None:
        self.outcome, self.status, self.ended = outcome, status, time.time()


class Calls:
    """The last calls, oldest first."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=REMEMBERED)

    def begin(self, kind: str, **known: Any) -> Call:
        call = Call(kind, time.time(), **known)
        self._calls.append(call)
        return call

    def clear(self) -> None:
        self._calls.clear()

    def listed(self, kind: str | None = None, with_prompts: bool = True) -> list[dict[str, Any]]:
        chosen = [asdict(call) for call in self._calls if kind in (None, call.kind)]
        return chosen if with_prompts else [{**call, "prompt": ""} for call in chosen]
