"""Who wrote a session: said rightly after sections from elsewhere, rewriting, and going back to a version."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from analytics.models import Event
from sessions_builder.models import SectionProposal, SessionVersion, TrainingSession
from sessions_builder.services.selections import variant_select
from sessions_builder.services.sessions.origins import joined
from tests.sessions_builder.api.conftest import OUTLINE, add_variant
from tests.sessions_builder.sessions.conftest import Send, ids, made, section
from tests.sessions_builder.sessions.test_mix import generated, imported


@pytest.mark.parametrize(
    ("present", "added", "origin"),
    [
        ("", "", ""),
        ("", "template", "template"),
        ("", "rag", "mixed"),
        ("", "baseline", "mixed"),
        ("rag", "", "rag"),
        ("rag", "baseline", "rag"),
        ("baseline", "rag", "rag"),
        ("baseline", "baseline", "baseline"),
        ("rag", "template", "mixed"),
        ("template", "", "template"),
        ("template", "baseline", "mixed"),
        ("mixed", "", "mixed"),
        ("mixed", "template", "mixed"),
        ("", "mixed", "mixed"),
    ],
)
def test_what_comes_of_two_hands(present: str, added: str, origin: str) -> None:
    assert joined(present, added) == origin


def test_going_back_goes_back_to_the_origin_too(send: Send, author: User) -> None:
    generation = generated(author)
    add_variant(generation, 4, outline={**OUTLINE, "title": "Four"})
    variant_select(generation=generation, number=1)
    session = variant_select(generation=generation, number=4)
    assert (session.variant_number, session.generation_source) == (4, "baseline")
    restored = send("POST", f"/{session.pk}/versions/1/restore", {"version": 2}).json()
    assert (restored["variantNumber"], restored["generationSource"]) == (1, "rag")
    (edit,) = Event.objects.filter(event_type="content_edited")
    assert edit.metadata["changedFields"] == ["sections", "title"]


def test_going_back_to_a_version_that_knows_no_origin(send: Send, author: User) -> None:
    session = variant_select(generation=generated(author), number=1)
    version = SessionVersion.objects.get()
    for name in ("variantNumber", "generationSource"):
        del version.content[name]
    version.save()
    restored = send("POST", f"/{session.pk}/versions/1/restore", {"version": 1}).json()
    assert (restored["variantNumber"], restored["generationSource"]) == (1, "rag")


def test_a_section_from_elsewhere_counts(send: Send, author: User, session: TrainingSession) -> None:
    body = send("POST", f"/{session.pk}/sections/import", imported(generated(author))).json()
    assert body["generationSource"] == "mixed"
    empty = made(author, outline={"sections": []})
    body = send("POST", f"/{empty.pk}/sections/import", imported(generated(author), position=0)).json()
    assert body["generationSource"] == "rag"


def test_an_idea_remembers_who_wrote_it(api: Client, send: Send, author: User, session: TrainingSession) -> None:
    kept = {"generationId": str(generated(author).pk), "variantNumber": 1, "sectionPlace": 1}
    idea = api.post("/api/saved-ideas", kept, content_type="application/json").json()
    body = send("POST", f"/{session.pk}/sections", {"version": 1, "ideaId": idea["id"]}).json()
    assert body["generationSource"] == "mixed"


@pytest.mark.parametrize(
    ("present", "writer", "cites", "origin"),
    [
        ("template", "model", [], "mixed"),
        ("", "model", [], "mixed"),
        ("", "offline", [], "template"),
        ("baseline", "model", ["S1"], "rag"),
        ("rag", "offline", [], "mixed"),
    ],
)
def test_a_section_written_anew_counts(
    send: Send, session: TrainingSession, present: str, writer: str, cites: list[str], origin: str
) -> None:
    source: dict[str, Any] = dict.fromkeys(("docId", "chunkId", "title", "category", "excerpt"), "x")
    source |= {"id": "S1", "updatedAt": None, "similarity": 0.9, "score": 0.9}
    session.generation_source = present
    session.save()
    proposal = SectionProposal.objects.create(
        session=session,
        section_id=ids(session)[1],
        writer=writer,
        state="ready",
        section=section("topic", 30, sourceIds=cites),
        request={"excerpts": [source]},
        expires_at=session.created_at,
    )
    body = send("POST", f"/{session.pk}/proposals/{proposal.pk}/accept", {"version": 1}).json()
    assert body["generationSource"] == origin
