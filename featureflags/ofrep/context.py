"""The evaluation context of a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

from featureflags.ofrep.answers import ErrorCode


class InvalidContext(APIException):
    """A body that is JSON but holds no usable context."""

    status_code = 400
    default_detail = "The context cannot be used."
    error_code = ErrorCode.INVALID_CONTEXT


class ContextParser(JSONParser):
    """JSON in UTF-8. Raises `ParseError` for anything else, and for nesting that no context needs."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("The body is nested too deep.") from error


def context_of(body: object) -> Mapping[str, Any]:
    """Return the context of a parsed body, empty where it has none.

    Raises `ParseError` for a body that is no object and `InvalidContext` for a context that is none.
    """
    if not isinstance(body, Mapping):
        raise ParseError("The body has to be a JSON object.")
    context = body.get("context")
    if context is None:
        return {}
    if not isinstance(context, Mapping):
        raise InvalidContext("The context has to be a JSON object.")
    return context


def targeting_key_of(context: Mapping[str, Any]) -> str | None:
    """Return whom the context is about; None without a targeting key or with an empty one.

    Raises `InvalidContext` for one that is not text: a number would be a guess at how it is written.
    """
    key = context.get("targetingKey")
    if key is not None and not isinstance(key, str):
        raise InvalidContext("The targetingKey has to be a string.")
    return key or None
