"""The SDK's client as this product uses it: one attempt per call, raw answers, real timeouts, capped bodies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
import httpx2
from django.conf import settings
from openai import APIConnectionError, APIStatusError, AsyncOpenAI, DefaultAioHttpClient, OpenAIError

from sessions_builder.clients.http import checked_base
from sessions_builder.clients.model_errors import CallTrouble, Kind, trouble_of_status
from sessions_builder.errors import FailureCode

OPENAI_BASE_URL = "https://api.openai.com/v1"
VARIANT_HEADER = "X-Session-Builder-Variant"
ANSWER_CAP = 4 * 2**20
CONNECT_SECONDS = 5.0
KEEP_CONNECTIONS_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """The OPENAI_* settings; `timeout_s` is one attempt's, in seconds."""

    api_key: str
    base_url: str
    model: str
    timeout_s: float
    max_output_tokens: int
    temperature: float
    connections: int = 1000

    @classmethod
    def from_settings(cls) -> ModelOptions:
        return cls(
            api_key=settings.OPENAI_API_KEY,
            base_url=settings.OPENAI_BASE_URL or OPENAI_BASE_URL,
            model=settings.OPENAI_MODEL,
            timeout_s=settings.OPENAI_TIMEOUT_MS / 1000,
            max_output_tokens=settings.OPENAI_MAX_OUTPUT_TOKENS,
            temperature=settings.OPENAI_TEMPERATURE,
            connections=max(1000, settings.WORKER_CONCURRENCY * 8),
        )


class ChatClient:
    """Chat completions of one server. Made and used on one event loop."""

    def __init__(self, options: ModelOptions, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._timeout_s = options.timeout_s
        self._sdk = AsyncOpenAI(
            # Servers of one's own often want no key; the SDK wants one in any case.
            api_key=options.api_key or "none",
            base_url=checked_base(options.base_url),
            max_retries=0,
            timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS),
            default_headers={"Accept-Encoding": "identity"},
            http_client=DefaultAioHttpClient(
                follow_redirects=False,
                limits=httpx2.Limits(max_connections=options.connections, keepalive_expiry=KEEP_CONNECTIONS_SECONDS),
                event_hooks={"response": [_cap_body]},
                transport=transport,
            ),
        )

    async def complete(self, body: Mapping[str, Any], variant: int) -> bytes:
        """The answer's body, complete within the timeout. Raises CallTrouble for everything else."""
        try:
            async with asyncio.timeout(self._timeout_s):
                response = await self._sdk.post(
                    "/chat/completions",
                    body=body,
                    cast_to=httpx2.Response,
                    options={"headers": {VARIANT_HEADER: str(variant)}},
                )
        except TimeoutError:
            raise CallTrouble(Kind.TRANSIENT, FailureCode.PROVIDER_TIMEOUT) from None
        except APIStatusError as error:
            raise trouble_of_status(error) from None
        except AnswerTooLarge:
            raise CallTrouble(Kind.MALFORMED, FailureCode.MALFORMED_OUTPUT) from None
        except (APIConnectionError, aiohttp.ClientError, OSError) as error:
            # The aiohttp transport reports a lost connection as a timeout; real timeouts are the ones above.
            text = f"{type(error).__name__}: {type(error.__cause__).__name__}"
            raise CallTrouble(Kind.TRANSIENT, FailureCode.PROVIDER_UNAVAILABLE, text=text) from None
        return response.content

    async def warm(self, connections: int, seconds: float) -> None:
        """Open some connections and pay for what the first call would; whether anybody answers does not matter."""
        with suppress(TimeoutError, OpenAIError, AnswerTooLarge, aiohttp.ClientError, OSError):
            async with asyncio.timeout(seconds):
                calls = (self._sdk.get("/models", cast_to=httpx2.Response) for _ in range(connections))
                await asyncio.gather(*calls)

    async def close(self) -> None:
        await self._sdk.close()


class AnswerTooLarge(Exception):
    """The body exceeds 4 MB."""


async def _cap_body(response: httpx2.Response) -> None:
    # Nothing compressed is asked for; who sends it anyway may send less, because it can grow a thousandfold.
    plain = response.headers.get("content-encoding", "identity") == "identity"
    response.stream = _Capped(response.stream, ANSWER_CAP if plain else ANSWER_CAP // 64)


class _Capped(httpx2.AsyncByteStream):
    """A body that ends with AnswerTooLarge instead of filling the memory."""

    def __init__(self, stream: Any, most: int) -> None:
        self._stream, self._most = stream, most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._stream:
            size += len(chunk)
            if size > self._most:
                raise AnswerTooLarge
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
