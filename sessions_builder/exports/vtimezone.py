"""A time zone as iCalendar describes it (RFC 5545, 3.6.5), exact for the years around a session.

icalendar can derive one too, but writes the beginning of summer time in the new offset instead of the old one, an hour
late, and steps over a pair of changes a month apart, as Morocco has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

AROUND = timedelta(days=400)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def vtimezone(zone: ZoneInfo, around: datetime) -> Timezone:
    """The observances of the zone from a year before `around` (UTC) to a year after, each beginning once."""
    first = around - AROUND
    described = Timezone()
    described.add("TZID", str(zone))
    described.add_component(_observance(first, first.astimezone(zone)))
    for change in _changes(zone, first, around + AROUND):
        described.add_component(_observance(change - SECOND, change.astimezone(zone)))
    return described


def _observance(before: datetime, begins: datetime) -> TimezoneStandard | TimezoneDaylight:
    """What is observed from `begins` on; its beginning is written in the offset that held just `before`."""
    zone = begins.tzinfo
    offset_before = before.astimezone(zone).utcoffset() or timedelta()
    observance = TimezoneDaylight() if (begins.dst() or timedelta()) > timedelta() else TimezoneStandard()
    observance.add("DTSTART", begins.astimezone(UTC).replace(tzinfo=None) + offset_before)
    observance.add("TZOFFSETFROM", offset_before)
    observance.add("TZOFFSETTO", begins.utcoffset() or timedelta())
    observance.add("TZNAME", begins.tzname() or "")
    return observance


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """The moments (UTC) from which another offset holds; two on the same day do not happen."""
    day = first
    while day < last:
        if _offset(zone, day) != _offset(zone, day + DAY):
            yield _moment_of_change(zone, day, day + DAY)
        day += DAY


def _moment_of_change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second with the offset of `after`."""
    while after - before > SECOND:
        middle = before + ((after - before) // 2 // SECOND or 1) * SECOND
        if _offset(zone, middle) == _offset(zone, before):
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, at: datetime) -> timedelta | None:
    return at.astimezone(zone).utcoffset()
