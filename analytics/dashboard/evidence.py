"""Panels about evidence: the rollout and its effect, what authors choose, how good it is."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from analytics.aggregates import Totals
from analytics.dashboard import charts
from analytics.dashboard.charts import IntervalRow, percent
from analytics.dashboard.panel import PENDING, Panel, Table, marks, rows_of_days, told
from analytics.experiment.comparison import Verdict
from analytics.registry import Marker

ARMS = {"v2": "four versions", "legacy": "one version"}
# Each question: its name in the evidence, what it is called, the value of no effect, how far the axis reaches from it,
# and the difference its number of users was planned for.
QUESTIONS = (
    ("publishRate", "Share who publish, difference", 0.0, 0.3, "48 % instead of 40 %"),
    ("timeToPublish", "Time to publish, ratio", 1.0, 1.0, "20 % less time"),
    ("quality", "Quality at publishing, points", 0.0, 20.0, "10 points more"),
)

UNDECIDED = (Verdict.OPEN, Verdict.TOO_FEW)
ANY_DIFFERENCE = (
    "The question here is whether there is any difference. Whether it is as large as promised, and how many more that "
    "takes, stands under success criteria."
)


def rollout(found: Totals, days: Sequence[date], changes: Sequence[Marker], *, demo: bool) -> Panel:
    """Who got what, day by day, with the changes of flags that decided it."""
    stacks = [{name: float(found.on(day, "requests", arm).n) for arm, name in ARMS.items()} for day in days]
    links = rows_of_days("event", "occurred_at", days, demo=demo, event_type="ai_prompt_submitted")
    new, old = (found.n("requests", detail=arm) for arm in ARMS)
    return Panel(
        subject="Rollout",
        title=f"{percent(new / (new + old) if new + old else None)} of {new + old} requests got four versions",
        kind="days",
        chart=charts.day_chart(days, stacks, unit="", marks=marks(changes), links=links),
        table=Table(
            ("Day", *ARMS.values()),
            [(day, *(int(n) for n in parts.values())) for day, parts in zip(days, stacks, strict=True)],
            links,
        ),
        empty="" if new + old else "No request to a model in this period; choose a longer one.",
        notes=told(changes) or ["No flag was changed in this period."],
    )


def effect(found: dict[str, Any] | None) -> Panel:
    """New generation against old: three questions, each with what is known and what is needed."""
    if found is None:
        return _pending("Effect of four versions")
    rows, drawn = [], []
    for name, label, nothing, reach, planned in QUESTIONS:
        one = found[name]
        value = one.get("ratio") if name == "timeToPublish" else one["difference"]
        interval = one["interval"] or {"low": None, "high": None}
        if value is not None and one["interval"] is not None:
            drawn.append(_drawn(label, value, interval, nothing, reach))
        numbers = [None if n is None else round(n, 3) for n in (value, interval["low"], interval["high"])]
        needed = f"{one['needed']} to see {planned}" if one["verdict"] in UNDECIDED else None
        rows.append((label, one["verdict"], *numbers, one["n"]["v2"], one["n"]["legacy"], needed))
    verdicts = ", ".join(
        f"{label.partition(',')[0].lower()} – {found[name]['verdict']}" for name, label, *_ in QUESTIONS
    )
    split = "The rollout did not split users as it should: do not believe these numbers."
    return Panel(
        subject="Effect of four versions",
        title=f"Four versions against one: {verdicts}",
        kind="effects" if drawn else "table",
        chart=drawn,
        table=Table(
            ("Question", "Verdict", "Effect", "From", "To", "n four", "n one", "Planned each"),
            rows,
        ),
        empty=""
        if any(found["users"].values())
        else "No user was split yet. A flag between 0 and 100 % gives both ways something to be compared by.",
        notes=[split if found["sampleRatio"]["mismatch"] else "", ANY_DIFFERENCE],
        of_evidence=True,
    )


def selections(choices: dict[str, Any] | None) -> Panel:
    """Which variants authors choose, beside what a blind picker would."""
    if choices is None:
        return _pending("Selection")
    shares = [
        {"label": "any with material", **choices["ragShare"], "chance": choices["chance"]["level"]},
        *({"label": card["card"], **card} for card in choices["byLabel"]),
    ]
    lift, level = choices["lift"], choices["chance"]["level"]
    verdict = {"wins": "retrieved material wins", "loses": "retrieved material loses"}
    return Panel(
        subject="Selection",
        title=f"{percent(choices['ragShare']['value'])} choose a version with retrieved material, blind picking gives "
        f"{percent(level)}: {verdict.get(lift['verdict'], lift['verdict'])}",
        kind="intervals",
        chart=charts.interval_rows(shares),
        table=Table(
            ("Version", "Share", "From", "To", "Blind picking", "n"),
            [
                (s["label"], percent(s["value"]), percent(s["low"]), percent(s["high"]), percent(s["chance"]), s["n"])
                for s in shares
            ],
        ),
        empty=""
        if choices["eligible"]
        else "No choice yet between versions with and without material. Let authors who get four versions choose.",
        notes=[choices["note"], _duels(choices)],
        of_evidence=True,
    )


def quality(metrics: dict[str, Any], choices: dict[str, Any] | None) -> Panel:
    """Quality of what was published, and of versions with material beside the plain one of the same brief."""
    scores = metrics["qualityScores"]
    return Panel(
        subject="Quality",
        title=f"Published sessions score {scores['average']} of 100 on average",
        kind="bars",
        chart=charts.bars(scores["distribution"]),
        table=Table(("Quality", "Sessions"), list(scores["distribution"].items())),
        empty="" if scores["n"] else "No session was published in this period; choose a longer one.",
        notes=[_within(choices), "Weak is under 50, usable under 70, good under 85."],
        of_evidence=True,
    )


def _within(choices: dict[str, Any] | None) -> str:
    """What the versions of one brief say about material."""
    if choices is None:
        return "Within one brief: not computed yet."
    found = choices["qualityWithinBrief"]
    if found["difference"] is None:
        return f"Within one brief: not enough data (n = {found['n']} of {found['needed']} authors)."
    return (
        f"Within one brief, versions with material score {found['difference']:+.1f} points (n = {found['n']} authors)."
    )


def _pending(subject: str) -> Panel:
    """A panel whose evidence reads every choice and user of the range, which takes longer than a page should."""
    return Panel(
        subject=subject,
        title=subject,
        kind="table",
        chart=None,
        table=Table((), ()),
        empty="It reads every choice and user of this range, which takes a moment.",
        reason=PENDING,
        of_evidence=True,
        pending=True,
    )


def _drawn(label: str, value: float, interval: dict[str, float], nothing: float, reach: float) -> IntervalRow:
    return charts.effect_row(label, value, interval["low"], interval["high"], nothing=nothing, reach=reach)


def _duels(choices: dict[str, Any]) -> str:
    """Each weight against the version without material, where both were shown; chance is a half."""
    duels = [f"{_named(duel)} wins {percent(duel['value'])} of {duel['n']}" for duel in choices["headToHead"]]
    needed = choices["headToHead"][0]["needed"] if duels else 0
    return f"Head to head with the plain version: {', '.join(duels)}; {needed} are needed each." if duels else ""


def _named(duel: dict[str, Any]) -> str:
    """A version by its name and weight, or by its weight alone where nobody chose it."""
    weight, name = f"{duel['ragWeight']:g}", duel.get("label")
    return f"{name} ({weight})" if name else f"weight {weight}"
