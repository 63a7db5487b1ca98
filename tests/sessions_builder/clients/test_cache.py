"""Memory that expires, and loads that are shared."""

from __future__ import annotations

import threading
from concurrent.futures import TimeoutError as FlightTimeout

import pytest

from sessions_builder.clients.cache import ExpiringCache, SingleFlight


def test_it_works() -> None:
    now = [0.0]
    cache: ExpiringCache[str, int] = ExpiringCache(2, 10, lambda: now[0])
    cache.put("one", 1)
    assert cache.get("one") == 1

    now[0] = 9.9
    assert cache.get("one") == 1
    now[0] = 10
    assert cache.get("one") is None


def test_what_was_unused_for_longest_goes_first() -> None:
    cache: ExpiringCache[str, int] = ExpiringCache(2, 10, lambda: 0.0)
    cache.put("one", 1)
    cache.put("two", 2)
    cache.get("one")
    cache.put("three", 3)

    assert [cache.get(key) for key in ("one", "two", "three")] == [1, None, 3]


def test_an_error_reaches_all_who_waited_and_is_not_kept() -> None:
    flight: SingleFlight[int] = SingleFlight()
    loading, go = threading.Event(), threading.Event()
    errors: list[str] = []

    def fail() -> int:
        loading.set()
        go.wait(5)
        raise LookupError("gone")

    def run() -> None:
        try:
            flight.run(fail, 5)
        except LookupError as error:
            errors.append(str(error))

    threads = [threading.Thread(target=run) for _ in range(2)]
    threads[0].start()
    loading.wait(5)
    threads[1].start()
    while flight.waiting < 1:
        threads[1].join(0.01)
    go.set()
    for thread in threads:
        thread.join(5)

    assert errors == ["gone", "gone"]
    assert flight.run(lambda: 7, 1) == 7


def test_who_waits_too_long_gives_up() -> None:
    flight: SingleFlight[int] = SingleFlight()
    loading, go = threading.Event(), threading.Event()

    def load() -> int:
        loading.set()
        go.wait(5)
        return 1

    leader = threading.Thread(target=lambda: flight.run(load, 5))
    leader.start()
    loading.wait(5)

    with pytest.raises(FlightTimeout):
        flight.run(load, 0.05)
    go.set()
    leader.join(5)
