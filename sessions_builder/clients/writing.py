"""Writing one outline: attempts, waits and one repair, until there is an outline, a final failure, or no time left."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from sessions_builder import tracing
from sessions_builder.clients.breaker import Cooldown
from sessions_builder.clients.chat import ChatClient
from sessions_builder.clients.ladder import Capabilities
from sessions_builder.clients.model_answers import Usage, answer_in, content_in
from sessions_builder.clients.model_errors import CallTrouble, Kind
from sessions_builder.clients.scrub import Scrubber, storable
from sessions_builder.errors import FailureCode
from sessions_builder.pipeline.forms import Form, form_of
from sessions_builder.pipeline.parse import ParseError
from sessions_builder.pipeline.prompt import repair_message
from sessions_builder.pipeline.types import CallRecord, Message, Outline, WriteRequest, Written
from sessions_builder.tracing.attributes import call_begins, call_ended

REPAIR = "repair"
UNUSABLE = Message("assistant", "(an answer that was not a usable outline)")
"""Stands in for the answer to be repaired: sending that back would cost tokens and repeat whatever is hostile in it."""
LONGEST_WAIT_SECONDS = 10.0
LEAST_USEFUL_SECONDS = 0.5
MARGIN_SECONDS = 0.05
JITTER_BASE_SECONDS = 0.5
MOST_SPREAD_SECONDS = 1.0
LONG_TEXT = 50_000


@dataclass(frozen=True, slots=True)
class Setup:
    """What all calls of a process share."""

    client: ChatClient
    capabilities: Capabilities
    cooldown: Cooldown
    scrub: Scrubber
    model: str
    max_output_tokens: int
    timeout_s: float


@dataclass(slots=True)
class _Call:
    """One model call while it lasts: what it cost so far, and how it ended once it has."""

    purpose: str
    messages: Sequence[Message]
    started: float = field(default_factory=time.monotonic)
    ended: float | None = None
    attempts: int = 0
    usage: Usage = field(default_factory=Usage)
    response: str = ""
    error: FailureCode | None = None


class _Unusable(Exception):
    """The model wrote something that is not an outline."""

    def __init__(self, errors: Sequence[str]) -> None:
        self.errors = errors
        super().__init__()


class Writing:
    """One WriteRequest from start to end; runs as one task on the event loop."""

    def __init__(self, setup: Setup, request: WriteRequest, deadline: float) -> None:
        self._setup, self._request, self._form = setup, request, form_of(request)
        self._deadline = deadline - MARGIN_SECONDS
        self._calls: list[_Call] = []
        self._tokens = setup.max_output_tokens
        self._left = {Kind.TRANSIENT: 2, Kind.RATE_LIMIT: 2, Kind.MALFORMED: 1, Kind.LENGTH: 1, Kind.CAPABILITY: 8}
        self._timed_out = False

    async def run(self) -> Written:
        """The outline or the code this failed with; never raises, and ends before the deadline even when cancelled."""
        started = time.monotonic()
        outline, failure, retry_after = None, None, None
        try:
            async with asyncio.timeout_at(self._deadline):
                outline = await self._outline()
        except TimeoutError:
            failure = FailureCode.PROVIDER_TIMEOUT if self._timed_out else FailureCode.DEADLINE_EXCEEDED
        except asyncio.CancelledError:
            failure = FailureCode.CANCELLED
        except CallTrouble as trouble:
            failure, retry_after = trouble.code, trouble.retry_after
        return Written(
            number=self._request.number,
            outline=outline,
            processing_ms=_ms(time.monotonic() - started),
            failure=failure,
            calls=tuple(self._record(call, failure) for call in self._calls),
            retry_after=retry_after if failure is FailureCode.PROVIDER_RATE_LIMITED else None,
        )

    async def _outline(self) -> Outline:
        messages = self._request.messages
        try:
            return await self._call(self._request.purpose, messages)
        except _Unusable as unusable:
            if not self._use(Kind.MALFORMED):
                raise CallTrouble(Kind.MALFORMED, FailureCode.MALFORMED_OUTPUT) from None
            repair = (*messages, UNUSABLE, repair_message(unusable.errors, self._form.name))
        try:
            return await self._call(REPAIR, repair)
        except _Unusable:
            raise CallTrouble(Kind.MALFORMED, FailureCode.MALFORMED_OUTPUT) from None

    async def _call(self, purpose: str, messages: Sequence[Message]) -> Outline:
        if time.monotonic() + LEAST_USEFUL_SECONDS > self._deadline:
            raise CallTrouble(Kind.FINAL, FailureCode.DEADLINE_EXCEEDED)
        await self._sit_out_cooldown()
        call = _Call(purpose, messages)
        self._calls.append(call)
        model = self._setup.model
        begins = call_begins(model, purpose, self._request.number, self._tokens)
        with tracing.span(f"chat {model}", kind="client", attributes=begins) as note:
            try:
                text = await self._text(call)
                return await _parsed(text, self._form)
            except CallTrouble as trouble:
                call.error = trouble.code
                raise
            except ParseError as error:
                call.error = FailureCode.MALFORMED_OUTPUT
                raise _Unusable(error.errors) from None
            finally:
                call.ended = time.monotonic()
                note(call_ended(call.usage.tokens_in, call.usage.tokens_out, call.attempts, call.error))

    async def _text(self, call: _Call) -> str:
        """The model's text, after as many attempts as the kinds of trouble allow."""
        while True:
            body = self._setup.capabilities.body(call.messages, self._tokens, self._form)
            call.attempts += 1
            try:
                answer, usage = answer_in(await self._setup.client.complete(body, self._request.number))
                call.usage += usage
                text = self._setup.scrub.without_secret(content_in(answer))
            except CallTrouble as trouble:
                call.response = trouble.text
                if trouble.kind is Kind.CAPABILITY and not self._setup.capabilities.learn(
                    body, trouble.param, trouble.text
                ):
                    raise
                await asyncio.sleep(self._pause_before_retry(trouble))
                await self._sit_out_cooldown()
            else:
                call.response = text
                return text

    def _pause_before_retry(self, trouble: CallTrouble) -> float:
        """Seconds to wait before the next attempt; raises the trouble when there is to be none."""
        self._timed_out |= trouble.code is FailureCode.PROVIDER_TIMEOUT
        if trouble.kind is Kind.RATE_LIMIT and trouble.retry_after:
            self._setup.cooldown.start(trouble.retry_after)
        if not self._use(trouble.kind):
            raise trouble
        if trouble.kind is Kind.LENGTH:
            self._tokens *= 2
        wait = trouble.retry_after or 0.0
        if wait > LONGEST_WAIT_SECONDS or time.monotonic() + wait + LEAST_USEFUL_SECONDS > self._deadline:
            raise trouble
        return wait + self._jitter(trouble, wait)

    def _jitter(self, trouble: CallTrouble, wait: float) -> float:
        """Full jitter, doubling with each retry, or a little of it on top of the wait the provider asked for."""
        if trouble.kind not in (Kind.TRANSIENT, Kind.RATE_LIMIT):
            return 0.0
        return _spread(wait / 4) if wait else _spread(JITTER_BASE_SECONDS * 2 ** (1 - self._left[trouble.kind]))

    def _use(self, kind: Kind) -> bool:
        """Take one of the retries this kind of trouble has in this writing; False when there is none left."""
        self._left[kind] = self._left.get(kind, 0) - 1
        return self._left[kind] >= 0

    async def _sit_out_cooldown(self) -> None:
        """Wait while the provider wants everybody to; CallTrouble when that is too long for this writing."""
        while (wait := self._setup.cooldown.remaining()) > 0:
            if wait > LONGEST_WAIT_SECONDS or time.monotonic() + wait + LEAST_USEFUL_SECONDS > self._deadline:
                raise CallTrouble(Kind.RATE_LIMIT, FailureCode.PROVIDER_RATE_LIMITED, retry_after=wait)
            # Not all at once when it ends: that would be the next burst.
            await asyncio.sleep(wait + _spread(wait / 4))

    def _record(self, call: _Call, failure: FailureCode | None) -> CallRecord:
        unfinished = call.error is None and call is self._calls[-1] and failure is not None
        error = failure if unfinished else call.error
        return CallRecord(
            purpose=call.purpose,
            number=self._request.number,
            model=self._setup.model,
            prompt_version=self._form.prompt_version,
            latency_ms=_ms((call.ended or time.monotonic()) - call.started),
            attempts=call.attempts,
            outcome=_outcome(error),
            error_code=error,
            tokens_in=call.usage.tokens_in,
            tokens_out=call.usage.tokens_out,
            tokens_cached=call.usage.cached,
            tokens_reasoning=call.usage.reasoning,
            prompt=storable("\n\n".join(f"[{message.role}]\n{message.content}" for message in call.messages)),
            response=self._setup.scrub.for_storage(call.response),
        )


async def _parsed(text: str, form: Form) -> Outline:
    """The outline in the text; a huge text is read in another thread, so that it delays only itself."""
    if len(text) > LONG_TEXT:
        return await asyncio.to_thread(form.parse, text)
    return form.parse(text)


def _spread(most: float) -> float:
    """A random part of `most` seconds, but at most one: enough for calls not to come all at once."""
    return random.uniform(0, min(MOST_SPREAD_SECONDS, most))  # nosec B311


def _outcome(error: FailureCode | None) -> str:
    if error is None:
        return "ok"
    return "cancelled" if error is FailureCode.CANCELLED else "failed"


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
