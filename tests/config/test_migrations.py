"""Migrations run while the version before is at work: nothing it needs goes, nobody waits for an index."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader

OURS = ("analytics", "featureflags", "sessions_builder")
TAKES_AWAY = (operations.RemoveField, operations.DeleteModel, operations.RenameField, operations.RenameModel)


def test_migrations_only_add() -> None:
    taken = [
        (str(one), step.describe()) for one in _migrations() for step in one.operations if isinstance(step, TAKES_AWAY)
    ]
    assert taken == []


def test_columns_of_tables_that_are_there_may_be_left_out() -> None:
    needed = []
    for one in _migrations():
        new = {step.name_lower for step in one.operations if isinstance(step, operations.CreateModel)}
        needed += [
            (str(one), step.describe())
            for step in one.operations
            if isinstance(step, operations.AddField) and step.model_name_lower not in new
            if not (step.field.null or step.field.has_db_default() or step.field.many_to_many)
        ]
    assert needed == [], "the version before inserts rows without them"


def test_indexes_of_tables_that_are_there_are_built_beside_the_writers() -> None:
    locking = []
    for one in _migrations():
        new = {step.name_lower for step in one.operations if isinstance(step, operations.CreateModel)}
        locking += [
            (str(one), step.describe())
            for step in one.operations
            if type(step) is operations.AddIndex and step.model_name_lower not in new
        ]
    assert locking == []


def _migrations() -> Iterator[Migration]:
    for (app, _), migration in MigrationLoader(None).disk_migrations.items():
        if app in OURS:
            yield migration
