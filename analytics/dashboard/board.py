"""What the dashboard shows: figures turned into sentences and charts. A title says the finding, not the subject."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analytics import aggregates
from analytics.dashboard import evidence, generations, usage
from analytics.dashboard.charts import percent, seconds
from analytics.dashboard.criteria import Criterion, criteria, still_missing
from analytics.dashboard.panel import Panel, of_model, only_drafts
from analytics.experiment.report import experiment, known
from analytics.metrics.ai import ai_metrics
from analytics.metrics.builder import builder_metrics
from analytics.models import Event
from analytics.periods import Period
from analytics.registry import markers

BY_DAY = ("outcome", "processingTime", "ragQueries", "requests", "cost")


@dataclass(frozen=True, slots=True)
class Dashboard:
    tiles: Sequence[dict[str, Any]]
    panels: Sequence[Panel]
    criteria: Sequence[Criterion]
    failures: Sequence[Event]
    failed_rows: Mapping[str, str]
    """The pages with all failures of the period and all model calls that failed."""
    freshness: dict[str, Any]
    offline: int
    """Offline drafts of the period, which no figure counts."""
    pending: bool
    """Whether the evidence is still to be computed."""
    only_drafts: str
    """What there is where nothing else is, "" where the work of a model is counted."""


def dashboard(period: Period, *, demo: bool = False, compute: bool = False) -> Dashboard:
    """Return everything the page shows for a bounded period, from rollups and indexes, however much data there is.

    The evidence alone reads rows. The usual ranges are computed before anybody asks; any other is pending where it is
    not known, unless it is to be computed now.
    """
    found = aggregates.totals(period, demo=demo, by_day=BY_DAY)
    metrics = ai_metrics(period, demo=demo, found=found)
    builder = builder_metrics(period, demo=demo, found=found)
    report = experiment(period, demo=demo) if compute else known(period, demo=demo)
    days = list(period.days())
    changes = [] if demo else markers(period)  # what was really changed did nothing to a made-up past
    drafts = only_drafts(metrics)
    return Dashboard(
        tiles=[_tile(target, drafts) for target in metrics["targets"]],
        panels=[
            of_model(generations.health(found, days, metrics, changes, demo=demo), drafts),
            of_model(generations.times(found, days, metrics, changes, demo=demo), drafts),
            of_model(evidence.rollout(found, days, changes, demo=demo), drafts),
            of_model(evidence.effect(report and report["v2AgainstLegacy"]), drafts),
            of_model(evidence.selections(report and report["choices"]), drafts),
            evidence.quality(metrics, report and report["choices"]),
            of_model(generations.retrieval(found, days, metrics, changes, demo=demo), drafts),
            of_model(usage.cost(found, days, metrics, demo=demo), drafts),
            usage.funnel(builder),
        ],
        criteria=criteria(metrics, builder, report),
        failures=usage.recent_failures(period, demo=demo),
        failed_rows=usage.failed_rows(days, demo=demo),
        freshness=metrics["freshness"],
        offline=metrics["offlineGenerations"],
        pending=report is None,
        only_drafts=drafts,
    )


def _tile(target: dict[str, Any], drafts: str) -> dict[str, Any]:
    timed = target["name"].endswith("Time")
    value = seconds(target["value"]) if timed else percent(target["value"])
    instead = drafts if target["value"] is None else ""
    sign = "over" if target["above"] else "under"
    bound = f"{sign} {seconds(target['bound']) if timed else percent(target['bound'])}"
    state = target["verdict"].replace(" ", "-")
    missing = still_missing(target["needed"], target["n"])
    shown = {"shown": "–" if instead else value, "wanted": bound, "state": state, "instead": instead}
    return target | shown | {"missing": missing}
