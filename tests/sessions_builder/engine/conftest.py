"""Generations to work on, and reference data for their briefs."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from featureflags.testing import override_flag
from sessions_builder.models import Category, Generation, VariantProfile
from sessions_builder.services.generations import generation_request

BRIEF: dict[str, Any] = {
    "title": "",
    "category": "Prospecting",
    "sessionType": "workshop",
    "desiredOutcome": "Book five qualified appointments a week with a short phone script",
    "currentProblem": "New advisors avoid calling",
    "specificTopics": ["call opening", "objection handling"],
    "durationMinutes": 90,
    "timeZone": "UTC",
    "groupSize": 12,
    "avoidTopics": [],
    "online": False,
    "language": "en",
    "notes": "",
}


@pytest.fixture
def reference_data(db: None) -> None:
    Category.objects.get_or_create(name="Prospecting", defaults={"aliases": ["Lead Generation"]})
    for number in range(5):
        VariantProfile.objects.get_or_create(
            number=number, defaults={"label": f"Label {number}", "description": "d", "instruction": "i"}
        )


@pytest.fixture
def several() -> Iterator[None]:
    """Everybody gets four variants, and offline drafts are allowed."""
    with override_flag("variant_generation_v2", True), override_flag("offline_composer", True):
        yield


@pytest.fixture
def request_one(author: User, reference_data: None, several: None) -> Callable[..., Generation]:
    """Return a function that requests a generation for the author, or for another owner."""

    def request(owner: User = author, **changes: Any) -> Generation:
        return generation_request(owner=owner, brief={**BRIEF, **changes}).generation

    return request
