"""Storing what a worker made, fenced by its lease."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sessions_builder.persistence.rows import Claimed, Ended, InteractionRow, StoredVariant, VariantRow
from sessions_builder.persistence.sql import Json, as_json, count, every, one

_BEGIN = """
UPDATE sessions_builder_generation
   SET state = 'generating', mode = %(mode)s, retrieval = %(retrieval)s, rag_state = %(rag_state)s,
       progress = progress || %(progress)s::jsonb, version = version + 1
 WHERE id = %(id)s AND lease_token = %(token)s AND state IN ('retrieving', 'generating')
"""


def begin_writing(
    held: Claimed, *, mode: str, retrieval: Json | None, rag_state: str | None, progress: Sequence[Json]
) -> bool:
    """Store the retrieval and move on to writing; False when the lease is lost."""
    parameters = {
        "id": held.id,
        "token": held.token,
        "mode": mode,
        "retrieval": as_json(retrieval),
        "rag_state": rag_state,
        "progress": as_json(progress),
    }
    return count(_BEGIN, parameters) == 1


INSERT_INTERACTIONS = """interactions AS (
    INSERT INTO analytics_aiinteraction (generation_id, purpose, variant, user_id, subject, model, prompt_version,
        tokens_in, tokens_out, tokens_cached, tokens_reasoning, cost_usd, latency_ms, attempts, outcome, error_code,
        category, prompt, response)
    SELECT held.id, i.purpose, i.variant, i.user_id, i.subject, i.model, i.prompt_version, i.tokens_in, i.tokens_out,
        i.tokens_cached, i.tokens_reasoning, i.cost_usd, i.latency_ms, i.attempts, i.outcome, i.error_code, i.category,
        i.prompt, i.response
      FROM held, jsonb_populate_recordset(NULL::analytics_aiinteraction, %(interactions)s::jsonb) AS i
)"""
"""Part of a statement in which `held` has the id of the generation, or NULL, when the lease is still held."""

# One statement for whatever became ready together: one each costs twice the worker's CPU when hundreds are in flight.
_STORE = f"""
WITH held AS (
    UPDATE sessions_builder_generation
       SET progress = progress || %(progress)s::jsonb, version = version + 1
     WHERE id = %(id)s AND lease_token = %(token)s AND state = 'generating'
    RETURNING id, run
), variants AS (
    INSERT INTO sessions_builder_variant (id, generation_id, run, number, state, label, description, arc, rag_weight,
        generation_source, rag_effective, rag_sources_used, outline, notes, quality, grounding, processing_ms, model,
        error_code)
    SELECT gen_random_uuid(), held.id, held.run, v.number, v.state, v.label, v.description, v.arc, v.rag_weight,
        v.generation_source, v.rag_effective, v.rag_sources_used, v.outline, v.notes, v.quality, v.grounding,
        v.processing_ms, v.model, v.error_code
      FROM held, jsonb_populate_recordset(NULL::sessions_builder_variant, %(variants)s::jsonb) AS v
    ON CONFLICT (generation_id, number) DO NOTHING
), {INSERT_INTERACTIONS}
SELECT count(*) FROM held
"""


def store_variants(
    held: Claimed, *, variants: Sequence[VariantRow], interactions: Sequence[InteractionRow], progress: Sequence[Json]
) -> bool:
    """Store variants and the calls they took, visible at once.

    False when the lease is lost (nothing is written then).
    """
    parameters = {
        "id": held.id,
        "token": held.token,
        "variants": as_json(variants),
        "interactions": as_json(interactions),
        "progress": as_json(progress),
    }
    row = one(_STORE, parameters)
    return row is not None and row[0] == 1


_STORED = """
SELECT v.number, v.state, v.error_code, v.processing_ms, sized.sections, sized.minutes
  FROM sessions_builder_variant v
 CROSS JOIN LATERAL (SELECT count(*) AS sections, coalesce(sum((section ->> 'minutes')::int), 0) AS minutes
                       FROM jsonb_array_elements(v.outline -> 'sections') AS section) sized
 WHERE v.generation_id = %(id)s ORDER BY v.number
