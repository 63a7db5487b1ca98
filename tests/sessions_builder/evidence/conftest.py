"""A person with a name, and everything of theirs that must stay out of the numbers."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User

from analytics.models import AIInteraction
from analytics.services import record
from sessions_builder.events import ContentRejected, PromptSubmitted
from sessions_builder.models import Generation, TrainingSession
from tests.analytics.history import selection
from tests.conftest import MakeUser
from tests.sessions_builder.api.conftest import OUTLINE, RETRIEVAL, add_failed, add_variant, defaults

CANARY = "kookaburra"


@dataclass(frozen=True)
class Work:
    """One generation and the session made of it."""

    owner: User
    generation: Generation
    session: TrainingSession


@pytest.fixture
def person(make_user: MakeUser) -> User:
    return make_user(f"user-{CANARY}", "author", first_name=f"Jo {CANARY}", last_name=CANARY)


@pytest.fixture
def work(person: User) -> Work:
    values = defaults(person)
    values["brief"] |= {"title": CANARY, "desiredOutcome": CANARY, "notes": CANARY, "sessionType": "workshop"}
    values["snapshot"]["brief"] = {"category": "Prospecting", "notes": CANARY, "desiredOutcome": CANARY}
    values["retrieval"] = {**RETRIEVAL, "sources": [{"id": "S1", "text": CANARY, "kept": True}]}
    generation = Generation.objects.create(**values)
    outline: dict[str, Any] = {**OUTLINE, "title": CANARY}
    for number, score in ((1, 80), (2, 70), (4, 66)):
        add_variant(generation, number, outline=outline, quality={"score": score})
    add_failed(generation, 3)
    session = TrainingSession.objects.create(
        owner=person,
        generation=generation,
        variant_number=1,
        generation_source="rag",
        title=CANARY,
        category="Prospecting",
        session_type="workshop",
        duration_minutes=90,
        outline=outline,
        sources=[{"excerpt": CANARY}],
        brief=values["brief"],
    )
    AIInteraction.objects.create(generation_id=generation.pk, user_id=person.pk, prompt=CANARY, response=CANARY)
    asked = PromptSubmitted(
        category="Prospecting",
        session_type="workshop",
        rollout_percentage=100.0,
        rollout_sample=12.34,
        decision_reason="full_rollout",
        variant_mode="multi_variant",
        arm="v2",
        writer="model",
    )
    record(asked, user_id=person.pk, generation_id=generation.pk)
    record(ContentRejected(variant_id=2), user_id=person.pk, generation_id=generation.pk)
    selection(generation_id=generation.pk, session_id=session.pk, user_id=person.pk, number=1)
    return Work(person, generation, session)
