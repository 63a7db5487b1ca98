"""A past of any size, put into the database by COPY: 90 days of generations with everything they leave behind."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import psycopg

DAYS = 90
EVENTS_A_GENERATION = 10
PEOPLE = 5_000
CATEGORIES = ("Prospecting", "Leadership Development", "Team Building", "Onboarding", "Product Training")
WEIGHTS = {1: 0.8, 2: 0.5, 3: 0.2, 4: 0.0}
EVENT_COLUMNS = (
    "id, event_type, occurred_at, received_at, session_id, generation_id, user_id, subject, metadata, category, mode,"
    " arm, writer, reason, percentage, variant, source, rag_weight, rag_effective, rag_state, rag_available,"
    " rag_sources, rag_matched, similarity, processing_ms, rag_query_ms, comparison_ms, active_ms, variants, quality,"
    " error_code, cancelled"
)
SELECTION_COLUMNS = (
    "id, selected_at, generation_id, session_id, user_id, subject, mode, variant, label, position, rag_weight,"
    " rag_effective, source, variants_shown, rag_shown, weights_shown, quality_gap, comparison_ms, category, eligible"
)
CALL_COLUMNS = (
    "id, created_at, purpose, generation_id, variant, user_id, subject, model, tokens_in, tokens_out, cost_usd,"
    " latency_ms, category"
)

TABLES = (
    ("analytics_event", EVENT_COLUMNS),
    ("analytics_selection", SELECTION_COLUMNS),
    ("analytics_aiinteraction", CALL_COLUMNS),
)


@dataclass(slots=True)
class Lines:
    """What one generation leaves behind, as lines of COPY's text format."""

    events: list[str]
    selection: str
    call: str


def load(url: str, generations: int, *, first: int = 0) -> None:
    """Store so many generations of ten events each, numbered from `first`; the later the number, the later the day."""
    with ExitStack() as open_copies:
        events, selections, calls = (open_copies.enter_context(_copy(url, *table)) for table in TABLES)
        for lines in _generations(generations, first):
            events.write("".join(lines.events))
            selections.write(lines.selection)
            calls.write(lines.call)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"VACUUM ANALYZE {', '.join(name for name, _ in TABLES)}")


@contextmanager
def _copy(url: str, table: str, columns: str) -> Iterator[psycopg.Copy]:
    with (
        psycopg.connect(url) as connection,
        connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        yield copy


def _generations(count: int, first: int) -> Iterator[Lines]:
    """Always the same ones for the same numbers."""
    draw = random.Random(first)
    received = datetime.now(UTC)  # only now, so that the rollups count them
    start = received.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS - 1)
    step = timedelta(days=DAYS - 1) / count
    for index in range(count):
        yield _one(first + index, start + step * index, received, draw)


def _one(number: int, at: datetime, received: datetime, draw: random.Random) -> Lines:
    person = draw.randrange(PEOPLE)
    several = person % 2 == 0
    took, chosen = draw.lognormvariate(9.4, 0.3), draw.choice((1, 2, 3, 4))
    shared = {
        "generation_id": uuid.UUID(int=number << 8 | 1),
        "user_id": 1_000_000 + person,
        "subject": f"{person:032x}",
        "category": draw.choice(CATEGORIES),
        "mode": "multi_variant" if several else "legacy",
        "arm": "v2" if several else "legacy",
    }
    session = {"session_id": uuid.UUID(int=number << 8 | 2)}
    ended = _ended(several, took, draw)
    choice = {
        "variant": chosen,
        "rag_weight": WEIGHTS[chosen],
        "rag_effective": WEIGHTS[chosen] > 0,
        "source": "rag" if WEIGHTS[chosen] > 0 else "baseline",
        "comparison_ms": round(draw.lognormvariate(10.5, 0.5)),
    }
    asked = {"reason": "rollout_opt_in" if several else "rollout_filtered", "percentage": 50.0, "writer": "model"}
    story = [
        ("builder_opened", -60, {}),
        ("ai_prompt_submitted", 0, asked),
        ("ai_content_generated", took / 1000, ended),
        ("ai_content_accepted", 60, choice | session),
        *(("content_edited", 120 + 45 * n, {"active_ms": 45_000} | session) for n in range(5)),
        ("session_published", 420, {"quality": round(draw.uniform(45, 98), 1), "active_ms": 360_000} | session)
        if number % 2
        else ("builder_active", 420, {"active_ms": 60_000} | session),
    ]
    events = [
        _event(number << 8 | 16 + place, name, at + timedelta(seconds=after), received, shared | facts)
        for place, (name, after, facts) in enumerate(story)
    ]
    key = uuid.UUID(int=number << 8 | 3)
    call = {"id": key, "created_at": at, "purpose": "outline", "variant": 1, "model": "gpt-5.4-mini"}
    spent = {"tokens_in": 3000, "tokens_out": 1500, "cost_usd": "0.009", "latency_ms": round(took)}
    return Lines(
        events,
        _line(SELECTION_COLUMNS, _selection(key, at, chosen, several, draw) | shared | choice | session),
        _line(CALL_COLUMNS, call | spent | shared),
    )


def _ended(several: bool, took: float, draw: random.Random) -> dict[str, object]:
    return {
        "writer": "model",
        "rag_state": "ok" if several else "disabled",
        "rag_available": several,
        "rag_sources": 5 if several else 0,
        "rag_matched": 4 if several else None,
        "similarity": round(draw.uniform(0.6, 0.9), 4) if several else None,
        "processing_ms": round(took),
        "rag_query_ms": round(draw.lognormvariate(6, 0.4)),
        "variants": 4 if several else 1,
        "metadata": {
            "processingTime": round(took),
            "variantTimes": {"1": round(took * 0.6), "2": round(took * 0.7), "3": round(took * 0.8), "4": round(took)},
        },
    }


def _event(identity: int, name: str, at: datetime, received: datetime, facts: dict[str, object]) -> str:
    own = {"id": uuid.UUID(int=identity), "event_type": name, "occurred_at": at, "received_at": received}
    return _line(EVENT_COLUMNS, own | {"metadata": {"note": 'said "yes", twice'}} | facts)


def _selection(key: uuid.UUID, at: datetime, chosen: int, several: bool, draw: random.Random) -> dict[str, object]:
    return {
        "id": key,
        "selected_at": at + timedelta(seconds=60),
        "label": f"Label {chosen}",
        "position": draw.randint(1, 4),
        "variants_shown": 4,
        "rag_shown": 3,
        "weights_shown": "{0.8,0.5,0.2}",
        "quality_gap": round(draw.gauss(4, 8), 2),
        "eligible": several,
    }


@cache
def _names(columns: str) -> list[str]:
    return columns.split(", ")


def _line(columns: str, values: dict[str, object]) -> str:
    return "\t".join(_cell(values.get(column)) for column in _names(columns)) + "\n"


def _cell(value: object) -> str:
    match value:
        case None:
            return r"\N"
        case dict():
            return json.dumps(value).replace("\\", "\\\\")
        case datetime():
            return value.isoformat()
    return str(value)
