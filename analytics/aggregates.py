"""Reads measures over a period: rollups for its whole days, raw rows for the parts of days at its ends."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Min

from analytics.histograms import quantile
from analytics.measures import AGGREGATE, HISTOGRAMS
from analytics.models import ALL_CATEGORIES, DailyRollup
from analytics.periods import Period

COLUMNS = "measure, detail, mode, arm, variant"
PERIOD = """
demo = %(demo)s AND (%(first)s::date IS NULL OR day >= %(first)s::date)
AND (%(after)s::date IS NULL OR day < %(after)s::date)
"""
ROLLED_SUMS = f"""
SELECT {COLUMNS}, sum(n)::bigint, sum(total), sum(total_squares) FROM analytics_dailyrollup
WHERE category = %(category)s AND {PERIOD} GROUP BY {COLUMNS}
"""
ROLLED_DAYS = f"""
SELECT day, measure, detail, sum(n)::bigint, sum(total), sum(total_squares) FROM analytics_dailyrollup
WHERE category = %(category)s AND measure = ANY(%(measures)s) AND {PERIOD} GROUP BY day, measure, detail
"""
ROLLED_BUCKETS = f"""
SELECT {COLUMNS}, b.key, sum(b.n)::bigint
FROM analytics_dailyrollup CROSS JOIN LATERAL unnest(bucket_keys, bucket_counts) AS b(key, n)
WHERE category = %(category)s AND measure = ANY(%(histograms)s) AND {PERIOD} AND bucket_keys IS NOT NULL
GROUP BY {COLUMNS}, b.key
"""
RAW = f"""
SELECT day, {COLUMNS}, n, total, total_squares, bucket_keys, bucket_counts FROM ({AGGREGATE}) a
WHERE category = %(category)s AND demo = %(demo)s
"""
ROLLED_CATEGORIES = f"""
SELECT category, sum(n)::bigint FROM analytics_dailyrollup
WHERE category <> %(all)s AND measure = %(measure)s AND detail = %(detail)s AND {PERIOD} GROUP BY category
"""
RAW_CATEGORIES = f"""
SELECT category, sum(n)::bigint FROM ({AGGREGATE}) a
WHERE category <> %(all)s AND measure = %(measure)s AND detail = %(detail)s AND demo = %(demo)s GROUP BY category
"""
# From one category to the next in the index, instead of through all rows.
CATEGORIES = """
WITH RECURSIVE known(category) AS (
    SELECT min(category) FROM analytics_dailyrollup
    UNION ALL
    SELECT (SELECT min(category) FROM analytics_dailyrollup r WHERE r.category > known.category)
    FROM known WHERE known.category IS NOT NULL
)
SELECT category FROM known WHERE category NOT IN (%(all)s, '')
"""
DETAILS = """
SELECT DISTINCT detail FROM analytics_dailyrollup
WHERE category = %(all)s AND measure = %(measure)s AND detail <> '' ORDER BY detail
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination of dimensions; `variant` is -1 where there is none."""

    measure: str
    detail: str
    mode: str
    arm: str
    variant: int


@dataclass(slots=True)
class Tally:
    """How many values, their sum, the sum of their squares, and their histogram."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0
    buckets: Counter[int] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        self.n += other.n
        self.total += other.total
        self.squares += other.squares
        self.buckets.update(other.buckets)

    @property
    def mean(self) -> float | None:
        """Mean of the values, None without any."""
        return self.total / self.n if self.n else None

    @property
    def deviation(self) -> float | None:
        """Sample standard deviation, None under two values."""
        if self.n < 2:
            return None
        return math.sqrt(max(0.0, self.squares - self.total**2 / self.n) / (self.n - 1))

    def quantile(self, share: float) -> float | None:
        """The value below which this share lies, within 4 %; None without any."""
        return quantile(self.buckets, share)


