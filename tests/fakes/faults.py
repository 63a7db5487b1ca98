"""Which fault hits which request: set at start, at run time, or by a marker in the brief itself.

A fault is written `scope:name` with options, `model:500:count=2:variant=1`, on the command line and, in double square
brackets, anywhere in a brief: `[[fault:model:500:count=2]]`. Scopes are model, rag (all of it), search, documents,
health.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RAG_SCOPES = ("search", "documents", "health")
SCOPES = ("model", "rag", *RAG_SCOPES)

_MARKER = re.compile(r"\[\[fault:([\w:=.,-]+)\]\]")


@dataclass(slots=True)
class Fault:
    """`count` requests are hit (None: all that come), and only those of `variant` when it is given."""

    scope: str
    name: str
    count: int | None = None
    variant: int | None = None
    options: dict[str, str] = field(default_factory=dict)

    def fits(self, scope: str, variant: int | None) -> bool:
        in_scope = self.scope == scope or (self.scope == "rag" and scope in RAG_SCOPES)
        return in_scope and self.count != 0 and self.variant in (None, variant)

    def number(self, option: str, default: float) -> float:
        return float(self.options.get(option, default))


def parse_fault(text: str) -> Fault:
    """The fault written as `scope:name[:option=value]…`; ValueError for an unknown scope or a part without a value."""
    scope, name, *parts = text.split(":")
    options = dict(part.split("=", 1) for part in parts)
    return fault_of(scope, name, options)


def fault_of(scope: str, name: str, options: Mapping[str, Any]) -> Fault:
    if scope not in SCOPES:
        raise ValueError(f"{scope!r} is no scope; use one of {', '.join(SCOPES)}")
    rest = {key: str(value) for key, value in options.items() if value is not None}
    count, variant = rest.pop("count", None), rest.pop("variant", None)
    return Fault(scope, name, int(count) if count else None, int(variant) if variant else None, rest)


class Faults:
    """The faults in force. Asking for one uses it up."""

    def __init__(self, initial: list[Fault] | None = None) -> None:
        self.active = list(initial or [])
        self._marked: Counter[tuple[str, str]] = Counter()

    def clear(self) -> None:
        self.active.clear()
        self._marked.clear()

    def take(self, scope: str, text: str, variant: int | None = None) -> Fault | None:
        """The fault for this request: one set here first, else one marked in `text`."""
        for fault in self.active:
            if fault.fits(scope, variant):
                if fault.count is not None:
                    fault.count -= 1
                return fault
        return self._marked_in(scope, text, variant) if "[[fault:" in text else None

    def _marked_in(self, scope: str, text: str, variant: int | None) -> Fault | None:
        for marker in dict.fromkeys(_MARKER.findall(text)):
            fault = parse_fault(marker)
            if not fault.fits(scope, variant):
                continue
            if fault.count is None:
                return fault
            seen = (scope, marker if variant is None else f"{marker}/{variant}")
            self._marked[seen] += 1
            if self._marked[seen] <= fault.count:
                return fault
        return None
