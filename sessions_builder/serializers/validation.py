"""Checking a body against its definition, and saying what is wrong in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from sessions_builder.errors import InvalidInput

MOST_FIELDS_NAMED = 30
LONGEST_NAME = 60


class Body(BaseModel):
    """A request body: camelCase names, no unknown fields, no conversion between types."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel, frozen=True)


Checked = TypeVar("Checked", bound=BaseModel)

SENTENCES: Mapping[str, str] = {
    "missing": "This field is required.",
    "extra_forbidden": "There is no such field.",
    "string_type": "Must be text.",
    "string_unicode": "Must be text without broken characters.",
    "string_too_short": "Must have at least {min_length} characters.",
    "string_too_long": "Must have at most {max_length} characters.",
    "string_pattern_mismatch": "Has the wrong form.",
    "int_type": "Must be a whole number.",
    "int_from_float": "Must be a whole number.",
    "greater_than_equal": "Must be at least {ge}.",
    "less_than_equal": "Must be at most {le}.",
    "literal_error": "Must be one of {expected}.",
    "bool_type": "Must be true or false.",
    "list_type": "Must be a list.",
    "too_long": "Must have at most {max_length} items.",
}


def checked(definition: type[Checked], data: Any) -> Checked:
    """The body as its definition has it. Raises InvalidInput with a sentence for each wrong field, by its wire name."""
    if not isinstance(data, Mapping):
        raise InvalidInput("The body must be a JSON object.")
    try:
        return definition.model_validate(dict(data))
    except ValidationError as error:
        raise InvalidInput(fields=_fields(error.errors(include_url=False, include_input=False))) from None


def _fields(errors: list[ErrorDetails]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for error in errors[:MOST_FIELDS_NAMED]:
        name, *inside = error["loc"] or ("body",)
        fields.setdefault(str(name)[:LONGEST_NAME], []).append(_place(inside) + _sentence(error))
    return fields


def _place(inside: Sequence[str | int]) -> str:
    """Where inside a field: "Item 3: ", "Sections, item 3, title: "; empty for the field itself."""
    named = ", ".join(f"item {part + 1}" if isinstance(part, int) else part[:LONGEST_NAME] for part in inside)
    return f"{named[0].upper()}{named[1:]}: " if named else ""


def _sentence(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    if error["type"] == "value_error":
        return str(context["error"])
    return SENTENCES.get(error["type"], "This value is not allowed.").format_map(context)