@dataclass(slots=True)
class Totals:
    """Every measure of a period, to be asked for by measure and any dimension."""

    cells: dict[Cell, Tally] = field(default_factory=dict)
    by_day: dict[tuple[date, str], dict[str, Tally]] = field(default_factory=dict)

    def tally(self, measure: str, **dimensions: str | int) -> Tally:
        """Return what a measure adds up to over the cells with these dimensions."""
        found = Tally()
        for cell, tally in self.cells.items():
            if cell.measure == measure and all(getattr(cell, name) == value for name, value in dimensions.items()):
                found.add(tally)
        return found

    def n(self, measure: str, **dimensions: str | int) -> int:
        """Return how many values a measure has over the cells with these dimensions."""
        return self.tally(measure, **dimensions).n

    def split(self, measure: str, by: str, **dimensions: str | int) -> dict[Any, Tally]:
        """Return a measure's tallies for each value of one dimension, sorted by it."""
        values = {getattr(cell, by) for cell in self.cells if cell.measure == measure}
        return {value: self.tally(measure, **dimensions, **{by: value}) for value in sorted(values)}

    def on(self, day: date, measure: str, *details: str) -> Tally:
        """Return a measure on one UTC day, of some details or of all, where it was asked for by day; no histograms."""
        found = Tally()
        for detail, tally in self.by_day.get((day, measure), {}).items():
            if not details or detail in details:
                found.add(tally)
        return found


def totals(
    period: Period,
    *,
    category: str | None = None,
    demo: bool = False,
    by_day: Sequence[str] = (),
    histograms: Sequence[str] = HISTOGRAMS,
) -> Totals:
    """Return every measure over the period, of one category or of all; those named in `by_day` for each day, too.

    There are quantiles only of the measures named in `histograms`, which are most of the work.
    """
    asked = _asked(period, demo) | {"category": ALL_CATEGORIES if category is None else category}
    found = Totals()
    with connection.cursor() as cursor:
        cursor.execute(ROLLED_SUMS, asked)
        for *cell, n, total, squares in cursor.fetchall():
            found.cells[Cell(*cell)] = Tally(n, total, squares)
        if histograms:
            cursor.execute(ROLLED_BUCKETS, asked | {"histograms": list(histograms)})
            for *cell, bucket, n in cursor.fetchall():
                found.cells[Cell(*cell)].buckets[bucket] += n
        if by_day:
            cursor.execute(ROLLED_DAYS, asked | {"measures": list(by_day)})
            for day, measure, detail, n, total, squares in cursor.fetchall():
                found.by_day.setdefault((day, measure), {})[detail] = Tally(n, total, squares)
        for edge in period.edges():
            cursor.execute(RAW, asked | _bounds(edge))
            _add_raw(found, cursor.fetchall(), by_day)
    return found


def category_counts(period: Period, measure: str, detail: str, *, demo: bool = False) -> dict[str, int]:
    """Return how often a measure with this detail was counted in each category, the most frequent first."""
    asked: dict[str, Any] = {"all": ALL_CATEGORIES, "measure": measure, "detail": detail} | _asked(period, demo)
    counts: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(ROLLED_CATEGORIES, asked)
        counts.update(dict(cursor.fetchall()))
        for edge in period.edges():
            cursor.execute(RAW_CATEGORIES, asked | _bounds(edge))
            counts.update(dict(cursor.fetchall()))
    return dict(counts.most_common())


def counted_categories() -> list[str]:
    """Return every category anything was counted in, sorted."""
    with connection.cursor() as cursor:
        cursor.execute(CATEGORIES, {"all": ALL_CATEGORIES})
        return [row[0] for row in cursor.fetchall()]


def counted_details(measure: str) -> list[str]:
    """Return every detail a measure was counted with, sorted."""
    with connection.cursor() as cursor:
        cursor.execute(DETAILS, {"all": ALL_CATEGORIES, "measure": measure})
        return [row[0] for row in cursor.fetchall()]


def first_day(*, demo: bool = False) -> date | None:
    """Return the first UTC day anything is counted on."""
    return DailyRollup.objects.filter(demo=demo).aggregate(first=Min("day"))["first"]


def _add_raw(found: Totals, rows: Sequence[tuple[Any, ...]], by_day: Sequence[str]) -> None:
    for day, *columns, n, total, squares, keys, counts in rows:
        cell, tally = (
            Cell(*columns),
            Tally(n, total, squares, Counter(dict(zip(keys or (), counts or (), strict=True)))),
        )
        found.cells.setdefault(cell, Tally()).add(tally)
        if cell.measure in by_day:
            found.by_day.setdefault((day, cell.measure), {}).setdefault(cell.detail, Tally()).add(tally)


def _asked(period: Period, demo: bool) -> dict[str, Any]:
    first, after = period.whole_days()
    return {"demo": demo, "first": first, "after": after}


def _bounds(edge: Period) -> dict[str, Any]:
    return {"start": edge.start, "end": edge.end, "histograms": list(HISTOGRAMS)}
