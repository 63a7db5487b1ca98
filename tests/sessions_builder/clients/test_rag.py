"""The tribeRAG client against a real server with every fault that was seen."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from typing import Any

import pytest
from django.db import OperationalError
from pytest_django import Settings

from config.local_process import wait_until
from sessions_builder.clients.breaker import InMemoryBreaker
from sessions_builder.clients.loop import network
from sessions_builder.clients.rag import HttpRetriever, retriever_from_settings
from sessions_builder.pipeline.types import Document, Hit, RetrievalError
from tests.fakes.process import ProviderProcess
from tests.sessions_builder.clients.conftest import Stopwatch

TIMEOUT_S, SHORT_TIMEOUT_S = 12.0, 0.6
# Enough for a machine under load, and far from what it would take if only the deadline ended a call.
SOON_S = 15.0
Make = Callable[[float], HttpRetriever]


class Clock:
    """A clock the test turns."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_retriever(provider: ProviderProcess, clock: Clock) -> Iterator[Make]:
    """A function that makes a client of the fake provider with so many seconds for an attempt."""
    made: list[HttpRetriever] = []

    def make(timeout_s: float) -> HttpRetriever:
        client = HttpRetriever(provider.url, InMemoryBreaker(clock), timeout_s=timeout_s, retries=1, clock=clock)
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture
def retriever(make_retriever: Make) -> HttpRetriever:
    return make_retriever(TIMEOUT_S)


def soon(seconds: float = 30.0) -> float:
    return time.monotonic() + seconds


def search(
    retriever: HttpRetriever, query: str = "anything", category: str | None = None, deadline: float | None = None
) -> Sequence[Hit]:
    """The hits of a round of one query, or why there are none."""
    found = retriever.ask([query], category=category, deadline=deadline or soon())
    if found.causes:
        raise RetrievalError(*found.causes)
    return found.answers[0]


def documents(retriever: HttpRetriever) -> Mapping[str, Document]:
    """The catalogue that came with a round without queries."""
    return retriever.ask([], category=None, deadline=soon()).documents


def test_it_works(retriever: HttpRetriever, provider: ProviderProcess) -> None:
    found = retriever.ask(["closing a deal"], category="Closing", deadline=soon())
    [hits], documents = found.answers, found.documents

    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].snippet
    assert documents[hits[0].doc_id].category == "Closing"
    assert documents[hits[0].doc_id].updated_at is not None
    assert provider.calls("search")[0]["parameters"] == ["category"]


def test_a_round_goes_out_together_and_each_query_has_an_answer_or_a_cause(
    retriever: HttpRetriever, provider: ProviderProcess
) -> None:
    provider.latency(rag=300)
    provider.fault("search:400:count=1")

    found = retriever.ask(["one", "two", "three"], category=None, deadline=soon())

    assert (len(found.answers), found.causes, len(found.documents)) == (2, ("http_error",), 36)
    answered = [call for call in provider.calls() if call["fault"] is None]
    assert sorted(call["kind"] for call in answered) == ["documents", "search", "search"]
    assert max(call["at"] for call in answered) < min(call["ended"] for call in answered)


def test_a_round_that_is_not_waited_for_is_not_gone_on_with(make_retriever: Make, provider: ProviderProcess) -> None:
    def leave(asked: Future[Any]) -> Any:
        assert wait_until(lambda: len(provider.calls("search")) == 2, seconds=SOON_S)
        asked.cancel()
        return asked.result()

    retriever = make_retriever(TIMEOUT_S)
    documents(retriever)
    provider.fault("search:silent")
    with pytest.raises(CancelledError):
        retriever.ask(["one", "two"], category=None, deadline=soon(), wait=leave)

    def outcomes() -> list[str]:
        return [call["outcome"] for call in provider.calls("search")]

    assert wait_until(lambda: outcomes() == ["dropped", "dropped"], seconds=SOON_S)


FAULTS = [
    # fault, cause, attempts
    ("search:silent", "timeout", 2),
    ("search:drip:interval=0.02", "timeout", 2),
    ("search:drip:interval=0.02:head=1", "timeout", 2),
    ("search:500", "http_error", 2),
    ("search:503", "http_error", 2),
    ("search:429", "http_error", 2),
    ("search:reset", "refused", 2),
    ("search:400", "http_error", 1),
    ("search:401", "http_error", 1),
    ("search:404", "http_error", 1),
    ("search:redirect", "http_error", 1),
    ("search:html", "bad_response", 1),
    ("search:truncated", "bad_response", 1),
    ("search:empty_body", "bad_response", 1),
    ("search:hits_null", "bad_response", 1),
    ("search:hits_missing", "bad_response", 1),
    ("search:not_an_object", "bad_response", 1),
    ("search:huge", "too_large", 1),
]


