"""Finds chunks by PostgreSQL full text, with a similarity between 0 and 1 that is comparable between queries.

A query counts as matched as far as its words are found, each weighted by how rare it is among all chunks (inverse
document frequency as in BM25, Robertson and Zaragoza 2009). Seven tenths of that weight in one chunk make a full match:
a brief says much that no single chunk can answer. A word found nowhere weighs most of all, which keeps queries about
something else low.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

MOST_HITS = 20
FULL_MATCH = 0.7
"""Share of a query's weight that makes a similarity of 1."""
ALONE = 0.6
"""Factor for a chunk in which only one of several query words is found: that may well be chance."""
LEAST_SIMILARITY = 0.1

# `wanted`: the query's stems. `found`: every chunk that has one. `weighed`: the stems with their weights.
_SEARCH = """
WITH wanted AS MATERIALIZED (
    SELECT lexeme FROM unnest(to_tsvector('{config}'::regconfig, %(query)s)) WHERE lexeme !~ '[''\\\\]'
), found AS MATERIALIZED (
    SELECT wanted.lexeme, chunk.id AS chunk_id, chunk.document_id, document.category
    FROM wanted
    JOIN sessions_builder_knowledgechunk AS chunk ON chunk.{column} @@ quote_literal(wanted.lexeme)::tsquery
    JOIN sessions_builder_knowledgedocument AS document ON document.id = chunk.document_id
    WHERE document.status = 'active'
), weighed AS (
    SELECT wanted.lexeme, ln(1 + (total.chunks - count(found.chunk_id) + 0.5) / (count(found.chunk_id) + 0.5)) AS weight
    FROM wanted
    CROSS JOIN (
        SELECT count(*)::float AS chunks
        FROM sessions_builder_knowledgechunk AS chunk
        JOIN sessions_builder_knowledgedocument AS document ON document.id = chunk.document_id
        WHERE document.status = 'active'
    ) AS total
    LEFT JOIN found USING (lexeme)
    GROUP BY wanted.lexeme, total.chunks
), ranked AS (
    SELECT found.chunk_id, sum(weighed.weight) / (SELECT sum(weight) FROM weighed) AS share,
           count(*) AS matched, (SELECT count(*) FROM wanted) AS words
    FROM found JOIN weighed USING (lexeme)
    WHERE %(category)s::text IS NULL OR lower(found.category) IN (
        SELECT lower(%(category)s)
        UNION
        SELECT lower(label)
        FROM sessions_builder_category AS known, unnest(known.aliases || known.name) AS label
        WHERE lower(known.name) = lower(%(category)s)
    )
    GROUP BY found.chunk_id
)
SELECT chunk.document_id, chunk.ordinal, document.title, chunk.text, ranked.share, ranked.matched, ranked.words
FROM ranked
JOIN sessions_builder_knowledgechunk AS chunk ON chunk.id = ranked.chunk_id
JOIN sessions_builder_knowledgedocument AS document ON document.id = chunk.document_id
ORDER BY ranked.share DESC, document.title, chunk.document_id, chunk.ordinal
LIMIT {limit}
"""
_ENGLISH = _SEARCH.format(config="english", column="search", limit=MOST_HITS)
_AS_WRITTEN = _SEARCH.format(config="simple", column="search_exact", limit=MOST_HITS)


@dataclass(frozen=True, slots=True)
class Found:
    """A chunk that matches a query; `similarity` is 0..1."""

    document_id: str
    """32 hex digits."""
    ordinal: int
    title: str
    text: str
    similarity: float


def search(query: str, category: str | None = None) -> tuple[Found, ...]:
    """At most 20 chunks of active documents, best first; of one category (its aliases count) when one is given.

    English stems are tried first, the words as written only when no stem is found: one or two statements. Raises
    django.db.Error.
    """
    found = _run(_ENGLISH, query, category)
    return found or _run(_AS_WRITTEN, query, category)


def similarity(share: float, matched: int, words: int) -> float:
    """0..1 from the share of the query's weight found, the number of its words found, and the number it has."""
    value = min(1.0, share / FULL_MATCH) if words > 3 else share
    return value * ALONE if matched == 1 and words > 1 else value


def _run(statement: str, query: str, category: str | None) -> tuple[Found, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"query": query.replace("\x00", " "), "category": category or None})
        rows = cursor.fetchall()
    found = (
        Found(document.hex, ordinal, title, text, round(similarity(share, matched, words), 4))
        for document, ordinal, title, text, share, matched, words in rows
    )
    ranked = sorted(found, key=lambda one: -one.similarity)
    return tuple(one for one in ranked if one.similarity >= LEAST_SIMILARITY)
