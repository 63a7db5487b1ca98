"""What is measured, as SQL over the raw rows: one definition, used for whole days (rollups) and for parts of a day.

Each source yields (at, measure, detail, category, mode, arm, variant, demo, value) for `at` from %(start)s up to and
without %(end)s. Times are milliseconds. Offline drafts are in the counts of events and nowhere else. A histogram has
the dimensions somebody asks it by and no others: every look at the metrics has to add all of them up.
"""

from analytics.histograms import GAMMA, ZERO_BUCKET
from analytics.models.rollup import ALL_CATEGORIES

BUILDER_GAP_MS = 5 * 60 * 1000

HISTOGRAMS = (
    "processingTime",
    "variantTime",
    "ragQueryTime",
    "averageSimilarity",
    "comparisonTime",
    "builderTime",
    "callLatency",
    "quality",
)

EVENTS = """
SELECT e.occurred_at AS at, m.measure, m.detail, e.category, e.mode, e.arm, e.variant, e.is_demo AS demo, m.value
FROM analytics_event e
CROSS JOIN LATERAL (
    SELECT 'events' AS measure, e.event_type AS detail, NULL::float8 AS value
    UNION ALL
    SELECT 'requests', coalesce(e.arm, ''), NULL
    WHERE e.event_type = 'ai_prompt_submitted' AND e.writer IS DISTINCT FROM 'offline'
    UNION ALL
    SELECT 'opened', '', NULL
    WHERE e.event_type = 'builder_opened' AND e.session_id IS NULL
    UNION ALL
    SELECT v.measure, v.detail, v.value
    FROM (VALUES
        ('processingTime', e.mode, e.processing_ms::float8),
        ('ragQueryTime', '', e.rag_query_ms::float8),
        ('averageSimilarity', '', CASE WHEN e.rag_sources > 0 THEN e.similarity END),
        ('ragSources', '', CASE WHEN e.rag_available THEN e.rag_sources::float8 END),
        ('ragCompared', '', CASE WHEN e.rag_matched IS NOT NULL THEN e.rag_sources::float8 END),
        ('ragMatched', '', e.rag_matched::float8),
        ('ragQueries', e.rag_state, CASE WHEN e.rag_state IS NOT NULL THEN 1 END)
    ) AS v(measure, detail, value)
    WHERE e.event_type = 'ai_content_generated' AND v.value IS NOT NULL AND e.writer IS DISTINCT FROM 'offline'
    UNION ALL
    SELECT 'failures', coalesce(e.error_code, ''), NULL
    WHERE e.event_type = 'ai_content_failed' AND e.cancelled IS NOT TRUE AND e.writer IS DISTINCT FROM 'offline'
    UNION ALL
    SELECT 'quality',
        CASE WHEN e.quality < 50 THEN 'weak' WHEN e.quality < 70 THEN 'usable' WHEN e.quality < 85 THEN 'good'
             ELSE 'strong' END,
        e.quality
    WHERE e.event_type = 'session_published' AND e.quality IS NOT NULL
) AS m
WHERE e.occurred_at >= %(start)s AND e.occurred_at < %(end)s
"""


def _stands(rejected: str) -> str:
    """SQL: the author did not take this rejection back. A choice that failed cannot be taken back."""
    return f"""({rejected}.error_code IS NOT NULL OR NOT EXISTS (
    SELECT FROM analytics_event back
    WHERE back.generation_id = {rejected}.generation_id AND back.event_type = 'ai_rejection_withdrawn'
      AND back.variant = {rejected}.variant AND back.occurred_at > {rejected}.occurred_at))"""


# A source of its own: among the others the earlier one would be looked for beside events of every type.
REJECTIONS = f"""
SELECT e.occurred_at, 'rejected', '', e.category, e.mode, e.arm, e.variant, e.is_demo, NULL::float8
FROM analytics_event e
WHERE e.event_type = 'ai_content_rejected' AND e.occurred_at >= %(start)s AND e.occurred_at < %(end)s
  AND {_stands("e")} AND NOT EXISTS (
    SELECT FROM analytics_event earlier
    WHERE earlier.generation_id = e.generation_id AND earlier.event_type = e.event_type
      AND (earlier.occurred_at, earlier.id) < (e.occurred_at, e.id) AND {_stands("earlier")})
"""

VARIANT_TIMES = """
SELECT e.occurred_at, 'variantTime', '', e.category, '', '', t.key::smallint, e.is_demo, t.value::float8
FROM analytics_event e CROSS JOIN LATERAL jsonb_each_text(e.metadata->'variantTimes') t
WHERE e.event_type = 'ai_content_generated' AND e.writer IS DISTINCT FROM 'offline'
  AND jsonb_typeof(e.metadata->'variantTimes') = 'object' AND t.key ~ '^[0-9]$'
  AND e.occurred_at >= %(start)s AND e.occurred_at < %(end)s
"""

# A generation belongs to the day it was asked for, whenever it ends; its last ending is what counts.
OUTCOMES = """
SELECT s.occurred_at, 'outcome',
    CASE WHEN s.writer = 'offline' THEN 'offline'
         WHEN e.event_type IS NULL THEN 'pending'
         WHEN e.cancelled THEN 'cancelled'
         WHEN e.event_type = 'ai_content_failed' THEN 'failed'
         WHEN e.mode = 'legacy_fallback' THEN 'fallback'
         WHEN s.mode = 'multi_variant' AND coalesce(e.variants, 0) < 4 THEN 'partial'
         ELSE 'success' END,
    s.category, s.mode, s.arm, NULL::smallint, s.is_demo, NULL::float8
FROM analytics_event s
LEFT JOIN LATERAL (
    SELECT ending.event_type, ending.cancelled, ending.mode, ending.variants
    FROM analytics_event ending
    WHERE ending.generation_id = s.generation_id
      AND ending.event_type IN ('ai_content_generated', 'ai_content_failed')
    ORDER BY ending.occurred_at DESC, ending.id DESC LIMIT 1
) e ON true
WHERE s.event_type = 'ai_prompt_submitted' AND s.occurred_at >= %(start)s AND s.occurred_at < %(end)s
"""

