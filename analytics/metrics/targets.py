"""The targets the operations guide sets, and whether they are met."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MIN_SAMPLE = 20


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

    def judge(self, value: float | None, n: int) -> dict[str, Any]:
        """Return the verdict on a value from n things, as the API says it."""
        if value is None or n < MIN_SAMPLE:
            verdict = Verdict.TOO_FEW
        else:
            reached = value > self.bound if self.above else value < self.bound
            verdict = Verdict.MET if reached else Verdict.NOT_MET
        return {
            "name": self.name,
            "bound": self.bound,
            "above": self.above,
            "target": f"{'>' if self.above else '<'} {self.bound:g} {self.unit}".strip(),
            "value": value,
            "n": n,
            "needed": MIN_SAMPLE,
            "verdict": verdict.value,
        }


PROCESSING_TIME = Target("averageProcessingTime", 25_000, above=False, unit="ms")
RAG_QUERY_TIME = Target("averageRagQueryTime", 2_000, above=False, unit="ms")
VARIANT_TIME = Target("averageVariantTime", 8_000, above=False, unit="ms")
SUCCESS_RATE = Target("successRate", 0.95, above=True, unit="")
RAG_AVAILABILITY = Target("ragAvailability", 0.90, above=True, unit="")
RAG_ERROR_RATE = Target("ragErrorRate", 0.05, above=False, unit="")
RAG_SELECTION_RATE = Target("ragSelectionRate", 0.50, above=True, unit="")
