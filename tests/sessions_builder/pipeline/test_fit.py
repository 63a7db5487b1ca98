from __future__ import annotations

import pytest

from sessions_builder.pipeline.fit import fit
from sessions_builder.pipeline.types import SectionType, Step
from tests.sessions_builder.pipeline.builders import a_section, an_outline


def test_it_works() -> None:
    fitted, notes = fit(an_outline(), 120)
    assert fitted.minutes == 120
    assert [section.title for section in fitted.sections] == [section.title for section in an_outline().sections]
    assert notes == ()


def test_steps_fill_their_section() -> None:
    fitted, _ = fit(an_outline(), 60)
    topic = fitted.sections[1]
    assert sum(step.minutes or 0 for step in topic.steps) == topic.minutes


def test_exact_outlines_stay_as_they_are() -> None:
    assert fit(an_outline(), 90) == (an_outline(), ())


def test_unknown_minutes_are_filled_in() -> None:
    fitted, notes = fit(an_outline(a_section(minutes=0), a_section(minutes=0)), 60)
    assert [section.minutes for section in fitted.sections] == [30, 30]
    assert notes == ("Missing minutes were filled in.",)


@pytest.mark.parametrize("minutes", [15, 20, 39])
def test_more_sections_than_minutes_drops_the_least(minutes: int) -> None:
    inner = [a_section(SectionType.TOPIC, 5, title=f"Topic {n}", steps=(Step("a", 1), Step("b", 1))) for n in range(37)]
    outline = an_outline(
        a_section(SectionType.OPENER, 1), *inner, a_section(SectionType.BREAK, 10), a_section(SectionType.CLOSING, 1)
    )
    fitted, notes = fit(outline, minutes)
    assert fitted.minutes == minutes
    assert len(fitted.sections) == minutes
    assert fitted.sections[0].type is SectionType.OPENER
    assert fitted.sections[-1].type is SectionType.CLOSING
    assert not any(section.type is SectionType.BREAK for section in fitted.sections)
    assert notes[0].startswith("There were more sections than minutes; left out: ")
