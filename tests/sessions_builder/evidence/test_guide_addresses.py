"""Every address of the operations guide, letter for letter."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from analytics import rollups
from tests.analytics.history import generation, interaction

pytestmark = pytest.mark.django_db

JANUARY = "start=2025-01-01&end=2025-01-31"


@pytest.fixture
def days() -> None:
    """A generation on New Year's Eve, on the first and the last of January, and on the day after."""
    for day in (
        datetime(2024, 12, 31, 23, 59, tzinfo=UTC),
        datetime(2025, 1, 1, tzinfo=UTC),
        datetime(2025, 1, 31, 23, 59, tzinfo=UTC),
        datetime(2025, 2, 1, tzinfo=UTC),
    ):
        generation(day, seconds=10)
        interaction(day)
    rollups.refresh()


def lines(answer: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer, newline="")))


@pytest.mark.usefixtures("days")
@pytest.mark.parametrize(
    ("address", "told", "expected"),
    [
        ("ai-metrics", lambda found: found["totalPrompts"], 4),
        (f"ai-metrics?{JANUARY}", lambda found: found["totalPrompts"], 2),
        ("builder-metrics", lambda found: found["totalSessions"], 0),
        (f"builder-metrics?{JANUARY}", lambda found: found["funnel"][1]["count"], 2),
        ("events?limit=100", lambda found: len(found["events"]), 8),
        ("events?type=ai_content_generated&limit=50", lambda found: len(found["events"]), 4),
        ("stats", lambda found: found["total"], 8),
        (f"stats?{JANUARY}", lambda found: (found["total"], len(found["byDay"])), (4, 31)),
        ("export?format=json", lambda found: (len(found["events"]), found["rowCount"]), (8, 8)),
    ],
)
def test_it_works(
    login: Callable[[User], Client], analyst: User, address: str, told: Callable[[Any], Any], expected: Any
) -> None:
    answer: Any = login(analyst).get(f"/api/analytics/{address}")

    assert answer.status_code == 200
    assert told(json.loads(answer.getvalue())) == expected


@pytest.mark.usefixtures("days")
def test_an_export_from_a_day_on(login: Callable[[User], Client], analyst: User) -> None:
    answer: Any = login(analyst).get("/api/analytics/export?format=csv&start=2025-01-01")

    found = Counter(row["occurredAt"][:10] for row in lines(answer.getvalue().decode()))
    assert found == {"2025-01-01": 2, "2025-01-31": 2, "2025-02-01": 2}


@pytest.mark.parametrize(
    ("address", "name"), [("health", "checks"), ("rag/health", "state"), ("config/features", "features")]
)
def test_checks(login: Callable[[User], Client], operator: User, address: str, name: str) -> None:
    assert name in login(operator).get(f"/api/{address}").json()
