"""Process memory with an expiry date, and one load for all who want the same thing at once."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class ExpiringCache(Generic[K, V]):
    """At most `size` values, each for `seconds`; the one unused for longest goes first. Safe for threads."""

    def __init__(self, size: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._size, self._seconds, self._clock = size, seconds, clock
        self._lock = threading.Lock()
        self._entries: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The value, or None when there is none or it has expired."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or entry[0] <= self._clock():
                return None
            self._entries.move_to_end(key)
            return entry[1]

    def put(self, key: K, value: V) -> None:
        with self._lock:
            self._entries[key] = (self._clock() + self._seconds, value)
            self._entries.move_to_end(key)
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()


class SingleFlight(Generic[V]):
    """While one coroutine loads, the others wait for its result instead of loading too."""

    def __init__(self) -> None:
        self._flight: asyncio.Task[V] | None = None

    async def run(self, load: Callable[[], Coroutine[Any, Any, V]]) -> V:
        """What `load` returns or raises, run by who came first; it goes on when that one does not wait any longer."""
        flight = self._flight
        if flight is None or flight.done() or flight.get_loop() is not asyncio.get_running_loop():
            flight = self._flight = asyncio.create_task(load())
            flight.add_done_callback(_take_notice)
        return await asyncio.shield(flight)


def _take_notice(flight: asyncio.Task[Any]) -> None:
    """Nobody may be waiting any longer for an error; asyncio would log it as overlooked."""
    if not flight.cancelled():
        flight.exception()
