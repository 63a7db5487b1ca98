"""Panels about generations: how they end, how long they take, what retrieval gives."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from analytics.aggregates import Totals
from analytics.dashboard import charts
from analytics.dashboard.charts import percent, seconds
from analytics.dashboard.panel import Panel, Table, counted, marks, rows_of_days
from analytics.metrics.ai import MULTI
from analytics.metrics.targets import PROCESSING_TIME
from analytics.registry import Marker

OUTCOMES = ("success", "partial", "fallback", "failed")
ENDINGS = "ai_content_generated,ai_content_failed"
RAG_STATES = ("ok", "category_relaxed", "weak", "none", "unavailable")


def health(
    found: Totals, days: Sequence[date], metrics: dict[str, Any], changes: Sequence[Marker], *, demo: bool
) -> Panel:
    """How the generations of each day ended."""
    stacks = [{name: float(found.on(day, "outcome", name).n) for name in OUTCOMES} for day in days]
    links = rows_of_days("event", "occurred_at", days, demo=demo, event_type__in=ENDINGS)
    rates = metrics["rates"]
    success, fallback = rates["successRate"], rates["fallbackRate"]
    ended = sum(found.n("outcome", detail=name) for name in OUTCOMES)
    return Panel(
        subject="Generation health",
        title=f"{percent(success['value'])} of {counted(success['n'], 'generation')} brought all four versions, "
        f"{percent(fallback['value'])} fell back to one"
        if success["n"]
        else f"{counted(ended, 'generation')} ended, none of them with four versions to write",
        kind="days",
        chart=charts.day_chart(days, stacks, unit="", marks=marks(changes), links=links),
        table=Table(
            ("Day", *OUTCOMES),
            [(day, *(int(parts[name]) for name in OUTCOMES)) for day, parts in zip(days, stacks, strict=True)],
            links,
        ),
        empty="" if ended else "No generation by a model yet. Ask an author to write a brief, with a model set up.",
    )


def times(
    found: Totals, days: Sequence[date], metrics: dict[str, Any], changes: Sequence[Marker], *, demo: bool
) -> Panel:
    """Average time of a generation by day, against the target."""
    means = [found.on(day, "processingTime", MULTI).mean or 0.0 for day in days]
    links = rows_of_days("event", "occurred_at", days, demo=demo, event_type="ai_content_generated")
    whole = metrics["times"]["processing"]
    return Panel(
        subject="Time",
        title=f"Half of the generations take up to {seconds(whole['p50'])}, 95 % up to {seconds(whole['p95'])}",
        kind="days",
        chart=charts.day_chart(
            days,
            [{"average": mean / 1000} for mean in means],
            unit="s",
            limit=PROCESSING_TIME.bound / 1000,
            limit_text="target 25 s",
            marks=marks(changes),
            links=links,
        ),
        table=Table(
            ("Day", "Average seconds"), [(day, round(m / 1000, 1)) for day, m in zip(days, means, strict=True)], links
        ),
        empty="" if whole["n"] else "No finished generation in this period; choose a longer one.",
    )


def retrieval(
    found: Totals, days: Sequence[date], metrics: dict[str, Any], changes: Sequence[Marker], *, demo: bool
) -> Panel:
    """What became of each day's retrieval."""
    stacks = [{name: float(found.on(day, "ragQueries", name).n) for name in RAG_STATES} for day in days]
    links = rows_of_days("event", "occurred_at", days, demo=demo, event_type="ai_content_generated")
    available, rag = metrics["rates"]["ragAvailability"], metrics["rag"]
    similarity, matched = rag["averageSimilarity"]["value"], rag["categoryMatchRate"]["value"]
    return Panel(
        subject="Retrieval",
        title=f"RAG answered {percent(available['value'])} of {available['n']} queries",
        kind="days",
        chart=charts.day_chart(days, stacks, unit="", marks=marks(changes), links=links),
        table=Table(
            ("Day", *RAG_STATES),
            [(day, *(int(parts[name]) for name in RAG_STATES)) for day, parts in zip(days, stacks, strict=True)],
            links,
        ),
        empty="" if available["n"] else "No query yet. RAG_API_URL and the flag rag_integration switch retrieval on.",
        notes=[
            f"Average similarity {'unknown' if similarity is None else f'{similarity:.2f}'}.",
            f"{percent(matched)} of the sources are of the brief's category." if matched is not None else "",
        ],
    )
