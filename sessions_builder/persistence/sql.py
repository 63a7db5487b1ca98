"""Running one statement."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model
from pydantic_core import from_json, to_json

from analytics.services import Insertion

Json = Mapping[str, Any]


def one(statement: str, parameters: Json) -> tuple[Any, ...] | None:
    """The first row, None when there is none."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement, parameters)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def record(statement: str, parameters: Json) -> dict[str, Any] | None:
    """The first row by the names of its columns, None when there is none."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
        return None if row is None else dict(zip((column.name for column in cursor.description), row, strict=True))


def every(statement: str, parameters: Json) -> list[tuple[Any, ...]]:
    """All rows."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def count(statement: str, parameters: Json) -> int:
    """How many rows the statement changed."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def insert(row: Model, *, along: Insertion) -> None:
    """Store a new row all of whose values are set and, in the same statement, what belongs to it.

    `save(force_insert=True)` with a statement that is written only once.
    """
    values = [
        as_json(getattr(row, field.attname)) if isinstance(field, JSONField) else getattr(row, field.attname)
        for field in row._meta.concrete_fields
    ]
    with closing(connection.cursor()) as cursor:
        cursor.execute(f"WITH along AS ({along.statement}) {_insert_into(type(row))}", [*along.parameters, *values])
    row._state.adding, row._state.db = False, connection.alias


@cache
def _insert_into(model: type[Model]) -> str:
    columns = [field.attname for field in model._meta.concrete_fields]
    return f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"


def as_json(value: Any) -> str | None:
    """A parameter for a JSONB column; None stays NULL. Takes dataclasses too, and is several times faster than json."""
    return None if value is None else to_json(value, inf_nan_mode="null").decode()


def parsed(value: Any) -> Any:
    """A JSONB value of a row: Django's cursors hand it over as text."""
    return from_json(value) if isinstance(value, str) else value
