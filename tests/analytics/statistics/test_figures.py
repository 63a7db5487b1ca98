"""Figures known from elsewhere: published examples, and the same numbers from scipy.stats."""

import math
import random

import pytest
from scipy import stats

from analytics import statistics
from analytics.statistics import Counts, Duration, Pick, Summary

NEAR = {"abs": 1e-6}


def test_it_works() -> None:
    interval = statistics.wilson(Counts(312, 400))

    assert (interval.low, interval.high) == pytest.approx((0.736847, 0.817826), **NEAR)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"), [(0, 10, 0.0, 0.277533), (10, 10, 0.722467, 1.0), (0, 0, 0.0, 1.0)]
)
def test_wilson_at_the_edges(hits: int, n: int, low: float, high: float) -> None:
    interval = statistics.wilson(Counts(hits, n))

    assert (interval.low, interval.high) == pytest.approx((low, high), **NEAR)


@pytest.mark.parametrize(("hits", "n"), [(-1, 3), (4, 3)])
def test_a_share_is_between_none_and_all(hits: int, n: int) -> None:
    with pytest.raises(ValueError, match="not a share"):
        Counts(hits, n)


def test_beta_binomial_sequence() -> None:
    interval = statistics.beta_binomial_sequence(Counts(312, 400))

    assert (interval.low, interval.high) == pytest.approx((0.703434, 0.845555), **NEAR)
    assert statistics.beta_binomial_sequence(Counts(0, 0)) == statistics.Interval(0.0, 1.0)
    assert statistics.beta_binomial_sequence(Counts(0, 20)).low == 0.0
    assert statistics.beta_binomial_sequence(Counts(20, 20)).high == 1.0


def test_chance_adjusted() -> None:
    picks = [Pick(hit=number < 312, of_kind=3, shown=4, cluster=number) for number in range(400)]

    found = statistics.chance_adjusted(picks)

    assert (found.observed, found.expected) == (312, 300.0)
    assert (found.z, found.p_greater) == pytest.approx((1.385641, 0.082928), **NEAR)


def test_one_person_choosing_often_is_one_person() -> None:
    keen = [Pick(hit=True, of_kind=3, shown=4, cluster="keen") for _ in range(100)]
    others = [Pick(hit=number % 4 != 0, of_kind=3, shown=4, cluster=number) for number in range(100)]

    found = statistics.chance_adjusted(keen + others)

    assert found.clusters == 101
    assert found.z == pytest.approx(4.082483, **NEAR)
    assert found.clustered_z is not None
    assert found.clustered_z < 1.1


def test_picks_that_could_not_go_otherwise_prove_nothing() -> None:
    found = statistics.chance_adjusted([Pick(hit=True, of_kind=4, shown=4)])

    assert (found.z, found.p_greater, found.clustered_z) == (None, None, None)


def test_newcombe_and_pooled_z() -> None:
    first, second = Counts(168, 350), Counts(133, 342)
    interval = statistics.newcombe(first, second)

    assert (interval.low, interval.high) == pytest.approx((0.017240, 0.163557), **NEAR)
    assert statistics.pooled_z(first, second)[1] == pytest.approx(0.015643, **NEAR)
    assert statistics.pooled_z(Counts(0, 5), Counts(0, 9)) == (0.0, 1.0)


def test_strata_are_weighed_and_lonely_ones_left_out() -> None:
    first, second = Counts(168, 350), Counts(133, 342)

    value, interval, weights = statistics.stratified_difference([(first, second), (Counts(5, 5), Counts(0, 0))])

    assert weights == [1.0, 0.0]
    assert value == pytest.approx(168 / 350 - 133 / 342)
    assert interval == statistics.newcombe(first, second)
    with pytest.raises(ValueError, match="both sides"):
        statistics.stratified_difference([(first, Counts(0, 0))])


def test_welch() -> None:
    found = statistics.welch(Summary(120, 78.2, 14.1**2), Summary(131, 66.9, 17.3**2))

    assert found.value == pytest.approx(11.3)
    assert (found.interval.low, found.interval.high) == pytest.approx((7.38963, 15.21037), abs=1e-5)


