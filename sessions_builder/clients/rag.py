"""The tribeRAG client: retries within a deadline, a circuit breaker, and fifteen minutes of memory."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

import structlog
from django.conf import settings
from django.db import Error
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_random_exponential

from sessions_builder.clients.breaker import Breaker
from sessions_builder.clients.cache import ExpiringCache, SingleFlight
from sessions_builder.clients.http import HttpDoor, HttpTrouble
from sessions_builder.clients.loop import network
from sessions_builder.clients.rag_answers import documents_in, hits_in
from sessions_builder.pipeline.retrieve import round_of
from sessions_builder.pipeline.types import Document, Hit, Ping, RetrievalError, Retriever, Round, Wait

log = structlog.get_logger(__name__)

T = TypeVar("T")

INTERNAL = "internal"
REMEMBERED_SECONDS = 15 * 60
REMEMBERED_QUERIES = 500
QUERIES_AT_ONCE = 4
"""Of a brief with two topics; those of another wait for a connection when every generation asks at the same time."""
PAGE_SIZES = (500, 100, 20)
"""Catalogue pages: smaller ones when a page of this size is too large a body."""
MOST_DOCUMENTS = 20_000
PING_SECONDS = 2.0


def retriever_from_settings(breaker: Breaker, internal: Retriever) -> Retriever | None:
    """What RAG_API_URL names: None when it is empty, the given one for "internal", else the HTTP client."""
    if not settings.RAG_API_URL:
        return None
    if settings.RAG_API_URL == INTERNAL:
        return internal
    return HttpRetriever(
        settings.RAG_API_URL,
        breaker,
        timeout_s=settings.RAG_TIMEOUT_MS / 1000,
        retries=settings.RAG_RETRY_ATTEMPTS,
        connections=settings.WORKER_CONCURRENCY * QUERIES_AT_ONCE,
    )


class HttpRetriever:
    """A Retriever over HTTP. Safe for threads; one per process, because it remembers answers and connections."""

    def __init__(
        self,
        base_url: str,
        breaker: Breaker,
        *,
        timeout_s: float,
        retries: int,
        connections: int = 100,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._door = HttpDoor(base_url, connections=connections)
        self._breaker = breaker
        self._timeout_s, self._retries = timeout_s, retries
        self._hits: ExpiringCache[tuple[str, str | None], tuple[Hit, ...]]
        self._hits = ExpiringCache(REMEMBERED_QUERIES, REMEMBERED_SECONDS, clock)
        self._catalogue: ExpiringCache[str, Mapping[str, Document]] = ExpiringCache(1, REMEMBERED_SECONDS, clock)
        self._last_catalogue: Mapping[str, Document] | None = None
        self._loading: SingleFlight[Mapping[str, Document]] = SingleFlight()
        # The breaker may ask the database, which nothing in the loop must wait for: whoever asks for a round also asks
        # it, and tells it what has ended by then, be it in a round that was left or in a catalogue loaded for others.
        self._ended: deque[str] = deque()
        """In the order of their ends: the cause of a failure, or nothing for a success."""

    def ask(
        self, queries: Sequence[str], *, category: str | None, deadline: float, wait: Wait = Future.result
    ) -> Round:
        """All queries and the catalogue, asked in the loop unless remembered; raises nothing but what `wait` raises."""
        allowed = self._allowed()
        try:
            *answers, catalogue = wait(network.submit(self._round(queries, category, deadline, allowed)))
        finally:
            self._tell()
        return round_of(answers, catalogue)

    def ping(self) -> Ping:
        """Ask the service for its health once, past breaker and memory; never raises."""
        started = time.monotonic()
        deadline = started + min(PING_SECONDS, self._timeout_s)
        cause = ""
        try:
            network.submit(self._door.call("GET", "/health", deadline=deadline)).result()
        except HttpTrouble as trouble:
            cause = trouble.cause
        return Ping(not cause, round((time.monotonic() - started) * 1000), cause)

    def forget(self) -> None:
        """Forget remembered answers."""
        self._hits.clear()
        self._catalogue.clear()
        self._last_catalogue = None

    def close(self) -> None:
        """Close the kept connections."""
        self._door.close()

    def _allowed(self) -> bool:
        """Whether calls may be made; they may where the breaker cannot be asked."""
        try:
            return self._breaker.allow()
        except Error as error:
            log.warning("RAG breaker could not be asked", error=type(error).__name__)
            return True

    def _tell(self) -> None:
        """Tell the breaker what ended. Raises nothing of the database: answers that are there are worth more."""
        try:
            with suppress(IndexError):  # there is no more
                while True:
                    self._tell_of(self._ended.popleft())
        except Error as error:
            log.warning("RAG breaker could not be told", error=type(error).__name__)

    def _tell_of(self, cause: str) -> None:
        if cause:
            self._breaker.record_failure(cause)
        else:
            self._breaker.record_success()

    async def _round(self, queries: Sequence[str], category: str | None, deadline: float, allowed: bool) -> list[Any]:
        """What each query and, last, the catalogue brought or raised."""
        searches = (self._search(query, category, deadline, allowed) for query in queries)
        return await asyncio.gather(*searches, self._documents(deadline, allowed), return_exceptions=True)

    async def _search(self, query: str, category: str | None, deadline: float, allowed: bool) -> Sequence[Hit]:
        """Hits best first, remembered ones when asked before; raises RetrievalError."""
        known = self._hits.get((query, category))
        if known is not None:
            return known
        if not allowed:
            raise RetrievalError("open_circuit")
        body: dict[str, Any] = {"query": query}
        if category:
            body["filters"] = {"category": category}
        hits = await self._call("POST", "/search", deadline, hits_in, json=body)
        self._hits.put((query, category), hits)
        return hits

    async def _documents(self, deadline: float, allowed: bool) -> Mapping[str, Document]:
        """The catalogue by id, at most 15 minutes old unless a newer one could not be had; raises RetrievalError."""
        known = self._catalogue.get("")
        if known is not None:
            return known
        try:
            if not allowed:
                raise RetrievalError("open_circuit")
            async with asyncio.timeout_at(deadline):
                return await self._loading.run(lambda: self._load_catalogue(deadline))
        except (RetrievalError, TimeoutError) as error:
            if self._last_catalogue is not None:
                return self._last_catalogue
            raise RetrievalError("timeout", "catalogue") if isinstance(error, TimeoutError) else error from None

    async def _load_catalogue(self, deadline: float) -> Mapping[str, Document]:
        found: dict[str, Document] = {}
        sizes = list(PAGE_SIZES)
        offset = 0
        while offset < MOST_DOCUMENTS:
            try:
                params = {"limit": sizes[0], "offset": offset}
                page = await self._call("GET", "/documents", deadline, documents_in, params=params)
            except RetrievalError as error:
                if error.cause != "too_large" or len(sizes) == 1:
                    raise
                sizes.pop(0)
                continue
            found.update({document.doc_id: document for document in page})
            offset += sizes[0]
            if len(page) < sizes[0]:
                break
        self._catalogue.put("", found)
        self._last_catalogue = found
        return found

    async def _call(self, method: str, path: str, deadline: float, read: Callable[[Any], T], **request: Any) -> T:
        """The JSON answer as `read` reads it. One call for the breaker, however many attempts it takes."""
        try:
            body: bytes = await self._attempts(deadline)(self._attempt, method, path, deadline, request)
            answer = read(_decoded(body))
        except HttpTrouble as trouble:
            if _speaks_against_the_service(trouble):
                self._ended.append(trouble.cause)
            raise RetrievalError(trouble.cause, trouble.detail) from trouble
        self._ended.append("")
        return answer

    async def _attempt(self, method: str, path: str, deadline: float, request: Mapping[str, Any]) -> bytes:
        own_deadline = min(deadline, time.monotonic() + self._timeout_s)
        return await self._door.call(method, path, deadline=own_deadline, **request)

    def _attempts(self, deadline: float) -> AsyncRetrying:
        def out_of_time(state: RetryCallState) -> bool:
            return time.monotonic() + state.upcoming_sleep >= deadline

        return AsyncRetrying(
            sleep=asyncio.sleep,
            stop=lambda state: stop_after_attempt(1 + self._retries)(state) or out_of_time(state),
            wait=wait_random_exponential(multiplier=0.1, max=2.0),
            retry=retry_if_exception(lambda error: isinstance(error, HttpTrouble) and error.may_pass),
            reraise=True,
        )


def _speaks_against_the_service(trouble: HttpTrouble) -> bool:
    """Whether the service is not well; a 4xx is about the request, a body too large about its size."""
    return trouble.may_pass or trouble.cause == "bad_response"


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise HttpTrouble("bad_response", "not JSON") from None
