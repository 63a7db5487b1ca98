"""What an event is, and the event types the product has declared.

An event type is a frozen dataclass with one field per metadata entry:

    @register
    @dataclass(frozen=True, slots=True, kw_only=True)
    class ContentGenerated(Event):
        type: ClassVar[str] = "ai_content_generated"
        variant_mode: Mode = stored("mode")
        processing_time: int = stored("processing_ms")
        total_variants: int
        writer: str = stored("writer", metadata=False)

`stored(column)` copies the value into a typed column of the event table as well, because what is
aggregated must not be dug out of JSON. Names are snake_case here and camelCase wherever people or
programs read them; `wire_name` is the one place that knows how.
"""

import dataclasses
import json
from dataclasses import MISSING, dataclass
from typing import Any, ClassVar, Self, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from analytics.errors import InvalidEvent, UnknownEventType

MAX_TEXT_LENGTH = 500
MAX_METADATA_BYTES = 8_192

COLUMNS = frozenset({
    "category", "mode", "arm", "writer", "reason", "percentage", "variant", "source", "rag_weight", "rag_effective",
    "rag_state", "rag_available", "rag_sources", "rag_matched", "similarity", "processing_ms", "rag_query_ms",
    "comparison_ms", "active_ms", "variants", "quality", "error_code", "cancelled",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of every event type. `from_browser` types may also be sent to `POST /api/events`."""

    type: ClassVar[str] = ""
    schema_version: ClassVar[int] = 1
    from_browser: ClassVar[bool] = False
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(
        strict=True,
        extra="forbid",
        alias_generator=to_camel,
        allow_inf_nan=False,
        str_max_length=MAX_TEXT_LENGTH,
        revalidate_instances="always",
    )

    def metadata(self) -> dict[str, Any]:
        """Return the metadata under its wire names. Raises InvalidEvent where a value does not fit its field."""
        whole = _dump(self)
        hidden = {wire_name(field.name) for field in dataclasses.fields(self) if not field.metadata.get("shown", True)}
        return {name: value for name, value in whole.items() if name not in hidden}

    def columns(self) -> dict[str, Any]:
        """Return the values of the typed columns, by column name."""
        return {
            field.metadata["column"]: getattr(self, field.name)
            for field in dataclasses.fields(self)
            if "column" in field.metadata
        }

    @classmethod
    def from_wire(cls, metadata: dict[str, Any]) -> Self:
        """Build the event from metadata with wire names. Raises InvalidEvent on unknown or wrong fields."""
        try:
            return _adapter(cls).validate_json(json.dumps(metadata), by_alias=True, by_name=False)
        except ValidationError as error:
            raise InvalidEvent(_sentence(error)) from error


AnyEvent = TypeVar("AnyEvent", bound=Event)
_types: dict[str, type[Event]] = {}
_adapters: dict[type[Event], TypeAdapter[Any]] = {}


def stored(column: str, *, default: Any = MISSING, metadata: bool = True) -> Any:
    """Declare a field whose value also goes to a typed column; with `metadata=False` only there."""
    if column not in COLUMNS:
        raise ValueError(f"The event table has no column {column!r}.")
    return dataclasses.field(default=default, metadata={"column": column, "shown": metadata})


def register(cls: type[AnyEvent]) -> type[AnyEvent]:
    """Class decorator: make an event type known. Raises ValueError when its name is missing or taken."""
    if not cls.type:
        raise ValueError(f"{cls.__name__} has no type name.")
    if _types.setdefault(cls.type, cls) is not cls and _types[cls.type].__qualname__ != cls.__qualname__:
        raise ValueError(f"The event type {cls.type!r} is declared twice.")
    _types[cls.type] = cls
    return cls


def event_types() -> dict[str, type[Event]]:
    """Return the declared event types by name, sorted by name."""
    return dict(sorted(_types.items()))


def event_type(name: str) -> type[Event]:
    """Return the event type of that name. Raises UnknownEventType."""
    try:
        return _types[name]
    except KeyError:
        raise UnknownEventType(f"There is no event type {name!r}.") from None


def wire_name(name: str) -> str:
    """Return the camelCase name a snake_case field has in JSON, exports and logs."""
    return to_camel(name)


def _adapter(cls: type[AnyEvent]) -> TypeAdapter[AnyEvent]:
    if cls not in _adapters:
        _adapters[cls] = TypeAdapter(cls)
    return _adapters[cls]


def _dump(event: Event) -> dict[str, Any]:
    adapter = _adapter(type(event))
    try:
        checked = adapter.validate_python(event, by_alias=False, by_name=True)
        dumped = adapter.dump_python(checked, mode="json", by_alias=True)
        text = json.dumps(dumped, ensure_ascii=False, allow_nan=False).encode()
    except ValidationError as error:
        raise InvalidEvent(_sentence(error)) from error
    except UnicodeEncodeError as error:
        raise InvalidEvent("The metadata holds half a surrogate pair.") from error
    if b"\\u0000" in text:
        raise InvalidEvent("The metadata holds a NUL character.")
    if len(text) > MAX_METADATA_BYTES:
        raise InvalidEvent(f"The metadata is longer than {MAX_METADATA_BYTES} bytes.")
    return dumped


def _sentence(error: ValidationError) -> str:
    """Name the fields and what is wrong, never the values: they may be anything."""
    parts = [f"{'.'.join(str(step) for step in item['loc']) or 'event'}: {item['msg']}" for item in error.errors()]
    return "; ".join(parts)
