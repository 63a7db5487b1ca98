"""What the dashboard shows: figures turned into sentences and charts. A title says the finding, not the subject."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from analytics import aggregates
from analytics.aggregates import Totals
from analytics.dashboard import charts
from analytics.dashboard.charts import percent, seconds
from analytics.experiment.report import experiment
from analytics.metrics.ai import MULTI, ai_metrics
from analytics.metrics.builder import builder_metrics
from analytics.metrics.targets import PROCESSING_TIME
from analytics.models import Event
from analytics.periods import Period
from analytics.registry import Marker, markers

OUTCOMES = ("success", "partial", "fallback", "failed")
RECENT_FAILURES = 10


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a chart, for screen readers and for copying."""

    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Panel:
    """One finding with its chart. Without data `empty` says what to do."""

    title: str
    kind: str
    chart: Any
    table: Table
    empty: str = ""
    notes: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Dashboard:
    tiles: Sequence[dict[str, Any]]
    panels: Sequence[Panel]
    failures: Sequence[Event]
    freshness: dict[str, Any]


def dashboard(period: Period, *, demo: bool = False) -> Dashboard:
    """Return everything the page shows for a bounded period. Its queries do not grow with the data."""
    found = aggregates.totals(period, demo=demo, by_day=("outcome", "processingTime", "cost"))
    metrics = ai_metrics(period, demo=demo, found=found)
    builder = builder_metrics(period, demo=demo, found=found)
    evidence = experiment(period, demo=demo)
    days = list(period.days())
    changes = markers(period)
    return Dashboard(
        tiles=[_tile(target) for target in metrics["targets"]],
        panels=[
            health(found, days, metrics, changes),
            times(found, days, metrics, changes),
            selections(evidence["choices"]),
            effect(evidence["v2AgainstLegacy"]),
            quality(metrics),
            cost(found, days, metrics),
            funnel(builder),
        ],
        failures=recent_failures(period, demo=demo),
        freshness=metrics["freshness"],
    )


def health(found: Totals, days: Sequence[date], metrics: dict[str, Any], changes: Sequence[Marker]) -> Panel:
    """How the generations of each day ended."""
    stacks = [{name: float(found.on(day, "outcome", name).n) for name in OUTCOMES} for day in days]
    rate = metrics["rates"]["successRate"]
    return Panel(
        title=f"{percent(rate['value'])} of {rate['n']} generations brought all four versions",
        kind="days",
        chart=charts.day_chart(days, stacks, unit="", marks=_marks(changes)),
        table=Table(
            ("Day", *OUTCOMES),
            [(day, *(int(parts[name]) for name in OUTCOMES)) for day, parts in zip(days, stacks, strict=True)],
        ),
        empty="" if found.n("outcome") else "No generation yet. Ask an author to write a brief, or turn the flag on.",
        notes=[f"{change.at:%Y-%m-%d %H:%M}: {change.text}" for change in changes],
    )


def times(found: Totals, days: Sequence[date], metrics: dict[str, Any], changes: Sequence[Marker]) -> Panel:
    """Average time of a generation by day, against the target."""
    means = [found.on(day, "processingTime", MULTI).mean or 0.0 for day in days]
    times_ = metrics["times"]["processing"]
    return Panel(
        title=f"A generation takes {seconds(times_['p50'])} (median), {seconds(times_['p95'])} at the 95th percentile",
        kind="days",
        chart=charts.day_chart(
            days,
            [{"time": mean / 1000} for mean in means],
            unit="s",
            limit=PROCESSING_TIME.bound / 1000,
            limit_text="target 25 s",
            marks=_marks(changes),
        ),
        table=Table(
            ("Day", "Average seconds"), [(day, round(m / 1000, 1)) for day, m in zip(days, means, strict=True)]
        ),
        empty="" if times_["n"] else "No finished generation in this period.",
    )


def selections(choices: dict[str, Any]) -> Panel:
    """Which variants authors choose, beside what a blind picker would."""
    shares = [
        {"label": "any with your material", **choices["ragShare"], "chance": choices["chance"]["level"]},
        *({"label": card["card"], **card} for card in choices["byLabel"]),
    ]
    adjusted = choices["chanceAdjusted"]
    share, level = choices["ragShare"]["value"], choices["chance"]["level"]
    return Panel(
        title=f"{percent(share)} choose a version with retrieved material; blind picking would give {percent(level)}",
        kind="intervals",
        chart=charts.interval_rows(shares),
        table=Table(
            ("Version", "Share", "From", "To", "Blind picking", "n"),
            [
                (s["label"], percent(s["value"]), percent(s["low"]), percent(s["high"]), percent(s["chance"]), s["n"])
                for s in shares
            ],
        ),
        empty="" if choices["eligible"] else "No choice yet between a version with and one without material.",
        notes=[
            choices["note"],
            *([f"Against blind picking: {charts.p_value(adjusted['clusteredP'])}."] if adjusted["clusteredP"] else []),
        ],
    )


