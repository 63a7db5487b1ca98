"""Decisions are counted by flag and reason, every one of them, whichever thread makes it."""

from concurrent.futures import ThreadPoolExecutor

from prometheus_client import REGISTRY

from featureflags import metrics
from featureflags.evaluation import Reason


def counted(flag: str, reason: Reason) -> float:
    metrics.add_up()
    labels = {"flag": flag, "reason": reason.value}
    return REGISTRY.get_sample_value("session_builder_flag_evaluations_total", labels) or 0.0


def test_every_decision_counts_once() -> None:
    before = counted("counted", Reason.FLAG_DISABLED)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: metrics.count_evaluation("counted", Reason.FLAG_DISABLED), range(4000)))
    assert counted("counted", Reason.FLAG_DISABLED) == before + 4000


def test_unknown_flags_share_one_series() -> None:
    before = counted("", Reason.FLAG_UNKNOWN)
    metrics.count_evaluation("anything from outside", Reason.FLAG_UNKNOWN)
    assert counted("", Reason.FLAG_UNKNOWN) == before + 1
    assert counted("anything from outside", Reason.FLAG_UNKNOWN) == 0
