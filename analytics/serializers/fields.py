"""Fields of query strings."""

import re
from datetime import UTC, date, datetime
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

WHOLE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LOST_PLUS = re.compile(r"(T.*) (\d{2}:?\d{2})$")
FIRST_YEAR, LAST_YEAR = 1970, 2999


@extend_schema_field(OpenApiTypes.STR)
class MomentField(serializers.Field):
    """A UTC day (`2025-01-01`) or an ISO 8601 time; without an offset it is UTC."""

    default_error_messages = {
        "invalid": "Give a date like 2025-01-31 or an ISO 8601 time like 2025-01-31T12:00:00Z.",
    }

    def to_internal_value(self, data: Any) -> date | datetime:
        try:
            found = self._read(str(data))
        except (ValueError, OverflowError):
            self.fail("invalid")
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            self.fail("invalid")
        return found

    def _read(self, text: str) -> date | datetime:
        if WHOLE_DAY.fullmatch(text):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(LOST_PLUS.sub(r"\1+\2", text))  # an unescaped + arrives as a space
        if "T" not in text:
            raise ValueError("not a time")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)

    def to_representation(self, value: date | datetime) -> str:
        return value.isoformat()
