"""A stretch of time as people ask for it: whole UTC days, end included, or exact times, end left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` up to and without `end`, both aware; None is unbounded."""

    start: datetime | None = None
    end: datetime | None = None

    @classmethod
    def of_days(cls, first: date, last: date) -> "Period":
        """Return the period of whole UTC days, `last` included."""
        return cls(midnight(first), midnight(last) + DAY)

    def contains(self, moment: datetime) -> bool:
        """Whether the moment lies in the period."""
        return (self.start is None or moment >= self.start) and (self.end is None or moment < self.end)

    def whole_days(self) -> tuple[date | None, date | None]:
        """Return the first whole day inside and the day after the last one; None is unbounded."""
        first = None if self.start is None else (self.start + DAY - timedelta(microseconds=1)).astimezone(UTC).date()
        after = None if self.end is None else self.end.astimezone(UTC).date()
        return first, after

    def edges(self) -> list["Period"]:
        """Return the parts of days at the ends, which no rollup knows."""
        first, after = self.whole_days()
        if first is not None and after is not None and first > after:
            return [self]
        found = []
        if self.start is not None and first is not None and self.start < midnight(first):
            found.append(Period(self.start, midnight(first)))
        if self.end is not None and after is not None and midnight(after) < self.end:
            found.append(Period(midnight(after), self.end))
        return found

    def days(self) -> Iterator[date]:
        """Yield every UTC day the period touches. Raises ValueError when it is unbounded."""
        if self.start is None or self.end is None:
            raise ValueError("An unbounded period has no list of days.")
        day = self.start.astimezone(UTC).date()
        while midnight(day) < self.end:
            yield day
            day += DAY


def midnight(day: date) -> datetime:
    """Return the moment a UTC day begins."""
    return datetime.combine(day, time.min, UTC)


def last_days(days: int, now: datetime) -> Period:
    """Return the last so many whole UTC days, the day of `now` included."""
    today = now.astimezone(UTC).date()
    return Period.of_days(today - timedelta(days=days - 1), today)
