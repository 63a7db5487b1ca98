"""The threads in which the queries of a retrieval round wait for their answers at the same time."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.conf import settings
from django.db import connections

T = TypeVar("T")

QUERIES_AT_ONCE = 3

_lock = threading.Lock()
_pools: dict[int, ThreadPoolExecutor] = {}


def run_all(thunks: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """What each thunk returned or raised, in their order; all run at once, the last one in the calling thread.

    Thunks have to end by themselves, as those of a Retriever do at their deadline.
    """
    if not thunks:
        return []
    *others, last = thunks
    futures = [_pool().submit(_outcome_in_pool, thunk) for thunk in others]
    outcome = _outcome(last)
    return [*(future.result() for future in futures), outcome]


def _pool() -> ThreadPoolExecutor:
    pid = os.getpid()
    with _lock:
        if pid not in _pools:
            _pools[pid] = ThreadPoolExecutor(settings.WORKER_CONCURRENCY * QUERIES_AT_ONCE, thread_name_prefix="query")
        return _pools[pid]


def _outcome(thunk: Callable[[], T]) -> T | Exception:
    try:
        return thunk()
    except Exception as error:
        return error


def _outcome_in_pool(thunk: Callable[[], T]) -> T | Exception:
    try:
        return _outcome(thunk)
    finally:
        # The built-in knowledge base queries the database; a waiting thread must not keep its connection.
        connections.close_all()
