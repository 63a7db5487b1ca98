"""The tribeRAG client against a real server with every fault that was seen."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from sessions_builder.clients.breaker import InMemoryBreaker
from sessions_builder.clients.rag import HttpRetriever, retriever_from_settings
from sessions_builder.pipeline.types import RetrievalError
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


def test_it_works(retriever: HttpRetriever, provider: ProviderProcess) -> None:
    hits = retriever.search("closing a deal", category="Closing", deadline=soon())
    documents = retriever.documents(deadline=soon())

    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].snippet
    assert documents[hits[0].doc_id].category == "Closing"
    assert documents[hits[0].doc_id].updated_at is not None
    assert provider.calls("search")[0]["parameters"] == ["category"]


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
        retriever.search("anything", category=None, deadline=soon())

    assert raised.value.cause == cause
    assert stopwatch.seconds - started < SOON_S
    assert len(provider.calls("search")) == attempts


def test_one_failure_is_retried(retriever: HttpRetriever, provider: ProviderProcess) -> None:
    provider.fault("search:500:count=1")

    assert retriever.search("anything", category=None, deadline=soon())
    assert len(provider.calls("search")) == 2


def test_nobody_there_is_refused() -> None:
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        client = HttpRetriever(address, InMemoryBreaker(), timeout_s=TIMEOUT_S, retries=1)
        with pytest.raises(RetrievalError) as raised:
            client.search("anything", category=None, deadline=soon())

    assert raised.value.cause == "refused"


@pytest.mark.parametrize("fault", ["search:silent", "search:drip:interval=0.02", "search:drip:interval=0.02:head=1"])
def test_the_callers_deadline_ends_a_call_before_its_own_timeout(
    provider: ProviderProcess, stopwatch: Stopwatch, fault: str
) -> None:
    provider.fault(fault)
    patient = HttpRetriever(provider.url, InMemoryBreaker(), timeout_s=60, retries=1)
    started = stopwatch.seconds

    with pytest.raises(RetrievalError, match="timeout"):
        patient.search("anything", category=None, deadline=soon(0.3))

    assert 0.25 < stopwatch.seconds - started < SOON_S
    patient.close()
    assert len(provider.calls("search")) == 1


def test_a_call_after_the_deadline_is_not_made(retriever: HttpRetriever, provider: ProviderProcess) -> None:
    with pytest.raises(RetrievalError, match="timeout"):
        retriever.search("anything", category=None, deadline=time.monotonic() - 1)

    assert provider.calls("search") == []


def test_a_connection_that_was_cut_does_not_spoil_the_next_call(
    make_retriever: Make, provider: ProviderProcess
) -> None:
    provider.fault("search:drip:interval=0.02:count=2")
    retriever = make_retriever(SHORT_TIMEOUT_S)
    with pytest.raises(RetrievalError):
        retriever.search("anything", category=None, deadline=soon())

    assert retriever.search("anything", category=None, deadline=soon())


def test_odd_hits_are_left_out_and_odd_scores_brought_inside(
    retriever: HttpRetriever, provider: ProviderProcess
) -> None:
    provider.fault("search:odd_hits")

    hits = retriever.search("anything", category=None, deadline=soon())

    assert [hit.score for hit in hits] == [1.0, 0.8]
    assert [hit.path for hit in hits] == ["", "/documents/1/1"]


def test_ten_thousand_hits_become_two_hundred(retriever: HttpRetriever, provider: ProviderProcess) -> None:
    provider.fault("search:many_hits")

    assert len(retriever.search("anything", category=None, deadline=soon())) == 200


def test_no_hits_are_an_answer(retriever: HttpRetriever, provider: ProviderProcess) -> None:
    provider.fault("search:empty")

    assert retriever.search("anything", category=None, deadline=soon()) == ()


def test_hits_are_remembered_for_fifteen_minutes_by_query_and_category(
    retriever: HttpRetriever, provider: ProviderProcess, clock: Clock
) -> None:
    for category in ("Closing", "Closing", None, None):
        retriever.search("anything", category=category, deadline=soon())
    assert len(provider.calls("search")) == 2

    clock.now += 899
    retriever.search("anything", category=None, deadline=soon())
    assert len(provider.calls("search")) == 2

    clock.now += 2
    retriever.search("anything", category=None, deadline=soon())
    assert len(provider.calls("search")) == 3


def test_failures_are_not_remembered(retriever: HttpRetriever, provider: ProviderProcess) -> None:
    provider.fault("search:400:count=1")
    with pytest.raises(RetrievalError):
        retriever.search("anything", category=None, deadline=soon())

    assert retriever.search("anything", category=None, deadline=soon())


def test_the_catalogue_is_loaded_once_for_many_who_ask_together(
    retriever: HttpRetriever, provider: ProviderProcess
) -> None:
    provider.latency(rag=150)
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(len(retriever.documents(deadline=soon())))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [36] * 8
    assert len(provider.calls("documents")) == 1


def test_a_catalogue_that_cannot_be_renewed_stays_in_use(
    retriever: HttpRetriever, provider: ProviderProcess, clock: Clock
) -> None:
    retriever.documents(deadline=soon())
    clock.now += 901
    provider.fault("documents:500")

    assert len(retriever.documents(deadline=soon())) == 36
    assert len(provider.calls("documents")) == 3


def test_a_catalogue_that_never_came_is_an_error(retriever: HttpRetriever, provider: ProviderProcess) -> None:
    provider.fault("documents:html")

    with pytest.raises(RetrievalError, match="bad_response"):
        retriever.documents(deadline=soon())


def test_a_catalogue_too_large_for_one_answer_is_read_in_smaller_pages(
    retriever: HttpRetriever, provider: ProviderProcess
) -> None:
    provider.fault("documents:huge:count=2")

    assert len(retriever.documents(deadline=soon())) == 36
    assert len(provider.calls("documents")) == 4


def test_the_breaker_opens_after_three_failures_and_tries_again_after_a_minute(
    retriever: HttpRetriever, provider: ProviderProcess, clock: Clock
) -> None:
    provider.fault("search:html:count=3")
    for number in range(3):
        with pytest.raises(RetrievalError, match="bad_response"):
            retriever.search(f"query {number}", category=None, deadline=soon())
    with pytest.raises(RetrievalError, match="open_circuit"):
        retriever.search("query 4", category=None, deadline=soon())
    assert len(provider.calls("search")) == 3

    clock.now += 61
    assert retriever.search("query 5", category=None, deadline=soon())


def test_a_request_the_service_refuses_does_not_open_the_breaker(
    retriever: HttpRetriever, provider: ProviderProcess
) -> None:
    provider.fault("search:400:count=5")
    for number in range(5):
        with pytest.raises(RetrievalError, match="http_error"):
            retriever.search(f"query {number}", category=None, deadline=soon())


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
