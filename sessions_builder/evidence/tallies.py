"""Keeps the count of training sessions short: the rows of each kind are added up into one."""

from __future__ import annotations

from django.db import connection

KIND = "day, category, state, generated"
FOLD = f"""
WITH folded AS (
    DELETE FROM sessions_builder_sessiontally WHERE ({KIND}) IN (
        SELECT {KIND} FROM sessions_builder_sessiontally GROUP BY {KIND} HAVING count(*) > 1
    ) RETURNING {KIND}, n
)
INSERT INTO sessions_builder_sessiontally ({KIND}, n)
SELECT {KIND}, sum(n) FROM folded GROUP BY {KIND} HAVING sum(n) <> 0
"""


def fold_tallies() -> None:
    """Add up what changed since the last time. What is being written meanwhile is left for the next."""
    with connection.cursor() as cursor:
        cursor.execute(FOLD)
