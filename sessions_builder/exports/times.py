"""When a session takes place, and how its times are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

WORKING_DAYS = range(5)
NINE = time(9)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A start (UTC; None where none is set), the zone its times are shown in, and the planned minutes."""

    starts_at: datetime | None
    zone: ZoneInfo
    minutes: int

    def at(self, minutes: int) -> datetime | None:
        """The local time so many minutes after the start. Real minutes: an hour the clocks skip is not counted."""
        if self.starts_at is None:
            return None
        return (self.starts_at.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(self.zone)

    def clock(self, minutes: int) -> str:
        """`09:35`, with the day when it is another one and the zone when clocks change during the session.

        Without a start, the time since the beginning: `0:35`.
        """
        start, moment = self.at(0), self.at(minutes)
        if start is None or moment is None:
            return f"{minutes // 60}:{minutes % 60:02d}"
        zone = f" {moment.tzname()}" if self.clocks_change else ""
        return f"{moment:%H:%M}{zone}{_later((moment.date() - start.date()).days)}"

    @property
    def clocks_change(self) -> bool:
        """Whether the offset from UTC is another one at the end than at the beginning."""
        start, end = self.at(0), self.at(self.minutes)
        return start is not None and end is not None and start.utcoffset() != end.utcoffset()

    @property
    def when(self) -> str:
        """`Thursday 5 March 2026, 09:00–10:30, Europe/Berlin (UTC+1)`, or that no date is set."""
        start = self.at(0)
        if start is None:
            return "No date set; times count from the beginning"
        return (
            f"{start:%A} {start.day} {start:%B %Y}, {self.clock(0)}–{self.clock(self.minutes)}, {self._zone_in_words()}"
        )

    def _zone_in_words(self) -> str:
        offsets = dict.fromkeys(_offset(moment) for moment in (self.at(0), self.at(self.minutes)) if moment)
        zone = str(self.zone)
        return zone if zone == "UTC" else f"{zone} ({', then '.join(offsets)})"


def next_working_day(now: datetime, zone: ZoneInfo) -> datetime:
    """09:00 local time on the first Monday to Friday after the day it is in that zone, in UTC."""
    day = now.astimezone(zone).date() + timedelta(days=1)
    while day.weekday() not in WORKING_DAYS:
        day += timedelta(days=1)
    return datetime.combine(day, NINE, zone).astimezone(UTC)


def length(minutes: int) -> str:
    """`45 min`, `2 h`, `1 h 30`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"


def _later(days: int) -> str:
    return "" if not days else f" (+{days} day)" if days == 1 else f" (+{days} days)"


def _offset(moment: datetime) -> str:
    """`UTC+1`, `UTC−3:30`."""
    offset = moment.utcoffset() or timedelta()
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    sign = "−" if offset < timedelta() else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02d}" if minutes else "")
