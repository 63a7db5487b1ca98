"""What the formats have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analytics.registry import Column, Dataset


@dataclass(frozen=True, slots=True)
class Format:
    """How rows become a file.

    `copy(select_columns, guarded)` gives the SELECT list's shape and the COPY options; every message COPY sends is
    one row and a line end. `names` says whether the first message is the row of column names. Between two rows stands
    `separator`, after the last one `terminator`; `head` and `tail` go around all.
    """

    name: str
    content_type: str
    separator: bytes
    terminator: bytes
    names: bool
    query: Callable[[Dataset, Sequence[Column], bool], tuple[str, str]]
    head: Callable[[Dataset], bytes]
    tail: Callable[[int], bytes]


def nothing(_: object) -> bytes:
    return b""


def rfc3339(sql: str) -> str:
    """SQL that writes a time in UTC with microseconds, whatever the session's settings."""
    return f"""to_char(({sql}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
