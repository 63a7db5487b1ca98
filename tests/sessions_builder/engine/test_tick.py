"""The rota of recurring duties."""

import math
import threading
from collections.abc import Callable

import pytest

from sessions_builder.jobs.tick import Duty, Rota, hold_lock
from sessions_builder.management.commands import tick


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def fail() -> None:
    raise ValueError("broken")


def counter(calls: list[str], name: str) -> Callable[[], None]:
    return lambda: calls.append(name)


def test_it_works(clock: Clock) -> None:
    calls: list[str] = []
    rota = Rota([Duty("often", 10, counter(calls, "often")), Duty("rarely", 60, counter(calls, "rarely"))], clock)
    for clock.now in (0, 5, 10, 20, 60):
        rota.run_due()
    assert calls == ["often", "rarely", "often", "often", "often", "rarely"]
    assert rota.seconds_to_next() == 10


def test_what_may_not_go_on_begins_nothing_more(clock: Clock) -> None:
    calls: list[str] = []
    rota = Rota([Duty("first", 10, counter(calls, "first")), Duty("second", 10, counter(calls, "second"))], clock)
    rota.run_due(go_on=lambda: not calls)
    assert calls == ["first"]
    rota.run_due()
    assert calls == ["first", "second"]


def test_nothing_is_ever_due_without_duties() -> None:
    assert Rota([]).seconds_to_next() == math.inf


def test_a_broken_duty_does_not_hold_up_the_others(clock: Clock) -> None:
    calls: list[str] = []
    rota = Rota([Duty("broken", 10, fail), Duty("fine", 10, counter(calls, "fine"))], clock)
    assert rota.run_due() == ["broken"]
    assert calls == ["fine"]


def test_the_lock_is_taken_once_and_kept(db: None) -> None:
    assert hold_lock()
    assert hold_lock()


@pytest.mark.usefixtures("db")
def test_a_long_duty_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, begun, released, ended = (threading.Event() for _ in range(4))

    def take_long() -> None:
        begun.set()
        try:
            released.wait(60)
        finally:
            ended.set()

    def be_quick() -> None:
        if begun.is_set():
            stop.set()

    monkeypatch.setattr(tick, "duties", lambda: [Duty("long", 60, take_long, long=True), Duty("quick", 0.01, be_quick)])
    try:
        tick.go_on(stop)
        assert not ended.is_set()
    finally:
        released.set()
