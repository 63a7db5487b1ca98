"""A writer that does as it is told, without a network: for tests of the job that uses writers."""

import threading
from collections.abc import Callable, Mapping

from sessions_builder.errors import FailureCode
from sessions_builder.pipeline.types import CallRecord, Outline, Section, SectionType, WriteRequest, Written

NEVER = None
AT_ONCE = threading.Event()
AT_ONCE.set()
PATIENCE_SECONDS = 60.0
Script = Mapping[int, FailureCode | threading.Event | str | None]


class ScriptedWriter:
    """Answers each variant number as scripted: a FailureCode fails, an Event is waited for, NEVER does not answer.

    Numbers without a script are written at once. A text `wait:300` is a provider that asks for a pause of 300 s.
    """

    def __init__(self, script: Script | None = None, identical: bool = False) -> None:
        self.script = dict(script or {})
        self.asked: list[int] = []
        self.cancelled: list[int] = []
        self.requests: dict[int, WriteRequest] = {}
        self.identical = identical
        """Whether all outlines are the same, unless one is asked to differ."""

    def start(self, request: WriteRequest, *, deadline: float, done: Callable[[Written], None]) -> "Handle":
        number = request.number
        self.asked.append(number)
        self.requests[number] = request
        told = self.script.get(number, AT_ONCE)
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
        assert isinstance(told, threading.Event)
        told.wait(PATIENCE_SECONDS)
        calls = (call(request.number, None, request.purpose),)
        return done(Written(request.number, outline(request, self._plan(request)), 5, calls=calls))

    def _plan(self, request: WriteRequest) -> int:
        return 1 if self.identical and request.purpose != "diversity" else request.number


class Handle:
    def __init__(self, writer: ScriptedWriter, number: int) -> None:
        self.writer, self.number = writer, number

    def cancel(self) -> None:
        self.writer.cancelled.append(self.number)


def call(number: int, failure: FailureCode | None, purpose: str | None = None) -> CallRecord:
    return CallRecord(
        purpose=purpose or ("outline" if number else "legacy"),
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


PLANS = {
    0: ("Standard call", "name one call they remember", "first line", "what to say first", "Role play", "in triads"),
    1: ("Steady start", "sketch a good morning", "phone script", "which words open doors", "Card sort", "by theme"),
    2: ("Brave questions", "trade a rumour", "client doubts", "how worry sounds", "Fishbowl", "around a tutor"),
    3: (
        "Story circle",
        "share a turning point",
        "referral habit",
        "why friends recommend",
        "Gallery walk",
        "on posters",
    ),
    4: ("Sprint day", "guess tomorrow's number", "calendar blocks", "where hours vanish", "Relay race", "against time"),
}
KINDS = {
    0: (SectionType.TOPIC, SectionType.EXERCISE),
    1: (SectionType.PRESENTATION, SectionType.DISCUSSION),
    2: (SectionType.EXERCISE, SectionType.TOPIC),
    3: (SectionType.VIDEO, SectionType.ASSESSMENT),
    4: (SectionType.DISCUSSION, SectionType.EXERCISE),
}


def outline(request: WriteRequest, plan: int | None = None) -> Outline:
    """A small outline that cites everything it was offered and some it was not, with minutes that do not add up.

    Each number has a plan of its own; `plan` takes another one's.
    """
    plan = request.number if plan is None else plan
    name, arrive, topic, about, activity, how = PLANS[plan]
    first, second = KINDS[plan]
    offered = tuple(sorted(request.context.source_ids))
    sections = (
        Section(SectionType.OPENER, f"{name} arrival", 12, f"Everyone may {arrive}.", activity=f"{name} round"),
        Section(first, topic.capitalize(), 33, f"Look at {about}.", source_ids=(*offered, "S99")),
        Section(second, activity, 28, f"Practise {topic} {how}.", activity=activity),
        Section(SectionType.CLOSING, f"{name} promise", 14, f"Write one {topic} step.", activity=f"{topic} pledge"),
    )
    return Outline(f"Plan {request.number}", "A short plan.", "medium", sections)
