"""The kinds of values a body can hold, each with the sentence people read when a value is none."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, PlainValidator, StringConstraints, WithJsonSchema

MAX_ID = 2**63 - 1
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""Unicode's category Cc, which is the same for good."""
CONTROL_BUT_LINE_BREAKS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

# BCP 47 (RFC 5646, section 2.1), without the grandfathered tags.
LANGUAGE = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})"  # language with extended languages
    r"(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"  # script, region
    r"(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*"  # variants
    r"(?:-[a-wy-z\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?",  # extensions, private use
    re.IGNORECASE | re.ASCII,
)


def one_line(value: str) -> str:
    """The text itself. Raises ValueError for any control character, line breaks included."""
    if CONTROL.search(value):
        raise ValueError("Must be one line without control characters.")
    return value


def several_lines(value: str) -> str:
    """The text itself. Raises ValueError for control characters other than line breaks and tabs."""
    if CONTROL_BUT_LINE_BREAKS.search(value):
        raise ValueError("Must not contain control characters.")
    return value


def name_or_id(value: Any) -> str | int:
    """A trimmed name or a positive id. Raises ValueError for anything else."""
    if isinstance(value, str) and 1 <= len(value.strip()) <= 80:
        return one_line(value.strip())
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_ID:
        return value
    raise ValueError("Must be a name of at most 80 characters or an id.")


def time_zone(value: str) -> str:
    """The name of a time zone this machine knows. Raises ValueError otherwise."""
    if value not in known_time_zones():
        raise ValueError("Must be an IANA time zone such as Europe/Berlin.")
    return value


@cache
def known_time_zones() -> frozenset[str]:
    """The IANA names; read from disk once per process."""
    return frozenset(available_timezones())


def language(value: str) -> str:
    """A well-formed language tag. Raises ValueError otherwise."""
    if not LANGUAGE.fullmatch(value):
        raise ValueError("Must be a language tag such as en or pt-BR.")
    return value


def trimmed(longest: int, *, shortest: int = 0) -> StringConstraints:
    """Text counted without the space around it; lengths in characters."""
    return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest)


OneLine = AfterValidator(one_line)
SeveralLines = AfterValidator(several_lines)
NameOrId = Annotated[
    Any,
    PlainValidator(name_or_id),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1, "maxLength": 80},
                {"type": "integer", "minimum": 1, "maximum": MAX_ID},
            ]
        }
    ),
]
TimeZone = Annotated[str, StringConstraints(max_length=64), AfterValidator(time_zone)]
Language = Annotated[str, StringConstraints(max_length=35), AfterValidator(language)]
