"""A client that costs next to nothing, so that the product is measured and not its client."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from queue import SimpleQueue
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Clients:
    """Context manager: so many connections to one server, open before anything is measured, all used at once."""

    def __init__(self, port: int, authorization: str, *, count: int) -> None:
        self._headers = {"Authorization": authorization, "Accept-Encoding": "identity"}
        self._free: SimpleQueue[HTTPConnection] = SimpleQueue()
        self._all = [HTTPConnection("127.0.0.1", port, timeout=60) for _ in range(count)]
        self._pool = ThreadPoolExecutor(count)

    def __enter__(self) -> Clients:
        for connection in self._all:
            connection.connect()
            self._free.put(connection)
        list(self._pool.map(lambda _: None, self._all))
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()
        for connection in self._all:
            connection.close()

    def each(self, act: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """What `act` returns for each, as many at once as there are connections."""
        return list(self._pool.map(act, items))

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> HTTPResponse:
        """The answer of a GET, its body read and left behind."""
        return self._ask("GET", path, None, headers or {})[0]

    def post(self, path: str, body: Any) -> Any:
        """The answered JSON of a POST. Raises AssertionError unless it was accepted."""
        answer, content = self._ask("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        assert answer.status == 202, content
        return json.loads(content)

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[HTTPResponse, bytes]:
        connection = self._free.get()
        try:
            connection.request(method, path, body, {**self._headers, **headers})
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            self._free.put(connection)
