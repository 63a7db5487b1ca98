"""Exports read back by what analysts read them with, cell by cell equal to the table."""

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb
import pandas
import pytest
from django.contrib.auth.models import User
from django.test import Client

from analytics.datasets import EVENTS
from analytics.models import Event
from tests.analytics.history import DAY_ONE, event

pytestmark = pytest.mark.django_db

NAMES = [column.name for column in EVENTS.columns]
TEXTS = [
    "plain",
    "comma, semicolon; tab\tpipe|",
    'she said "no"',
    '"',
    "two\nlines",
    "three\r\nfour",
    "emoji 🙂 and 漢字 é",
    "=cmd|' /C calc'!A0",
    "@SUM(A1)",
    '{"json": ["in", "a", "cell"]}',
    "NULL",
    "0012",
    "1e5",
    "2026-03-01",
    " leading and trailing ",
    "back\\slash",
]
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"


@pytest.fixture
def stored() -> list[Event]:
    """A row for each difficult text, in a text cell and within the metadata."""
    return [
        event(
            "kitchen_opened",
            DAY_ONE + timedelta(seconds=place, microseconds=7),
            category=text,
            error_code=text if place % 2 else None,
            processing_ms=None if place % 3 else place * 1000,
            metadata={"text": text, "n": place, "nested": {"list": [1, 2.5, None, True]}},
        )
        for place, text in enumerate(TEXTS)
    ]


@pytest.fixture
def export(client: Client, analyst: User, tmp_path: Path) -> Callable[..., Path]:
    """Return a function that downloads the events and returns the file."""
    client.force_login(analyst, backend="django.contrib.auth.backends.ModelBackend")

    def download(form: str, **query: str) -> Path:
        response = client.get("/api/analytics/export", {"format": form, **query})
        path = tmp_path / f"events.{form}"
        path.write_bytes(b"".join(response.streaming_content))
        return path

    return download


def as_json(row: Event) -> dict[str, Any]:
    """What the table holds, as JSON says it."""
    return {
        "id": str(row.id),
        "eventType": row.event_type,
        "occurredAt": row.occurred_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "receivedAt": row.received_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "sessionId": row.session_id,
        "generationId": row.generation_id,
        "subject": row.subject,
        "category": row.category,
        "variantMode": row.mode,
        "arm": row.arm,
        "variantId": row.variant,
        "processingTime": row.processing_ms,
        "errorCode": row.error_code,
        "schemaVersion": row.schema_version,
        "isDemo": row.is_demo,
        "metadata": row.metadata,
        "writer": row.writer,
    }


def as_cells(row: Event) -> dict[str, Any]:
    """What the table holds, as a CSV says it: nothing for null; metadata stays a value, for its keys have no order."""
    found = as_json(row)
    metadata = found.pop("metadata")
    words = {True: "true", False: "false", None: ""}
    cells = {name: words[value] if isinstance(value, bool | None) else str(value) for name, value in found.items()}
    return cells | {"metadata": metadata}


def parsed(cells: dict[str, str]) -> dict[str, Any]:
    return {**cells, "metadata": json.loads(cells["metadata"])}


def test_it_works(stored: list[Event], export: Callable[..., Path]) -> None:
    """Python's csv."""
    content = export("csv", raw="1").read_bytes().decode()

    rows = list(csv.DictReader(io.StringIO(content, newline=""), strict=True))

    assert list(rows[0]) == NAMES
    assert [parsed(row) for row in rows] == [as_cells(row) for row in stored]


def test_pandas(stored: list[Event], export: Callable[..., Path]) -> None:
    path = export("csv", raw="1")

    words = pandas.read_csv(path, dtype=str, keep_default_na=False)
    usual = pandas.read_csv(path, parse_dates=["occurredAt"])

    assert [parsed(row) for row in words.to_dict("records")] == [as_cells(row) for row in stored]
    assert usual["processingTime"].sum() == sum(row.processing_ms or 0 for row in stored)
    assert list(usual["occurredAt"]) == [row.occurred_at for row in stored]
    assert not usual["isDemo"].any()


