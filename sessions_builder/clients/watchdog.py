"""One thread that cuts off what is still running at its deadline; socket timeouts never end a dripping answer."""

from __future__ import annotations

import heapq
import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(order=True, slots=True)
class _Watched:
    deadline: float
    order: int
    cut: Callable[[], None] | None = field(compare=False)


class Watchdog:
    """Calls a function at a deadline unless the watched work ended before. Safe for threads, and after a fork."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._watched: list[_Watched] = []
        self._order = itertools.count()
        self._pid: int | None = None

    @contextmanager
    def watching(self, deadline: float, cut: Callable[[], None]) -> Iterator[None]:
        """Call `cut` in another thread at `deadline` (time.monotonic()) if the block is not left by then."""
        entry = _Watched(deadline, next(self._order), cut)
        self._add(entry)
        try:
            yield
        finally:
            entry.cut = None

    def _add(self, entry: _Watched) -> None:
        if self._pid != os.getpid():
            self._start()
        with self._condition:
            heapq.heappush(self._watched, entry)
            if self._watched[0] is entry:
                self._condition.notify()

    def _start(self) -> None:
        with self._condition:
            if self._pid == os.getpid():
                return
            self._watched.clear()
            self._pid = os.getpid()
            threading.Thread(target=self._run, name="watchdog", daemon=True).start()

    def _run(self) -> None:
        while True:
            cut = self._next_cut()
            if cut is not None:
                cut()

    def _next_cut(self) -> Callable[[], None] | None:
        """Wait for the next deadline and return what to call, outside the lock."""
        with self._condition:
            while not self._watched:
                self._condition.wait()
            wait = self._watched[0].deadline - time.monotonic()
            if self._watched[0].cut is not None and wait > 0:
                self._condition.wait(wait)
                return None
            return heapq.heappop(self._watched).cut


watchdog = Watchdog()
