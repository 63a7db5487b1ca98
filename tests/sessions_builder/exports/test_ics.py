"""The calendar file: right times whatever the clocks do, read back by two other readers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from icalendar import Calendar, Event

from sessions_builder.exports.document import Audience
from sessions_builder.exports.ics import NO_DATE, write
from sessions_builder.exports.times import Schedule
from sessions_builder.exports.vtimezone import vtimezone
from tests.sessions_builder.exports.examples import NOW, SOURCE, handover

ONSET = ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO")
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "Europe/Dublin",
    "Australia/Lord_Howe",
    "Pacific/Apia",
)


def schedule(start: str | None, zone: str, minutes: int = 90) -> Schedule:
    return Schedule(datetime.fromisoformat(start) if start else None, ZoneInfo(zone), minutes)


def event_of(written: bytes) -> Event:
    (event,) = Calendar.from_ical(written).walk("VEVENT")
    return event


def property_of(written: bytes, name: str) -> str:
    """One unfolded line of the event, by the name of its property."""
    lines = written[written.index(b"BEGIN:VEVENT") :].decode().replace("\r\n ", "").split("\r\n")
    (found,) = [line for line in lines if line.split(":")[0].split(";")[0] == name]
    return found


def test_it_works() -> None:
    written = write(handover(state="published"))
    assert property_of(written, "DTEND") == "DTEND;TZID=Europe/Berlin:20260312T103000"
    event = event_of(written)
    assert (event["SUMMARY"], event["STATUS"], event["SEQUENCE"]) == ("Coaching that sticks", "CONFIRMED", 3)
    assert event["UID"] == "0b8f5a0e-8a3c-4a0e-9f5c-2f1d5c0b7a11@session-builder"
    assert event.start == datetime(2026, 3, 12, 8, tzinfo=UTC)
    assert event.end - event.start == timedelta(minutes=90)
    assert "09:10 What a coaching talk is, and is not (20 min, topic)" in event["DESCRIPTION"]
    assert Calendar.from_ical(written).get_missing_tzids() == set()


@pytest.mark.parametrize(
    ("start", "zone", "minutes", "begins", "ends"),
    [
        ("2026-03-29T00:30Z", "Europe/Berlin", 90, "20260329T013000", "20260329T040000"),
        ("2026-10-24T22:30Z", "Europe/Berlin", 90, "20261025T003000", "20261025T020000"),
        ("2026-10-24T22:30Z", "Europe/Berlin", 240, "20261025T003000", "20261025T033000"),
        # 02:00 and 02:45 are shown a second time here, which only UTC can say.
        ("2026-10-24T23:30Z", "Europe/Berlin", 90, "20261024T233000Z", "20261025T010000Z"),
        ("2026-10-25T01:15Z", "Europe/Berlin", 30, "20261025T011500Z", "20261025T014500Z"),
        ("2026-03-08T06:30Z", "America/New_York", 90, "20260308T013000", "20260308T040000"),
        ("2026-11-01T04:30Z", "America/New_York", 240, "20261101T003000", "20261101T033000"),
        ("2026-11-01T05:15Z", "America/New_York", 90, "20261101T051500Z", "20261101T064500Z"),
        ("2026-03-29T00:30Z", "Asia/Kolkata", 90, "20260329T060000", "20260329T073000"),
        ("2026-03-29T00:30Z", "UTC", 90, "20260329T003000Z", "20260329T020000Z"),
    ],
)
def test_across_a_change_of_clocks(start: str, zone: str, minutes: int, begins: str, ends: str) -> None:
    written = write(handover(schedule=schedule(start, zone, minutes)))
    for name, moment in (("DTSTART", begins), ("DTEND", ends)):
        parameter = "" if moment.endswith("Z") else f";TZID={zone}"
        assert property_of(written, name) == f"{name}{parameter}:{moment}"
    event = event_of(written)
    assert event.start.astimezone(UTC) == datetime.fromisoformat(start)
    assert event.end.astimezone(UTC) == datetime.fromisoformat(start) + timedelta(minutes=minutes)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("around", ["2026-03-08T12:00Z", "2026-10-25T12:00Z", "2011-12-30T12:00Z", "2044-07-01T12:00Z"])
def test_the_time_zone_is_read_as_it_is(zone: str, around: str) -> None:
    """dateutil reads our VTIMEZONE; for every five hours of the year around it says what zoneinfo says."""
    start = datetime.fromisoformat(around)
    calendar = Calendar()
    calendar.add_component(vtimezone(ZoneInfo(zone), start))
    read = tzical(StringIO(calendar.to_ical().decode())).get(zone)
    assert read is not None
    for hours in range(-300 * 24, 300 * 24, 5):
        local = (start + timedelta(hours=hours)).astimezone(ZoneInfo(zone))
        if local.fold == 0 and _exists_once(local):
            assert local.replace(tzinfo=read).utcoffset() == local.utcoffset(), local


def _exists_once(local: datetime) -> bool:
    return local.utcoffset() == local.replace(fold=1).utcoffset()


@pytest.mark.parametrize(
    ("start", "state", "status"),
    [
        (None, "draft", "TENTATIVE"),
        (None, "published", "TENTATIVE"),
        ("2026-03-12T08:00Z", "draft", "TENTATIVE"),
        ("2026-03-12T08:00Z", "archived", "TENTATIVE"),
        ("2026-03-12T08:00Z", "published", "CONFIRMED"),
    ],
)
def test_only_a_published_session_with_a_date_is_confirmed(start: str | None, state: str, status: str) -> None:
    assert event_of(write(handover(state=state, schedule=schedule(start, "Europe/Berlin"))))["STATUS"] == status


def test_without_a_date_it_is_nine_on_the_next_working_day_and_says_so() -> None:
    event = event_of(write(handover(schedule=schedule(None, "America/New_York"))))
    assert event.start == datetime(2026, 3, 6, 9, tzinfo=ZoneInfo("America/New_York"))
    assert event.start > NOW
    assert NO_DATE in event["DESCRIPTION"]
    assert "0:10 What a coaching talk is" in event["DESCRIPTION"]


def test_participants_get_the_agenda_and_what_they_will_learn() -> None:
    description = str(event_of(write(handover(Audience.PARTICIPANT)))["DESCRIPTION"])
    assert "What you will learn\n- Ask three open questions" in description
    assert "Keep the time visible" not in description
    assert SOURCE["title"] not in description


@pytest.mark.parametrize("title", ["a\r\nATTENDEE:mailto:x@example.org", "a;b,c\\n:d", "ü" * 200, "🎉" * 60])
def test_lines_are_folded_and_text_is_escaped(title: str) -> None:
    written = write(handover(title=title))
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    assert b"\n" not in written.replace(b"\r\n", b"")
    event = event_of(written)
    assert event["SUMMARY"] == " ".join(title.split())
    assert "ATTENDEE" not in event


def test_the_same_version_is_the_same_file() -> None:
    assert write(handover()) == write(handover())
    assert b"SEQUENCE:4" in write(handover(version=4))


@pytest.mark.parametrize(
    ("zone", "onsets"),
    [
        ("America/New_York", ["20260308T020000 -0500 -0400", "20261101T020000 -0400 -0500"]),
        ("Africa/Casablanca", ["20260215T030000 +0100 +0000", "20260322T020000 +0000 +0100"]),
    ],
)
def test_an_observance_begins_in_the_offset_before_it(zone: str, onsets: list[str]) -> None:
    described = vtimezone(ZoneInfo(zone), NOW).to_ical().decode()
    observances = [block.split("\r\n") for block in described.split("BEGIN:")[2:]]
    properties = [dict(line.split(":") for line in lines if ":" in line) for lines in observances]
    written = [" ".join(found[name] for name in ONSET) for found in properties]
    assert [onset for onset in written if onset.startswith("2026")] == onsets
