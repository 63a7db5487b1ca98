"""People look at dashboards every day. What that does to a fixed test, and not to a sequence."""

import random

import pytest

from analytics.experiment.choices import Verdict, lift
from analytics.statistics import (
    Counts,
    PickSums,
    asymptotic_sequence,
    beta_binomial_sequence,
    chance_adjusted_sums,
    difference_error,
    pooled_z,
)

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

    assert fixed / RUNS > 0.20
    assert sequential / RUNS <= 0.05


def blind_picks(draw: random.Random) -> list[PickSums]:
    """Authors who take one of four cards without looking, three of them with material: the sums at each look."""
    found, surplus = 0, 0.0
    looks = []
    for n in range(1, LOOKS * STEP + 1):
        hit = draw.random() < 0.75
        found, surplus = found + hit, surplus + (hit - 0.75) ** 2
        if n % STEP == 0:
            looks.append(PickSums(n, found, 0.75 * n, 0.1875 * n, clusters=n, between=surplus))
    return looks


def test_a_blind_picker_never_makes_material_win() -> None:
    """The lift stays about 0. A fixed test against chance cries wolf often, the verdict hardly ever."""
    draw = random.Random(75)
    fixed = wins = 0
    lifts = []
    for _ in range(RUNS):
        looks = blind_picks(draw)
        fixed += any(abs(chance_adjusted_sums(sums).z or 0) > 1.96 for sums in looks)
        told = [lift(sums) for sums in looks]
        wins += any(one["verdict"] in (Verdict.WINS, Verdict.LOSES) for one in told)
        lifts.append(told[-1]["value"])

    assert fixed / RUNS > 0.20
    assert wins / RUNS <= 0.05
    assert abs(sum(lifts) / RUNS) < 0.005


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
