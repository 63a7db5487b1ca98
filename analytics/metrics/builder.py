"""How people use the builder: sessions, active time, actions, and the way from opening it to publishing."""

from typing import Any

from analytics import aggregates, registry
from analytics.aggregates import Totals
from analytics.metrics import shapes
from analytics.periods import Period

TOP_ACTIONS = 10
TIMES = ("builderTime", "comparisonTime")


def builder_metrics(
    period: Period, *, category: str | None = None, demo: bool = False, found: Totals | None = None
) -> dict[str, Any]:
    """Return the answer of `/api/analytics/builder-metrics`. Times are milliseconds of active work.

    `found` are the totals of the same question, where they are known already.
    """
    if found is None:
        found = aggregates.totals(period, category=category, demo=demo, histograms=TIMES)
    active = shapes.spread(found.tally("builderTime"))
    registered = registry.registered_metrics("builder", period, demo=demo, category=category)
    return (
        shapes.frame(period, demo=demo, category=category)
        | {name: figure.value for name, figure in registered.items()}
        | {
            "averageBuilderTime": active["average"],
            "builderTime": active,
            "comparisonTime": shapes.spread(found.tally("comparisonTime")),
            "topUserActions": _top_actions(found),
            "funnel": _funnel(found),
            "samples": {"averageBuilderTime": active["n"]} | {name: figure.n for name, figure in registered.items()},
        }
    )


def _funnel(found: Totals) -> list[dict[str, Any]]:
    """From opening the page of a new brief to publishing; editing a session, or choosing again, is no step of it."""
    steps = {
        "opened": found.n("opened"),
        "generated": found.n("events", detail="ai_content_generated"),
        "selected": found.n("selections"),
        "published": found.n("events", detail="session_published"),
    }
    return [{"step": step, "count": n} for step, n in steps.items()]


def _top_actions(found: Totals) -> list[dict[str, Any]]:
    counts = {name: tally.n for name, tally in found.split("events", "detail").items()}
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"action": name, "count": n} for name, n in ranked[:TOP_ACTIONS]]
