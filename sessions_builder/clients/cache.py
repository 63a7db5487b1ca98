"""Process memory with an expiry date, and one load for all who want the same thing at once."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

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
    """While one thread loads, the others wait for its result instead of loading too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flight: Future[V] | None = None
        self.waiting = 0
        """How many threads have joined the load that is under way, besides the one that does it."""

    def run(self, load: Callable[[], V], timeout: float) -> V:
        """What `load` returns or raises, run here or in the thread that was first.

        Raises concurrent.futures.TimeoutError when that thread takes longer than `timeout` seconds.
        """
        with self._lock:
            flight, leads = self._flight, self._flight is None
            if flight is None:
                flight = self._flight = Future()
            else:
                self.waiting += 1
        if not leads:
            return flight.result(max(0.0, timeout))
        try:
            flight.set_result(load())
        except BaseException as error:
            flight.set_exception(error)
            raise
        finally:
            with self._lock:
                self._flight, self.waiting = None, 0
        return flight.result()