# A session's active time belongs to the day of its first event. Longer gaps are somebody at lunch.
BUILDER_TIMES = f"""
SELECT min(g.occurred_at), 'builderTime', '', max(g.category), '', max(g.arm), NULL::smallint, bool_or(g.is_demo),
    coalesce(sum(g.gap) FILTER (WHERE g.gap <= {BUILDER_GAP_MS}), 0)
FROM (
    SELECT DISTINCT t.session_id FROM analytics_event t
    WHERE t.session_id IS NOT NULL AND t.occurred_at >= %(start)s AND t.occurred_at < %(end)s
) touched
CROSS JOIN LATERAL (
    -- OFFSET 0 keeps this a look-up by session: joined, it would read the whole table.
    SELECT e.session_id, e.occurred_at, e.category, e.arm, e.is_demo,
        extract(epoch FROM e.occurred_at - lag(e.occurred_at) OVER (ORDER BY e.occurred_at, e.id)) * 1000 AS gap
    FROM analytics_event e WHERE e.session_id = touched.session_id OFFSET 0
) g
GROUP BY g.session_id
HAVING min(g.occurred_at) >= %(start)s AND min(g.occurred_at) < %(end)s
"""

SELECTIONS = """
SELECT s.selected_at, m.measure, m.detail, s.category, m.mode, '', m.variant, s.is_demo, m.value
FROM analytics_selection s
CROSS JOIN LATERAL (VALUES
    ('selections', CASE WHEN s.rag_effective THEN 'rag' ELSE 'baseline' END, NULL::float8, s.mode, s.variant),
    ('comparisonTime', '', s.comparison_ms::float8, '', NULL)
) AS m(measure, detail, value, mode, variant)
WHERE s.counted AND s.source <> 'template' AND (m.measure = 'selections' OR m.value IS NOT NULL)
  AND s.selected_at >= %(start)s AND s.selected_at < %(end)s
"""

INTERACTIONS = """
SELECT i.created_at, m.measure, m.detail, i.category, i.purpose, '', i.variant, i.is_demo, m.value
FROM analytics_aiinteraction i
CROSS JOIN LATERAL (VALUES
    ('calls', i.model, 1::float8),
    ('tokensIn', i.model, i.tokens_in::float8),
    ('tokensCached', i.model, i.tokens_cached::float8),
    ('tokensOut', i.model, i.tokens_out::float8),
    ('tokensReasoning', i.model, i.tokens_reasoning::float8),
    ('cost', i.model, i.cost_usd::float8),
    ('callLatency', i.model, i.latency_ms::float8),
    ('callFailures', coalesce(i.error_code, i.outcome), CASE WHEN i.outcome = 'failed' THEN 1 END)
) AS m(measure, detail, value)
WHERE m.value IS NOT NULL AND i.created_at >= %(start)s AND i.created_at < %(end)s
"""

SOURCES = (EVENTS, REJECTIONS, VARIANT_TIMES, OUTCOMES, BUILDER_TIMES, SELECTIONS, INTERACTIONS)

# Every combination is added up once; all categories together are sums of those, so that reading either is reading few
# rows.
AGGREGATE = f"""
SELECT day, measure, detail, category, mode, arm, variant, demo,
    sum(n)::bigint AS n, coalesce(sum(total), 0) AS total, coalesce(sum(total_squares), 0) AS total_squares,
    array_agg(bucket ORDER BY bucket) FILTER (WHERE bucket IS NOT NULL) AS bucket_keys,
    array_agg(n ORDER BY bucket) FILTER (WHERE bucket IS NOT NULL) AS bucket_counts
FROM (
    SELECT day, measure, detail, CASE WHEN grouping(category) = 1 THEN '{ALL_CATEGORIES}' ELSE category END AS category,
        mode, arm, variant, demo, bucket,
        sum(n)::bigint AS n, sum(total) AS total, sum(total_squares) AS total_squares
    FROM (
        SELECT day, measure, detail, category, mode, arm, variant, demo, bucket,
            count(*) AS n, sum(value) AS total, sum(value * value) AS total_squares
        FROM (
            SELECT (at AT TIME ZONE 'UTC')::date AS day, measure, coalesce(detail, '') AS detail,
                coalesce(category, '') AS category, coalesce(mode, '') AS mode, coalesce(arm, '') AS arm,
                coalesce(variant, -1) AS variant, demo, value, CASE WHEN measure = ANY(%(histograms)s) THEN
                CASE WHEN value > 0 THEN ceil(ln(value) / ln({GAMMA!r}))::int ELSE {ZERO_BUCKET} END END AS bucket
            FROM ({" UNION ALL ".join(SOURCES)}) AS raw
        ) AS bucketed
        GROUP BY day, measure, detail, category, mode, arm, variant, demo, bucket
    ) AS counted
    GROUP BY GROUPING SETS (
        (day, measure, detail, category, mode, arm, variant, demo, bucket),
        (day, measure, detail, mode, arm, variant, demo, bucket))
) AS together
GROUP BY day, measure, detail, category, mode, arm, variant, demo
"""
