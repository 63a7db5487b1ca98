"""Memory that expires, and loads that are shared."""

from __future__ import annotations

import asyncio
import gc

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


async def until(go: asyncio.Event) -> int:
    await go.wait()
    return 7


async def fail() -> int:
    await asyncio.sleep(0)
    raise LookupError("gone")


def test_an_error_reaches_all_who_waited_and_is_not_kept() -> None:
    async def scene() -> None:
        flight: SingleFlight[int] = SingleFlight()
        go = asyncio.Event()
        go.set()
        errors = await asyncio.gather(flight.run(fail), flight.run(lambda: until(go)), return_exceptions=True)

        assert [str(error) for error in errors] == ["gone", "gone"]
        assert await flight.run(lambda: until(go)) == 7

    asyncio.run(scene())


def test_who_does_not_wait_any_longer_leaves_the_load_to_the_others() -> None:
    async def scene() -> None:
        flight: SingleFlight[int] = SingleFlight()
        go = asyncio.Event()
        first = asyncio.create_task(flight.run(lambda: until(go)))
        await asyncio.sleep(0)
        second = asyncio.create_task(flight.run(fail))
        await asyncio.sleep(0)
        first.cancel()
        go.set()

        assert await second == 7
        assert first.cancelled()

    asyncio.run(scene())


def test_an_error_nobody_waits_for_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        flight: SingleFlight[int] = SingleFlight()
        waiting = asyncio.create_task(flight.run(fail))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        await asyncio.sleep(0)

    asyncio.run(scene())
    gc.collect()

    assert caplog.text == ""
