"""Training sessions are kept counted: whatever is done to them, the count is what counting them all would give."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from analytics.periods import Period
from analytics.registry import registered_metrics
from sessions_builder.evidence.tallies import fold_tallies
from sessions_builder.models import Generation, SessionTally, TrainingSession
from tests.sessions_builder.api.conftest import defaults

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 3, 1, tzinfo=UTC)
HOURS = 72
CATEGORIES = ("Coaching", "Closing")
STATES = ("draft", "published", "archived")
PERIODS = (
    Period(),
    Period.of_days(FIRST.date(), FIRST.date() + timedelta(days=1)),
    Period(FIRST + timedelta(hours=7), FIRST + timedelta(hours=55)),
    Period(FIRST + timedelta(hours=30), FIRST + timedelta(hours=31)),
    Period(FIRST + timedelta(hours=20), FIRST + timedelta(hours=28)),
    Period(None, FIRST + timedelta(hours=40)),
    Period(FIRST + timedelta(hours=40), None),
)


def make(draw: random.Random, owner: User) -> TrainingSession:
    return TrainingSession.objects.create(
        owner=owner,
        state=draw.choice(STATES),
        category=draw.choice(CATEGORIES),
        session_type="workshop",
        duration_minutes=60,
        outline={},
        created_at=FIRST + timedelta(hours=draw.randrange(HOURS), minutes=draw.randrange(60)),
    )


def change(draw: random.Random, owner: User) -> None:
    """One of the things that happen to sessions."""
    found = draw.choice(list(TrainingSession.objects.all()))
    actions: tuple[Callable[[], object], ...] = (
        lambda: make(draw, owner),
        lambda: TrainingSession.objects.filter(pk=found.pk).update(state=draw.choice(STATES)),
        lambda: TrainingSession.objects.filter(pk=found.pk).update(category=draw.choice(CATEGORIES)),
        lambda: TrainingSession.objects.filter(pk=found.pk).update(
            generation=Generation.objects.create(**defaults(owner))
        ),
        lambda: TrainingSession.objects.filter(pk=found.pk).update(generation=None),
        lambda: TrainingSession.objects.filter(pk=found.pk).update(title="Another title"),
        found.delete,
        fold_tallies,
    )
    draw.choice(actions)()


def counted(period: Period, category: str | None) -> dict[str, int]:
    """Counted one by one."""
    states: Counter[str] = Counter()
    for session in TrainingSession.objects.all():
        if period.contains(session.created_at) and category in (None, session.category):
            states.update([session.state, "all", *(["generated"] if session.generation_id else [])])
    return {
        "totalSessions": states["all"],
        "sessionsWithAI": states["generated"],
        "publishedSessions": states["published"],
        "draftSessions": states["draft"],
        "archivedSessions": states["archived"],
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_kept_count_is_the_count(author: User, seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(30):
        make(draw, author)
    for _ in range(60):
        change(draw, author)

    for period in PERIODS:
        for category in (None, *CATEGORIES):
            found = registered_metrics("builder", period, category=category)
            assert {name: figure.value for name, figure in found.items()} == counted(period, category)


def test_adding_up_leaves_one_row_of_each_kind(author: User) -> None:
    for _ in range(5):
        make(random.Random(1), author)
    TrainingSession.objects.first().delete()  # type: ignore[union-attr]
    assert SessionTally.objects.count() == 6

    fold_tallies()
    assert [tally.n for tally in SessionTally.objects.all()] == [4]

    TrainingSession.objects.all().delete()
    fold_tallies()
    assert not SessionTally.objects.exists()


def test_saving_an_outline_writes_no_tally(author: User) -> None:
    session = make(random.Random(1), author)
    session.outline = {"sections": []}
    session.save()

    assert SessionTally.objects.count() == 1
