from __future__ import annotations

from dataclasses import replace

import pytest

from sessions_builder.pipeline.diversity import NEAR_DUPLICATE, distance, diversity, edit_distance, nearest
from tests.sessions_builder.pipeline.builders import a_section, an_outline
from tests.sessions_builder.pipeline.examples import CAREFUL, POOR, TYPICAL


def test_it_works() -> None:
    result = diversity({1: CAREFUL, 2: TYPICAL, 3: POOR})
    assert result is not None
    assert 0.5 < result.minimum <= result.mean <= 1
    assert result.near_duplicates == ()


def test_the_same_outline_twice_is_no_choice() -> None:
    result = diversity({1: CAREFUL, 2: CAREFUL, 4: POOR})
    assert result is not None
    assert (result.minimum, result.near_duplicates) == (0.0, ((2, 1),))


def test_a_light_paraphrase_is_a_near_duplicate() -> None:
    changed = tuple(
        replace(section, description=section.description.replace("advisor", "consultant"), title=f"{section.title}!")
        for section in CAREFUL.sections
    )
    assert 0 < distance(CAREFUL, replace(CAREFUL, sections=changed)) < NEAR_DUPLICATE


@pytest.mark.parametrize("outlines", [{}, {1: CAREFUL}])
def test_one_outline_has_no_diversity(outlines: dict[int, object]) -> None:
    assert diversity(outlines) is None  # type: ignore[arg-type]


def test_distance_is_symmetric_and_zero_to_itself() -> None:
    assert distance(CAREFUL, CAREFUL) == 0.0
    assert distance(CAREFUL, TYPICAL) == distance(TYPICAL, CAREFUL)


def test_outlines_with_nothing_in_common_are_far_apart() -> None:
    one = an_outline(a_section(title="Alpha beta gamma delta", activity="Drill"))
    assert distance(one, replace(one)) == 0.0
    assert distance(one, an_outline(a_section(title="Epsilon zeta theta kappa", activity="Debate"))) == 0.8


def test_nearest_names_the_closest_repetition() -> None:
    others = {1: POOR, 2: CAREFUL, 3: replace(CAREFUL, sections=CAREFUL.sections[:-1])}
    assert nearest(CAREFUL, others) == 2
    assert nearest(POOR, {2: CAREFUL}) is None
    assert nearest(POOR, {}) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("", "", 0.0), ("abc", "abc", 0.0), ("abc", "abd", 1 / 3), ("abc", "", 1.0), ("kitten", "sitting", 3 / 7)],
)
def test_edit_distance(one: str, other: str, expected: float) -> None:
    assert edit_distance(one, other) == pytest.approx(expected)
