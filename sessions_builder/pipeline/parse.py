"""From whatever text a model answered to an outline, or to a list of short errors it can be asked to repair."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from sessions_builder.pipeline.hostile import clean
from sessions_builder.pipeline.types import Outline, Section, SectionType, Step

MAX_CHARACTERS = 2_000_000
MAX_SECTIONS = 40
MAX_MINUTES = 1440
MAX_ERRORS = 8
_MAX_STARTS = 10
PURPOSES = frozenset({"hook", "objectives", "recall", "input", "practice", "feedback", "check", "transfer"})
_NUMBER = re.compile(r"\s*(-?\d{1,9}(?:[.,]\d{1,9})?)")
_CITATION = re.compile(r"[SN]\d{1,3}", re.IGNORECASE)
_decoder = json.JSONDecoder()


class ParseError(ValueError):
    """The text is not an outline; `errors` are short sentences about its shape, without any of its content."""

    def __init__(self, *errors: str) -> None:
        self.errors: tuple[str, ...] = errors
        super().__init__("; ".join(errors))


def parse_outline(text: str) -> Outline:
    """The outline in a model's answer, cleaned and capped, with minutes as proposed (0 where there were none).

    Fences and prose around the JSON are tolerated, as are missing optional fields, numbers in strings, unknown section
    types (custom) and overlong texts (cut). Raises ParseError when there is no outline of 1..40 titled sections in it.
    """
    if len(text) > MAX_CHARACTERS:
        raise ParseError(f"The answer is longer than {MAX_CHARACTERS} characters.")
    try:
        model = _OutlineModel.model_validate(_json_object(text))
    except ValidationError as error:
        raise ParseError(*_messages(error)) from None
    return Outline(
        title=model.title,
        summary=model.summary,
        difficulty=model.difficulty,
        sections=tuple(section.section() for section in model.sections),
    )


def parse_section(text: str) -> Outline:
    """The section in a model's answer, as the only one of an outline; tolerant as `parse_outline`.

    An answer that wraps it into `section` or `sections` is taken as well. Raises ParseError.
    """
    if len(text) > MAX_CHARACTERS:
        raise ParseError(f"The answer is longer than {MAX_CHARACTERS} characters.")
    found = _json_object(text, "title")
    inside = found.get("section", found.get("sections"))
    wrapped = inside[0] if isinstance(inside, list) and inside else inside
    try:
        section = _SectionModel.model_validate(wrapped if isinstance(wrapped, dict) else found).section()
    except ValidationError as error:
        raise ParseError(*_messages(error)) from None
    return Outline(section.title, "", "", (section,))


def _json_object(text: str, name: str = "sections") -> dict[str, Any]:
    """The first JSON object with this name in the text, else what its first brace opens. Raises ParseError."""
    first: dict[str, Any] | None = None
    start = text.find("{")
    for attempt in range(_MAX_STARTS):
        if start < 0:
            break
        try:
            value, end = _decoder.raw_decode(text, start)
        except RecursionError:
            raise ParseError("The answer is nested too deeply.") from None
        except ValueError:
            # Also the ValueError of an integer with thousands of digits.
            end = start + 1
        else:
            if isinstance(value, dict) and name in value:
                return value
            if attempt == 0:
                first = value
        start = text.find("{", end)
    if first is None:
        raise ParseError("The answer is not valid JSON, or it is cut off.")
    return first


def _messages(error: ValidationError) -> list[str]:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    messages = [f"{_path(entry['loc'])}: {entry['msg']}" for entry in found[:MAX_ERRORS]]
    if len(found) > MAX_ERRORS:
        messages.append(f"and {len(found) - MAX_ERRORS} more")
    return messages


def _path(location: tuple[int | str, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")


# What a model may write, brought into the shape below before it is checked.


def _text(limit: int, *, one_line: bool = True) -> Callable[[object], object]:
    def cut(value: object) -> object:
        if value is None:
            return ""
        if isinstance(value, bool | int | float):
            value = str(value) if not isinstance(value, int) or abs(value) < 10**18 else ""
        if not isinstance(value, str):
            return value
        cleaned = clean(value, limit + 1)
        cleaned = cleaned.replace("\n", " ") if one_line else cleaned
        return cleaned if len(cleaned) <= limit else cleaned[: limit - 1].rsplit(" ", 1)[0].rstrip() + "…"

    return cut


def _first(limit: int) -> Callable[[object], object]:
    """A list of at most so many entries; one text stands for a list of one, null for none, empty texts fall out."""

    def cut(value: object) -> object:
        if value is None:
            return []
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list):
            return value
        return [entry for entry in value[: limit * 4] if entry not in (None, "", {}, [])][:limit]

    return cut


def _minutes(value: object) -> int:
    """Whole minutes 0..1440; 0 stands for "unknown"."""
    if isinstance(value, str):
        number = _NUMBER.match(value)
        value = float(number.group(1).replace(",", ".")) if number else 0
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    if isinstance(value, float) and not math.isfinite(value):
        return 0
    if value <= 0:
        return 0
    return MAX_MINUTES if value >= MAX_MINUTES else max(1, math.floor(value + 0.5))


def _section_type(value: object) -> SectionType:
    try:
        return SectionType(value.strip().casefold()) if isinstance(value, str) else SectionType.CUSTOM
    except ValueError:
        return SectionType.CUSTOM


def _purposes(value: object) -> object:
    entries = _first(8)(value)
    if not isinstance(entries, list):
        return entries
    names = (entry.strip().casefold() for entry in entries if isinstance(entry, str))
    return [name for name in dict.fromkeys(names) if name in PURPOSES]


def _citations(value: object) -> object:
    """Ids as S1 or N1 whatever was written around them; anything else stays, to be flagged as unknown later."""
    entries = _first(20)(value)
    if not isinstance(entries, list):
        return entries
    ids: list[str] = []
    for entry in entries:
        if isinstance(entry, str):
            ids += [found.upper() for found in _CITATION.findall(entry)] or [clean(entry, 20)]
    return [found for found in dict.fromkeys(ids) if found][:20]


def _step(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


Title = Annotated[str, StringConstraints(min_length=1, max_length=200), BeforeValidator(_text(200))]
Line = Annotated[str, StringConstraints(max_length=300), BeforeValidator(_text(300))]
Paragraph = Annotated[str, StringConstraints(max_length=2000), BeforeValidator(_text(2000, one_line=False))]
Lines = Annotated[list[Line], Field(max_length=8), BeforeValidator(_first(8))]
Minutes = Annotated[int, Field(ge=0, le=MAX_MINUTES), BeforeValidator(_minutes)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class _StepModel(_Strict):
    text: Line = ""
    minutes: Minutes = 0


class _SectionModel(_Strict):
    type: Annotated[SectionType, BeforeValidator(_section_type)] = SectionType.CUSTOM
    title: Title
    minutes: Minutes = 0
    description: Paragraph = ""
    objectives: Lines = []
    purposes: Annotated[list[str], Field(max_length=8), BeforeValidator(_purposes)] = []
    activity: Annotated[str, StringConstraints(max_length=120), BeforeValidator(_text(120))] = ""
    mode: Annotated[str, StringConstraints(max_length=40), BeforeValidator(_text(40))] = ""
    steps: Annotated[
        list[Annotated[_StepModel, BeforeValidator(_step)]], Field(max_length=12), BeforeValidator(_first(12))
    ] = []
    materials: Lines = []
    facilitatorNote: Paragraph = ""
    prompts: Lines = []
    sourceIds: Annotated[list[str], Field(max_length=20), BeforeValidator(_citations)] = []

    def section(self) -> Section:
        return Section(
            type=self.type,
            title=self.title,
            minutes=self.minutes,
            description=self.description,
            objectives=tuple(filter(None, self.objectives)),
            purposes=tuple(self.purposes),
            activity=self.activity,
            mode=self.mode,
            steps=tuple(Step(step.text, step.minutes or None) for step in self.steps if step.text),
            materials=tuple(filter(None, self.materials)),
            facilitator_note=self.facilitatorNote,
            prompts=tuple(filter(None, self.prompts)),
            source_ids=tuple(self.sourceIds),
        )


class _OutlineModel(_Strict):
    title: Title
    summary: Annotated[str, StringConstraints(max_length=1000), BeforeValidator(_text(1000))] = ""
    difficulty: Annotated[str, StringConstraints(max_length=40), BeforeValidator(_text(40))] = ""
    sections: Annotated[list[_SectionModel], Field(min_length=1, max_length=MAX_SECTIONS)]
