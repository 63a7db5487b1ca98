"""Documents in, chunks out; and the retriever in front of them."""

from __future__ import annotations

import io
import time
import uuid
import zipfile
from importlib import resources

import docx
import pytest
from django.core.management import call_command

from sessions_builder.errors import InvalidInput
from sessions_builder.knowledge import ingest
from sessions_builder.knowledge.chunking import MOST_WORDS, chunks
from sessions_builder.knowledge.ingest import MOST_BYTES, index, store, text_of
from sessions_builder.knowledge.retriever import InternalRetriever
from sessions_builder.knowledge.seeds import read_document, seed_documents
from sessions_builder.models import Category, KnowledgeDocument, VariantProfile
from sessions_builder.services.snapshots import profile_value

SENTENCE = "Every sentence of this text has exactly nine words. "


def a_pdf(text: str) -> bytes:
    """A one-page PDF with one line of text, written by hand."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
    )
    body, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 5\n0000000000 65535 f \n{table}{trailer}".encode()


def a_word_file(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.add_table(rows=1, cols=2).cell(0, 1).text = "In a table"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.mark.django_db
def test_it_works() -> None:
    document = KnowledgeDocument(title="Calls", category="Prospecting", body=SENTENCE * 60, keywords=["phone"])
    assert store(document)
    assert document.chunks.count() == 3
    assert document.chunks.first().heading == "Calls · Prospecting · phone"


@pytest.mark.django_db
def test_only_what_changed_is_indexed_again() -> None:
    document = KnowledgeDocument(title="Calls", body="One sentence.")
    store(document)
    assert not store(document)
    document.title = "Phone calls"
    assert store(document)
    assert index(document) == 1
    KnowledgeDocument.objects.update(chunking=0)
    document.refresh_from_db()
    assert store(document)


@pytest.mark.django_db
def test_indexing_goes_by_what_is_stored() -> None:
    """A long list is indexed one by one, and meanwhile a document may be changed or deleted."""
    store(document := KnowledgeDocument(title="Calls", body="One sentence."))
    KnowledgeDocument.objects.update(body="Another sentence.")
    assert index(document) == 1
    assert document.chunks.get().text == "Another sentence."
    KnowledgeDocument.objects.all().delete()
    assert index(document) == 0


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.md", b"# Title\n\nText", "# Title\n\nText"),
        ("a.TXT", "\ufeffGrüße\x00".encode(), "Grüße"),
        ("a.txt", "Grüße".encode("cp1252"), "Grüße"),
        ("a.pdf", a_pdf("Hello from a page"), "Hello from a page"),
        ("a.docx", a_word_file("First", "Second"), "First\n\nSecond\n\n | In a table"),
    ],
)
def test_text_of_every_kind_of_file(name: str, content: bytes, expected: str) -> None:
    assert text_of(name, content) == expected


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"x"),
        ("a", b"x"),
        ("a.md", b"  \n"),
        ("a.pdf", b"not a PDF"),
        ("a.docx", b"not a ZIP"),
        ("a.docx", b"PK\x03\x04broken"),
        ("a.txt", b"x" * (MOST_BYTES + 1)),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(name: str, content: bytes) -> None:
    with pytest.raises(InvalidInput) as refusal:
        text_of(name, content)
    assert refusal.value.message.endswith(".")


def test_chunks_end_with_sentences_and_lose_nothing() -> None:
    text = f"{SENTENCE * 30}\n\n{SENTENCE * 30}\n\n- {'word ' * 700}"
    parts = chunks(text)
    assert " ".join(" ".join(parts).split()) == " ".join(text.split())
    assert all(len(part.split()) <= MOST_WORDS for part in parts)
    assert all(part.endswith(".") for part in parts[:2])
    assert chunks(" \n ") == ()


@pytest.mark.parametrize(
    ("ending", "next_one"),
    [
        ("“Let him finish.”", "What it led to"),
        ('"Let him finish!"', "What it led to"),
        ("‘Let him finish?’", "“What it led to”"),
        ("(He had “finished.”)", "What it led to"),
        ("[Let him finish.]", "What it led to"),
        ("Let him finish.", "“What it led to”"),
    ],
)
def test_closing_quotes_and_brackets_stay_with_their_sentence(ending: str, next_one: str) -> None:
    before, after = SENTENCE * 20, "word " * 198
    assert chunks(f"{ending} {next_one}") == (f"{ending} {next_one}",)
    assert chunks(f"{before}{ending} {next_one} {after}.")[0].endswith(ending)


def test_no_chunk_of_the_built_in_documents_loses_a_quotation_mark() -> None:
    for file in (resources.files("sessions_builder.knowledge") / "documents").iterdir():
        if file.name.endswith(".md"):
            body = read_document(file.name, file.read_text("utf-8"), uuid.uuid4()).body
            assert " ".join(" ".join(chunks(body)).split()) == " ".join(body.split())


@pytest.mark.django_db
def test_the_retriever_speaks_the_contract() -> None:
    seed_documents()
    retriever, deadline = InternalRetriever(), time.monotonic() + 5
    found = retriever.ask(["delegating work to the team"], category="Leadership Development", deadline=deadline)
    [hits], catalogue = found.answers, found.documents
    assert catalogue[hits[0].doc_id].title == "Delegating work without losing control"
    assert catalogue[hits[0].doc_id].category == "Leadership Development"
    assert all(0 <= hit.score <= 1 and len(hit.doc_id) == 32 for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.django_db
def test_no_time_left_is_a_timeout() -> None:
    found = InternalRetriever().ask(["x"], category=None, deadline=time.monotonic() - 1)
    assert (found.answers, found.causes, found.documents) == ((), ("timeout",), {})


@pytest.mark.django_db
def test_seeding_twice_changes_nothing_and_keeps_edits(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("seed_knowledge")
    call_command("seed_reference")
    KnowledgeDocument.objects.filter(title="Asking for referrals").update(title="Our referrals")
    Category.objects.filter(name="Closing").delete()
    capsys.readouterr()
    call_command("seed_knowledge")
    call_command("seed_reference")
    assert capsys.readouterr().out == "Knowledge base: complete.\nReference data: complete.\n"
    assert KnowledgeDocument.objects.filter(title="Our referrals").exists()
    assert not Category.objects.filter(name="Closing").exists()
    assert [profile_value(profile).weight for profile in VariantProfile.objects.all()] == [0.0, 0.8, 0.5, 0.2, 0.0]


def archive_of(size: int) -> bytes:
    """A few kilobytes that unpack to so many bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * size)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("bomb.docx", archive_of(ingest.MOST_UNPACKED + 1), "unpacks to far more"),
        ("empty.docx", archive_of(10), "cannot be read"),
        ("text.docx", b"not an archive", "cannot be read"),
        ("text.pdf", b"%PDF-1.7\n" + b"\xff" * 300, "cannot be read"),
        ("cut.pdf", b"", "cannot be read"),
    ],
)
def test_files_that_are_none_are_explained(name: str, content: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        ingest.text_of(name, content)


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(InvalidInput, match="larger than 10 MB"):
        ingest.check_size(ingest.MOST_BYTES + 1)