@pytest.mark.parametrize(("fault", "cause", "attempts"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_fault_has_one_cause_and_ends_soon(
    make_retriever: Make, provider: ProviderProcess, stopwatch: Stopwatch, fault: str, cause: str, attempts: int
) -> None:
    provider.fault(fault)
    retriever = make_retriever(SHORT_TIMEOUT_S if cause == "timeout" else TIMEOUT_S)
    started = stopwatch.seconds

    with pytest.raises(RetrievalError) as raised:
        search(retriever)

    assert raised.value.cause == cause
    assert stopwatch.seconds - started < SOON_S
    assert len(provider.calls("search")) == attempts


def test_one_failure_is_retried(retriever: HttpRetriever, provider: ProviderProcess) -> None:
    provider.fault("search:500:count=1")

    assert search(retriever)
    assert len(provider.calls("search")) == 2


def test_nobody_there_is_refused() -> None:
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        client = HttpRetriever(address, InMemoryBreaker(), timeout_s=TIMEOUT_S, retries=1)
        with pytest.raises(RetrievalError) as raised:
            search(client)

    assert raised.value.cause == "refused"


@pytest.mark.parametrize("fault", ["search:silent", "search:drip:interval=0.02", "search:drip:interval=0.02:head=1"])
def test_the_callers_deadline_ends_a_call_before_its_own_timeout(
    provider: ProviderProcess, stopwatch: Stopwatch, fault: str
) -> None:
    provider.fault(fault)
    patient = HttpRetriever(provider.url, InMemoryBreaker(), timeout_s=60, retries=1)
    started = stopwatch.seconds

    with pytest.raises(RetrievalError, match="timeout"):
        search(patient, deadline=soon(0.3))

    assert 0.25 < stopwatch.seconds - started < SOON_S
    patient.close()
    assert len(provider.calls("search")) == 1


def test_a_call_after_the_deadline_is_not_made(retriever: HttpRetriever, provider: ProviderProcess) -> None:
    with pytest.raises(RetrievalError, match="timeout"):
        search(retriever, deadline=time.monotonic() - 1)

    assert provider.calls("search") == []


def test_a_connection_that_was_cut_does_not_spoil_the_next_call(
    make_retriever: Make, provider: ProviderProcess
) -> None:
    provider.fault("search:drip:interval=0.02:count=2")
    retriever = make_retriever(SHORT_TIMEOUT_S)
    with pytest.raises(RetrievalError):
        search(retriever)

    assert search(retriever)


def test_odd_hits_are_left_out_and_odd_scores_brought_inside(
    retriever: HttpRetriever, provider: ProviderProcess
) -> None:
    provider.fault("search:odd_hits")

    hits = search(retriever)

    assert [hit.score for hit in hits] == [1.0, 0.8]
    assert [hit.path for hit in hits] == ["", "/documents/1/1"]


def test_ten_thousand_hits_become_two_hundred(retriever: HttpRetriever, provider: ProviderProcess) -> None:
    provider.fault("search:many_hits")

    assert len(search(retriever)) == 200


def test_no_hits_are_an_answer(retriever: HttpRetriever, provider: ProviderProcess) -> None:
    provider.fault("search:empty")

    assert search(retriever) == ()


def test_hits_are_remembered_for_fifteen_minutes_by_query_and_category(
    retriever: HttpRetriever, provider: ProviderProcess, clock: Clock
) -> None:
    for category in ("Closing", "Closing", None, None):
        search(retriever, category=category)
    assert len(provider.calls("search")) == 2

    clock.now += 899
    search(retriever)
    assert len(provider.calls("search")) == 2

    clock.now += 2
    search(retriever)
    assert len(provider.calls("search")) == 3


def test_failures_are_not_remembered(retriever: HttpRetriever, provider: ProviderProcess) -> None:
    provider.fault("search:400:count=1")
    with pytest.raises(RetrievalError):
        search(retriever)

    assert search(retriever)


def test_the_catalogue_is_loaded_once_for_many_who_ask_together(
    retriever: HttpRetriever, provider: ProviderProcess
) -> None:
    provider.latency(rag=150)
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(len(documents(retriever)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [36] * 8
    assert len(provider.calls("documents")) == 1


def test_a_catalogue_that_cannot_be_renewed_stays_in_use(
    retriever: HttpRetriever, provider: ProviderProcess, clock: Clock
) -> None:
    documents(retriever)
    clock.now += 901
    provider.fault("documents:500")

    assert len(documents(retriever)) == 36
    assert len(provider.calls("documents")) == 3


def test_a_catalogue_that_never_came_costs_no_hits(retriever: HttpRetriever, provider: ProviderProcess) -> None:
    provider.fault("documents:html")

    found = retriever.ask(["anything"], category=None, deadline=soon())

    assert (found.documents, found.causes) == ({}, ())
    assert found.answers[0]
    assert len(provider.calls("documents")) == 1


def test_a_catalogue_too_large_for_one_answer_is_read_in_smaller_pages(
    retriever: HttpRetriever, provider: ProviderProcess
) -> None:
    provider.fault("documents:huge:count=2")

    assert len(documents(retriever)) == 36
    assert len(provider.calls("documents")) == 4


def test_the_breaker_opens_after_three_failures_and_tries_again_after_a_minute(
    retriever: HttpRetriever, provider: ProviderProcess, clock: Clock
) -> None:
    documents(retriever)
    provider.fault("search:html:count=3")
    for number in range(3):
        with pytest.raises(RetrievalError, match="bad_response"):
            search(retriever, f"query {number}")
    with pytest.raises(RetrievalError, match="open_circuit"):
        search(retriever, "query 4")
    assert len(provider.calls("search")) == 3

    clock.now += 61
    assert search(retriever, "query 5")


def test_a_request_the_service_refuses_does_not_open_the_breaker(
    retriever: HttpRetriever, provider: ProviderProcess
) -> None:
    provider.fault("search:400:count=5")
    for number in range(5):
        with pytest.raises(RetrievalError, match="http_error"):
            search(retriever, f"query {number}")


def test_what_ended_in_a_round_that_was_left_counts(
    retriever: HttpRetriever, provider: ProviderProcess, clock: Clock
) -> None:
    def leave(asked: Future[Any]) -> Any:
        asked.result()
        raise CancelledError

    documents(retriever)
    provider.fault("search:html:count=3")
    with pytest.raises(CancelledError):
        retriever.ask(["one", "two", "three"], category=None, deadline=soon(), wait=leave)

    with pytest.raises(RetrievalError, match="open_circuit"):
        search(retriever)


class AwayBreaker(InMemoryBreaker):
    """Keeps what it knows in a database that is away."""

    def allow(self) -> bool:
        raise OperationalError

    def record_success(self) -> None:
        raise OperationalError


def test_answers_are_worth_more_than_the_breaker(provider: ProviderProcess) -> None:
    client = HttpRetriever(provider.url, AwayBreaker(), timeout_s=TIMEOUT_S, retries=1)

    found = client.ask(["anything"], category=None, deadline=soon())
    client.close()

    assert found.answers[0]
    assert found.causes == ()


def test_a_round_the_breaker_stops_keeps_nobody_from_the_catalogue(
    retriever: HttpRetriever, provider: ProviderProcess
) -> None:
    stopped, allowed = (retriever._round([], None, soon(), may) for may in (False, True))

    async def together() -> list[Any]:
        return await asyncio.gather(stopped, allowed)

    [[none], [some]] = network.submit(together()).result()

    assert isinstance(none, RetrievalError)
    assert len(some) == 36


def test_ping_says_how_long_it_took(retriever: HttpRetriever, provider: ProviderProcess) -> None:
    provider.latency(rag=60)

    ping = retriever.ping()

    assert ping.ok
    assert 60 <= ping.latency_ms < SOON_S * 1000


def test_ping_names_the_cause(retriever: HttpRetriever, provider: ProviderProcess) -> None:
    provider.fault("health:503")

    ping = retriever.ping()

    assert (ping.ok, ping.cause) == (False, "http_error")


class Internal(HttpRetriever):
    """Stands for the built-in knowledge base; only its identity matters."""

    def __init__(self) -> None:
        pass


@pytest.mark.parametrize(
    ("address", "kind"), [("", type(None)), ("internal", Internal), ("http://rag.test", HttpRetriever)]
)
def test_settings_choose_the_retriever(settings: Settings, address: str, kind: type) -> None:
    settings.RAG_API_URL = address

    assert type(retriever_from_settings(InMemoryBreaker(), Internal())) is kind


@pytest.mark.parametrize("address", ["ftp://rag.test", "file:///etc/passwd", "http://", "rag.test", "http://a/?q=1"])
def test_only_http_addresses_are_called(address: str) -> None:
    with pytest.raises(ValueError, match="not an http or https address"):
        HttpRetriever(address, InMemoryBreaker(), timeout_s=1, retries=1)
