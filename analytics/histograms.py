"""Logarithmic histograms: quantiles of any positive measure within a known relative error, and they can be added up.

Bucket i holds the values in (GAMMA^(i-1), GAMMA^i] (Masson, Rim and Lee 2019, DDSketch).
"""

import math
from collections.abc import Mapping

ACCURACY = 0.03
GAMMA = (1 + ACCURACY) / (1 - ACCURACY)
ZERO_BUCKET = -9999


def bucket_of(value: float) -> int:
    """Return the bucket of a value; everything up to 0 shares one."""
    return math.ceil(math.log(value) / math.log(GAMMA)) if value > 0 else ZERO_BUCKET


def value_of(bucket: int) -> float:
    """Return the value that is off by at most 3 % for everything in the bucket."""
    return 0.0 if bucket == ZERO_BUCKET else 2 * GAMMA**bucket / (GAMMA + 1)


def quantile(buckets: Mapping[int, int], share: float) -> float | None:
    """Return the value below which this share lies, within 3 %; None for an empty histogram."""
    total = sum(buckets.values())
    if total == 0:
        return None
    rank, seen = share * (total - 1), 0
    for bucket in sorted(buckets):
        seen += buckets[bucket]
        if seen > rank:
            return value_of(bucket)
    raise AssertionError("unreachable: the ranks end below the total")
