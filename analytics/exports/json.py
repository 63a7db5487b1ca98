"""JSON: one document `{"<dataset>": [...], "rowCount": n}`, or a line per row."""

from collections.abc import Sequence

from analytics.exports.formats import Format, nothing, rfc3339
from analytics.registry import Column, Dataset, Kind

# JSON text holds no control characters, so with two of them as quote and delimiter COPY passes it on untouched.
UNTOUCHED = "FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02', ENCODING 'UTF8'"


def query(dataset: Dataset, columns: Sequence[Column], guarded: bool) -> tuple[str, str]:
    values = ", ".join(f'{_value(column)} AS "{column.name}"' for column in columns)
    return f"SELECT row_to_json((SELECT r FROM (SELECT {values}) r)) FROM {dataset.table}", UNTOUCHED


def _value(column: Column) -> str:
    return rfc3339(column.sql) if column.kind is Kind.TIME else column.sql


def _open(dataset: Dataset) -> bytes:
    return f'{{"{dataset.name}": [\n'.encode()


def _close(rows: int) -> bytes:
    return f'], "rowCount": {rows}}}\n'.encode()


JSON = Format(
    name="json",
    content_type="application/json",
    separator=b",\n",
    terminator=b"\n",
    names=False,
    query=query,
    head=_open,
    tail=_close,
)

NDJSON = Format(
    name="ndjson",
    content_type="application/x-ndjson; charset=utf-8",
    separator=b"\n",
    terminator=b"\n",
    names=False,
    query=query,
    head=nothing,
    tail=nothing,
)
