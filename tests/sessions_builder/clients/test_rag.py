"""The tribeRAG client against a real server with every fault that was seen."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from sessions_builder.clients.breaker import InMemoryBreaker
from sessions_builder.clients.rag import HttpRetriever, retriever_from_settings
from sessions_builder.pipeline.types import RetrievalError
from tests.fakes.process import ProviderProcess
from tests.sessions_builder.clients.conftest import Stopwatch

TIMEOUT_S = 0.6


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
def retriever(provider: ProviderProcess, clock: Clock) -> Iterator[HttpRetriever]:
    client = HttpRetriever(provider.url, InMemoryBreaker(clock), timeout_s=TIMEOUT_S, retries=1, clock=clock)
    yield client
    client.close()


def soon(seconds: float = 10.0) -> float:
    return time.monotonic() + seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_it_works(retriever: HttpRetriever, provider: ProviderProcess) -> None:
    hits = retriever.search("closing a deal", category="Closing", deadline=soon())
    documents = retriever.documents(deadline=soon())

    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].snippet
    assert documents[hits[0].doc_id].category == "Closing"
    assert documents[hits[0].doc_id].updated_at is not None
    assert provider.calls("search")[0]["parameters"] == ["category"]


FAULTS = [
    # fault, cause, attempts, within seconds
    ("search:silent", "timeout", 2, 2 * TIMEOUT_S + 2),
    ("search:drip:interval=0.02", "timeout", 2, 2 * TIMEOUT_S + 2),
    ("search:drip:interval=0.02:head=1", "timeout", 2, 2 * TIMEOUT_S + 2),
    ("search:500", "http_error", 2, 2.0),
    ("search:503", "http_error", 2, 2.0),
    ("search:429", "http_error", 2, 2.0),
    ("search:reset", "refused", 2, 2.0),
    ("search:400", "http_error", 1, 2.0),
    ("search:401", "http_error", 1, 2.0),
    ("search:404", "http_error", 1, 2.0),
    ("search:redirect", "http_error", 1, 2.0),
    ("search:html", "bad_response", 1, 2.0),
    ("search:truncated", "bad_response", 1, 2.0),
    ("search:empty_body", "bad_response", 1, 2.0),
    ("search:hits_null", "bad_response", 1, 2.0),
    ("search:hits_missing", "bad_response", 1, 2.0),
    ("search:not_an_object", "bad_response", 1, 2.0),
    ("search:huge", "too_large", 1, 2.0),
]


@pytest.mark.parametrize(("fault", "cause", "attempts", "within"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_fault_has_one_cause_and_takes_a_known_time(
    retriever: HttpRetriever, provider: ProviderProcess, stopwatch: Stopwatch,
    fault: str, cause: str, attempts: int, within: float,
) -> None:  # fmt: skip
    provider.fault(fault)
    started = stopwatch.seconds

    with pytest.raises(RetrievalError) as raised:
        retriever.search("anything", category=None, deadline=soon())

    assert raised.value.cause == cause
    assert stopwatch.seconds - started < within
    assert len(provider.calls("search")) == attempts


def test_one_failure_is_retried(retriever: HttpRetriever, provider: ProviderProcess) -> None:
    provider.fault("search:500:count=1")

    assert retriever.search("anything", category=None, deadline=soon())
    assert len(provider.calls("search")) == 2


def test_nobody_there_is_refused() -> None:
    client = HttpRetriever(f"http://127.0.0.1:{free_port()}", InMemoryBreaker(), timeout_s=1, retries=1)

    with pytest.raises(RetrievalError) as raised:
        client.search("anything", category=None, deadline=soon())

    assert raised.value.cause == "refused"


@pytest.mark.parametrize("fault", ["search:silent", "search:drip:interval=0.02", "search:drip:interval=0.02:head=1"])
def test_the_callers_deadline_ends_a_call_before_its_own_timeout(
    provider: ProviderProcess, stopwatch: Stopwatch, fault: str
) -> None:
    provider.fault(fault)
    patient = HttpRetriever(provider.url, InMemoryBreaker(), timeout_s=20, retries=1)
    started = stopwatch.seconds

    with pytest.raises(RetrievalError, match="timeout"):
        patient.search("anything", category=None, deadline=soon(0.3))

    assert 0.25 < stopwatch.seconds - started < 5
    patient.close()
    assert len(provider.calls("search")) == 1


def test_a_call_after_the_deadline_is_not_made(retriever: HttpRetriever, provider: ProviderProcess) -> None:
    with pytest.raises(RetrievalError, match="timeout"):
        retriever.search("anything", category=None, deadline=time.monotonic() - 1)

    assert provider.calls("search") == []


def test_a_connection_that_was_cut_does_not_spoil_the_next_call(
    retriever: HttpRetriever, provider: ProviderProcess
) -> None:
    provider.fault("search:drip:interval=0.02:count=2")
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
    assert 60 <= ping.latency_ms < 2000


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
