"""Clock times of a hand-over: real minutes, shown in the zone of the session."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sessions_builder.exports.times import Schedule, next_working_day
from tests.sessions_builder.exports.examples import BERLIN


def schedule(start: str | None, zone: str = "Europe/Berlin", minutes: int = 90) -> Schedule:
    return Schedule(datetime.fromisoformat(start) if start else None, ZoneInfo(zone), minutes)


def test_it_works() -> None:
    planned = schedule("2026-03-12T08:00Z")
    assert planned.when == "Thursday 12 March 2026, 09:00–10:30, Europe/Berlin (UTC+1)"
    assert planned.clock(35) == "09:35"


@pytest.mark.parametrize(
    ("start", "zone", "minutes", "clock"),
    [
        (None, "Europe/Berlin", 35, "0:35"),
        (None, "UTC", 605, "10:05"),
        ("2026-03-12T08:00Z", "Asia/Kolkata", 30, "14:00"),
        ("2026-03-12T22:45Z", "Europe/Berlin", 15, "00:00 (+1 day)"),
        ("2026-03-29T00:30Z", "Europe/Berlin", 0, "01:30 CET"),
        ("2026-03-29T00:30Z", "Europe/Berlin", 45, "03:15 CEST"),
        ("2026-10-25T00:15Z", "Europe/Berlin", 0, "02:15 CEST"),
        ("2026-10-25T00:15Z", "Europe/Berlin", 60, "02:15 CET"),
        ("2026-11-01T05:30Z", "America/New_York", 40, "01:10 EST"),
    ],
)
def test_clock(start: str | None, zone: str, minutes: int, clock: str) -> None:
    assert schedule(start, zone).clock(minutes) == clock


@pytest.mark.parametrize(
    ("start", "zone", "when"),
    [
        (None, "UTC", "No date set; times count from the beginning"),
        ("2026-03-12T08:00Z", "UTC", "Thursday 12 March 2026, 08:00–09:30, UTC"),
        ("2026-03-12T08:00Z", "Asia/Kolkata", "Thursday 12 March 2026, 13:30–15:00, Asia/Kolkata (UTC+5:30)"),
        ("2026-07-12T08:00Z", "America/St_Johns", "Sunday 12 July 2026, 05:30–07:00, America/St_Johns (UTC−2:30)"),
        (
            "2026-10-25T00:15Z",
            "Europe/Berlin",
            "Sunday 25 October 2026, 02:15 CEST–02:45 CET, Europe/Berlin (UTC+2, then UTC+1)",
        ),
    ],
)
def test_when(start: str | None, zone: str, when: str) -> None:
    assert schedule(start, zone).when == when


@pytest.mark.parametrize(
    ("now", "zone", "start"),
    [
        ("2026-03-05T12:00Z", "Europe/Berlin", "2026-03-06T08:00Z"),
        ("2026-03-06T12:00Z", "Europe/Berlin", "2026-03-09T08:00Z"),
        ("2026-03-28T12:00Z", "Europe/Berlin", "2026-03-30T07:00Z"),
        ("2026-03-05T23:30Z", "Asia/Kolkata", "2026-03-09T03:30Z"),
        ("2026-03-09T02:00Z", "America/New_York", "2026-03-09T13:00Z"),
    ],
)
def test_next_working_day(now: str, zone: str, start: str) -> None:
    found = next_working_day(datetime.fromisoformat(now), ZoneInfo(zone))
    assert found == datetime.fromisoformat(start)
    assert found.tzinfo is UTC


def test_clocks_that_change_before_or_after_are_no_matter() -> None:
    assert not Schedule(datetime(2026, 3, 28, 8, tzinfo=UTC), BERLIN, 480).clocks_change
    assert Schedule(datetime(2026, 3, 29, 0, tzinfo=UTC), BERLIN, 61).clocks_change
