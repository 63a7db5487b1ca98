"""The model client: a Writer that keeps hundreds of calls in flight on one event loop thread."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
import time
from collections.abc import Callable, Coroutine, Set
from concurrent.futures import TimeoutError as WaitTimeout
from contextlib import suppress
from typing import Any

import httpx2
import structlog
from django.conf import settings

from sessions_builder.clients.breaker import Cooldown, InMemoryCooldown
from sessions_builder.clients.chat import ChatClient, ModelOptions
from sessions_builder.clients.ladder import Capabilities
from sessions_builder.clients.loop import network
from sessions_builder.clients.scrub import Scrubber
from sessions_builder.clients.writing import Setup, Writing
from sessions_builder.errors import FailureCode
from sessions_builder.pipeline.types import WriteRequest, Written

log = structlog.get_logger(__name__)

Done = Callable[[Written], None]

WARM_CONNECTIONS = 8
WARM_SECONDS = 3.0
CLOSE_SECONDS = 3.0


def model_is_configured() -> bool:
    """Whether there is a provider to ask: a key, or a base URL of a server that may want none."""
    return bool(settings.OPENAI_API_KEY or settings.OPENAI_BASE_URL)


class ModelWriter:
    """Writes outlines with the configured model. Safe for threads and after a fork; make one per process."""

    def __init__(
        self,
        options: ModelOptions | None = None,
        *,
        cooldown: Cooldown | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """Options from the settings unless given; `transport` replaces the network."""
        self._options = options or ModelOptions.from_settings()
        self._cooldown = cooldown or InMemoryCooldown()
        self._transport = transport
        self._setup: Setup | None = None
        self._setup_pid: int | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._lock = threading.Lock()

    def start(self, request: WriteRequest, *, deadline: float, done: Done) -> Handle:
        """Begin writing and return at once; `done` gets the result in the loop's thread, before `deadline`."""
        loop = network.get()
        handle = Handle(loop)
        loop.call_soon_threadsafe(lambda: self._begin(handle, self._write(request, deadline, done)))
        return handle

    def warm(self) -> None:
        """Start the loop, build the client and open connections, so that the first burst is as fast as later ones."""
        with suppress(WaitTimeout):
            network.submit(self._warm()).result(WARM_SECONDS + 1)

    def close(self) -> None:
        """Cancel what runs and close the connections."""
        atexit.unregister(self.close)
        with self._lock:
            setup, pid = self._setup, self._setup_pid
            self._setup = self._setup_pid = None
        if setup is not None and pid == os.getpid():
            with suppress(WaitTimeout):
                network.submit(_finish_and_close(self._running, setup.client)).result(CLOSE_SECONDS)

    def _begin(self, handle: Handle, work: Coroutine[Any, Any, None]) -> None:
        task = handle.begin(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _warm(self) -> None:
        await self._current().client.warm(WARM_CONNECTIONS, WARM_SECONDS)

    async def _write(self, request: WriteRequest, deadline: float, done: Done) -> None:
        started = time.monotonic()
        try:
            written = await Writing(self._current(), request, deadline).run()
        except Exception as error:
            # Not the text of the error: it may quote what the model or the author wrote.
            where = error.__traceback__.tb_frame.f_code.co_filename if error.__traceback__ else ""
            log.error("Writing broke", error=type(error).__name__, where=where, variant=request.number)
            spent = round((time.monotonic() - started) * 1000)
            written = Written(request.number, None, spent, failure=FailureCode.INTERNAL_ERROR)
        if written.failure is not None:
            _report(written)
        done(written)

    def _current(self) -> Setup:
        """What the calls share, built on the loop when first needed and anew after a fork."""
        with self._lock:
            if self._setup is None or self._setup_pid != os.getpid():
                self._setup, self._setup_pid = self._new_setup(), os.getpid()
                atexit.register(self.close)
            return self._setup

    def _new_setup(self) -> Setup:
        options = self._options
        return Setup(
            client=ChatClient(options, self._transport),
            capabilities=Capabilities(options.model, options.temperature),
            cooldown=self._cooldown,
            scrub=Scrubber(options.api_key),
            model=options.model,
            max_output_tokens=options.max_output_tokens,
            timeout_s=options.timeout_s,
        )


class Handle:
    """A writing under way."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._task: asyncio.Task[None] | None = None
        self._ended = False

    def cancel(self) -> None:
        """Stop the call now, from any thread; nothing happens when it has ended."""
        if not self._ended:
            with suppress(RuntimeError):
                # A closed loop: its calls have ended with it.
                self._loop.call_soon_threadsafe(self._cancel)

    def begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run the work; called in the loop's thread."""
        self._task = self._loop.create_task(work)
        self._task.add_done_callback(self._end)
        return self._task

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _end(self, task: asyncio.Task[None]) -> None:
        self._ended, self._task = True, None
        if not task.cancelled() and task.exception() is not None:
            log.error("A result could not be handed over", error=type(task.exception()).__name__)


def _report(written: Written) -> None:
    log.warning(
        "Model call failed",
        variant=written.number,
        errorCode=written.failure,
        attempts=sum(call.attempts for call in written.calls),
        processingTime=written.processing_ms,
    )


async def _finish_and_close(running: Set[asyncio.Task[None]], client: ChatClient) -> None:
    """Cancel the calls, let them hand over their results, then close the connections."""
    ours = running & asyncio.all_tasks()  # a forked process knows of its parent's too
    for task in ours:
        task.cancel()
    await asyncio.gather(*ours, return_exceptions=True)
    await client.close()
