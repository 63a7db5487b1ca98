"""The targets the operations guide sets, and whether they are met: no verdict while the interval holds the bound."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from analytics.aggregates import Tally
from analytics.statistics import Interval, asymptotic_sequence, needed_for_effect, needed_to_leave

MIN_SAMPLE = 20
MIN_MEAN_SAMPLE = 40
"""The interval of a mean is asymptotic and nothing under some dozens of values."""

PLANNED_SAMPLE = 400
"""About where the interval of a mean is narrowest."""


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not met"
    TOO_FEW = "not enough data"


@dataclass(frozen=True, slots=True)
class Target:
    """A value has to be above or below a bound. Times are milliseconds, rates 0-1."""

    name: str
    bound: float
    above: bool
    unit: str

    def judge_rate(self, rate: Mapping[str, Any]) -> dict[str, Any]:
        """Return the verdict on a share with its interval, as the API says it."""
        value, n = rate["value"], rate["n"]
        interval = Interval(rate["low"], rate["high"]) if n else None
        # Of what was never measured, the fewest that could ever do.
        share = value if n else float(self.above)
        return self._judge(value, n, interval, needed_to_leave(share, self.bound), MIN_SAMPLE)

    def judge_mean(self, tally: Tally) -> dict[str, Any]:
        """Return the verdict on the mean of what was measured, as the API says it."""
        value, n, spread = tally.mean, tally.n, tally.deviation
        if value is None or spread is None or n < MIN_MEAN_SAMPLE:
            return self._judge(value, n, None, MIN_MEAN_SAMPLE, MIN_MEAN_SAMPLE)
        error = spread / math.sqrt(n)
        interval, _ = asymptotic_sequence(value, error, n, planned=PLANNED_SAMPLE)
        needed = needed_for_effect(value - self.bound, error, n, planned=PLANNED_SAMPLE)
        return self._judge(value, n, interval, needed, MIN_MEAN_SAMPLE)

    def _judge(
        self, value: float | None, n: int, interval: Interval | None, needed: int | None, least: int
    ) -> dict[str, Any]:
        """`needed` is how many it takes as things stand, None where they stand on the bound."""
        verdict = Verdict.TOO_FEW
        if interval is not None and n >= least and self.bound not in interval:
            verdict = Verdict.MET if (interval.low > self.bound) == self.above else Verdict.NOT_MET
            needed = least
        return {
            "name": self.name,
            "bound": self.bound,
            "above": self.above,
            "target": f"{'>' if self.above else '<'} {self.bound:g} {self.unit}".strip(),
            "value": self._written(value),
            "low": self._written(interval.low) if interval else None,
            "high": self._written(interval.high) if interval else None,
            "n": n,
            "needed": None if needed is None else max(least, needed),
            "verdict": verdict.value,
        }

    def _written(self, value: float | None) -> float | None:
        """Times are told in whole milliseconds."""
        return round(value) if value is not None and self.unit == "ms" else value


PROCESSING_TIME = Target("averageProcessingTime", 25_000, above=False, unit="ms")
RAG_QUERY_TIME = Target("averageRagQueryTime", 2_000, above=False, unit="ms")
VARIANT_TIME = Target("averageVariantTime", 8_000, above=False, unit="ms")
SUCCESS_RATE = Target("successRate", 0.95, above=True, unit="")
RAG_AVAILABILITY = Target("ragAvailability", 0.90, above=True, unit="")
RAG_ERROR_RATE = Target("ragErrorRate", 0.05, above=False, unit="")
RAG_SELECTION_RATE = Target("ragSelectionRate", 0.50, above=True, unit="")
