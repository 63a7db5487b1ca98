from datetime import UTC, date, datetime

import pytest

from analytics.periods import Period, midnight

MARCH = [date(2026, 3, day) for day in range(1, 6)]


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def test_it_works() -> None:
    period = Period.of_days(MARCH[0], MARCH[1])

    assert (period.start, period.end) == (at(1), at(3))
    assert list(period.days()) == MARCH[:2]
    assert period.edges() == []


@pytest.mark.parametrize(
    ("period", "whole", "edges"),
    [
        (Period(), (None, None), []),
        (Period(at(1, 6), at(4, 6)), (MARCH[1], MARCH[3]), [Period(at(1, 6), at(2)), Period(at(4), at(4, 6))]),
        (Period(at(1, 6), at(1, 9)), (MARCH[1], MARCH[0]), [Period(at(1, 6), at(1, 9))]),
        (Period(at(1, 6), at(2, 6)), (MARCH[1], MARCH[1]), [Period(at(1, 6), at(2)), Period(at(2), at(2, 6))]),
        (Period(at(1), at(1, 9)), (MARCH[0], MARCH[0]), [Period(at(1), at(1, 9))]),
        (Period(at(1, 9), at(2)), (MARCH[1], MARCH[1]), [Period(at(1, 9), at(2))]),
        (Period(at(1), at(1)), (MARCH[0], MARCH[0]), []),
        (Period(at(1, 6), None), (MARCH[1], None), [Period(at(1, 6), at(2))]),
        (Period(None, at(2, 6)), (None, MARCH[1]), [Period(at(2), at(2, 6))]),
    ],
)
def test_whole_days_and_edges(period: Period, whole: tuple[date | None, date | None], edges: list[Period]) -> None:
    assert period.whole_days() == whole
    assert period.edges() == edges


def test_the_end_is_left_out() -> None:
    period = Period(at(1), at(2))

    assert period.contains(at(1))
    assert not period.contains(at(2))
    assert Period().contains(at(1))


def test_an_unbounded_period_has_no_days() -> None:
    with pytest.raises(ValueError, match="unbounded"):
        list(Period(at(1), None).days())


def test_days_begin_at_midnight_utc() -> None:
    assert midnight(MARCH[0]) == at(1)
