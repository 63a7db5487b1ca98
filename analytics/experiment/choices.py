"""What authors choose when material-backed and plain variants lie side by side.

Three of four cards use retrieved material, so a blind picker "prefers" it three times in four. Every share
here is held against what blind picking of the same cards would give.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from django.db import connection

from analytics.metrics.shapes import rate
from analytics.metrics.targets import RAG_SELECTION_RATE
from analytics.periods import Period
from analytics.statistics import (
    Counts,
    PickSums,
    Summary,
    asymptotic_sequence,
    chance_adjusted_sums,
    needed_for_rate,
    one_sample,
    wilson,
)

HEAD_TO_HEAD_RATE = 0.60
NEEDED_HEAD_TO_HEAD = needed_for_rate(HEAD_TO_HEAD_RATE)
MIN_AUTHORS = 40
MIN_PAIRS = 40
# Seven points more than blind picking of three cards in four.
NEEDED_LIFT = needed_for_rate(0.82, 0.75)

ELIGIBLE = """
FROM analytics_selection
WHERE counted AND eligible AND is_demo = %(demo)s AND variants_shown > 0
  AND (%(start)s::timestamptz IS NULL OR selected_at >= %(start)s)
  AND (%(end)s::timestamptz IS NULL OR selected_at < %(end)s)
"""
CHANCE = f"""
SELECT coalesce(sum(n), 0)::int, coalesce(sum(observed), 0)::int, coalesce(sum(expected), 0),
    coalesce(sum(variance), 0), count(*)::int, coalesce(sum((observed - expected)^2), 0)
FROM (
    SELECT count(*) AS n, sum(rag_effective::int) AS observed, sum(rag_shown::float8 / variants_shown) AS expected,
        sum(rag_shown::float8 / variants_shown * (1 - rag_shown::float8 / variants_shown)) AS variance
    {ELIGIBLE} GROUP BY subject
) AS people
"""
HEAD_TO_HEAD = f"""
SELECT w.weight, sum((s.rag_weight = w.weight)::int)::int, count(*)::int,
    mode() WITHIN GROUP (ORDER BY s.label) FILTER (WHERE s.rag_weight = w.weight)
FROM (SELECT rag_weight, weights_shown, label {ELIGIBLE}) AS s
JOIN (VALUES (0.8::float8), (0.5), (0.2)) AS w(weight) ON s.rag_weight IN (w.weight, 0)
WHERE w.weight = ANY(s.weights_shown)
GROUP BY w.weight ORDER BY w.weight DESC
"""
BY_CARD = f"""
SELECT {{card}}, count(*)::int, sum(1.0 / variants_shown)::float8 {ELIGIBLE} GROUP BY {{card}} ORDER BY {{card}}
"""
QUALITY_PAIRS = f"""
SELECT count(*)::int, avg(gap)::float8, coalesce(var_samp(gap), 0)::float8
FROM (SELECT avg(quality_gap) AS gap {ELIGIBLE} AND quality_gap IS NOT NULL GROUP BY subject) AS authors
"""


class Verdict(StrEnum):
    WINS = "wins"
    LOSES = "loses"
    OPEN = "no preference shown yet"
    TOO_FEW = "not enough data"


def choices(period: Period, *, demo: bool = False) -> dict[str, Any]:
    """Return what is known about choices in the period, as the API says it."""
    asked = {"start": period.start, "end": period.end, "demo": demo}
    sums = PickSums(*_rows(CHANCE, asked)[0])
    total = sums.n
    return {
        "eligible": total,
        "authors": sums.clusters,
        "ragShare": _share(sums),
        "chance": {"level": sums.expected / total if total else None, "expected": sums.expected},
        "chanceAdjusted": _adjusted(sums),
        "lift": lift(sums),
        "headToHead": [_duel(*row) for row in _rows(HEAD_TO_HEAD, asked)],
        "byPosition": [_card(*row, total=total) for row in _rows(BY_CARD.format(card="position"), asked)],
        "byVariant": [_card(*row, total=total) for row in _rows(BY_CARD.format(card="variant"), asked)],
        "byLabel": [_card(*row, total=total) for row in _rows(BY_CARD.format(card="label"), asked)],
        "qualityWithinBrief": _paired(*_rows(QUALITY_PAIRS, asked)[0]),
        "note": "Each weight has its own design, so a win is the variant's as a whole, not the weight's alone.",
    }


def lift(sums: PickSums) -> dict[str, Any]:
    """The share of picks with material above blind picking, in an interval that holds however often one looks.

    Authors, not picks, are independent. The verdict is only of an interval that leaves 0 out.
    """
    answer = {"value": None, "interval": None, "p": None, "n": sums.clusters, "needed": NEEDED_LIFT}
    if sums.clusters < MIN_AUTHORS:
        return answer | {"verdict": Verdict.TOO_FEW.value}
    value, error = (sums.observed - sums.expected) / sums.n, math.sqrt(sums.between) / sums.n
    interval, p = asymptotic_sequence(value, error, sums.clusters, planned=NEEDED_LIFT)
    verdict = Verdict.WINS if interval.low > 0 else Verdict.LOSES if interval.high < 0 else Verdict.OPEN
    return answer | {"value": value, "interval": asdict(interval), "p": p, "verdict": verdict.value}


def _share(sums: PickSums) -> dict[str, Any]:
    """The guide's raw share with its Wilson interval, and the interval that stays true however often one looks."""
    found = rate(sums.observed, sums.n)
    fixed = wilson(Counts(sums.observed, sums.n))
    verdict = RAG_SELECTION_RATE.judge_rate(found)["verdict"]
    return found | {"wilson": {"low": fixed.low, "high": fixed.high}, "target": verdict}


def _adjusted(sums: PickSums) -> dict[str, Any]:
    found = chance_adjusted_sums(sums)
    return {
        "z": found.z,
        "p": found.p_greater,
        "clusteredZ": found.clustered_z,
        "clusteredP": found.clustered_p_greater,
    }


def _duel(weight: float, wins: int, n: int, label: str | None) -> dict[str, Any]:
    """One weight against none at all, both on the table; chance is a half."""
    found = chance_adjusted_sums(PickSums(n, wins, expected=n / 2, variance=n / 4, clusters=0, between=0.0))
    shown = {"ragWeight": weight, "label": label, "wins": wins, **rate(wins, n)}
    return shown | {"p": found.p_greater, "needed": NEEDED_HEAD_TO_HEAD}


def _card(card: Any, picked: int, blind: float, *, total: int) -> dict[str, Any]:
    return {"card": card, "picked": picked, **rate(picked, total), "chance": blind / picked if picked else None}


def _paired(n: int, mean: float | None, variance: float) -> dict[str, Any]:
    """Quality of variants with material minus the plain one of the same brief, one value per author."""
    if n < MIN_PAIRS or mean is None or variance == 0:
        return {"difference": None, "n": n, "needed": MIN_PAIRS}
    found = one_sample(Summary(n, mean, variance))
    return {"difference": found.value, "interval": asdict(found.interval), "p": found.p, "n": n, "needed": MIN_PAIRS}


def _rows(query: str, asked: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        return cursor.fetchall()
