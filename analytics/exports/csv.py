"""CSV per RFC 4180, safe to open in a spreadsheet."""

from collections.abc import Sequence

from analytics.exports.formats import Format, nothing, rfc3339
from analytics.registry import Column, Dataset, Kind

# A cell is taken for a formula by its first sign; spreadsheets skip spaces, byte order marks and zero-width signs,
# and some read full-width forms like the plain ones.
FORMULA = r"^[ \u00a0\u3000\ufeff\u200b-\u200f\u2060]*[=+@\t\r\n\uff1d\uff0b\uff0d\uff20\u2212-]"

# What begins with a letter is none, and comparing costs a fraction of matching.
PLAIN = """(({0}) COLLATE "C" >= 'A' AND ({0}) COLLATE "C" < '{{')"""


def query(dataset: Dataset, columns: Sequence[Column], guarded: bool) -> tuple[str, str]:
    cells = ", ".join(f'{_cell(column, guarded)} AS "{column.name}"' for column in columns)
    return f"SELECT {cells} FROM {dataset.table}", "FORMAT csv, HEADER true, ENCODING 'UTF8'"


def _cell(column: Column, guarded: bool) -> str:
    match column.kind:
        case Kind.TIME:
            return rfc3339(column.sql)
        case Kind.BOOLEAN:
            return f"({column.sql})::text"
        case Kind.TEXT if guarded:
            return (
                f"CASE WHEN {PLAIN.format(column.sql)} THEN {column.sql} "
                f"WHEN ({column.sql}) ~ '{FORMULA}' THEN '''' || ({column.sql}) ELSE {column.sql} END"
            )
    return column.sql


CSV = Format(
    name="csv",
    content_type="text/csv; charset=utf-8",
    separator=b"\r\n",
    terminator=b"\r\n",
    names=True,
    query=query,
    head=nothing,
    tail=nothing,
)
