"""Generations and training sessions as analysts may download them: no title, no brief, no outline, no names."""

from __future__ import annotations

from analytics.datasets import boolean, code, number, text, time
from analytics.registry import Dataset

# What everybody's rows say about whom they belong to: the pseudonym of the events, which needs no key to look up.
SUBJECT = """(SELECT e.subject FROM analytics_event e WHERE e.user_id = {owner} LIMIT 1)"""

GENERATIONS = Dataset(
    name="generations",
    title="Generations",
    table="sessions_builder_generation g",
    time="g.created_at",
    key="g.id",
    columns=(
        code("id", "g.id", "The generation's id."),
        time("createdAt", "g.created_at", "When it was asked for."),
        time("finishedAt", "g.finished_at", "When it ended."),
        code("subject", SUBJECT.format(owner="g.owner_id"), "Pseudonym of the user."),
        code("parentId", "g.parent_id", "Generation an offline draft was made for."),
        code("state", "g.state", "queued, retrieving, generating, succeeded, partial, failed or cancelled."),
        code("variantMode", "g.mode", "multi_variant, legacy or legacy_fallback."),
        code("writer", "g.writer", "model or offline."),
        text("category", "g.snapshot -> 'brief' ->> 'category'", "Category of the brief."),
        code("sessionType", "g.brief ->> 'sessionType'", "event, training, workshop or webinar."),
        number("durationMinutes", "(g.brief ->> 'durationMinutes')::int", "Minutes the session shall take."),
        boolean("enabled", "(g.decision ->> 'enabled')::bool", "The flag gave this user four variants."),
        code("decisionReason", "g.decision ->> 'reason'", "Why the flag decided so."),
        number("rolloutPercentage", "(g.decision ->> 'percentage')::float8", "Percentage of the rollout, 0 to 100."),
        number("rolloutSample", "(g.decision ->> 'sample')::float8", "Where the user stands in it, 0 to 99.99."),
        code("ragState", "g.rag_state", "What became of the retrieval."),
        number("ragQueryTime", "(g.retrieval ->> 'queryMs')::int", "Milliseconds the retrieval took."),
        number("processingTime", "g.processing_ms", "Milliseconds from request to end."),
        number("run", "g.run", "1, and one more for each retry."),
        number(
            "variantsReady",
            "(SELECT count(*) FROM sessions_builder_variant v WHERE v.generation_id = g.id AND v.state = 'ready')",
            "Variants that were written.",
        ),
        number(
            "averageQuality",
            "(SELECT round(avg((v.quality ->> 'score')::numeric), 1) FROM sessions_builder_variant v"
            " WHERE v.generation_id = g.id)",
            "Mean quality score of its variants, 0 to 100.",
        ),
        code("errorCode", "g.error_code", "Why it failed."),
    ),
)

SESSIONS = Dataset(
    name="sessions",
    title="Training sessions",
    table="""sessions_builder_trainingsession s
    LEFT JOIN sessions_builder_generation g ON g.id = s.generation_id
    LEFT JOIN LATERAL (
        SELECT e.occurred_at, e.quality, e.active_ms, e.metadata FROM analytics_event e
        WHERE e.session_id = s.id AND e.event_type = 'session_published'
        ORDER BY e.occurred_at, e.id LIMIT 1
    ) p ON true""",
    time="s.created_at",
    key="s.id",
    columns=(
        code("id", "s.id", "The training session's id."),
        time("createdAt", "s.created_at", "When it was made."),
        time("updatedAt", "s.updated_at", "When it was last changed."),
        code("subject", SUBJECT.format(owner="s.owner_id"), "Pseudonym of the user."),
        code("state", "s.state", "draft, published or archived."),
        number("version", "s.version", "How often it was written."),
        code("generationId", "s.generation_id", "Generation its outline comes from."),
        number("variantId", "s.variant_number", "Number of the variant its outline comes from."),
        code("generationSource", "s.generation_source", "rag, baseline, template or mixed."),
        code(
            "arm",
            "CASE WHEN (g.decision ->> 'enabled')::bool THEN 'v2' WHEN g.id IS NOT NULL THEN 'legacy' END",
            "v2 or legacy.",
        ),
        text("category", "s.category", "Category of the session."),
        code("sessionType", "s.session_type", "event, training, workshop or webinar."),
        number("durationMinutes", "s.duration_minutes", "Minutes it takes."),
        number("sections", "jsonb_array_length(s.outline -> 'sections')", "Sections of the outline."),
        number("sources", "jsonb_array_length(s.sources)", "Sources the outline cites."),
        time("firstPublishedAt", "p.occurred_at", "When it was first published."),
        number("quality", "p.quality", "Quality score when it was first published, 0 to 100."),
        number("readiness", "(p.metadata ->> 'readiness')::float8", "Readiness score then, 0 to 100."),
        number("activeTime", "p.active_ms", "Milliseconds of work on it by then."),
        number("minutesToPublish", "(p.metadata ->> 'minutesToPublish')::int", "Minutes from request to publication."),
    ),
)
