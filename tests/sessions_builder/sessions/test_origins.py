"""Who wrote a session: said rightly after sections from elsewhere, rewriting, and going back to a version."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from analytics.models import Event
from sessions_builder.models import SectionProposal, SessionVersion, TrainingSession
from sessions_builder.services.selections import variant_select
from sessions_builder.services.sessions.origins import whole
from tests.sessions_builder.api.conftest import OUTLINE, add_variant
from tests.sessions_builder.sessions.conftest import Send, ids, made, section
from tests.sessions_builder.sessions.test_mix import generated, imported


@pytest.mark.parametrize(
    ("origins", "origin"),
    [
        ([""], ""),
        (["", "template"], "template"),
        (["", "rag"], "mixed"),
        (["", "baseline"], "mixed"),
        (["rag", "baseline"], "rag"),
        (["baseline", "baseline"], "baseline"),
        (["rag", "template"], "mixed"),
        (["template", "baseline"], "mixed"),
        (["mixed", "rag"], "mixed"),
        ([], ""),
    ],
)
def test_what_comes_of_several_hands(origins: list[str], origin: str) -> None:
    assert whole(origins) == whole(reversed(origins)) == origin


def rewritten(session: TrainingSession, writer: str) -> SectionProposal:
    """A proposal for the second section that waits for its author."""
    return SectionProposal.objects.create(
        session=session,
        section_id=ids(session)[1],
        writer=writer,
        state="ready",
        section={
            **section("topic", 30),
            "title": "Anew",
            "description": "Told in quite another way.",
            "prompts": ["?"],
        },
        request={"excerpts": []},
        expires_at=session.created_at,
    )


def taken(send: Send, session: TrainingSession, step: str, author: User) -> Any:
    """The session after a step on its second version."""
    if step == "import":
        return send("POST", f"/{session.pk}/sections/import", imported(generated(author), 2)).json()
    if step == "add":
        own = section("topic", 5, description="Something of one's own.")
        return send("POST", f"/{session.pk}/sections", {"version": 2, "section": own}).json()
    if step == "delete":
        return send("DELETE", f"/{session.pk}/sections/{ids(session)[1]}?version=2").json()
    proposal = rewritten(session, "offline" if step == "template" else step)
    return send("POST", f"/{session.pk}/proposals/{proposal.pk}/accept", {"version": 2}).json()


@pytest.mark.parametrize(
    ("present", "step", "origin"),
    [
        ("rag", "template", "mixed"),
        ("baseline", "template", "mixed"),
        ("template", "model", "mixed"),
        ("template", "import", "mixed"),
        ("", "model", "mixed"),
        ("", "template", "template"),
        ("", "import", "mixed"),
        ("baseline", "import", "rag"),
        ("rag", "add", "mixed"),
        ("template", "add", "template"),
        ("rag", "delete", "rag"),
        ("mixed", "template", "mixed"),
    ],
)
def test_taking_a_step_back_and_doing_it_again(
    send: Send, author: User, session: TrainingSession, present: str, step: str, origin: str
) -> None:
    """An editor goes back by sending the outline as it was, changes of the author's own in between or not."""
    TrainingSession.objects.update(generation_source=present)
    edit = {"version": 1, "outline": {"sections": session.outline["sections"]}}
    edit["outline"]["sections"][0]["title"] = "In my words"
    before = send("PATCH", f"/{session.pk}", edit).json()
    assert (before["generationSource"] or "") == present
    after = taken(send, session, step, author)
    assert after["generationSource"] == origin
    for stands, known in ((before, present), (after, origin), (before, present)):
        for change in ("", "A word of mine."):
            sections = [
                {**one, "facilitatorNote": change or one["facilitatorNote"]} for one in stands["outline"]["sections"]
            ]
            version = TrainingSession.objects.values_list("version", flat=True).get()
            back = send("PATCH", f"/{session.pk}", {"version": version, "outline": {"sections": sections}}).json()
            assert (back["generationSource"] or "") == known


def test_without_the_section_from_elsewhere_it_is_what_it_was(
    send: Send, author: User, session: TrainingSession
) -> None:
    body = send("POST", f"/{session.pk}/sections/import", imported(generated(author))).json()
    brought = body["outline"]["sections"][1]
    assert body["generationSource"] == "mixed"
    copied = {**brought, "id": "a-copy", "title": "A copy"}
    sections = [*body["outline"]["sections"][:1], copied, *body["outline"]["sections"][2:]]
    body = send("PATCH", f"/{session.pk}", {"version": 2, "outline": {"sections": sections}}).json()
    assert body["generationSource"] == "mixed"
    body = send("DELETE", f"/{session.pk}/sections/a-copy?version=3").json()
    assert body["generationSource"] is None


def test_going_back_to_a_version_knows_whose_sections_it_has(
    send: Send, author: User, session: TrainingSession
) -> None:
    send("POST", f"/{session.pk}/sections/import", imported(generated(author)))
    assert send("POST", f"/{session.pk}/versions/1/restore", {"version": 2}).json()["generationSource"] is None
    body = send("POST", f"/{session.pk}/versions/2/restore", {"version": 3}).json()
    assert body["generationSource"] == "mixed"
    copy = send("POST", f"/{session.pk}/duplicate").json()
    assert copy["generationSource"] == "mixed"
    body = send("DELETE", f"/{copy['id']}/sections/{copy['outline']['sections'][1]['id']}?version=1").json()
    assert body["generationSource"] is None


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
