"""What the OpenAPI document says of each address; kept beside the views so that these stay readable."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiRequest, extend_schema
from pydantic import BaseModel

from sessions_builder.models import GenerationState
from sessions_builder.serializers import shapes
from sessions_builder.serializers.actions import Rejection, Selection
from sessions_builder.serializers.brief import Brief, BriefToCoach, BriefToSearchFor
from sessions_builder.serializers.cursor import LARGEST_LIMIT, USUAL_LIMIT
from sessions_builder.serializers.session_shapes import SessionAnswer

GENERATIONS, OPERATIONS = "Generations", "Operations"


def body_of(definition: type[BaseModel]) -> dict[str, Any]:
    """A request body as its definition checks it: what has a default may be left out."""
    return {"application/json": OpenApiRequest(request=definition.model_json_schema(by_alias=True))}


def query(name: str, description: str, required: bool = False, **schema: Any) -> OpenApiParameter:
    return OpenApiParameter(name, schema, OpenApiParameter.QUERY, required, description=description)


def _sent_header(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=description)


def answer_header(name: str, description: str, *statuses: int) -> OpenApiParameter:
    return OpenApiParameter(
        name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=description, response=list(statuses)
    )


PAGING = [
    query("cursor", "`nextCursor` of the page before.", type="string"),
    query("limit", "Rows of a page.", type="integer", minimum=1, maximum=LARGEST_LIMIT, default=USUAL_LIMIT),
]
ACCEPTED_HEADERS = [
    answer_header("Location", "Where the generation is polled.", 202),
    answer_header("Retry-After", "Seconds until the first poll is worth it.", 202),
]

generation_request = extend_schema(
    operation_id="generation_request",
    tags=[GENERATIONS],
    summary="Ask for outlines",
    request=body_of(Brief),
    responses={202: shapes.Accepted},
    parameters=[
        _sent_header("Idempotency-Key", "1 to 255 characters; the same key and body give the same generation."),
        *ACCEPTED_HEADERS,
        answer_header("Idempotency-Replayed", "`true` when an earlier request with this key is answered.", 202),
    ],
)
generation_list = extend_schema(
    operation_id="generation_list",
    tags=[GENERATIONS],
    summary="Own generations, newest first",
    responses=shapes.GenerationPage,
    parameters=[query("state", "Only those in this state.", type="string", enum=GenerationState.values), *PAGING],
)
generation_detail = extend_schema(
    operation_id="generation_detail",
    tags=[GENERATIONS],
    summary="Watch a generation",
    responses={200: shapes.GenerationAnswer, 304: None},
    parameters=[
        _sent_header("If-None-Match", "The ETag of the answer before; 304 when nothing has changed since."),
        answer_header("ETag", "Changes with everything visible.", 200, 304),
        answer_header("Retry-After", "Seconds until the next poll; missing once the generation has ended.", 200, 304),
    ],
)
generation_cancel = extend_schema(
    operation_id="generation_cancel",
    tags=[GENERATIONS],
    summary="Cancel a generation",
    request=None,
    responses={202: shapes.Accepted},
    parameters=ACCEPTED_HEADERS,
)
generation_retry = extend_schema(
    operation_id="generation_retry",
    tags=[GENERATIONS],
    summary="Write the missing and failed versions again",
    request=None,
    responses={202: shapes.Accepted},
    parameters=ACCEPTED_HEADERS,
)
generation_offline_draft = extend_schema(
    operation_id="generation_offline_draft",
    tags=[GENERATIONS],
    summary="Compose the same brief without AI",
    request=None,
    responses={202: shapes.Accepted},
    parameters=ACCEPTED_HEADERS,
)
generation_sources = extend_schema(
    operation_id="generation_sources",
    tags=[GENERATIONS],
    summary="What was retrieved, and why it was kept or not",
    responses=shapes.SourcesAnswer,
)
sources_preview = extend_schema(
    operation_id="sources_preview",
    tags=[GENERATIONS],
    summary="Look for sources before asking for outlines",
    request=body_of(BriefToSearchFor),
    responses=shapes.PreviewAnswer,
)
brief_coach = extend_schema(
    operation_id="brief_coach",
    tags=[GENERATIONS],
    summary="Advice on an unfinished brief",
    request=body_of(BriefToCoach),
    responses=shapes.CoachAnswer,
)
variant_select = extend_schema(
    operation_id="variant_select",
    tags=[GENERATIONS],
    summary="Choose a version",
    request=body_of(Selection),
    responses=SessionAnswer,
)
variant_reject = extend_schema(
    operation_id="variant_reject",
    tags=[GENERATIONS],
    summary="Say that a version is not wanted",
    request=body_of(Rejection),
    responses={204: None},
)
variant_unreject = extend_schema(
    operation_id="variant_unreject",
    tags=[GENERATIONS],
    summary="Take a rejection back",
    responses={204: None},
)
reference = extend_schema(
    operation_id="reference", tags=["Reference"], summary="What a brief can name", responses=shapes.ReferenceAnswer
)
health = extend_schema(
    operation_id="health",
    tags=[OPERATIONS],
    summary="Health of the whole",
    responses={200: shapes.HealthAnswer, 503: shapes.HealthAnswer},
)
live = extend_schema(
    operation_id="health_live", tags=[OPERATIONS], summary="This process answers", responses=shapes.ProbeAnswer
)
metrics = extend_schema(
    operation_id="metrics",
    tags=[OPERATIONS],
    summary="Figures for Prometheus",
    responses={(200, "text/plain"): OpenApiTypes.STR},
)
ready = extend_schema(
    operation_id="health_ready",
    tags=[OPERATIONS],
    summary="This process can work: its database answers",
    responses={200: shapes.ProbeAnswer, 503: shapes.ProbeAnswer},
)
rag_health = extend_schema(
    operation_id="rag_health",
    tags=[OPERATIONS],
    summary="Health of the knowledge source",
    responses=shapes.RagHealthAnswer,
)
