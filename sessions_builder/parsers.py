"""Reading request bodies: JSON and nothing that only looks like it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import IO, Any

from pydantic_core import from_json
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from sessions_builder.errors import InvalidInput

MAX_DEPTH = 32


class StrictJSONParser(JSONParser):
    """JSON in UTF-8, at most 32 levels deep, without NaN, infinities, NUL or half surrogate pairs."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        return parse_json(stream.read())


def parse_json(body: bytes) -> Any:
    """The value of a JSON text.

    Raises ParseError where it is none or is nested deeper than 32 levels, and InvalidInput naming the place of a NUL
    character or of a number too large to be one.
    """
    try:
        value = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise ParseError from error
    for path, part, depth in _parts(value):
        if depth > MAX_DEPTH:
            raise ParseError
        _check(path, part)
    return value


def _check(path: str, part: Any) -> None:
    if isinstance(part, str) and "\x00" in part:
        raise InvalidInput(fields={path or "body": ["Must not contain the NUL character."]})
    if isinstance(part, float) and not math.isfinite(part):
        raise InvalidInput(fields={path or "body": ["Must be a finite number."]})
    if isinstance(part, dict) and any("\x00" in key for key in part):
        raise InvalidInput(fields={path or "body": ["A field name contains the NUL character."]})


def _parts(value: Any) -> Iterator[tuple[str, Any, int]]:
    """Every value inside a value with its dotted path and its depth; a scalar at the top has depth 0."""
    waiting: list[tuple[str, Any, int]] = [("", value, 1 if isinstance(value, dict | list) else 0)]
    while waiting:
        path, part, depth = waiting.pop()
        yield path, part, depth
        if isinstance(part, Mapping):
            inside = [(str(key), item) for key, item in part.items()]
        elif isinstance(part, list):
            inside = [(str(index), item) for index, item in enumerate(part)]
        else:
            continue
        prefix = f"{path}." if path else ""
        for key, item in inside:
            waiting.append((f"{prefix}{key[:100]}", item, depth + isinstance(item, dict | list)))