def effect(found: dict[str, Any]) -> Panel:
    """New generation against old: three questions, each with what is known and what is needed."""
    named = {
        "publishRate": "Share who publish (difference)",
        "timeToPublish": "Time to publish (ratio)",
        "quality": "Quality at publishing (points)",
    }
    rows = []
    for name, label in named.items():
        one = found[name]
        value = one.get("ratio") if name == "timeToPublish" else one["difference"]
        interval = one["interval"] or {"low": None, "high": None}
        numbers = [
            None if number is None else round(number, 3) for number in (value, interval["low"], interval["high"])
        ]
        rows.append((label, one["verdict"], *numbers, one["n"]["v2"], one["n"]["legacy"], one["needed"]))
    split = "The rollout did not split users as it should: do not believe these numbers."
    return Panel(
        title="Four versions against one: "
        + ", ".join(f"{row[0].partition(' (')[0].lower()}: {row[1]}" for row in rows),
        kind="table",
        chart=None,
        table=Table(("Question", "Verdict", "Effect", "From", "To", "n new", "n old", "Needed each"), rows),
        empty="" if any(found["users"].values()) else "No user was split by a percentage between 0 and 100 yet.",
        notes=[split] if found["sampleRatio"]["mismatch"] else [],
    )


def quality(metrics: dict[str, Any]) -> Panel:
    """Quality of what was published."""
    scores = metrics["qualityScores"]
    distribution = scores["distribution"]
    return Panel(
        title=f"Published sessions score {scores['average'] if scores['n'] else 'no data yet'} on average",
        kind="bars",
        chart=charts.bars(distribution),
        table=Table(("Quality", "Sessions"), list(distribution.items())),
        empty="" if scores["n"] else "No session was published in this period.",
    )


def cost(found: Totals, days: Sequence[date], metrics: dict[str, Any]) -> Panel:
    """What the model calls of each day cost, by model."""
    usage = metrics["usage"]
    models = [one["model"] for one in usage["byModel"]]
    stacks = [{model: found.on(day, "cost", model).total for model in models} for day in days]
    unpriced = usage["callsWithoutPrice"]
    return Panel(
        title=f"{usage['calls']} model calls cost {usage['costUsd']:.2f} US dollars",
        kind="days",
        chart=charts.day_chart(days, stacks, unit="USD"),
        table=Table(
            ("Model", "Calls", "US dollars"),
            [(one["model"], one["calls"], f"{one['costUsd']:.4f}") for one in usage["byModel"]],
        ),
        empty="" if usage["calls"] else "No model call in this period.",
        notes=[f"{unpriced} calls have no known price; add it under model prices."] if unpriced else [],
    )


def funnel(builder: dict[str, Any]) -> Panel:
    """From opening the builder to publishing."""
    steps = {step["step"]: step["count"] for step in builder["funnel"]}
    return Panel(
        title=f"{steps['published']} sessions published of {steps['generated']} briefs sent",
        kind="bars",
        chart=charts.bars(steps),
        table=Table(("Step", "Count"), list(steps.items())),
        empty="" if any(steps.values()) else "Nobody has opened the builder in this period.",
    )


def recent_failures(period: Period, *, demo: bool) -> Sequence[Event]:
    """The last generations that ended without a variant, cancelled ones left out."""
    failed = Event.objects.filter(event_type="ai_content_failed", is_demo=demo).exclude(cancelled=True)
    if period.start is not None:
        failed = failed.filter(occurred_at__gte=period.start)
    if period.end is not None:
        failed = failed.filter(occurred_at__lt=period.end)
    return list(failed.order_by("-occurred_at", "-id")[:RECENT_FAILURES])


def _tile(target: dict[str, Any]) -> dict[str, Any]:
    timed = target["name"].endswith("Time")
    value = seconds(target["value"]) if timed else percent(target["value"])
    bound = target["target"] if not timed else target["target"].replace("000 ms", " s")
    return target | {"shown": value, "bound": bound, "state": target["verdict"].replace(" ", "-")}


def _marks(changes: Sequence[Marker]) -> list[tuple[date, str]]:
    return [(change.at.date(), change.text) for change in changes]
