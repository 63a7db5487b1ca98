"""A writer that does as it is told, without a network: for tests of the job that uses writers."""

import threading
import time
from collections.abc import Callable, Mapping

from sessions_builder.errors import FailureCode
from sessions_builder.pipeline.types import CallRecord, Outline, Section, SectionType, WriteRequest, Written

NEVER = None
Script = Mapping[int, FailureCode | float | str | None]


class ScriptedWriter:
    """Answers each variant number as scripted: a FailureCode fails, a number of seconds delays, NEVER does not answer.

    Numbers without a script are written at once. A text `wait:300` is a provider that asks for a pause of 300 s.
    """

    def __init__(self, script: Script | None = None) -> None:
        self.script = dict(script or {})
        self.asked: list[int] = []
        self.cancelled: list[int] = []
        self.requests: dict[int, WriteRequest] = {}

    def start(self, request: WriteRequest, *, deadline: float, done: Callable[[Written], None]) -> "Handle":
        number = request.number
        self.asked.append(number)
        self.requests[number] = request
        told = self.script.get(number, 0.0)
        if told is not NEVER:
            threading.Thread(target=self._answer, args=(request, told, done), daemon=True).start()
        return Handle(self, number)

    def _answer(self, request: WriteRequest, told: object, done: Callable[[Written], None]) -> None:
        if isinstance(told, FailureCode):
            return done(Written(request.number, None, 5, failure=told, calls=(call(request.number, told),)))
        if isinstance(told, str):
            seconds = float(told.removeprefix("wait:"))
            code = FailureCode.PROVIDER_RATE_LIMITED
            return done(Written(request.number, None, 5, failure=code, retry_after=seconds))
        time.sleep(float(told))  # type: ignore[arg-type]
        return done(Written(request.number, outline(request), 5, calls=(call(request.number, None),)))


class Handle:
    def __init__(self, writer: ScriptedWriter, number: int) -> None:
        self.writer, self.number = writer, number

    def cancel(self) -> None:
        self.writer.cancelled.append(self.number)


def call(number: int, failure: FailureCode | None) -> CallRecord:
    return CallRecord(
        purpose="outline" if number else "legacy",
        number=number,
        model="gpt-5.4-mini",
        prompt_version="p",
        latency_ms=5,
        attempts=1,
        outcome="failed" if failure else "ok",
        error_code=failure,
        tokens_in=1000,
        tokens_out=500,
        prompt="prompt with \x00 and \ud800",
        response="response",
    )


def outline(request: WriteRequest) -> Outline:
    """A small outline that cites everything it was offered and some it was not, with minutes that do not add up."""
    offered = tuple(sorted(request.context.source_ids))
    sections = (
        Section(SectionType.OPENER, "Arrive", 12, "Everyone names one call they remember."),
        Section(SectionType.TOPIC, "The first line", 33, "What to say first.", source_ids=(*offered, "S99")),
        Section(SectionType.EXERCISE, "Role play", 28, "In triads."),
        Section(SectionType.CLOSING, "Commit", 14, "One step each."),
    )
    return Outline(f"Plan {request.number}", "A short plan.", "medium", sections)