def test_welch_agrees_with_scipy() -> None:
    draw = random.Random(3)
    first, second = [draw.gauss(5, 2) for _ in range(30)], [draw.gauss(4, 1) for _ in range(20)]

    found = statistics.welch(statistics.summary_of(first), statistics.summary_of(second))

    reference = stats.ttest_ind(first, second, equal_var=False)
    assert (found.statistic, found.p, found.df) == pytest.approx((reference.statistic, reference.pvalue, reference.df))


def test_paired_agrees_with_scipy() -> None:
    pairs = [(71.0, 60.0), (80.0, 82.0), (66.0, 59.0), (74.0, 70.0)]

    found = statistics.paired([a - b for a, b in pairs])

    reference = stats.ttest_rel([a for a, _ in pairs], [b for _, b in pairs])
    assert (found.statistic, found.p) == pytest.approx((reference.statistic, reference.pvalue))


def test_better_and_at_the_goal_are_two_questions() -> None:
    draw = random.Random(11)
    slow = [math.exp(draw.gauss(4, 0.5)) for _ in range(300)]
    fast = [value * 0.85 for value in slow]

    better = statistics.geometric_ratio(fast, slow)
    at_goal = statistics.geometric_ratio(fast, slow, goal=0.8)

    assert better.ratio == pytest.approx(0.85)
    assert better.p_below < 0.001
    assert at_goal.p_below > 0.5


@pytest.mark.parametrize("values", [[], [1.0]])
def test_a_variance_needs_two_values(values: list[float]) -> None:
    with pytest.raises(ValueError, match="two values"):
        statistics.summary_of(values)


@pytest.mark.parametrize(
    ("counts", "weights", "p"),
    [
        ([1000, 1200], [0.5, 0.5], 0.000020079),
        ([310, 98], [0.75, 0.25], 0.647434),
        ([310, 98, 0], [0.75, 0.25, 0], 0.647434),
        ([10], [1], 1.0),
        ([0, 0], [1, 1], 1.0),
    ],
)
def test_sample_ratio(counts: list[int], weights: list[float], p: float) -> None:
    assert statistics.sample_ratio(counts, weights) == pytest.approx(p, abs=5e-7, rel=5e-5)


@pytest.mark.parametrize(
    ("raw", "adjusted"),
    [
        ([0.01, 0.02, 0.03, 0.2], [0.04, 0.06, 0.06, 0.2]),
        ([0.2, 0.01], [0.2, 0.02]),
        ([0.9, 0.8], [1.0, 1.0]),
        ([], []),
    ],
)
def test_holm(raw: list[float], adjusted: list[float]) -> None:
    assert statistics.holm(raw) == pytest.approx(adjusted)


def test_needed_samples() -> None:
    assert statistics.needed_for_rates(0.40, 0.48) == 604
    assert statistics.needed_for_means(10, 20) == 63
    assert statistics.needed_for_ratio(0.8, 1.0) == 316
    assert statistics.needed_for_rate(0.60) == 194


def _durations(*times: float, running: tuple[float, ...] = ()) -> list[Duration]:
    return [Duration(time, True) for time in times] + [Duration(time, False) for time in running]


def test_survival_agrees_with_scipy() -> None:
    sample = _durations(6, 6, 6, 7, 10, 13, 16, 22, 23, running=(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35))

    reference = stats.ecdf(
        stats.CensoredData(
            uncensored=[d.time for d in sample if d.ended], right=[d.time for d in sample if not d.ended]
        )
    ).sf
    curve = statistics.kaplan_meier(sample)
    assert [share for _, share in curve] == pytest.approx([float(reference.evaluate(time)) for time, _ in curve])
    assert statistics.median_time(sample) == 23
    assert statistics.median_time(_durations(1, running=(2, 3, 4))) is None


def test_log_rank_agrees_with_scipy() -> None:
    first = _durations(6, 6, 6, 7, 10, 13, 16, 22, 23, running=(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35))
    second = _durations(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)

    found = statistics.log_rank(first, second)

    def censored(sample: list[Duration]) -> stats.CensoredData:
        return stats.CensoredData(
            uncensored=[d.time for d in sample if d.ended], right=[d.time for d in sample if not d.ended]
        )

    reference = stats.logrank(censored(first), censored(second))
    assert found == pytest.approx((reference.statistic**2, reference.pvalue))
    assert statistics.log_rank(_durations(running=(1, 2)), _durations(running=(3,))) is None
