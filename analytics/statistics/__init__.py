"""Pure statistics for the evidence pages: no Django, no database, every formula with its source."""

from analytics.statistics.chance import ChanceAdjusted, Pick, PickSums, chance_adjusted, chance_adjusted_sums
from analytics.statistics.checks import SAMPLE_RATIO_ALARM, holm, sample_ratio
from analytics.statistics.means import (
    GeometricRatio,
    geometric_ratio,
    one_sample,
    paired,
    ratio_of_logs,
    summary_of,
    welch,
)
from analytics.statistics.planning import needed_for_means, needed_for_rate, needed_for_rates, needed_for_ratio
from analytics.statistics.rates import difference_error, newcombe, pooled_z, stratified_difference, wilson
from analytics.statistics.sequences import (
    asymptotic_sequence,
    beta_binomial_sequence,
    needed_for_effect,
    needed_to_leave,
)
from analytics.statistics.survival import Duration, kaplan_meier, log_rank, median_time
from analytics.statistics.types import Counts, Difference, Interval, Summary

__all__ = [
    "SAMPLE_RATIO_ALARM",
    "ChanceAdjusted",
    "Counts",
    "Difference",
    "Duration",
    "GeometricRatio",
    "Interval",
    "Pick",
    "PickSums",
    "Summary",
    "asymptotic_sequence",
    "beta_binomial_sequence",
    "chance_adjusted",
    "chance_adjusted_sums",
    "difference_error",
    "geometric_ratio",
    "holm",
    "kaplan_meier",
    "log_rank",
    "median_time",
    "needed_for_effect",
    "needed_for_means",
    "needed_for_rate",
    "needed_for_rates",
    "needed_for_ratio",
    "needed_to_leave",
    "newcombe",
    "one_sample",
    "paired",
    "pooled_z",
    "ratio_of_logs",
    "sample_ratio",
    "stratified_difference",
    "summary_of",
    "welch",
    "wilson",
]
