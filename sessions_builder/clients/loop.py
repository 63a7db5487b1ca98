"""One asyncio loop in a thread of its own: hundreds of calls wait there for the price of one thread."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class LoopThread:
    """An event loop that starts when it is first needed, and anew in a forked process. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._pid: int | None = None

    @property
    def started(self) -> asyncio.AbstractEventLoop | None:
        """The running loop of this process; None when it has not been needed yet."""
        return self._loop if self._pid == os.getpid() else None

    def get(self) -> asyncio.AbstractEventLoop:
        """The running loop of this process."""
        with self._lock:
            if self._loop is None or self._pid != os.getpid():
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_run, args=(self._loop,), name="network", daemon=True)
                self._thread.start()
                self._pid = os.getpid()
                atexit.register(self.close)
            return self._loop

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine in the loop; the result can be waited for from any other thread."""
        return asyncio.run_coroutine_threadsafe(work, self.get())

    def close(self, seconds: float = 5.0) -> None:
        """Cancel what runs, stop the loop and wait for its thread. A later `get` starts a new one."""
        atexit.unregister(self.close)
        with self._lock:
            loop, thread, pid = self._loop, self._thread, self._pid
            self._loop = self._thread = self._pid = None
        if loop is None or thread is None or pid != os.getpid():
            return
        loop.call_soon_threadsafe(loop.stop)
        thread.join(seconds)


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        unfinished = asyncio.all_tasks(loop)
        for task in unfinished:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*unfinished, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


network = LoopThread()
"""Where all calls of this process wait. At exit it ends last: what uses it registers its own closing later."""