def test_duckdb(stored: list[Event], export: Callable[..., Path]) -> None:
    path = export("csv", raw="1")

    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_csv(?, all_varchar = true)", [str(path)]).fetchall()
        usual = connection.execute(
            "SELECT count(*), sum(processingTime), max(occurredAt)::text FROM read_csv(?)", [str(path)]
        ).fetchone()

    rows = [dict(zip(NAMES, (cell or "" for cell in row), strict=True)) for row in found]
    assert [parsed(row) for row in rows] == [as_cells(row) for row in stored]
    assert usual is not None
    assert usual[:2] == (len(stored), sum(row.processing_ms or 0 for row in stored))
    assert usual[2].startswith("2026-03-01 10:00:15.000007")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="There is no LibreOffice (soffice) on this machine.")
def test_libreoffice_takes_nothing_for_a_formula(
    stored: list[Event], export: Callable[..., Path], tmp_path: Path
) -> None:
    """Opened as a user would, with every column left to guess, the category's cells are the table's, guarded."""
    _convert(export("csv", bom="1"), tmp_path)
    document = ElementTree.parse(tmp_path / "events.fods")

    cells = list(document.iter(f"{{{OFFICE}table:1.0}}table-cell"))
    assert not [cell for cell in cells if f"{{{OFFICE}table:1.0}}formula" in cell.attrib]
    names, *rows = _rows(document)
    assert names == NAMES
    guarded = [f"'{text}" if text[0] in "=@" else text for text in TEXTS]
    assert [row[NAMES.index("category")] for row in rows] == [text.replace("\r\n", "\n") for text in guarded]
    assert [row[NAMES.index("id")] for row in rows] == [str(row.id) for row in stored]
    assert [json.loads(row[NAMES.index("metadata")]) for row in rows] == [row.metadata for row in stored]


def test_json_and_ndjson_are_equal(stored: list[Event], export: Callable[..., Path]) -> None:
    document = json.loads(export("json").read_text())
    lines = [json.loads(line) for line in export("ndjson").read_text().split("\n")[:-1]]

    assert document == {"events": lines, "rowCount": len(stored)}
    assert lines == [as_json(row) for row in stored]
    assert list(lines[0]) == NAMES


def _convert(path: Path, home: Path) -> None:
    """Have LibreOffice read a CSV and write it as a flat document; text columns stay text so that 0012 is not 12."""
    columns = "/".join(f"{place}/2" for place in range(1, len(NAMES) + 1) if NAMES[place - 1] != "errorCode")
    command = ["soffice", f"-env:UserInstallation=file://{home}/office", "--headless", "--convert-to", "fods"]
    reading = f"--infilter=CSV:44,34,76,1,{columns}"
    done = subprocess.run(
        [*command, reading, "--outdir", str(home), str(path)], capture_output=True, text=True, timeout=100, check=False
    )
    assert (home / "events.fods").exists(), done.stdout + done.stderr


def _rows(document: Any) -> list[list[str]]:
    found = []
    for row in document.iter(f"{{{OFFICE}table:1.0}}table-row"):
        cells: list[str] = []
        for cell in row.findall(f"{{{OFFICE}table:1.0}}table-cell"):
            repeat = int(cell.get(f"{{{OFFICE}table:1.0}}number-columns-repeated", "1"))
            cells += ["\n".join(map(_text, cell.findall(f"{{{OFFICE}text:1.0}}p")))] * min(repeat, len(NAMES))
        if any(cells):
            found.append(cells[: len(NAMES)])
    return found


def _text(paragraph: Any) -> str:
    """The text of a paragraph; runs of spaces and tabs are elements of their own."""
    parts = [paragraph.text or ""]
    for child in paragraph:
        match child.tag.rpartition("}")[2]:
            case "s":
                parts.append(" " * int(child.get(f"{{{OFFICE}text:1.0}}c", "1")))
            case "tab":
                parts.append("\t")
            case _:
                parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
