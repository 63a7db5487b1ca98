"""People look at dashboards every day. What that does to a fixed test, and not to a sequence."""

import random

import pytest

from analytics.statistics import Counts, asymptotic_sequence, beta_binomial_sequence, difference_error, pooled_z

LOOKS = 30
STEP = 20
RUNS = 300


def _looks(draw: random.Random) -> list[tuple[Counts, Counts]]:
    """Two arms without any difference, looked at again and again as they grow."""
    hits, looks = [0, 0], []
    for look in range(1, LOOKS + 1):
        for arm in (0, 1):
            hits[arm] += sum(draw.random() < 0.4 for _ in range(STEP))
        looks.append((Counts(hits[0], look * STEP), Counts(hits[1], look * STEP)))
    return looks


def test_it_works() -> None:
    """With no difference at all, peeking at a fixed 5 % test cries wolf often, the sequence under 5 %."""
    draw = random.Random(2026)
    fixed = sequential = 0
    for _ in range(RUNS):
        looks = _looks(draw)
        fixed += any(pooled_z(a, b)[1] < 0.05 for a, b in looks)
        sequential += any(
            0
            not in asymptotic_sequence(a.share - b.share, difference_error(a, b), a.n + b.n, planned=2 * LOOKS * STEP)[
                0
            ]
            for a, b in looks
            if a.n >= 40
        )

    assert fixed / RUNS > 0.15
    assert sequential / RUNS < 0.05


def test_one_rate_is_covered_at_every_look() -> None:
    draw = random.Random(7)
    missed = 0
    for _ in range(RUNS):
        hits, left_out = 0, False
        for n in range(1, 201):
            hits += draw.random() < 0.75
            if n % 10 == 0:
                left_out = left_out or 0.75 not in beta_binomial_sequence(Counts(hits, n))
        missed += left_out

    assert missed / RUNS < 0.05


def test_the_p_value_and_the_interval_agree() -> None:
    for value in (0.05, 0.1, 0.15, 0.2):
        interval, p = asymptotic_sequence(value, 0.05, 400, planned=400)

        assert (0 not in interval) is (p < 0.05)
    assert asymptotic_sequence(0.0, 0.05, 400, planned=400)[1] == pytest.approx(1.0)
