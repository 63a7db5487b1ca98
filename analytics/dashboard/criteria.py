"""The success criteria of the operations guide, each with its verdict, its sample and how many are still needed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from analytics.dashboard.charts import percent, seconds
from analytics.dashboard.panel import PENDING, only_drafts
from analytics.metrics.shapes import rate
from analytics.metrics.targets import MIN_SAMPLE, Target, Verdict

MIN_USERS = 40
FOR_PEOPLE = "for people to judge"
NOTHING = percent(None)
TOLD = Target("told", 0.99, above=True, unit="")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: what was measured, and about how many are `missing` until it can be judged.

    None are enough where what was measured lies on the bound.
    """

    area: str
    name: str
    verdict: str
    measured: str
    n: int
    missing: int | None

    @property
    def pending(self) -> bool:
        return self.verdict == PENDING

    @property
    def state(self) -> str:
        return self.verdict.replace(" ", "-")


def criteria(
    metrics: Mapping[str, Any], builder: Mapping[str, Any], evidence: Mapping[str, Any] | None
) -> list[Criterion]:
    """Return the guide's criteria in its order; without evidence, those that rest on it are pending."""
    arms = evidence and evidence["v2AgainstLegacy"]
    listed = [
        *_targets(metrics),
        _balance(metrics),
        _told(metrics),
        _split(arms),
        Criterion("Experience", "Waiting is engaging", FOR_PEOPLE, "ask authors", 0, 0),
        _choosing(builder),
        _chosen(metrics),
        Criterion("Experience", "Errors are handled gracefully", FOR_PEOPLE, _errors(metrics), 0, 0),
        _arms(
            "Sessions are published 20 % faster",
            arms and arms["timeToPublish"],
            "ratio",
            "times the old time",
            "0.80 or less",
        ),
        _arms("Quality is 10 points higher", arms and arms["quality"], "difference", "points", "10 or more"),
        Criterion("Business", "Existing ways of working are not disturbed", FOR_PEOPLE, _legacy(metrics), 0, 0),
    ]
    drafts = only_drafts(metrics)
    return [replace(one, measured="–") if drafts and one.measured == NOTHING else one for one in listed]


def _targets(metrics: Mapping[str, Any]) -> list[Criterion]:
    judged = {target["name"]: target for target in metrics["targets"]}
    named = (
        ("successRate", "All four versions in over 95 %"),
        ("ragErrorRate", "RAG errors under 5 %"),
        ("averageProcessingTime", "Average time under 25 s"),
    )
    return [_of_target("Technical", label, judged[name]) for name, label in named]


def _of_target(area: str, label: str, target: Mapping[str, Any]) -> Criterion:
    write = seconds if target["name"].endswith("Time") else percent
    shown = write(target["value"])
    if target["low"] is not None:
        shown += f" ({write(target['low'])} to {write(target['high'])})"
    return Criterion(area, label, target["verdict"], shown, target["n"], still_missing(target["needed"], target["n"]))


def still_missing(needed: int | None, n: int) -> int | None:
    """Return how many more it takes, None where it cannot be told."""
    return None if needed is None else max(0, needed - n)


def _balance(metrics: Mapping[str, Any]) -> Criterion:
    """Whether the sections of all outlines add up to the minutes asked for, where the product tells.

    All is no rate to be estimated: one that does not is enough to say no.
    """
    figure = metrics.get("balancedOutlines") or {"value": None, "n": 0}
    share, n = figure["value"], figure["n"]
    verdict = Verdict.TOO_FEW if n < MIN_SAMPLE else Verdict.MET if share == 1 else Verdict.NOT_MET
    label = "Outlines take exactly the time asked for"
    return Criterion("Technical", label, verdict.value, percent(share), n, still_missing(MIN_SAMPLE, n))


def _told(metrics: Mapping[str, Any]) -> Criterion:
    """Whether every generation that was asked for has told how it ended."""
    ended, running = metrics["samples"]["outcomes"], metrics["runningGenerations"]
    return _of_target(
        "Technical", "Over 99 % of generations told their end", TOLD.judge_rate(rate(ended - running, ended))
    )


def _split(arms: Mapping[str, Any] | None) -> Criterion:
    label = "Flags split users as they say"
    if arms is None:
        return Criterion("Technical", label, PENDING, "–", 0, 0)
    check, users = arms["sampleRatio"], sum(arms["users"].values())
    verdict = Verdict.TOO_FEW if users < MIN_USERS else Verdict.NOT_MET if check["mismatch"] else Verdict.MET
    shown = f"{check['observed']} users got four versions, {check['expected']:.0f} were due" if users else NOTHING
    return Criterion("Technical", label, verdict.value, shown, users, still_missing(MIN_USERS, users))


def _choosing(builder: Mapping[str, Any]) -> Criterion:
    time = builder["comparisonTime"]
    shown = f"half choose within {seconds(time['p50'])}" if time["n"] else NOTHING
    return Criterion("Experience", "Choosing is clear and easy", FOR_PEOPLE, shown, time["n"], 0)


def _chosen(metrics: Mapping[str, Any]) -> Criterion:
    target = next(target for target in metrics["targets"] if target["name"] == "ragSelectionRate")
    label = "RAG versions chosen in over 50 %; blind picking gives 75 %"
    return _of_target("Experience", label, target)


def _errors(metrics: Mapping[str, Any]) -> str:
    return f"failed: {metrics['failedGenerations']}, rejected: {metrics['rejectedGenerations']}"


def _legacy(metrics: Mapping[str, Any]) -> str:
    fallback, single = metrics["rates"]["fallbackRate"], metrics["times"]["legacyProcessing"]
    if not fallback["n"] and not single["n"]:
        return NOTHING
    return f"{percent(fallback['value'])} fell back to one version; one version takes {seconds(single['p50'])}"


def _arms(label: str, found: Mapping[str, Any] | None, value: str, unit: str, promise: str) -> Criterion:
    if found is None:
        return Criterion("Business", label, PENDING, "–", 0, 0)
    fewer = min(found["n"].values())
    reached = found["goal"]["reached"]
    verdict = Verdict.TOO_FEW if reached is None else Verdict.MET if reached else Verdict.NOT_MET
    number, interval = found.get(value), found["interval"]
    shown = NOTHING if number is None else f"{number:.2f} {unit}"
    if interval is not None:
        shown += f" ({interval['low']:.2f} to {interval['high']:.2f})"
    if reached is False:
        shown += f", which leaves out the {promise} promised"
    missing = still_missing(found["goal"]["needed"], fewer) if reached is None else 0
    return Criterion("Business", label, verdict.value, shown, fewer, missing)
