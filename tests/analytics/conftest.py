"""Event types of the tests' own, so that they stand whatever the product declares."""

from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from analytics import events
from tests.analytics.samples import KitchenOpened, MealServed


@pytest.fixture(autouse=True)
def own_event_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_types", {KitchenOpened.type: KitchenOpened, MealServed.type: MealServed})


@pytest.fixture
def log_lines() -> Iterator[list[dict[str, Any]]]:
    """What is logged during the test, as structlog sees it."""
    with capture_logs() as lines:
        yield lines
