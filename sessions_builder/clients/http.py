"""The one network door for plain HTTP: only configured servers, real deadlines, no redirects, no huge bodies."""

from __future__ import annotations

import asyncio
import atexit
import time
from collections.abc import Mapping
from concurrent.futures import TimeoutError as WaitTimeout
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from analytics.certificates import trust
from sessions_builder.clients.loop import network

CONNECT_SECONDS = 2.0
KEEP_CONNECTIONS_SECONDS = 60.0
CLOSE_SECONDS = 3.0
BODY_CAP = 2**20


class HttpTrouble(Exception):
    """No usable answer; `cause` is one of timeout, refused, http_error, bad_response, too_large."""

    def __init__(self, cause: str, detail: str = "", *, status: int | None = None) -> None:
        self.cause, self.detail, self.status = cause, detail, status
        super().__init__(f"{cause}: {detail}" if detail else cause)

    @property
    def may_pass(self) -> bool:
        """Whether the same request may well work a moment later."""
        busy = self.status is not None and (self.status == 429 or self.status >= 500)
        return busy or self.cause in ("timeout", "refused")


def checked_base(url: str) -> str:
    """The base URL without a slash at its end. Raises ValueError unless it is plain http or https to a host."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"{url!r} is not an http or https address of a server.")
    return url.rstrip("/")


class HttpDoor:
    """Requests to one server, made in the loop's thread. Connections are kept and reused, each loop has its own."""

    def __init__(self, base_url: str, *, connections: int = 100, body_cap: int = BODY_CAP) -> None:
        self.base_url = checked_base(base_url)
        self._connections = connections
        self._body_cap = body_cap
        # By loop, because a forked process has a new one, and must not touch the connections of its parent.
        self._sessions: dict[asyncio.AbstractEventLoop, aiohttp.ClientSession] = {}

    async def call(
        self,
        method: str,
        path: str,
        *,
        deadline: float,
        json: Any = None,
        params: Mapping[str, str | int] | None = None,
    ) -> bytes:
        """The body of a 2xx answer, complete before `deadline` (time.monotonic()), or HttpTrouble."""
        if time.monotonic() >= deadline:
            raise HttpTrouble("timeout", "deadline")
        try:
            # Around everything: looking up the name, connecting, and whatever drips. The loop's clock is monotonic().
            async with asyncio.timeout_at(deadline):
                return await self._exchange(method, f"{self.base_url}{path}", json, params)
        except TimeoutError as error:
            raise HttpTrouble("timeout", type(error).__name__) from error
        except (aiohttp.ClientError, OSError) as error:
            raise HttpTrouble("refused", type(error).__name__) from error

    def close(self) -> None:
        """Close all kept connections; the next call opens new ones. Not for the loop's own thread."""
        atexit.unregister(self.close)
        loop = network.started
        session = None if loop is None else self._sessions.pop(loop, None)
        if session is not None:
            with suppress(WaitTimeout):
                network.submit(session.close()).result(CLOSE_SECONDS)

    async def _exchange(self, method: str, url: str, json: Any, params: Mapping[str, str | int] | None) -> bytes:
        asked = self._current().request(method, url, json=json, params=params, allow_redirects=False)
        async with asked as response:
            if not 200 <= response.status < 300:
                raise HttpTrouble("http_error", f"status {response.status}", status=response.status)
            return await self._body(response)

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > self._body_cap:
                raise HttpTrouble("too_large", f"more than {self._body_cap} bytes")
        return bytes(body)

    def _current(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        if loop not in self._sessions:
            self._sessions[loop] = self._new_session()
            atexit.register(self.close)
        return self._sessions[loop]

    def _new_session(self) -> aiohttp.ClientSession:
        secure = self.base_url.startswith("https:")
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._connections,
                keepalive_timeout=KEEP_CONNECTIONS_SECONDS,
                ssl=trust() if secure else True,
            ),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
            # No proxy, netrc or cookie from the surroundings: what is called is what is configured.
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )
