"""Panels about what it costs, how far people come, and what failed last."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from analytics.aggregates import Totals
from analytics.dashboard import charts
from analytics.dashboard.panel import Panel, Table, counted, rows_between, rows_of_days
from analytics.models import Event
from analytics.periods import Period

RECENT_FAILURES = 10


def cost(found: Totals, days: Sequence[date], metrics: dict[str, Any], *, demo: bool) -> Panel:
    """What the model calls of each day cost, by model."""
    usage = metrics["usage"]
    models = [one["model"] for one in usage["byModel"]]
    stacks = [{model: found.on(day, "cost", model).total for model in models} for day in days]
    links = rows_of_days("aiinteraction", "created_at", days, demo=demo)
    unpriced = usage["callsWithoutPrice"]
    return Panel(
        subject="Cost",
        title=f"{counted(usage['calls'], 'model call')} cost {usage['costUsd']:.2f} US dollars",
        kind="days",
        chart=charts.day_chart(days, stacks, unit="USD", links=links),
        table=Table(
            ("Day", *models),
            [(day, *(f"{value:.4f}" for value in parts.values())) for day, parts in zip(days, stacks, strict=True)],
            links,
        ),
        empty=""
        if usage["calls"]
        else "No model call in this period; choose a longer one. Without a model drafts are composed offline.",
        notes=[f"{unpriced} calls have no known price; add it under model prices."] if unpriced else [],
    )


def funnel(builder: dict[str, Any]) -> Panel:
    """From opening the builder to publishing."""
    steps = {step["step"]: step["count"] for step in builder["funnel"]}
    active, worked = charts.seconds(builder["averageBuilderTime"]), builder["builderTime"]["n"]
    return Panel(
        subject="From opening to publishing",
        title=f"{counted(steps['published'], 'session')} published of {counted(steps['generated'], 'generation')}",
        kind="bars",
        chart=charts.bars(steps),
        table=Table(("Step", "Count"), list(steps.items())),
        empty="" if any(steps.values()) else "Nobody has opened the builder in this period; choose a longer one.",
        notes=[f"Work on a session takes {active} on average (n = {worked})."] if worked else [],
    )


def recent_failures(period: Period, *, demo: bool) -> Sequence[Event]:
    """The last generations that ended without a variant, cancelled ones left out."""
    failed = Event.objects.filter(event_type="ai_content_failed", is_demo=demo).exclude(cancelled=True)
    if period.start is not None:
        failed = failed.filter(occurred_at__gte=period.start)
    if period.end is not None:
        failed = failed.filter(occurred_at__lt=period.end)
    return list(failed.order_by("-occurred_at", "-id")[:RECENT_FAILURES])


def failed_rows(days: Sequence[date], *, demo: bool) -> dict[str, str]:
    """Return the pages with all failures of these days: of generations, cancelled ones left out, and of model calls."""
    first, last = days[0], days[-1]
    return {
        "generations": rows_between(
            "event", "occurred_at", first, last, demo=demo, event_type="ai_content_failed", cancelled="0"
        ),
        "calls": rows_between("aiinteraction", "created_at", first, last, demo=demo, outcome="failed"),
    }
