"""Clock times on the pages."""

from datetime import datetime

import pytest

from sessions_builder.views.readout import clock, what_it_is


@pytest.mark.parametrize(
    ("start", "zone", "minutes", "shown"),
    [
        (None, "Europe/Berlin", 95, "1:35"),
        ("2026-03-12T08:00Z", "Europe/Berlin", 35, "09:35"),
        ("2026-03-12T08:00Z", "Asia/Kolkata", 30, "14:00"),
        ("2026-03-29T00:30Z", "Europe/Berlin", 45, "03:15"),
        ("2026-10-25T00:15Z", "Europe/Berlin", 60, "02:15"),
        ("2026-11-01T05:30Z", "America/New_York", 40, "01:10"),
    ],
)
def test_clock(start: str | None, zone: str, minutes: int, shown: str) -> None:
    assert clock(datetime.fromisoformat(start) if start else None, zone, minutes) == shown


@pytest.mark.parametrize(
    ("source", "number", "cited", "shown"),
    [
        ("rag", 1, 2, "AI with your material (2 sources)"),
        ("rag", 1, 0, "AI"),
        ("baseline", 0, 0, "Standard outline, AI"),
        ("mixed", None, 0, "Partly AI"),
        ("mixed", 4, 1, "Partly AI with your material (1 source)"),
        ("template", 1, 1, "Offline draft, no AI: composed from an activity library"),
        ("", None, 1, "Written by you"),
    ],
)
def test_what_it_is(source: str, number: int | None, cited: int, shown: str) -> None:
    assert what_it_is(source, number, cited) == shown
