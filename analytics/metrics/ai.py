"""AI metrics: prompts, generations, their times, quality, tokens and cost."""

from collections.abc import Mapping
from typing import Any

from analytics import aggregates, registry
from analytics.aggregates import Totals
from analytics.metrics import shapes, targets
from analytics.periods import Period

MULTI = "multi_variant"
TOP_CATEGORIES = 10
UNCOUNTED_OUTCOMES = ("cancelled", "offline", "pending")


def ai_metrics(
    period: Period, *, category: str | None = None, demo: bool = False, found: Totals | None = None
) -> dict[str, Any]:
    """Return the answer of `/api/analytics/ai-metrics`. Times are milliseconds, rates 0-1, cost US dollars.

    `found` are the totals of the same question, where they are known already.
    """
    found = aggregates.totals(period, category=category, demo=demo) if found is None else found
    rates = _rates(found)
    times = _times(found)
    answer = shapes.frame(period, demo=demo, category=category)
    answer |= _counts(found)
    answer |= {
        "averageProcessingTime": times["processing"]["average"],
        "p50ProcessingTime": times["processing"]["p50"],
        "p95ProcessingTime": times["processing"]["p95"],
        "times": times,
        "rates": rates,
        "topPromptCategories": _top_categories(period, category, demo),
        "qualityScores": _quality(found),
        "rag": _rag(found),
        "usage": _usage(found),
        "targets": _verdicts(found, rates),
        "samples": {"processingTime": times["processing"]["n"], "outcomes": found.n("outcome")},
    }
    return answer | _registered(registry.registered_metrics("ai", period, demo=demo, category=category))


def countable(found: Totals, mode: str = MULTI) -> int:
    """Return how many generations of a mode ended and say something: not cancelled, not offline, not still running."""
    outcomes = found.split("outcome", "detail", mode=mode)
    return sum(tally.n for detail, tally in outcomes.items() if detail not in UNCOUNTED_OUTCOMES)


def _counts(found: Totals) -> dict[str, int]:
    outcomes = {detail: tally.n for detail, tally in found.split("outcome", "detail").items()}
    return {
        "totalPrompts": found.n("events", detail="ai_prompt_submitted"),
        "successfulGenerations": sum(outcomes.get(name, 0) for name in ("success", "partial", "fallback")),
        "failedGenerations": outcomes.get("failed", 0),
        "cancelledGenerations": outcomes.get("cancelled", 0),
        "runningGenerations": outcomes.get("pending", 0),
        "offlineGenerations": outcomes.get("offline", 0),
        "acceptedGenerations": found.n("selections"),
        "rejectedGenerations": found.n("rejected"),
    }


def _rates(found: Totals) -> dict[str, Any]:
    ended = countable(found)
    states = {state: tally.n for state, tally in found.split("ragQueries", "detail").items() if state != "disabled"}
    asked = sum(states.values())
    down = states.get("unavailable", 0)
    chosen = found.split("selections", "detail", mode=MULTI)
    rag = chosen["rag"].n if "rag" in chosen else 0
    return {
        "successRate": shapes.rate(found.n("outcome", mode=MULTI, detail="success"), ended),
        "fallbackRate": shapes.rate(found.n("outcome", mode=MULTI, detail="fallback"), ended),
        "ragAvailability": shapes.rate(asked - down, asked),
        "ragErrorRate": shapes.rate(down, asked),
        "ragSelectionRate": shapes.rate(rag, sum(tally.n for tally in chosen.values())),
    }


def _times(found: Totals) -> dict[str, Any]:
    return {
        "processing": shapes.spread(found.tally("processingTime", mode=MULTI)),
        "legacyProcessing": shapes.spread(found.tally("processingTime", mode="legacy")),
        "variant": shapes.spread(found.tally("variantTime")),
        "variants": {
            str(number): shapes.spread(tally) for number, tally in found.split("variantTime", "variant").items()
        },
        "ragQuery": shapes.spread(found.tally("ragQueryTime")),
        "comparison": shapes.spread(found.tally("comparisonTime")),
    }


def _top_categories(period: Period, category: str | None, demo: bool) -> list[dict[str, Any]]:
    counts = aggregates.category_counts(period, "events", "ai_prompt_submitted", demo=demo)
    kept = {name: n for name, n in counts.items() if category in (None, name)}
    return [{"category": name, "count": n} for name, n in list(kept.items())[:TOP_CATEGORIES]]


def _quality(found: Totals) -> dict[str, Any]:
    bands = {name: tally.n for name, tally in found.split("quality", "detail").items()}
    whole = found.tally("quality")
    distribution = {name: bands.get(name, 0) for name in ("weak", "usable", "good", "strong")}
    return {**shapes.spread(whole), "distribution": distribution}


def _rag(found: Totals) -> dict[str, Any]:
    similarity, sources = found.tally("averageSimilarity"), found.tally("ragSources")
    matched, compared = found.tally("ragMatched"), found.tally("ragCompared")
    return {
        "averageSimilarity": {"value": similarity.mean, "n": similarity.n},
        "averageSources": {"value": sources.mean, "n": sources.n},
        "categoryMatchRate": {"value": matched.total / compared.total if compared.total else None, "n": compared.n},
        "states": {state: tally.n for state, tally in found.split("ragQueries", "detail").items()},
    }


def _usage(found: Totals) -> dict[str, Any]:
    cost = found.tally("cost")
    return {
        "calls": found.n("calls"),
        "failedCalls": {code: tally.n for code, tally in found.split("callFailures", "detail").items()},
        "tokensIn": round(found.tally("tokensIn").total),
        "tokensCached": round(found.tally("tokensCached").total),
        "tokensOut": round(found.tally("tokensOut").total),
        "tokensReasoning": round(found.tally("tokensReasoning").total),
        "costUsd": round(cost.total, 6),
        "callsWithoutPrice": found.n("calls") - cost.n,
        "byModel": [
            {"model": model, "calls": tally.n, "costUsd": round(found.tally("cost", detail=model).total, 6)}
            for model, tally in found.split("calls", "detail").items()
        ],
        "latency": shapes.spread(found.tally("callLatency")),
    }


def _verdicts(found: Totals, rates: dict[str, Any]) -> list[dict[str, Any]]:
    means = (
        (targets.PROCESSING_TIME, found.tally("processingTime", mode=MULTI)),
        (targets.RAG_QUERY_TIME, found.tally("ragQueryTime")),
        (targets.VARIANT_TIME, found.tally("variantTime")),
    )
    shares = (targets.SUCCESS_RATE, targets.RAG_AVAILABILITY, targets.RAG_ERROR_RATE, targets.RAG_SELECTION_RATE)
    return [
        *(target.judge_mean(tally) for target, tally in means),
        *(target.judge_rate(rates[target.name]) for target in shares),
    ]


def _registered(figures: Mapping[str, registry.Figure]) -> dict[str, Any]:
    return {name: {"value": figure.value, "n": figure.n} for name, figure in figures.items()}
