"""The polite limit."""

from featureflags.ofrep.throttle import RequestCounter


def test_it_works() -> None:
    now = 105.0
    counter = RequestCounter(clock=lambda: now)
    assert [counter.add(1), counter.add(1), counter.add(2)] == [1, 2, 1]
    assert counter.seconds_left() == 5


def test_a_new_window_starts_from_nothing() -> None:
    now = [100.0]
    counter = RequestCounter(clock=lambda: now[0])
    counter.add(1)
    now[0] = 109.99
    assert counter.add(1) == 2
    assert counter.seconds_left() == 1
    now[0] = 110.0
    assert counter.add(1) == 1
    assert counter.seconds_left() == 10