"""


def stored_variants(generation_id: UUID) -> list[StoredVariant]:
    """The variants of a generation, without the texts of their outlines."""
    return [StoredVariant(*row) for row in every(_STORED, {"id": generation_id})]


_REWRITABLE = """
SELECT v.number FROM sessions_builder_variant v
 WHERE v.generation_id = %(id)s AND v.state = 'ready' AND NOT v.rewritten AND v.rejected_at IS NULL
   AND NOT EXISTS (SELECT FROM sessions_builder_trainingsession s
                    WHERE s.generation_id = v.generation_id AND s.variant_number = v.number)
"""
_TELL = """
UPDATE sessions_builder_generation
   SET progress = progress || %(progress)s::jsonb, version = version + 1
 WHERE id = %(id)s AND lease_token = %(token)s AND state = 'generating'
"""
_REPLACE = (
    """
UPDATE sessions_builder_variant v
   SET generation_source = n.generation_source, rag_effective = n.rag_effective, rewritten = true,
       rag_sources_used = n.rag_sources_used, outline = n.outline, notes = n.notes, quality = n.quality,
       grounding = n.grounding, processing_ms = v.processing_ms + n.processing_ms, model = n.model
  FROM jsonb_populate_recordset(NULL::sessions_builder_variant, %(variants)s::jsonb) AS n
 WHERE v.generation_id = %(id)s AND v.number = n.number
   AND v.number IN ("""
    + _REWRITABLE.strip()
    + """)
RETURNING v.number
"""
)


def rewritable_numbers(generation_id: UUID) -> frozenset[int]:
    """The ready variants that may be written a second time: not chosen, not rejected, not written twice already."""
    return frozenset(row[0] for row in every(_REWRITABLE, {"id": generation_id}))


def tell(held: Claimed, progress: Sequence[Json]) -> bool:
    """Add to what the author is told; False when the lease is lost."""
    return count(_TELL, {"id": held.id, "token": held.token, "progress": as_json(progress)}) == 1


def replace_variant(held: Claimed, variant: VariantRow, progress: Sequence[Json]) -> bool:
    """Put a second writing in the place of the first, unless that was chosen meanwhile; whether it was done.

    False also when the lease is lost. Call it in a transaction of its own: the fence locks the generation's row, which
    a choice locks too, and only the statement after that sees every choice.
    """
    if not tell(held, progress):
        return False
    parameters = {"id": held.id, "variants": as_json([variant])}
    return bool(every(_REPLACE, parameters))


_FINISH = """
UPDATE sessions_builder_generation
   SET state = %(state)s, mode = %(mode)s, error_code = %(error_code)s, lease_token = NULL, lease_until = NULL,
       diversity = coalesce(%(diversity)s::jsonb, diversity),
       finished_at = clock_timestamp(), version = version + 1, progress = progress || %(progress)s::jsonb,
       processing_ms = round(extract(epoch FROM clock_timestamp() - run_started_at) * 1000)
 WHERE id = %(id)s AND lease_token = %(token)s AND state IN ('retrieving', 'generating')
RETURNING id, owner_id, processing_ms
"""


def finish(
    held: Claimed,
    *,
    state: str,
    mode: str,
    error_code: str | None,
    progress: Sequence[Json],
    diversity: Json | None = None,
) -> Ended | None:
    """End a generation; None when the lease is lost. Call it in the transaction that records the ending event."""
    parameters = {
        "id": held.id,
        "token": held.token,
        "state": state,
        "mode": mode,
        "error_code": error_code,
        "progress": as_json(progress),
        "diversity": as_json(diversity),
    }
    row = one(_FINISH, parameters)
    return Ended(*row) if row else None
