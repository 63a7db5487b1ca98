"""What Prometheus is told by this app; no labels that could name a person."""

from django.db import transaction
from prometheus_client import Counter

EVENTS = Counter("session_builder_events_total", "Events recorded.", ["type"])
UNLOGGED_SELECTIONS = Counter(
    "session_builder_selections_not_logged_total", "Choices of a variant that could not be logged."
)
EXPORT_ROWS = Counter("session_builder_export_rows_total", "Rows written to exports.")
LLM_REQUESTS = Counter(
    "session_builder_llm_requests_total", "Model calls; attempts of one are not counted.", ["model", "outcome"]
)
LLM_TOKENS = Counter(
    "session_builder_llm_tokens_total", "Tokens by type; cached are part of input, reasoning of output.", ["type"]
)
LLM_COST = Counter("session_builder_llm_cost_usd_total", "US dollars spent on model calls whose price is known.")


def count_event(event_type: str) -> None:
    """Count an event once its transaction is committed."""
    transaction.on_commit(lambda: EVENTS.labels(event_type).inc(), robust=True)


def count_call(model: str, outcome: str, cost_usd: str | None, **tokens: int) -> None:
    """Count a stored model call with its tokens by type."""
    LLM_REQUESTS.labels(model, outcome).inc()
    for name, number in tokens.items():
        LLM_TOKENS.labels(name).inc(number)
    if cost_usd is not None:
        LLM_COST.inc(float(cost_usd))
