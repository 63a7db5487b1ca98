"""The datasets analytics itself keeps. The order of the columns is a promise; new ones go to the end."""

from analytics.registry import Column, Dataset, Kind, register_dataset


def text(name: str, sql: str, meaning: str) -> Column:
    """A column of free text: what a spreadsheet could take for a formula is guarded."""
    return Column(name, Kind.TEXT, sql, meaning)


def code(name: str, sql: str, meaning: str) -> Column:
    """A column of ids or names of our own, in which nobody can write."""
    return Column(name, Kind.CODE, sql, meaning)


def number(name: str, sql: str, meaning: str) -> Column:
    return Column(name, Kind.NUMBER, sql, meaning)


def boolean(name: str, sql: str, meaning: str) -> Column:
    return Column(name, Kind.BOOLEAN, sql, meaning)


def time(name: str, sql: str, meaning: str) -> Column:
    return Column(name, Kind.TIME, sql, meaning)


def json(name: str, sql: str, meaning: str) -> Column:
    return Column(name, Kind.JSON, sql, meaning)


# What an author wrote is nobody's business who counts rejections.
SHOWN_METADATA = """
CASE WHEN event_type = 'ai_content_rejected' AND jsonb_typeof(metadata -> 'reason') = 'string'
     THEN jsonb_set(metadata, ARRAY['reason'], '"given"') ELSE metadata END
""".strip()
REJECTION_REASON = "CASE WHEN event_type = 'ai_content_rejected' THEN metadata ->> 'reason' END"

EVENTS = Dataset(
    name="events",
    title="Events",
    table="analytics_event",
    time="occurred_at",
    key="id",
    type_column="event_type",
    demo_column="is_demo",
    columns=(
        code("id", "id", "The event's id; the browser's own for browser events."),
        code("eventType", "event_type", "What happened."),
        time("occurredAt", "occurred_at", "When it happened."),
        time("receivedAt", "received_at", "When it was stored."),
        code("sessionId", "session_id", "Training session it is about."),
        code("generationId", "generation_id", "Generation it is about."),
        code("subject", "subject", "Pseudonym of the user."),
        text("category", "category", "Category of the brief."),
        code("variantMode", "mode", "multi_variant, legacy or legacy_fallback."),
        code("arm", "arm", "v2 or legacy."),
        number("variantId", "variant", "Number of the variant, 1 to 4 by weight; 0 is the standard outline."),
        number("processingTime", "processing_ms", "Milliseconds from request to end."),
        text("errorCode", "error_code", "What went wrong."),
        number("schemaVersion", "schema_version", "Version of the metadata's fields."),
        boolean("isDemo", "is_demo", "Demonstration data."),
        json(
            "metadata",
            SHOWN_METADATA,
            "Everything that was told, as JSON; of a reason to reject only that it was given.",
        ),
        code("writer", "writer", "model, or offline for a draft that no figure counts."),
    ),
    private=(text("rejectionReason", REJECTION_REASON, "Why the author rejected a variant, in the author's words."),),
)

INTERACTIONS = Dataset(
    name="interactions",
    title="AI interactions",
    table="analytics_aiinteraction",
    time="created_at",
    key="id",
    demo_column="is_demo",
    columns=(
        code("id", "id", "The call's id."),
        time("createdAt", "created_at", "When its answer was stored."),
        code("purpose", "purpose", "outline, legacy, repair, section or diversity."),
        code("generationId", "generation_id", "Generation it was made for."),
        number("variant", "variant", "Number of the variant."),
        code("subject", "subject", "Pseudonym of the user."),
        text("model", "model", "Model that was asked."),
        text("promptVersion", "prompt_version", "Version of the prompt's wording."),
        number("tokensIn", "tokens_in", "Input tokens, cached ones included."),
        number("tokensCached", "tokens_cached", "Input tokens read from the provider's cache."),
        number("tokensOut", "tokens_out", "Output tokens, reasoning ones included."),
        number("tokensReasoning", "tokens_reasoning", "Output tokens spent on reasoning."),
        number("costUsd", "cost_usd", "US dollars; empty where no price was known."),
        number("latencyMs", "latency_ms", "Milliseconds the call took, retries included."),
        number("attempts", "attempts", "Attempts it took."),
        code("outcome", "outcome", "ok, failed or cancelled."),
        text("errorCode", "error_code", "What went wrong."),
        text("category", "category", "Category of the brief."),
        text("feedback", "feedback", "What the author said about it."),
        boolean("isDemo", "is_demo", "Demonstration data."),
    ),
    private=(
        text("prompt", "prompt", "What was asked, while it is kept."),
        text("response", "response", "What was answered, while it is kept."),
    ),
)

SELECTIONS = Dataset(
    name="selections",
    title="Selections",
    table="analytics_selection",
    time="selected_at",
    key="id",
    demo_column="is_demo",
    columns=(
        code("id", "id", "The selection's id."),
        time("selectedAt", "selected_at", "When the variant was chosen."),
        code("generationId", "generation_id", "Generation it was chosen from."),
        code("sessionId", "session_id", "Training session made of it."),
        code("subject", "subject", "Pseudonym of the user."),
        number("variantId", "variant", "Number of the chosen variant."),
        text("variantLabel", "label", "Label of the chosen variant."),
        code("generationSource", "source", "rag, baseline or template."),
        number("ragWeight", "rag_weight", "Planned weight of retrieved material, 0 to 1."),
        boolean("ragEffective", "rag_effective", "The variant cites at least one retrieved source."),
        number("position", "position", "Place of the card on the page, from 1."),
        number("variantsShown", "variants_shown", "Cards that could be chosen."),
        number("ragShown", "rag_shown", "Those of them that cite a source."),
        number("comparisonTime", "comparison_ms", "Milliseconds from the second ready card to the choice."),
        text("category", "category", "Category of the brief."),
        boolean("counted", "counted", "The last choice before publishing, one for a generation."),
        boolean("eligible", "eligible", "Says something about retrieved material."),
        boolean("isDemo", "is_demo", "Demonstration data."),
        json("shown", "shown", "Every card: number, position, weight, state, quality."),
    ),
)


def register_own() -> None:
    """Make the datasets of this app exportable."""
    for found in (EVENTS, INTERACTIONS, SELECTIONS):
        register_dataset(found)
