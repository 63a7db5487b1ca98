"""The one network door for plain HTTP: only configured servers, real deadlines, no redirects, no huge bodies."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests

from sessions_builder.clients.sockets import Attempt, LatchedAdapter, attempt_until
from sessions_builder.clients.watchdog import watchdog

CONNECT_SECONDS = 2.0
BODY_CAP = 2**20
_CHUNK = 2**14


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
    """Requests to one server. Safe for threads and after a fork; connections are kept and reused."""

    def __init__(self, base_url: str, *, connections: int = 100, body_cap: int = BODY_CAP) -> None:
        self.base_url = checked_base(base_url)
        self._connections = connections
        self._body_cap = body_cap
        self._lock = threading.Lock()
        self._pid: int | None = None
        self._session: requests.Session | None = None

    def call(
        self,
        method: str,
        path: str,
        *,
        deadline: float,
        json: Any = None,
        params: Mapping[str, str | int] | None = None,
    ) -> bytes:
        """The body of a 2xx answer, complete before `deadline` (time.monotonic()), or HttpTrouble."""
        asked = requests.Request(method, f"{self.base_url}{path}", json=json, params=params)
        with attempt_until(deadline) as attempt:
            try:
                with watchdog.watching(deadline, attempt.cut):
                    body = self._exchange(asked, deadline)
            except requests.RequestException as error:
                raise _trouble(error, attempt) from error
            if attempt.was_cut:
                raise HttpTrouble("timeout", "deadline")
            return body

    def close(self) -> None:
        """Close all kept connections; the next call opens new ones."""
        with self._lock:
            session, self._session, self._pid = self._session, None, None
        if session is not None:
            session.close()

    def _exchange(self, asked: requests.Request, deadline: float) -> bytes:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise HttpTrouble("timeout", "deadline")
        timeout = (min(CONNECT_SECONDS, remaining), remaining)
        session = self._current()
        prepared = session.prepare_request(asked)
        with session.send(prepared, stream=True, timeout=timeout, allow_redirects=False) as response:
            if not 200 <= response.status_code < 300:
                raise HttpTrouble("http_error", f"status {response.status_code}", status=response.status_code)
            return self._body(response)

    def _body(self, response: requests.Response) -> bytes:
        chunks, size = [], 0
        for chunk in response.iter_content(_CHUNK):
            size += len(chunk)
            if size > self._body_cap:
                raise HttpTrouble("too_large", f"more than {self._body_cap} bytes")
            chunks.append(chunk)
        return b"".join(chunks)

    def _current(self) -> requests.Session:
        with self._lock:
            if self._session is None or self._pid != os.getpid():
                self._session, self._pid = self._new_session(), os.getpid()
            return self._session

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        # No proxy, netrc or cookie from the surroundings: what is called is what is configured. A private authority's
        # certificates are the exception, because without them such a server cannot be called at all.
        session.trust_env = False
        session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE") or True
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        session.headers.update({"Accept": "application/json", "Accept-Encoding": "identity"})
        adapter = LatchedAdapter(pool_maxsize=self._connections, max_retries=0)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        return session


def _trouble(error: requests.RequestException, attempt: Attempt) -> HttpTrouble:
    name = type(error).__name__
    if attempt.was_cut or isinstance(error, requests.Timeout):
        return HttpTrouble("timeout", name)
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return HttpTrouble("bad_response", name)
    return HttpTrouble("refused", name)
