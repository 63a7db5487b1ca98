"""When calls are stopped, and when they are tried again."""

from __future__ import annotations

from sessions_builder.clients.breaker import InMemoryBreaker, InMemoryCooldown


class Clock:
    """A clock the test turns."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock) -> InMemoryBreaker:
    breaker = InMemoryBreaker(clock)
    for _ in range(3):
        breaker.record_failure("timeout")
    return breaker


def test_it_works() -> None:
    clock = Clock()
    breaker = opened(clock)
    assert not breaker.allow()

    clock.now = 59.9
    assert not breaker.allow()

    clock.now = 60
    assert breaker.allow()


def test_two_failures_do_not_open_it_and_success_starts_the_count_anew() -> None:
    breaker = InMemoryBreaker(Clock())
    for _ in range(3):
        breaker.record_failure("timeout")
        breaker.record_failure("timeout")
        assert breaker.allow()
        breaker.record_success()


def test_half_open_lets_one_through() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now = 60

    assert [breaker.allow(), breaker.allow()] == [True, False]


def test_a_failed_trial_opens_it_again() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now = 60
    breaker.allow()
    clock.now = 65
    breaker.record_failure("timeout")

    clock.now = 124
    assert not breaker.allow()
    clock.now = 125
    assert breaker.allow()


def test_a_trial_that_works_closes_it() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now = 60
    breaker.allow()
    breaker.record_success()

    assert [breaker.allow(), breaker.allow()] == [True, True]


def test_the_longer_pause_wins() -> None:
    clock = Clock()
    cooldown = InMemoryCooldown(clock)
    assert cooldown.remaining() == 0

    cooldown.start(30)
    cooldown.start(5)
    clock.now = 10
    assert cooldown.remaining() == 20

    clock.now = 31
    assert cooldown.remaining() == 0
