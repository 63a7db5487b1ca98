"""Verdicts are given when the interval allows, and until then it is said how many that takes."""

import math

import pytest

from analytics.aggregates import Tally
from analytics.metrics.shapes import rate
from analytics.metrics.targets import PROCESSING_TIME, RAG_ERROR_RATE, RAG_SELECTION_RATE, SUCCESS_RATE, Target
from analytics.statistics import Counts, asymptotic_sequence, beta_binomial_sequence, needed_for_effect, needed_to_leave


def tally(mean: float, spread: float, n: int) -> Tally:
    """As many values with this mean (ms) and this sample deviation."""
    return Tally(n=n, total=mean * n, squares=n * mean**2 + (n - 1) * spread**2)


@pytest.mark.parametrize(
    ("target", "hits", "n", "verdict", "needed"),
    [
        (SUCCESS_RATE, 0, 0, "not enough data", 158),  # the fewest that could ever do
        (SUCCESS_RATE, 30, 31, "not enough data", 2021),  # 97 %, and anything from 80 to 100
        (SUCCESS_RATE, 157, 157, "not enough data", 158),
        (SUCCESS_RATE, 158, 158, "met", 20),
        (SUCCESS_RATE, 950, 1000, "not enough data", None),  # on the bound no number is enough
        (SUCCESS_RATE, 10, 19, "not enough data", 20),
        (SUCCESS_RATE, 10, 20, "not met", 20),
        (RAG_ERROR_RATE, 0, 40, "not enough data", 158),
        (RAG_ERROR_RATE, 20, 1000, "met", 20),
        (RAG_ERROR_RATE, 100, 1000, "not met", 20),
        (RAG_SELECTION_RATE, 15, 20, "not enough data", 37),
        (RAG_SELECTION_RATE, 312, 400, "met", 20),
    ],
)
def test_it_works(target: Target, hits: int, n: int, verdict: str, needed: int | None) -> None:
    found = target.judge_rate(rate(hits, n))

    assert (found["verdict"], found["needed"], found["n"]) == (verdict, needed, n)
    if n:
        interval = beta_binomial_sequence(Counts(hits, n))
        assert (found["low"], found["high"]) == (interval.low, interval.high)


@pytest.mark.parametrize(
    ("mean", "spread", "n", "verdict"),
    [
        (24_000, 9_000, 100, "not enough data"),
        (24_000, 9_000, 3_000, "met"),
        (12_000, 4_000, 39, "not enough data"),
        (12_000, 4_000, 40, "met"),
        (31_000, 4_000, 40, "not met"),
        (12_000, 0, 40, "met"),
    ],
)
def test_a_mean_is_judged_by_its_interval(mean: float, spread: float, n: int, verdict: str) -> None:
    found = PROCESSING_TIME.judge_mean(tally(mean, spread, n))

    assert found["verdict"] == verdict
    assert (found["value"], found["n"]) == (mean, n)
    assert (found["low"] is None) == (n < 40)


def test_a_mean_says_how_many_it_takes() -> None:
    assert PROCESSING_TIME.judge_mean(Tally())["needed"] == 40
    assert PROCESSING_TIME.judge_mean(tally(25_000, 9_000, 100))["needed"] is None
    needed = PROCESSING_TIME.judge_mean(tally(24_000, 9_000, 100))["needed"]
    assert PROCESSING_TIME.judge_mean(tally(24_000, 9_000, needed))["verdict"] == "met"
    assert PROCESSING_TIME.judge_mean(tally(24_000, 9_000, needed - 1))["verdict"] == "not enough data"


def test_what_is_needed_is_just_enough() -> None:
    needed = needed_to_leave(0.75, 0.5)
    assert needed is not None
    assert 0.5 not in beta_binomial_sequence(Counts(round(0.75 * needed), needed))
    for n in range(20, 130):
        for hits in range(n + 1):
            if 0.75 in beta_binomial_sequence(Counts(hits, n)):
                assert (needed_to_leave(hits / n, 0.75) or n + 1) > n, (hits, n)
    units = needed_for_effect(0.2, 0.1, 100, planned=400)
    assert units is not None
    for n, is_enough in ((units, True), (units - 1, False)):
        interval, _ = asymptotic_sequence(0.2, math.sqrt(100 / n) * 0.1, n, planned=400)
        assert (0.0 not in interval) == is_enough
