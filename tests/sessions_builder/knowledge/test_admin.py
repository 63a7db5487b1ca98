"""Product staff keep the knowledge base and the reference data in the admin."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from sessions_builder.knowledge.ingest import store
from sessions_builder.knowledge.search import search
from sessions_builder.models import Category, KnowledgeChunk, KnowledgeDocument, VariantProfile

Login = Callable[[User], Client]
LIST = reverse("admin:sessions_builder_knowledgedocument_changelist")
INDEX_AGAIN = reverse("admin:sessions_builder_knowledgedocument_index_outdated")
ADD = reverse("admin:sessions_builder_knowledgedocument_add")
FIELDS = {
    "title": "Calling on Mondays",
    "category": "Prospecting",
    "status": "active",
    "keywords": "monday, phone",
    "updated_at_0": "2026-11-02",
    "updated_at_1": "08:00:00",
}


def test_it_works(login: Login, product: User) -> None:
    client = login(product)
    upload = SimpleUploadedFile("calls.md", b"Call on Mondays before ten, when people plan their week.")
    answer = client.post(ADD, FIELDS | {"file": upload})
    assert answer.status_code == 302
    document = KnowledgeDocument.objects.get()
    assert document.source_filename == "calls.md"
    assert search("when to call on mondays")[0].title == "Calling on Mondays"
    assert client.get(LIST).status_code == 200


@pytest.mark.parametrize("who", ["author", "analyst", "operator"])
def test_others_may_not(login: Login, request: pytest.FixtureRequest, who: str) -> None:
    client = login(request.getfixturevalue(who))
    assert client.post(ADD, FIELDS | {"body": "Text."}).status_code in (302, 403)
    assert not KnowledgeDocument.objects.exists()


def test_a_file_that_cannot_be_read_is_explained(login: Login, product: User) -> None:
    answer = login(product).post(ADD, FIELDS | {"file": SimpleUploadedFile("calls.exe", b"MZ")})
    assert b".exe cannot be read" in answer.content
    assert not KnowledgeDocument.objects.exists()


def test_neither_text_nor_file_is_asked_for(login: Login, product: User) -> None:
    assert b"Write the text here or upload a file." in login(product).post(ADD, FIELDS).content


def test_reindexing_makes_chunks_again(login: Login, product: User) -> None:
    document = KnowledgeDocument(title="Calls", body="Call early.")
    store(document)
    document.chunks.all().delete()
    login(product).post(LIST, {"action": "reindex", "_selected_action": [document.pk]})
    assert document.chunks.count() == 1


def test_what_earlier_rules_cut_is_shown_and_indexed_again_at_once(login: Login, product: User, author: User) -> None:
    for title in ("Calls", "Talks", "Referrals"):
        store(KnowledgeDocument(title=title, body="Call early."))
    client = login(product)
    assert INDEX_AGAIN not in client.get(LIST).content.decode()
    KnowledgeDocument.objects.exclude(title="Talks").update(chunking=0)
    KnowledgeChunk.objects.update(text="Cut short")
    assert INDEX_AGAIN in client.get(LIST).content.decode()
    assert "Index 2 documents again" in client.get(INDEX_AGAIN).content.decode()
    assert KnowledgeChunk.objects.filter(text="Cut short").count() == 3
    assert client.post(INDEX_AGAIN).status_code == 302
    assert [chunk.document.title for chunk in KnowledgeChunk.objects.filter(text="Cut short")] == ["Talks"]
    assert INDEX_AGAIN not in client.get(LIST).content.decode()
    assert client.get(INDEX_AGAIN).status_code == 302
    KnowledgeDocument.objects.update(chunking=0)
    assert login(author).post(INDEX_AGAIN).status_code in (302, 403)
    assert KnowledgeDocument.objects.filter(chunking=0).count() == 3


@pytest.mark.parametrize("model", ["category", "audience", "tone", "variantprofile"])
def test_reference_data_can_be_opened(login: Login, product: User, model: str) -> None:
    call_command("seed_reference")
    client = login(product)
    assert client.get(reverse(f"admin:sessions_builder_{model}_changelist")).status_code == 200
    first = {"category": Category, "variantprofile": VariantProfile}.get(model)
    if first:
        page = reverse(f"admin:sessions_builder_{model}_change", args=(first.objects.first().pk,))
        assert client.get(page).status_code == 200


def test_profiles_are_neither_added_nor_deleted(login: Login, product: User) -> None:
    call_command("seed_reference")
    profile = VariantProfile.objects.get(number=2)
    client = login(product)
    assert client.get(reverse("admin:sessions_builder_variantprofile_add")).status_code == 403
    assert client.post(reverse("admin:sessions_builder_variantprofile_delete", args=(profile.pk,))).status_code == 403
