"""Retry-After in all its forms, and kinds of trouble by status and code, through the SDK but without a network."""

from __future__ import annotations

import asyncio
import email.utils
import gzip
import os
import time
from collections.abc import AsyncIterator

import httpx2
import pytest

from sessions_builder.clients.chat import ChatClient
from sessions_builder.clients.model_errors import CallTrouble, Kind, seconds_to_wait
from sessions_builder.errors import FailureCode
from tests.sessions_builder.clients.asking import options


def trouble(response: httpx2.Response) -> CallTrouble:
    async def call() -> bytes:
        client = ChatClient(options("http://model.test/v1"), httpx2.MockTransport(lambda _: response))
        try:
            return await client.complete({"model": "m", "messages": []}, 1)
        finally:
            await client.close()

    with pytest.raises(CallTrouble) as raised:
        asyncio.run(call())
    return raised.value


def test_it_works() -> None:
    body = {"error": {"message": "Slow down.", "code": "rate_limit_exceeded"}}

    found = trouble(httpx2.Response(429, json=body, headers={"Retry-After": "7"}))

    assert (found.kind, found.code, found.retry_after) == (Kind.RATE_LIMIT, FailureCode.PROVIDER_RATE_LIMITED, 7)


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (429, {"error": {"code": "insufficient_quota"}}, Kind.CONFIG, FailureCode.PROVIDER_CONFIG),
        (429, {"error": {"type": "insufficient_quota"}}, Kind.CONFIG, FailureCode.PROVIDER_CONFIG),
        (429, {}, Kind.RATE_LIMIT, FailureCode.PROVIDER_RATE_LIMITED),
        (400, {"error": {"code": "content_filter"}}, Kind.FINAL, FailureCode.FILTERED),
        (400, {"error": "a text"}, Kind.CAPABILITY, FailureCode.PROVIDER_CONFIG),
        (400, [], Kind.CAPABILITY, FailureCode.PROVIDER_CONFIG),
        (402, {}, Kind.CONFIG, FailureCode.PROVIDER_CONFIG),
        (418, {}, Kind.CONFIG, FailureCode.PROVIDER_CONFIG),
        (529, {}, Kind.TRANSIENT, FailureCode.PROVIDER_UNAVAILABLE),
    ],
)
def test_status_and_code_decide(status: int, body: object, kind: Kind, code: FailureCode) -> None:
    found = trouble(httpx2.Response(status, json=body))

    assert (found.kind, found.code) == (kind, code)


def test_an_error_page_is_no_json() -> None:
    assert trouble(httpx2.Response(502, html="<h1>Bad gateway</h1>")).kind is Kind.TRANSIENT


async def in_pieces(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 4096):
        yield data[start : start + 4096]


def test_a_compressed_answer_may_be_smaller_only() -> None:
    packed = gzip.compress(os.urandom(80_000))
    answer = httpx2.Response(200, content=in_pieces(packed), headers={"Content-Encoding": "gzip"})

    assert trouble(answer).code is FailureCode.MALFORMED_OUTPUT


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "1"}, 1.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "300"}, 300.0),
        ({"retry-after": "99999999"}, 3600.0),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after": "-4"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Wed, 01 Jan 2020 00:00:00 GMT"}, 0.0),
        ({}, None),
    ],
)
def test_retry_after_is_read(headers: dict[str, str], seconds: float | None) -> None:
    assert seconds_to_wait(headers) == seconds


def test_retry_after_may_be_a_date() -> None:
    date = email.utils.formatdate(time.time() + 60, usegmt=True)

    assert seconds_to_wait({"retry-after": date}) == pytest.approx(60, abs=2)
