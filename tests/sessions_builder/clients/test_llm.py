"""The model client against a real server with every fault that was seen."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from queue import Empty, Queue

import pytest

from config.local_process import wait_until
from sessions_builder.clients.breaker import InMemoryCooldown
from sessions_builder.clients.llm import ModelWriter
from sessions_builder.errors import FailureCode
from sessions_builder.pipeline.prompt import PROMPT_VERSION
from sessions_builder.pipeline.types import Written
from tests.fakes.process import ProviderProcess
from tests.sessions_builder.clients.asking import ASK_S, KEY, SHORT_TIMEOUT_S, SOON_S, TIMEOUT_S, ask, options, request
from tests.sessions_builder.clients.conftest import Stopwatch

Make = Callable[..., ModelWriter]


@pytest.fixture
def make_writer(provider: ProviderProcess) -> Iterator[Make]:
    """A function that makes a writer for the fake provider, with changed options."""
    made: list[ModelWriter] = []

    def make(**changes: object) -> ModelWriter:
        made.append(ModelWriter(options(provider.model_url, **changes)))
        return made[-1]

    yield make
    for writer in made:
        writer.close()


@pytest.fixture
def writer(make_writer: Make) -> ModelWriter:
    return make_writer()


def test_it_works(writer: ModelWriter, provider: ProviderProcess) -> None:
    provider.latency(model=600)

    written = ask(writer, *(request(number) for number in (1, 2, 3, 4)))
    asked = provider.calls("model")

    assert [one.failure for one in written] == [None] * 4
    outlines = [one.outline for one in written if one.outline]
    assert len({outline.sections[1].title for outline in outlines}) == 4
    assert any("S1" in section.source_ids for section in outlines[0].sections)
    assert not any(section.source_ids for section in outlines[3].sections)
    assert all(one.processing_ms >= 600 for one in written)
    assert max(one["at"] for one in asked) < min(one["ended"] for one in asked), "they are under way at the same time"
    call = written[0].calls[0]
    assert (call.purpose, call.number, call.model, call.prompt_version) == ("outline", 1, "fake-model", PROMPT_VERSION)
    assert (call.outcome, call.attempts, call.error_code) == ("ok", 1, None)
    assert (call.tokens_in, call.tokens_out, call.tokens_cached, call.tokens_reasoning) == (2400, 1100, 1024, 64)
    assert "one question less" in call.prompt
    assert '"sections"' in call.response


def test_a_request_is_strict_and_says_which_variant_it_is(writer: ModelWriter, provider: ProviderProcess) -> None:
    ask(writer, request(3))

    call = provider.calls("model")[0]
    assert call["variant"] == 3
    assert call["response_format"] == "json_schema"
    assert call["parameters"] == ["max_completion_tokens", "messages", "model", "response_format", "temperature"]


def timeout_of(fault: str) -> float:
    """Seconds an attempt may take: few where there is no answer, else enough for any answer on a busy machine."""
    return SHORT_TIMEOUT_S if fault.startswith(("model:hang", "model:drip")) else TIMEOUT_S


FAILURES = [
    # fault, code, attempts at the server, calls recorded
    ("model:401", FailureCode.PROVIDER_CONFIG, 1, 1),
    ("model:403", FailureCode.PROVIDER_CONFIG, 1, 1),
    ("model:404", FailureCode.PROVIDER_CONFIG, 1, 1),
    ("model:400", FailureCode.PROVIDER_CONFIG, 1, 1),
    ("model:422", FailureCode.PROVIDER_CONFIG, 1, 1),
    ("model:insufficient_quota", FailureCode.PROVIDER_CONFIG, 1, 1),
    ("model:redirect", FailureCode.PROVIDER_CONFIG, 1, 1),
    ("model:429", FailureCode.PROVIDER_RATE_LIMITED, 3, 1),
    ("model:429:retryAfter=300", FailureCode.PROVIDER_RATE_LIMITED, 1, 1),
    ("model:408", FailureCode.PROVIDER_UNAVAILABLE, 3, 1),
    ("model:409", FailureCode.PROVIDER_UNAVAILABLE, 3, 1),
    ("model:500", FailureCode.PROVIDER_UNAVAILABLE, 3, 1),
    ("model:503", FailureCode.PROVIDER_UNAVAILABLE, 3, 1),
    ("model:reset", FailureCode.PROVIDER_UNAVAILABLE, 3, 1),
    ("model:hang", FailureCode.PROVIDER_TIMEOUT, 3, 1),
    ("model:drip:interval=0.02", FailureCode.PROVIDER_TIMEOUT, 3, 1),
    ("model:drip:interval=0.02:head=1", FailureCode.PROVIDER_TIMEOUT, 3, 1),
    ("model:html", FailureCode.MALFORMED_OUTPUT, 2, 1),
    ("model:empty_body", FailureCode.MALFORMED_OUTPUT, 2, 1),
    ("model:truncated", FailureCode.MALFORMED_OUTPUT, 2, 1),
    ("model:huge", FailureCode.MALFORMED_OUTPUT, 2, 1),
    ("model:choices_empty", FailureCode.MALFORMED_OUTPUT, 2, 1),
    ("model:choices_null", FailureCode.MALFORMED_OUTPUT, 2, 1),
    ("model:null_content", FailureCode.MALFORMED_OUTPUT, 2, 1),
    ("model:empty_content", FailureCode.MALFORMED_OUTPUT, 2, 1),
    ("model:not_json", FailureCode.MALFORMED_OUTPUT, 2, 2),
    ("model:truncated_json", FailureCode.MALFORMED_OUTPUT, 2, 2),
    ("model:wrong_schema", FailureCode.MALFORMED_OUTPUT, 2, 2),
    ("model:no_sections", FailureCode.MALFORMED_OUTPUT, 2, 2),
    ("model:many_sections", FailureCode.MALFORMED_OUTPUT, 2, 2),
    ("model:length", FailureCode.OUTPUT_TOO_LONG, 2, 1),
    ("model:refusal", FailureCode.REFUSED, 1, 1),
    ("model:content_filter", FailureCode.FILTERED, 1, 1),
]


@pytest.mark.parametrize(("fault", "code", "attempts", "calls"), FAILURES, ids=[failure[0] for failure in FAILURES])
def test_a_fault_has_one_code_and_a_known_number_of_attempts(
    make_writer: Make, provider: ProviderProcess, stopwatch: Stopwatch,
    fault: str, code: FailureCode, attempts: int, calls: int,
) -> None:  # fmt: skip
    provider.fault(fault)
    writer = make_writer(timeout_s=timeout_of(fault))
    started = stopwatch.seconds

    [written] = ask(writer)

    assert written.failure is code
    assert written.outline is None
    assert stopwatch.seconds - started < SOON_S
    assert len(provider.calls("model")) == attempts
    assert len(written.calls) == calls
    assert sum(call.attempts for call in written.calls) == attempts
    assert written.calls[-1].error_code is code
    assert written.calls[-1].outcome == "failed"


SURVIVED = [
    # fault, attempts at the server
    ("model:500:count=2", 3),
    ("model:reset:count=1", 2),
    ("model:hang:count=1", 2),
    ("model:429:count=1", 2),
    ("model:html:count=1", 2),
    ("model:choices_null:count=1", 2),
    ("model:wrong_schema:count=1", 2),
    ("model:length_below:tokens=6000", 2),
    ("model:no_json_schema", 2),
    ("model:no_response_format", 3),
    ("model:bad_parameter:param=temperature", 2),
    ("model:bad_parameter:param=max_completion_tokens", 2),
    ("model:fenced", 1),
    ("model:minutes_nan", 1),
    ("model:minutes_huge", 1),
    ("model:minutes_negative", 1),
    ("model:nul", 1),
    ("model:lone_surrogate", 1),
    ("model:huge_string", 1),
    ("model:no_usage", 1),
    ("model:odd_usage", 1),
    ("model:identical", 1),
]


@pytest.mark.parametrize(("fault", "attempts"), SURVIVED, ids=[survived[0] for survived in SURVIVED])
def test_a_fault_is_survived(make_writer: Make, provider: ProviderProcess, fault: str, attempts: int) -> None:
    provider.fault(fault)

    [written] = ask(make_writer(timeout_s=timeout_of(fault)))

    assert written.failure is None
    assert written.outline is not None
    assert len(written.outline.sections) >= 5
    assert len(provider.calls("model")) == attempts
    for call in written.calls:
        assert len(call.response) <= 100_000
        assert "\x00" not in call.response + call.prompt
        assert (call.response + call.prompt).encode()


def test_nobody_there_is_unavailable() -> None:
    writer = ModelWriter(options("http://127.0.0.1:9/v1"))

    [written] = ask(writer)
    writer.close()

    assert written.failure is FailureCode.PROVIDER_UNAVAILABLE
    assert written.calls[0].attempts == 3


def test_each_call_stands_alone(writer: ModelWriter, provider: ProviderProcess) -> None:
    provider.fault("model:refusal:variant=2")
    provider.fault("model:500:variant=4")

    written = ask(writer, *(request(number) for number in (1, 2, 3, 4)))

    assert [one.failure for one in written] == [None, FailureCode.REFUSED, None, FailureCode.PROVIDER_UNAVAILABLE]


def test_retry_after_is_waited_for(writer: ModelWriter, provider: ProviderProcess) -> None:
    provider.fault("model:429:retryAfter=1:count=1")

    [written] = ask(writer)

    assert written.failure is None
    assert 1000 <= written.processing_ms < SOON_S * 1000
    assert written.retry_after is None


def test_a_retry_after_that_is_too_long_is_handed_on_and_stops_the_others(
    provider: ProviderProcess, make_writer: Make
) -> None:
    writer = make_writer()
    provider.fault("model:429:retryAfter=300:count=1")

    [first] = ask(writer, request(1))
    [second] = ask(writer, request(2))

    assert (first.failure, first.retry_after) == (FailureCode.PROVIDER_RATE_LIMITED, 300)
    assert second.failure is FailureCode.PROVIDER_RATE_LIMITED
    assert second.retry_after is not None
    assert 300 - SOON_S < second.retry_after <= 300
    assert second.calls == ()
    assert len(provider.calls("model")) == 1


def test_a_short_cooldown_is_sat_out(provider: ProviderProcess) -> None:
    cooldown = InMemoryCooldown()
    began = time.time()
    cooldown.start(0.7)
    writer = ModelWriter(options(provider.model_url), cooldown=cooldown)

    [written] = ask(writer)
    writer.close()

    assert written.failure is None
    assert 0.7 <= provider.calls("model")[0]["at"] - began < SOON_S


def test_a_repair_call_holds_only_the_errors(writer: ModelWriter, provider: ProviderProcess) -> None:
    provider.fault("model:wrong_schema:count=1")

    [written] = ask(writer)

    first, repair = written.calls
    assert (first.purpose, first.outcome, first.error_code) == ("outline", "failed", FailureCode.MALFORMED_OUTPUT)
    assert (repair.purpose, repair.outcome, repair.attempts) == ("repair", "ok", 1)
    assert first.response == '{"answer": 42}'
    prompt = provider.calls("model")[1]["prompt"]
    assert "That answer cannot be used" in prompt
    assert "42" not in prompt.split("That answer cannot be used")[1]


def test_what_the_server_refused_is_not_tried_again(writer: ModelWriter, provider: ProviderProcess) -> None:
    provider.fault("model:no_response_format")

    ask(writer, request(1))
    ask(writer, *(request(number) for number in (1, 2, 3, 4)))

    formats = [call["response_format"] for call in provider.calls("model")]
    assert formats == ["json_schema", "json_object", None, None, None, None, None]
    assert '"additionalProperties"' in provider.calls("model")[-1]["prompt"]


def test_four_refusals_at_once_are_one_step_down(writer: ModelWriter, provider: ProviderProcess) -> None:
    provider.fault("model:no_json_schema")

    written = ask(writer, *(request(number) for number in (1, 2, 3, 4)))

    assert [one.failure for one in written] == [None] * 4
    assert {call["response_format"] for call in provider.calls("model")} == {"json_schema", "json_object"}


def test_a_cancelled_call_ends_at_once(make_writer: Make, provider: ProviderProcess) -> None:
    provider.fault("model:hang")
    results: Queue[Written] = Queue()
    handle = make_writer(timeout_s=60.0).start(request(), deadline=time.monotonic() + 60, done=results.put)
    assert wait_until(lambda: bool(provider.calls("model")), seconds=SOON_S)

    handle.cancel()
    written = results.get(timeout=SOON_S)

    assert written.failure is FailureCode.CANCELLED
    assert written.calls[0].outcome == "cancelled"
    handle.cancel()
    with pytest.raises(Empty):
        results.get(timeout=0.2)
    assert wait_until(lambda: provider.calls("model")[0]["outcome"] == "dropped", seconds=SOON_S)


@pytest.mark.parametrize("fault", ["model:hang", "model:drip:interval=0.02", "model:429:retryAfter=9"])
def test_the_deadline_holds_whatever_the_provider_does(
    make_writer: Make, provider: ProviderProcess, stopwatch: Stopwatch, fault: str
) -> None:
    provider.fault(fault)
    started = stopwatch.seconds

    [written] = ask(make_writer(timeout_s=60.0), seconds=1.0)

    assert stopwatch.seconds - started < 8, "none waits for the provider, nor the nine seconds it asks for"
    assert written.failure in (FailureCode.DEADLINE_EXCEEDED, FailureCode.PROVIDER_RATE_LIMITED)


def test_a_deadline_that_has_passed_costs_no_call(writer: ModelWriter, provider: ProviderProcess) -> None:
    [written] = ask(writer, seconds=0.0)

    assert written.failure is FailureCode.DEADLINE_EXCEEDED
    assert provider.calls("model") == []


def test_no_text_of_the_provider_holds_the_key(
    writer: ModelWriter, provider: ProviderProcess, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    provider.fault("model:401")

    [written] = ask(writer)

    assert "Incorrect API key provided" in written.calls[0].response
    assert KEY not in repr(written)
    assert KEY not in caplog.text
    assert KEY not in "".join(capsys.readouterr())


def test_logs_hold_no_text_of_brief_or_answer(
    writer: ModelWriter, provider: ProviderProcess, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    provider.fault("model:wrong_schema")

    ask(writer, request(outcome="A canary of nine letters sings in every prompt"))

    assert "canary" not in caplog.text + "".join(capsys.readouterr())


def test_warm_opens_connections_without_a_completion(writer: ModelWriter, provider: ProviderProcess) -> None:
    writer.warm()

    assert len(provider.calls("models")) == 8
    assert provider.calls("model") == []


def test_warm_survives_a_provider_that_is_away() -> None:
    writer = ModelWriter(options("http://127.0.0.1:9/v1"))

    writer.warm()
    writer.close()


def test_a_closed_writer_hands_over_what_ran_and_can_start_again(
    writer: ModelWriter, provider: ProviderProcess
) -> None:
    provider.fault("model:hang:count=1")
    results: Queue[Written] = Queue()
    writer.start(request(), deadline=time.monotonic() + ASK_S, done=results.put)
    assert wait_until(lambda: bool(provider.calls("model")), seconds=SOON_S)

    writer.close()

    assert results.get(timeout=SOON_S).failure is FailureCode.CANCELLED
    assert ask(writer)[0].failure is None


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_gets_its_own_loop(writer: ModelWriter) -> None:
    ask(writer)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        code = b"n"
        try:
            code = b"y" if ask(writer)[0].failure is None else b"n"
        finally:
            os.write(write, code)
            os._exit(0)
    os.waitpid(child, 0)

    assert os.read(read, 1) == b"y"
    os.close(read)
    os.close(write)
