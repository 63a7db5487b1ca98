"""The public face: ask whether a flag is on.

    from featureflags.flags import decide, is_enabled

    if is_enabled("rag_integration", user): ...

A warm call needs no SQL, no network and no cache. It never raises: without a database the last known flags count, and
before anything was known every flag is off.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Protocol

from featureflags.environment import hold_on
from featureflags.evaluation import Decision, Reason, evaluate
from featureflags.metrics import count_evaluation
from featureflags.snapshot import store

ANY_TIME = datetime.min.replace(tzinfo=UTC)
NOTHING_FORCED: Mapping[str, bool] = MappingProxyType({})
forced_flags: ContextVar[Mapping[str, bool]] = ContextVar("forced_flags", default=NOTHING_FORCED)
"""What tests force in this context; see `featureflags.testing.override_flag`."""


class Subject(Protocol):
    """Whoever a flag is decided for: anything with a primary key, such as a user."""

    @property
    def pk(self) -> Any: ...


def targeting_key(subject: Subject | None) -> str | None:
    """Return the key a subject is bucketed by: its primary key as text; None for nobody or an anonymous user."""
    pk = None if subject is None else subject.pk
    return None if pk is None else str(pk)


def decide(flag: str, subject: Subject | None = None) -> Decision:
    """Return the decision of a flag, by key, for a user. An unknown flag is off with `flag_unknown`."""
    return decide_for_key(flag, targeting_key(subject))


def decide_for_key(flag: str, key: str | None) -> Decision:
    """Return the decision of a flag for a targeting key."""
    forced = forced_flags.get()
    if flag in forced:
        return _forced_decision(forced[flag])
    state = store.current().flags.get(flag)
    # Only overrides can expire; for everybody else the time does not matter, and is not asked for.
    now = datetime.now(UTC) if state is not None and key in state.overrides else ANY_TIME
    decision = evaluate(state, key, now=now, hold=hold_on(flag))
    count_evaluation(flag, decision.reason)
    return decision


def is_enabled(flag: str, subject: Subject | None = None) -> bool:
    """Return whether a flag is on for a user."""
    return decide_for_key(flag, targeting_key(subject)).enabled


def decide_all(key: str | None) -> dict[str, Decision]:
    """Return the decisions of all known flags for a targeting key, by flag key in alphabetical order."""
    known = set(store.current().flags) | set(forced_flags.get())
    return {flag: decide_for_key(flag, key) for flag in sorted(known)}


def current_version() -> int:
    """Return the global version this process decides with, 0 before anything was read."""
    return store.current().version


def leave() -> None:
    """Say that this process ends and decides nothing any more. Raises the database's errors."""
    store.leave()


def _forced_decision(enabled: bool) -> Decision:
    reason = Reason.OVERRIDE_ON if enabled else Reason.OVERRIDE_OFF
    return Decision(enabled, reason, None, 100.0 if enabled else 0.0, 0)
