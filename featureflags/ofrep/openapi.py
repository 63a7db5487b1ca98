"""What the OpenAPI document says about the protocol's two addresses."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema

from featureflags.ofrep.answers import REASONS, UNKNOWN, ErrorCode

_TEXT = {"type": "string"}
_EVALUATION: dict[str, Any] = {
    "type": "object",
    "required": ["key", "value", "reason", "variant", "metadata"],
    "properties": {
        "key": _TEXT,
        "value": {"type": "boolean"},
        "reason": {"type": "string", "enum": sorted({*REASONS.values(), UNKNOWN})},
        "variant": {"type": "string", "enum": ["on", "off"]},
        "metadata": {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}},
        "errorCode": {"type": "string", "enum": [str(code) for code in ErrorCode]},
        "errorDetails": _TEXT,
    },
}
_BULK = {
    "type": "object",
    "required": ["flags", "metadata"],
    "properties": {"flags": {"type": "array", "items": _EVALUATION}, "metadata": {"type": "object"}},
}
_REQUEST = {
    "application/json": {
        "type": "object",
        "properties": {
            "context": {
                "type": "object",
                "properties": {"targetingKey": {**_TEXT, "description": "The id of a user, as text."}},
                "additionalProperties": True,
            }
        },
    }
}


def _header(name: str, description: str, *statuses: int) -> OpenApiParameter:
    return OpenApiParameter(
        name,
        OpenApiTypes.STR,
        OpenApiParameter.HEADER,
        description=description,
        response=list(statuses) if statuses else False,
    )


describe_single = extend_schema(
    operation_id="ofrep_evaluate_flag",
    tags=["Flags (OFREP)"],
    summary="Evaluate one flag",
    request=_REQUEST,
    responses={200: _EVALUATION, 400: _EVALUATION, 404: _EVALUATION},
)
describe_bulk = extend_schema(
    operation_id="ofrep_evaluate_flags",
    tags=["Flags (OFREP)"],
    summary="Evaluate all flags",
    request=_REQUEST,
    responses={200: _BULK, 304: None},
    parameters=[
        _header("If-None-Match", "ETags that are known already."),
        _header("ETag", "Changes with the flags and with the context.", 200, 304),
    ],
)
