"""The three questions about the new generation: more published, sooner, better? Each with its goal, each with its n."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from analytics.experiment.arms import LEGACY, V2, Participant, by_step, in_arm
from analytics.statistics import (
    SAMPLE_RATIO_ALARM,
    Counts,
    Duration,
    asymptotic_sequence,
    difference_error,
    holm,
    log_rank,
    median_time,
    needed_for_effect,
    needed_for_means,
    needed_for_rates,
    needed_for_ratio,
    ratio_of_logs,
    sample_ratio,
    stratified_difference,
    summary_of,
    welch,
)

MIN_PER_ARM = 40
FASTER_GOAL = 0.8
QUALITY_GOAL = 10.0
NEEDED_PUBLISH = needed_for_rates(0.40, 0.48)
NEEDED_TIME = needed_for_ratio(FASTER_GOAL, 1.0)
NEEDED_QUALITY = needed_for_means(QUALITY_GOAL, 20)
CONFIDENT = 0.05


class Verdict(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    OPEN = "no difference shown yet"
    TOO_FEW = "not enough data"


def compare(people: Sequence[Participant]) -> dict[str, Any]:
    """Return the comparison of the arms as the API says it."""
    new, old = in_arm(people, V2), in_arm(people, LEGACY)
    answer: dict[str, Any] = {
        "users": {V2: len(new), LEGACY: len(old)},
        "sampleRatio": sample_ratio_check(people),
        "publishRate": publish_rate(people),
        "timeToPublish": time_to_publish(new, old),
        "quality": quality(new, old),
    }
    tested = [name for name in ("publishRate", "timeToPublish", "quality") if answer[name]["p"] is not None]
    for name in tested:
        answer[name]["verdict"] = _verdict(answer[name]["p"], favours_new=_favours_new(answer[name]))
    for name, adjusted in zip(tested, holm([answer[name]["p"] for name in tested]), strict=True):
        answer[name]["pHolm"] = adjusted
    return answer


def sample_ratio_check(people: Sequence[Participant]) -> dict[str, Any]:
    """Did the rollout split users as its percentages say? Below p = 0.001 nothing else here can be believed."""
    new = len(in_arm(people, V2))
    due = math.fsum(person.percentage / 100 for person in people)
    p = sample_ratio([new, len(people) - new], [due, len(people) - due])
    return {"expected": due, "observed": new, "p": p, "mismatch": p < SAMPLE_RATIO_ALARM}


def publish_rate(people: Sequence[Participant]) -> dict[str, Any]:
    """Share of users who published, new minus old, weighed over the steps of the rollout."""
    strata = [(_published(step, V2), _published(step, LEGACY)) for step in by_step(people).values()]
    new, old = _sum(first for first, _ in strata), _sum(second for _, second in strata)
    answer = {
        **_arms(new.n, old.n, NEEDED_PUBLISH),
        V2: new.share if new.n else None,
        LEGACY: old.share if old.n else None,
        "ratio": new.share / old.share if new.n and old.hits else None,
    }
    both = [(a, b) for a, b in strata if a.n and b.n]
    if min(new.n, old.n) < MIN_PER_ARM or not both:
        return answer
    value, fixed, weights = stratified_difference(both)
    error = math.sqrt(math.fsum((w * difference_error(a, b)) ** 2 for w, (a, b) in zip(weights, both, strict=True)))
    return (
        answer
        | {"difference": value, "fixedInterval": asdict(fixed)}
        | _sequence(value, error, new.n + old.n, NEEDED_PUBLISH)
    )


def time_to_publish(new: Sequence[Participant], old: Sequence[Participant]) -> dict[str, Any]:
    """Seconds from the first request to publishing: ratio of geometric means, and what the unfinished ones say."""
    answer: dict[str, Any] = {
        **_arms(_published(new, V2).hits, _published(old, LEGACY).hits, NEEDED_TIME),
        "median": {V2: median_time(_durations(new)), LEGACY: median_time(_durations(old))},
        "goal": {"ratio": FASTER_GOAL, "p": None, "reached": None, "needed": NEEDED_TIME},
    }
    logs = [[math.log(max(1.0, person.seconds)) for person in arm if person.published] for arm in (new, old)]
    if min(map(len, logs)) < MIN_PER_ARM:
        return answer
    rank = log_rank(_durations(new), _durations(old))
    answer["logRankP"] = rank[1] if rank else None
    first, second = summary_of(logs[0]), summary_of(logs[1])
    if first.variance + second.variance == 0:
        return answer
    found = ratio_of_logs(first, second)
    error = math.sqrt(first.variance / first.n + second.variance / second.n)
    always = _sequence(math.log(found.ratio), error, first.n + second.n, NEEDED_TIME)
    always["interval"] = {end: math.exp(value) for end, value in always["interval"].items()}
    answer |= {"ratio": found.ratio, "fixedInterval": asdict(found.interval)} | always
    answer["goal"] |= _goal(math.log(FASTER_GOAL / found.ratio), error, (first.n, second.n), NEEDED_TIME)
    return answer


def quality(new: Sequence[Participant], old: Sequence[Participant]) -> dict[str, Any]:
    """Quality score at publishing, new minus old."""
    scores = [[person.quality for person in arm if person.quality is not None] for arm in (new, old)]
    answer: dict[str, Any] = {
        **_arms(len(scores[0]), len(scores[1]), NEEDED_QUALITY),
        "goal": {"difference": QUALITY_GOAL, "p": None, "reached": None, "needed": NEEDED_QUALITY},
    }
    if min(map(len, scores)) < MIN_PER_ARM:
        return answer
    first, second = summary_of(scores[0]), summary_of(scores[1])
    answer |= {V2: first.mean, LEGACY: second.mean}
    if first.variance + second.variance == 0:
        return answer
    found = welch(first, second)
    error = math.sqrt(first.variance / first.n + second.variance / second.n)
    answer |= {"difference": found.value, "fixedInterval": asdict(found.interval)}
    answer |= _sequence(found.value, error, first.n + second.n, NEEDED_QUALITY)
    answer["goal"] |= _goal(found.value - QUALITY_GOAL, error, (first.n, second.n), NEEDED_QUALITY)
    return answer


def _verdict(p: float, *, favours_new: bool) -> str:
    if p >= CONFIDENT:
        return Verdict.OPEN.value
    return (Verdict.BETTER if favours_new else Verdict.WORSE).value


def _favours_new(found: dict[str, Any]) -> bool:
    """Sooner is better, otherwise more is."""
    return found["difference"] > 0 if found["difference"] is not None else found["ratio"] < 1


def _arms(new: int, old: int, needed: int) -> dict[str, Any]:
    """What every comparison says, with nothing known yet."""
    return {
        "n": {V2: new, LEGACY: old},
        "needed": needed,
        "enough": min(new, old) >= needed,
        "difference": None,
        "interval": None,
        "p": None,
        "verdict": Verdict.TOO_FEW.value,
    }


def _sequence(value: float, error: float, n: int, needed: int) -> dict[str, Any]:
    """The interval and p-value that stay true however often somebody looks."""
    interval, p = asymptotic_sequence(value, error, n, planned=2 * needed)
    return {"interval": asdict(interval), "p": p}


def _goal(beyond: float, error: float, n: tuple[int, int], needed: int) -> dict[str, Any]:
    """Whether the effect goes `beyond` what was promised: None while the interval holds the promise itself.

    `needed` is how many the smaller arm takes as things stand, None where they stand on the promise.
    """
    whole, planned = sum(n), 2 * needed
    interval, p = asymptotic_sequence(beyond, error, whole, planned=planned)
    if 0.0 not in interval:
        return {"p": p, "reached": beyond > 0}
    more = needed_for_effect(beyond, error, whole, planned=planned)
    return {"p": p, "reached": None, "needed": None if more is None else math.ceil(min(n) * more / whole)}


def _published(people: Sequence[Participant], arm: str) -> Counts:
    chosen = in_arm(people, arm)
    return Counts(sum(person.published for person in chosen), len(chosen))


def _sum(counts: Any) -> Counts:
    found = list(counts)
    return Counts(sum(one.hits for one in found), sum(one.n for one in found))


def _durations(people: Sequence[Participant]) -> list[Duration]:
    return [Duration(person.seconds, person.published) for person in people]
