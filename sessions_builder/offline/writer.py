"""The offline composer behind the same Protocol as the model client."""

from __future__ import annotations

import time
from collections.abc import Callable

from sessions_builder.offline.composer import compose
from sessions_builder.offline.sections import compose_section
from sessions_builder.pipeline.types import WriteRequest, Written


class Finished:
    """The handle of a piece of writing that was done before anybody could stop it."""

    def cancel(self) -> None:
        """Nothing is left to stop."""


class OfflineWriter:
    """Composes at once, in the calling thread; a few milliseconds for an outline."""

    def start(self, request: WriteRequest, *, deadline: float, done: Callable[[Written], None]) -> Finished:
        """Compose and call `done` before returning."""
        started = time.perf_counter()
        outline = compose(request) if request.ask is None else compose_section(request.brief, request.ask)
        done(Written(request.number, outline, processing_ms=round((time.perf_counter() - started) * 1000)))
        return Finished()
