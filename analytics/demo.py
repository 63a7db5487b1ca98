"""A past for demonstrations: a gradual rollout over some weeks. Every row is marked, and no real number counts it."""

import math
import random
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from analytics import rollups, services
from analytics.models import AIInteraction, Event, Selection
from analytics.pricing import cost_of
from analytics.selections import Choice, ShownVariant

SEED = 2026
PEOPLE = 240
DAYS = 45
PAUSE = 150.0
IN_SESSION = ("ai_content_accepted", "content_edited", "session_published")
CATEGORIES = ("Leadership Development", "Communication Skills", "Team Building", "Onboarding", "Product Training")
CARDS = (
    (1, "Knowledge Base-Driven", 0.8),
    (2, "Recommended Mix", 0.5),
    (3, "Creative Approach", 0.2),
    (4, "Alternative Structure", 0.0),
)
PREFERENCE = (0.30, 0.36, 0.17, 0.17)
MODEL = "gpt-5.4-mini"


@dataclass(slots=True)
class History:
    """Rows that are to be stored."""

    events: list[Event] = field(default_factory=list)
    interactions: list[AIInteraction] = field(default_factory=list)
    selections: list[Selection] = field(default_factory=list)

    def save(self) -> int:
        """Store the rows and return how many there are."""
        Event.objects.bulk_create(self.events, batch_size=1000)
        AIInteraction.objects.bulk_create(self.interactions, batch_size=1000)
        Selection.objects.bulk_create(self.selections, batch_size=1000)
        return len(self.events) + len(self.interactions) + len(self.selections)


@dataclass(frozen=True, slots=True)
class Brief:
    """One request of a made-up person."""

    at: datetime
    person: int
    percentage: float
    multi: bool
    category: str
    generation_id: uuid.UUID
    session_id: uuid.UUID

    @property
    def subject(self) -> str:
        return uuid.uuid5(uuid.NAMESPACE_OID, f"demo {self.person}").hex

    @property
    def arm(self) -> str:
        return "v2" if self.multi else "legacy"

    @property
    def mode(self) -> str:
        return "multi_variant" if self.multi else "legacy"


def history(sessions: int, now: datetime) -> History:
    """Return the rows of so many sessions over the last 45 days: first 10 %, then 50 %, then all get four versions."""
    draw, past = random.Random(SEED), History()
    for number in range(sessions):
        day = DAYS - number * DAYS // sessions
        percentage = 10.0 if day > DAYS * 2 / 3 else 50.0 if day > DAYS / 3 else 100.0
        _one(past, _brief(draw, now - timedelta(days=day), percentage), draw)
    return past


def seed(sessions: int) -> int:
    """Store a past of so many sessions, once, and count it; return how many rows it has, 0 when there was one."""
    with transaction.atomic():
        if Event.objects.filter(is_demo=True).exists():
            return 0
        stored = history(sessions, timezone.now()).save()
    rollups.refresh()
    return stored


def _brief(draw: random.Random, day: datetime, percentage: float) -> Brief:
    person = draw.randrange(PEOPLE)
    return Brief(
        at=day + timedelta(minutes=draw.uniform(0, 600)),
        person=person,
        percentage=percentage,
        multi=random.Random(f"{SEED} {person}").uniform(0, 100) < percentage,
        category=draw.choice(CATEGORIES),
        generation_id=uuid.UUID(int=draw.getrandbits(128), version=4),
        session_id=uuid.UUID(int=draw.getrandbits(128), version=4),
    )


def _one(past: History, brief: Brief, draw: random.Random) -> None:
    """What one brief leaves behind, from opening the builder to publishing."""
    reason = "full_rollout" if brief.percentage == 100 else "rollout_opt_in" if brief.multi else "rollout_filtered"
    _tell(past, brief, "builder_opened", -120)
    _tell(past, brief, "ai_prompt_submitted", 0, reason=reason, percentage=brief.percentage, writer="model")
    took = draw.lognormvariate(math.log(13 if brief.multi else 7), 0.3)
    _calls(past, brief, draw, took)
    if draw.random() < 0.02:
        _tell(
            past,
            brief,
            "ai_content_failed",
            took,
            error_code="provider_timeout",
            cancelled=False,
            writer="model",
            processing_ms=round(took * 1000),
        )
        return
    _ended(past, brief, draw, took)
    if brief.multi:
        _chosen(past, brief, draw, took)
    if draw.random() < (0.52 if brief.multi else 0.44):
        work = draw.lognormvariate(math.log(1500 if brief.multi else 1900), 0.6)
        for edit in range(1, int(work / PAUSE)):
            _tell(past, brief, "content_edited", took + PAUSE * edit, active_ms=round(PAUSE * 1000))
        score = min(98.0, draw.gauss(78 if brief.multi else 68, 9))
        _tell(past, brief, "session_published", took + work, quality=score, active_ms=round(work * 1000))


