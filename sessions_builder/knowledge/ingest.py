"""Takes documents into the knowledge base: plain text out of files, chunks out of text."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePath

import docx
import pypdf
from django.db import transaction
from django.db.models import QuerySet
from docx.opc.exceptions import OpcError
from pypdf.errors import PyPdfError

from sessions_builder.errors import InvalidInput
from sessions_builder.knowledge.chunking import VERSION, chunks
from sessions_builder.models.knowledge import KnowledgeChunk, KnowledgeDocument

MOST_BYTES = 10_000_000
MOST_CHARACTERS = 1_000_000
MOST_UNPACKED = 100_000_000
"""Bytes a Word document may hold once unpacked, and bytes of one page of a PDF; a small file can claim a thousand times
its size."""
MOST_PARTS = 5_000
MOST_PAGES = 2_000


_BROKEN_PDF = (
    PyPdfError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    NotImplementedError,
    RecursionError,
    AssertionError,
    struct.error,
    zlib.error,
)
_BROKEN_DOCX = (
    OpcError,
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    LookupError,
    AttributeError,
    OSError,
    RuntimeError,
    SyntaxError,
)
"""What the libraries raise for files that are none, seen with damaged ones."""


def text_of(filename: str, content: bytes) -> str:
    """The text of a Markdown, text, PDF or DOCX file. Raises InvalidInput with a sentence for the person uploading."""
    suffix = PurePath(filename).suffix.lower()
    reader = READERS.get(suffix)
    if reader is None:
        raise InvalidInput(f"{suffix or 'This kind of file'} cannot be read; use one of {', '.join(READERS)}.")
    check_size(len(content))
    text = reader(content).replace("\x00", "").strip()
    if not text:
        raise InvalidInput("No text was found in the file; a scanned document has to be recognised first.")
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput(f"The file holds more than {MOST_CHARACTERS:,} characters; split it up.")
    return text


def check_size(size: int) -> None:
    """Raise InvalidInput for a file of more than 10 MB; ask before it is read into memory."""
    if size > MOST_BYTES:
        raise InvalidInput(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")


def checksum_of(document: KnowledgeDocument) -> str:
    """SHA-256, hex, of everything the chunks of a document are made from."""
    return hashlib.sha256("\x1f".join((_heading(document), document.body)).encode()).hexdigest()


@transaction.atomic
def store(document: KnowledgeDocument) -> bool:
    """Save a document and bring its chunks up to date; returns whether they had to be made again."""
    checksum = checksum_of(document)
    changed = document.checksum != checksum or document.chunking != VERSION
    document.checksum = checksum
    document.save()
    if changed:
        index(document)
    return changed


@transaction.atomic
def index(document: KnowledgeDocument) -> int:
    """Make the chunks of a saved document again, whatever they were; returns how many there are now.

    Goes by what is stored, not by the copy in hand: somebody may have changed or deleted it meanwhile.
    """
    stored = KnowledgeDocument.objects.select_for_update().filter(pk=document.pk).first()
    if stored is None:
        return 0
    stored.chunking = document.chunking = VERSION
    stored.save(update_fields=["chunking"])
    stored.chunks.all().delete()
    heading = _heading(stored)
    made = KnowledgeChunk.objects.bulk_create(
        KnowledgeChunk(document=stored, ordinal=ordinal, heading=heading, text=text)
        for ordinal, text in enumerate(chunks(stored.body))
    )
    return len(made)


def outdated() -> QuerySet[KnowledgeDocument]:
    """The documents whose chunks were cut by earlier rules than today's."""
    return KnowledgeDocument.objects.exclude(chunking=VERSION)


def _heading(document: KnowledgeDocument) -> str:
    return " · ".join(filter(None, (document.title, document.category, ", ".join(document.keywords))))


def _plain(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _pdf(content: bytes) -> str:
    try:
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        if len(pages) > MOST_PAGES:
            raise InvalidInput(f"The PDF has more than {MOST_PAGES:,} pages; split it up.")
        return "\n\n".join(_within_limit(page.extract_text() for page in pages))
    except _BROKEN_PDF as error:
        raise InvalidInput("This PDF cannot be read; it is damaged or protected.") from error


def _within_limit(texts: Iterable[str]) -> Iterator[str]:
    """The texts until there are more characters than a document may have: the rest would be read for nothing."""
    characters = 0
    for text in texts:
        yield text
        characters += len(text)
        if characters > MOST_CHARACTERS:
            return


def _docx(content: bytes) -> str:
    try:
        _check_archive(content)
        document = docx.Document(io.BytesIO(content))
        lines = [paragraph.text for paragraph in document.paragraphs]
        lines += [" | ".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows]
    except _BROKEN_DOCX as error:
        raise InvalidInput("This Word document cannot be read; save it as .docx again.") from error
    return "\n\n".join(line for line in lines if line.strip())


def _check_archive(content: bytes) -> None:
    """Raise InvalidInput for an archive that unpacks to more than 100 MB; reading never goes beyond what it states."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise InvalidInput("This Word document unpacks to far more than a document holds; save it as .docx again.")


READERS: Mapping[str, Callable[[bytes], str]] = {
    ".md": _plain,
    ".markdown": _plain,
    ".txt": _plain,
    ".pdf": _pdf,
    ".docx": _docx,
}
