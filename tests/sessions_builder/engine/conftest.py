"""Generations to work on, and reference data for their briefs."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from featureflags.models import Source
from featureflags.services.changes import change_flag
from featureflags.services.seeds import ensure_flags
from featureflags.testing import fresh_flags, override_flag
from sessions_builder.jobs import generation as job
from sessions_builder.jobs import knowledge_source, providers
from sessions_builder.models import Category, Generation, VariantProfile
from sessions_builder.pipeline.types import Hit
from sessions_builder.services.generations import generation_request
from tests.fakes.shelf import Shelf
from tests.fakes.writers import Script, ScriptedWriter

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


Work = Callable[..., Generation]
TEXT = "Open the call with one honest sentence about why you are calling. Then ask for permission to go on. " * 3


@pytest.fixture
def everything_on() -> Iterator[None]:
    with fresh_flags():
        ensure_flags()
        change_flag("variant_generation_v2", enabled=True, percentage=100, source=Source.COMMAND, reason="test")
        Category.objects.get_or_create(name="Prospecting")
        for number in range(5):
            profile = {"label": f"Label {number}", "description": "d", "instruction": "i"}
            VariantProfile.objects.get_or_create(number=number, defaults=profile)
        yield


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    shelf = Shelf([Hit(f"d{n}", "0", 0.9 - n / 100, f"Document {n}. {TEXT}") for n in range(6)])
    monkeypatch.setattr(knowledge_source, "retriever", lambda: shelf)
    return shelf


@pytest.fixture
def work(author: User, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Work:
    """Return a function that requests a generation of a model and runs its job with a scripted writer."""
    settings.OPENAI_BASE_URL = "http://127.0.0.1:1/v1"

    def run(
        script: Script | None = None,
        generation: Generation | None = None,
        *,
        identical: bool = False,
        writer_class: type[ScriptedWriter] = ScriptedWriter,
    ) -> Generation:
        writer = writer_class(script, identical)
        monkeypatch.setattr(providers, "writer", lambda _kind: writer)
        generation = generation or generation_request(owner=author, brief=BRIEF).generation
        try:
            job.run(generation.pk)
        finally:
            generation.refresh_from_db()
            generation.fake_writer = writer  # type: ignore[attr-defined]
        return generation

    return run


@pytest.fixture
def closed_breaker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has failed before."""
    breaker = type(providers.model_breaker)(providers.model_breaker.name)
    monkeypatch.setattr(providers, "model_breaker", breaker)
