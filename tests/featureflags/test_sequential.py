"""The two tests, against published figures and simulated peeking."""

import random

import pytest

from featureflags.sequential import Arm, always_valid_p_value, sample_ratio_p_value, worse_than_control_p_value


def test_it_works() -> None:
    assert worse_than_control_p_value(Arm(300, 1000), Arm(450, 1000)) < 0.001
    assert worse_than_control_p_value(Arm(445, 1000), Arm(450, 1000)) == 1.0


@pytest.mark.parametrize(
    ("counts", "weights", "expected"),
    [
        ([1000, 1200], [50, 50], 0.000020079),
        ([310, 98], [75, 25], 0.647434),
        ([5, 9], [100, 0], 1.0),
        ([0, 0], [1, 1], 1),
    ],
)
def test_sample_ratio(counts: list[int], weights: list[float], expected: float) -> None:
    assert sample_ratio_p_value(counts, weights) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("treatment", "control"),
    [(Arm(0, 0), Arm(1, 10)), (Arm(1, 10), Arm(0, 0)), (Arm(5, 10), Arm(5, 10)), (Arm(6, 10), Arm(5, 10))],
)
def test_nothing_to_say(treatment: Arm, control: Arm) -> None:
    assert worse_than_control_p_value(treatment, control) == 1.0


@pytest.mark.parametrize(
    ("estimate", "standard_error", "size", "expected"),
    [(0.1, 0.03, 500, 0.1146315), (-0.05, 0.02, 1000, 0.2364896), (0.2, 0.05, 90, 0.3932939)],
)
def test_always_valid_p_value(estimate: float, standard_error: float, size: int, expected: float) -> None:
    assert always_valid_p_value(estimate, standard_error, size) == pytest.approx(expected, rel=1e-6)


def test_no_spread_is_no_proof() -> None:
    assert always_valid_p_value(-0.1, 0.0, 100) == 1.0
    assert worse_than_control_p_value(Arm(0, 3), Arm(3, 3)) > 0.9


def test_peeking_thirty_times_at_equal_arms_rarely_alarms() -> None:
    draw = random.Random(7)
    alarms = 0
    for _ in range(300):
        treatment = control = 0
        for look in range(1, 31):
            treatment += sum(draw.random() < 0.4 for _ in range(40))
            control += sum(draw.random() < 0.4 for _ in range(40))
            if worse_than_control_p_value(Arm(treatment, 40 * look), Arm(control, 40 * look)) < 0.05:
                alarms += 1
                break
    assert alarms <= 300 * 0.05
