"""Clock times, kinds and origins on the pages."""

from datetime import UTC, datetime

import pytest

from sessions_builder.models import TrainingSession
from sessions_builder.views.readout import session_facts, what_it_is


def test_times_have_their_zone_where_clocks_change() -> None:
    """As in the files that are handed over."""
    sections = [{"type": "opener", "minutes": 30}, {"type": "assessment", "minutes": 60}]
    start = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    session = TrainingSession(
        starts_at=start, time_zone="Europe/Berlin", duration_minutes=90, outline={"sections": sections}
    )
    facts = session_facts(session)
    assert [timed.clock for timed in facts["sections"]] == ["01:30 CET", "03:00 CEST"]
    assert (facts["ends"], facts["clocks_change"]) == ("04:00 CEST", True)
    assert [timed.kind for timed in facts["sections"]] == ["Opener", "Check"]


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
