"""Flags in tests: forced in the current context, without touching the database."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import MappingProxyType
from typing import Any, ParamSpec, Self, TypeVar, cast

from featureflags.flags import forced_flags
from featureflags.snapshot import store

P = ParamSpec("P")
R = TypeVar("R")


class override_flag:
    """Force a flag on or off for everyone, as `with override_flag("x", True):` or as a decorator.

    Works on plain and async functions. It lives in a context variable: other threads and tasks do not see it, and
    nothing is written anywhere. Nested overrides of the same flag: the innermost counts.
    """

    def __init__(self, flag: str, enabled: bool) -> None:
        self._flag, self._enabled = flag, enabled
        self._tokens: list[Any] = []

    def __enter__(self) -> Self:
        forced = MappingProxyType({**forced_flags.get(), self._flag: self._enabled})
        self._tokens.append(forced_flags.set(forced))
        return self

    def __exit__(self, *exc_info: object) -> None:
        forced_flags.reset(self._tokens.pop())

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        if inspect.iscoroutinefunction(function):

            @wraps(function)
            async def awaited(*args: P.args, **kwargs: P.kwargs) -> Any:
                with override_flag(self._flag, self._enabled):
                    return await function(*args, **kwargs)

            return cast("Callable[P, R]", awaited)

        @wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            with override_flag(self._flag, self._enabled):
                return function(*args, **kwargs)

        return called


@contextmanager
def fresh_flags() -> Iterator[None]:
    """Start and end without a snapshot, as a new process does: a rolled back test leaves nothing behind."""
    store.forget()
    try:
        yield
    finally:
        store.forget()
