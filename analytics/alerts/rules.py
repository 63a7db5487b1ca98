"""Conditions that are looked at every minute: what opens a warning, and what ends a critical alert."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import connection
from django.utils import timezone

from analytics.alerts.catalogue import (
    ALL_VARIANTS_FAILED,
    LOW_RAG_SELECTION,
    RAG_DOWN,
    RAG_FAILURE_RATE,
    SELECTION_NOT_LOGGED,
    SLOW_GENERATIONS,
)
from analytics.alerts.states import close, raise_alert
from analytics.models import Alert, Event, Selection
from analytics.registry import Figure

log = structlog.get_logger(__name__)

Metric = Callable[[datetime, datetime], Figure]
Recovery = Callable[[datetime], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """A metric over a window that has to stay within a bound, judged from `min_sample` things on."""

    kind: str
    metric: Metric
    window: timedelta
    min_sample: int
    bound: float
    above: bool

    def breached(self, figure: Figure) -> bool | None:
        """Whether the figure is beyond the bound; None when too little is known."""
        if figure.value is None or figure.n < self.min_sample:
            return None
        return figure.value > self.bound if self.above else figure.value < self.bound


_rules: dict[str, Rule] = {}
_recoveries: dict[str, Recovery] = {}


def register_rule(rule: Rule) -> None:
    """Have a rule looked at every minute; one for the same kind is replaced."""
    _rules[rule.kind] = rule


def register_recovery(kind: str, recovered: Recovery) -> None:
    """Say when a critical alert is over: `recovered(last_seen)` is asked every minute while it is open."""
    _recoveries[kind] = recovered


def evaluate() -> None:
    """Open and close what the rules and recoveries say. A rule that knows too little leaves things as they are."""
    now = timezone.now()
    for rule in list(_rules.values()):
        _apply(rule, now)
    for alert in Alert.objects.filter(closed_at=None, kind__in=_recoveries):
        if _recoveries[alert.kind](alert.last_seen_at):
            close(alert.kind)


def _apply(rule: Rule, now: datetime) -> None:
    figure = rule.metric(now - rule.window, now)
    match rule.breached(figure):
        case True:
            raise_alert(rule.kind, value=figure.value, n=figure.n, bound=rule.bound)
        case False:
            close(rule.kind)
        case None:
            log.debug("Alert rule knows too little", kind=rule.kind, n=figure.n)


def rag_failure_rate(since: datetime, until: datetime) -> Figure:
    """Share of RAG queries that failed, 0-1."""
    return _figure(
        """
        SELECT avg((rag_state = 'unavailable')::int)::float8, count(*) FROM analytics_event
        WHERE event_type = 'ai_content_generated' AND rag_state <> 'disabled' AND NOT is_demo
          AND occurred_at >= %s AND occurred_at < %s
        """,
        since,
        until,
    )


def slow_generations(since: datetime, until: datetime) -> Figure:
    """95th percentile of the time four variants took, in milliseconds."""
    return _figure(
        """
        SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY processing_ms), count(processing_ms) FROM analytics_event
        WHERE event_type = 'ai_content_generated' AND mode = 'multi_variant' AND writer IS DISTINCT FROM 'offline'
          AND NOT is_demo AND occurred_at >= %s AND occurred_at < %s
        """,
        since,
        until,
    )


def rag_selection_rate(since: datetime, until: datetime) -> Figure:
    """Share of eligible choices that went to a variant citing retrieved material, 0-1."""
    return _figure(
        """
        SELECT avg(rag_effective::int)::float8, count(*) FROM analytics_selection
        WHERE counted AND eligible AND NOT is_demo AND selected_at >= %s AND selected_at < %s
        """,
        since,
        until,
    )


def _figure(query: str, since: datetime, until: datetime) -> Figure:
    with connection.cursor() as cursor:
        cursor.execute(query, [since, until])
        return Figure(*cursor.fetchone())


def _rag_answered(last_seen: datetime) -> bool:
    answers = Event.objects.filter(event_type="ai_content_generated", is_demo=False, occurred_at__gt=last_seen)
    return answers.exclude(rag_state__in=("unavailable", "disabled")).exclude(rag_state=None).exists()


def _variants_written(last_seen: datetime) -> bool:
    return Event.objects.filter(
        event_type="ai_content_generated",
        mode="multi_variant",
        writer="model",
        is_demo=False,
        occurred_at__gt=last_seen,
    ).exists()


def _selection_logged(last_seen: datetime) -> bool:
    return Selection.objects.filter(is_demo=False, selected_at__gt=last_seen).exists()


register_rule(Rule(RAG_FAILURE_RATE.name, rag_failure_rate, timedelta(minutes=15), 20, 0.10, above=True))
register_rule(Rule(SLOW_GENERATIONS.name, slow_generations, timedelta(minutes=15), 20, 30_000, above=True))
register_rule(Rule(LOW_RAG_SELECTION.name, rag_selection_rate, timedelta(days=1), 30, 0.30, above=False))
register_recovery(RAG_DOWN.name, _rag_answered)
register_recovery(ALL_VARIANTS_FAILED.name, _variants_written)
register_recovery(SELECTION_NOT_LOGGED.name, _selection_logged)
