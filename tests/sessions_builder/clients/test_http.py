"""The network door: names, certificates and reuse."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from sessions_builder.clients.concurrency import run_all
from sessions_builder.clients.http import HttpDoor, HttpTrouble
from sessions_builder.clients.names import NameLookupFailed, addresses_of
from sessions_builder.clients.watchdog import Watchdog
from tests.fakes.process import ProviderProcess

PATIENCE_S = 20.0


def soon(seconds: float = PATIENCE_S) -> float:
    return time.monotonic() + seconds


def test_it_works(provider: ProviderProcess) -> None:
    door = HttpDoor(provider.url.replace("127.0.0.1", "localhost"))

    assert door.call("GET", "/health", deadline=soon()) == b'{"status": "ok"}'
    door.close()


def test_a_host_that_does_not_exist_is_refused() -> None:
    with pytest.raises(HttpTrouble) as raised:
        HttpDoor("http://no-such-host.invalid").call("GET", "/", deadline=soon())

    assert raised.value.cause in ("refused", "timeout")


def test_plain_http_behind_https_is_refused(provider: ProviderProcess) -> None:
    with pytest.raises(HttpTrouble, match="refused"):
        HttpDoor(provider.url.replace("http:", "https:")).call("GET", "/health", deadline=soon())


def test_a_name_lookup_ends_at_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()

    def look_up(*_: object, flags: int, **__: object) -> list[object]:
        if flags:
            raise socket.gaierror
        answered.wait(2 * PATIENCE_S)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    started = time.monotonic()

    with pytest.raises(NameLookupFailed, match="took too long"):
        addresses_of("slow.example", 80, started + 0.2)

    assert time.monotonic() - started < PATIENCE_S
    answered.set()


def test_numbers_need_no_lookup() -> None:
    assert addresses_of("127.0.0.1", 80, time.monotonic()) == ("127.0.0.1",)
    assert addresses_of("::1", 80, time.monotonic()) == ("::1",)


def test_the_surroundings_do_not_redirect_calls(provider: ProviderProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    assert HttpDoor(provider.url).call("GET", "/health", deadline=soon())


def test_the_watchdog_cuts_at_the_deadline_and_not_after_the_end() -> None:
    dog = Watchdog()
    cut, spared = threading.Event(), threading.Event()
    started = time.monotonic()

    with dog.watching(started + 1.2, spared.set), dog.watching(started + 1, spared.set):
        pass
    with dog.watching(started + 1.4, cut.set):
        assert cut.wait(PATIENCE_S)

    assert time.monotonic() >= started + 1.4
    assert not spared.is_set()


def test_an_earlier_deadline_is_not_kept_waiting_by_a_later_one() -> None:
    dog = Watchdog()
    cut = threading.Event()
    started = time.monotonic()

    with dog.watching(started + 60, lambda: None), dog.watching(started + 0.1, cut.set):
        assert cut.wait(PATIENCE_S)


def test_thunks_run_at_once_and_errors_come_back_in_place() -> None:
    together = threading.Barrier(3)

    def meet() -> str:
        together.wait(PATIENCE_S)
        return "met"

    def fail() -> str:
        together.wait(PATIENCE_S)
        raise LookupError("gone")

    outcomes = run_all([meet, fail, meet])

    assert [str(outcome) for outcome in outcomes] == ["met", "gone", "met"]
    assert isinstance(outcomes[1], LookupError)
    assert run_all([]) == []
