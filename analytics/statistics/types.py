from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """Lower and upper end; both belong to it."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Counts:
    """`hits` of `n`. Raises ValueError unless 0 <= hits <= n."""

    hits: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.n:
            raise ValueError(f"{self.hits} of {self.n} is not a share.")

    @property
    def share(self) -> float:
        """Hits over n; raises ZeroDivisionError for an empty sample."""
        return self.hits / self.n


@dataclass(frozen=True, slots=True)
class Summary:
    """Mean and sample variance (n - 1) of n values."""

    n: int
    mean: float
    variance: float


@dataclass(frozen=True, slots=True)
class Difference:
    """First minus second, with its interval, its statistic and its p-values.

    `p` is two-sided against `margin`; `p_greater` is for "the difference exceeds the margin".
    """

    value: float
    interval: Interval
    statistic: float
    df: float
    p: float
    p_greater: float
