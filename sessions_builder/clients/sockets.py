"""Connections for `requests` that can be shut down from another thread, whatever they are waiting for."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from sessions_builder.clients.names import NameLookupFailed, addresses_of


class Attempt:
    """One request under way: its deadline (time.monotonic()), and the sockets to shut down when that has passed."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.was_cut = False
        self._latches: list[socket.socket] = []
        self._lock = threading.Lock()

    def cut(self) -> None:
        """End the request now; the thread that waits for it gets a connection error."""
        with self._lock:
            self.was_cut = True
            for latch in self._latches:
                _shut_down(latch)

    def adopt(self, latch: socket.socket) -> None:
        with self._lock:
            self._latches.append(latch)
            if self.was_cut:
                _shut_down(latch)

    def release(self) -> None:
        """Forget the sockets: they go back to the pool and may serve another request."""
        with self._lock:
            self._latches.clear()


_of_thread = threading.local()


@contextmanager
def attempt_until(deadline: float) -> Iterator[Attempt]:
    """The attempt every connection used in this thread belongs to, until the block ends."""
    attempt = Attempt(deadline)
    _of_thread.attempt = attempt
    try:
        yield attempt
    finally:
        _of_thread.attempt = None
        attempt.release()


def _shut_down(latch: socket.socket) -> None:
    with suppress(OSError):
        latch.shutdown(socket.SHUT_RDWR)


class _Latched:
    """Keeps a second descriptor of the connection's socket; shutting that down works through TLS and any buffering."""

    _latch: socket.socket | None = None

    def _new_conn(self: Any) -> socket.socket:
        attempt: Attempt = _of_thread.attempt
        named = self._dns_host
        error: Exception | None = None
        for address in _addresses(self, named, attempt.deadline):
            try:
                self._dns_host = address
                connected: socket.socket = super()._new_conn()  # type: ignore[misc]
            except NewConnectionError as refused:
                error = refused
                continue
            finally:
                self._dns_host = named
            self._latch = connected.dup()
            attempt.adopt(self._latch)
            return connected
        raise error or NewConnectionError(self, f"No address for {named}")

    def request(self: Any, *args: Any, **kwargs: Any) -> None:
        if self._latch is not None:
            _of_thread.attempt.adopt(self._latch)
        super().request(*args, **kwargs)  # type: ignore[misc]

    def close(self: Any) -> None:
        latch, self._latch = self._latch, None
        if latch is not None:
            latch.close()
        super().close()  # type: ignore[misc]


def _addresses(connection: Any, name: str, deadline: float) -> tuple[str, ...]:
    try:
        return addresses_of(name, connection.port, deadline)
    except NameLookupFailed as error:
        raise NewConnectionError(connection, str(error)) from error


class _LatchedHTTPConnection(_Latched, HTTPConnection):
    pass


class _LatchedHTTPSConnection(_Latched, HTTPSConnection):
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _LatchedHTTPConnection


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _LatchedHTTPSConnection


class LatchedAdapter(HTTPAdapter):
    """A requests adapter whose connections belong to the Attempt of the thread that uses them."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
