"""The names of span attributes, in one place: OpenTelemetry's conventions for model calls still change.

Written for the semantic conventions 1.37; https://opentelemetry.io/docs/specs/semconv/gen-ai/ has the current ones.
"""

from __future__ import annotations

from typing import Any

OPERATION = "gen_ai.operation.name"
PROVIDER = "gen_ai.provider.name"
REQUEST_MODEL = "gen_ai.request.model"
MAX_TOKENS = "gen_ai.request.max_tokens"
INPUT_TOKENS = "gen_ai.usage.input_tokens"
OUTPUT_TOKENS = "gen_ai.usage.output_tokens"
ERROR_TYPE = "error.type"
VARIANT = "session_builder.variant"
PURPOSE = "session_builder.purpose"
ATTEMPTS = "session_builder.attempts"
GENERATION_ID = "session_builder.generation.id"
PROPOSAL_ID = "session_builder.proposal.id"
MODE = "session_builder.generation.mode"
CLAIMS = "session_builder.generation.claims"
RAG_STATE = "session_builder.rag.state"
RAG_SOURCES = "session_builder.rag.sources"
HTTP_METHOD = "http.request.method"
HTTP_ROUTE = "http.route"
HTTP_STATUS = "http.response.status_code"


def call_begins(model: str, purpose: str, variant: int, max_tokens: int) -> dict[str, Any]:
    """What is known of a model call before it is made."""
    return {
        OPERATION: "chat",
        PROVIDER: "openai",
        REQUEST_MODEL: model,
        MAX_TOKENS: max_tokens,
        PURPOSE: purpose,
        VARIANT: variant,
    }


def call_ended(tokens_in: int | None, tokens_out: int | None, attempts: int, error: str | None) -> dict[str, Any]:
    """What is known of a model call once it ended; what was not told is left out."""
    known = {INPUT_TOKENS: tokens_in, OUTPUT_TOKENS: tokens_out, ATTEMPTS: attempts, ERROR_TYPE: error}
    return {name: value for name, value in known.items() if value is not None}