def _ended(past: History, brief: Brief, draw: random.Random, took: float) -> None:
    down = draw.random() < 0.03
    times = {str(number): round(took * 1000 * draw.uniform(0.5, 0.95)) for number, *_ in CARDS}
    _tell(
        past,
        brief,
        "ai_content_generated",
        took,
        writer="model",
        variants=(4 if draw.random() < 0.975 else 3) if brief.multi else 1,
        processing_ms=round(took * 1000),
        rag_state=None if not brief.multi else "unavailable" if down else "ok",
        rag_available=brief.multi and not down,
        rag_sources=6 if brief.multi and not down else 0,
        rag_matched=draw.randint(3, 6) if brief.multi and not down else None,
        similarity=draw.uniform(0.6, 0.85) if brief.multi and not down else None,
        rag_query_ms=round(draw.lognormvariate(math.log(450), 0.4)) if brief.multi else None,
        metadata={"variantTimes": times if brief.multi else {"0": round(took * 1000)}},
    )


def _chosen(past: History, brief: Brief, draw: random.Random, took: float) -> None:
    places = draw.sample(range(1, 5), 4)
    cards = tuple(
        ShownVariant(
            number=number,
            position=place,
            label=label,
            rag_weight=weight,
            rag_effective=weight > 0,
            generation_source="rag" if weight > 0 else "baseline",
            quality=round(draw.gauss(76 if weight > 0 else 72, 7), 1),
        )
        for (number, label, weight), place in zip(CARDS, places, strict=True)
    )
    number = draw.choices([1, 2, 3, 4], PREFERENCE)[0]
    comparison = draw.lognormvariate(math.log(40), 0.5)
    choice = Choice(
        generation_id=brief.generation_id,
        session_id=brief.session_id,
        user_id=0,
        mode=brief.mode,
        number=number,
        category=brief.category,
        shown=cards,
        comparison_ms=round(comparison * 1000),
        is_demo=True,
    )
    row = services.selection_row(choice)
    row.user_id, row.subject, row.selected_at = None, brief.subject, brief.at + timedelta(seconds=took + comparison)
    past.selections.append(row)
    _tell(past, brief, "ai_content_accepted", took + comparison, variant=number, comparison_ms=choice.comparison_ms)


def _calls(past: History, brief: Brief, draw: random.Random, took: float) -> None:
    for number in (1, 2, 3, 4) if brief.multi else (0,):
        read, written = draw.randint(1800, 4200), draw.randint(1200, 2600)
        past.interactions.append(
            AIInteraction(
                created_at=brief.at + timedelta(seconds=took * 0.9),
                purpose="outline" if brief.multi else "legacy",
                generation_id=brief.generation_id,
                variant=number,
                subject=brief.subject,
                model=MODEL,
                prompt_version="demo",
                tokens_in=read,
                tokens_out=written,
                cost_usd=cost_of(MODEL, read, 0, written, brief.at),
                latency_ms=round(took * 900),
                category=brief.category,
                is_demo=True,
            )
        )


def _tell(past: History, brief: Brief, event_type: str, after: float, **columns: Any) -> None:
    at = brief.at + timedelta(seconds=after)
    past.events.append(
        Event(
            event_type=event_type,
            occurred_at=at,
            generation_id=brief.generation_id,
            session_id=brief.session_id if event_type in IN_SESSION else None,
            subject=brief.subject,
            category=brief.category,
            mode=brief.mode,
            arm=brief.arm,
            is_demo=True,
            metadata=columns.pop("metadata", {}),
            **columns,
        )
    )
