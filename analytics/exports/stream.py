"""The rows of a dataset as the bytes of a file, a chunk at a time, with memory that does not grow."""

from collections.abc import Generator
from dataclasses import dataclass

from django.db import connection, transaction

from analytics.exports.csv import CSV
from analytics.exports.formats import Format
from analytics.exports.json import JSON, NDJSON
from analytics.periods import Period
from analytics.registry import Column, Dataset

CHUNK = 64 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
FORMATS = {found.name: found for found in (CSV, JSON, NDJSON)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What to export: which rows of which dataset, how."""

    dataset: Dataset
    format: Format
    period: Period
    event_type: str | None = None
    demo: bool = False
    raw: bool = False
    prompts: bool = False
    byte_order_mark: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.dataset.columns + (self.dataset.private if self.prompts else ())


@dataclass(slots=True)
class Progress:
    """How many rows have been written so far, the row of names not counted."""

    rows: int = 0


def chunks(selection: Selection, progress: Progress) -> Generator[bytes, None, None]:
    """Yield the file; counts rows into `progress` as they go. Closing it early stops the query on the server."""
    form = selection.format
    head = BYTE_ORDER_MARK if selection.byte_order_mark and form is CSV else b""
    pending = [head + form.head(selection.dataset)]
    size, messages = 0, 0
    with transaction.atomic(), connection.cursor() as cursor:
        # In the order of an index the first row comes at once; a sort of everything would come first otherwise.
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off")
        statement, values = _copy(selection)
        with cursor.cursor.copy(statement, values) as copy:  # Django's debugging cursor takes no parameters here
            for row in copy:
                pending.append(form.separator if messages else b"")
                pending.append(row[:-1])
                messages += 1
                size += len(row)
                if size >= CHUNK:
                    progress.rows = messages - form.names
                    yield b"".join(pending)
                    pending, size = [], 0
    progress.rows = messages - form.names
    pending.append(form.terminator if messages else b"")
    pending.append(form.tail(progress.rows))
    yield b"".join(pending)


def _copy(selection: Selection) -> tuple[str, dict[str, object]]:
    dataset, period = selection.dataset, selection.period
    select, options = selection.format.query(dataset, selection.columns, not selection.raw)
    conditions = ["true"]
    values: dict[str, object] = {}
    if period.start is not None:
        conditions.append(f"{dataset.time} >= %(start)s")
        values["start"] = period.start
    if period.end is not None:
        conditions.append(f"{dataset.time} < %(end)s")
        values["end"] = period.end
    if selection.event_type is not None:
        conditions.append(f"{dataset.type_column} = %(type)s")
        values["type"] = selection.event_type
    if dataset.demo_column is not None:
        conditions.append(f"{dataset.demo_column} = %(demo)s")
        values["demo"] = selection.demo
    where = " AND ".join(conditions)
    return f"COPY ({select} WHERE {where} ORDER BY {dataset.time}, {dataset.key}) TO STDOUT WITH ({options})", values
