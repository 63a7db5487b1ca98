"""Bodies of writes to a session: the one definition of its fields and limits."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, JsonValue, StringConstraints, model_validator

from sessions_builder.offline.activities import PURPOSES
from sessions_builder.pipeline.parse import MAX_SECTIONS
from sessions_builder.serializers.actions import OptionalRowId
from sessions_builder.serializers.brief import LONGEST_MINUTES, SHORTEST_MINUTES, Moment, Topics
from sessions_builder.serializers.fields import NameOrId, OneLine, SeveralLines, TimeZone, trimmed
from sessions_builder.serializers.shapes import SectionTypeName
from sessions_builder.serializers.validation import Body

ADDRESSES = ("reorder", "import")
"""What stands in the place of a section's id in addresses that are no section's."""


def _no_address(section_id: str) -> str:
    if section_id in ADDRESSES:
        raise ValueError(f"Must not be {' or '.join(ADDRESSES)}.")
    return section_id


Purpose = Annotated[str, StringConstraints(max_length=20, pattern=f"^({'|'.join(PURPOSES)})$")]
Title = Annotated[str, trimmed(200, shortest=1), OneLine]
Line = Annotated[str, trimmed(300, shortest=1), OneLine]
Lines = Annotated[list[Line], Field(max_length=8)]
Paragraph = Annotated[str, trimmed(2000), SeveralLines]
Short = Annotated[str, trimmed(40), OneLine]
Minutes = Annotated[int, Field(ge=1, le=LONGEST_MINUTES)]
Length = Annotated[int, Field(ge=SHORTEST_MINUTES, le=LONGEST_MINUTES)]
Position = Annotated[int, Field(ge=0, le=MAX_SECTIONS)]
ActivityKey = Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z0-9_]+$")]
SectionId = Annotated[str, StringConstraints(max_length=36, pattern=r"^[A-Za-z0-9-]+$")]
OwnSectionId = Annotated[SectionId, AfterValidator(_no_address)]
SourceId = Annotated[str, StringConstraints(pattern=r"^[SN][0-9]{1,3}$")]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]
SessionType = Literal["event", "training", "workshop", "webinar"]


def _without_default(schema: dict[str, JsonValue]) -> None:
    schema.pop("default", None)


def left_out() -> Any:
    """The default of a field that may be missing and then changes nothing; null is no value for it."""
    return Field(default=None, json_schema_extra=_without_default)


class StepBody(Body):
    """What to do, and for how many minutes where that is said."""

    text: Line
    minutes: Annotated[int, Field(ge=1, le=LONGEST_MINUTES)] | None = None


class SectionBody(Body):
    """A section as an author writes it."""

    type: SectionTypeName
    title: Title
    minutes: Minutes
    locked: bool = False
    description: Paragraph = ""
    objectives: Lines = Field(default_factory=list)
    purposes: Annotated[list[Purpose], Field(max_length=10)] = Field(default_factory=list)
    activity: Annotated[str, trimmed(120), OneLine] = ""
    mode: Short = ""
    steps: Annotated[list[StepBody], Field(max_length=12)] = Field(default_factory=list)
    materials: Lines = Field(default_factory=list)
    facilitator_note: Paragraph = ""
    prompts: Lines = Field(default_factory=list)
    source_ids: Annotated[list[SourceId], Field(max_length=20)] = Field(default_factory=list)


class PlacedSection(SectionBody):
    """A section of a whole outline; one without an id is new."""

    id: OwnSectionId | None = None


class OutlineChanges(Body):
    """Parts of an outline; sections are given all together."""

    title: Title = left_out()
    summary: Annotated[str, trimmed(1000), SeveralLines] = left_out()
    difficulty: Short = left_out()
    sections: Annotated[list[PlacedSection], Field(max_length=MAX_SECTIONS)] = left_out()


class BriefChanges(Body):
    """What a session's own brief says: what its quality is measured by, and what it needs to be published."""

    desired_outcome: Annotated[str, trimmed(1000), SeveralLines] = left_out()
    current_problem: Annotated[str, trimmed(1000), SeveralLines] = left_out()
    specific_topics: Topics = left_out()
    audience_name: Annotated[str, trimmed(120), OneLine] = left_out()
    group_size: Annotated[int, Field(ge=1, le=1000)] = left_out()
    online: bool = left_out()


class SessionStart(Body):
    """A session written from scratch."""

    title: Title
    category: NameOrId
    session_type: SessionType
    duration_minutes: Length = 90
    starts_at: Moment | None = None
    time_zone: TimeZone = "UTC"
    brief: BriefChanges = left_out()
    outline: OutlineChanges = left_out()


class Versioned(Body):
    """The version of the session this write was made on."""

    version: Version


class SessionChanges(Versioned):
    """What to change; the rest stays. A time without an offset is meant in `timeZone`."""

    title: Title = left_out()
    category: NameOrId = left_out()
    session_type: SessionType = left_out()
    duration_minutes: Length = left_out()
    starts_at: Moment | None = left_out()
    time_zone: TimeZone = left_out()
    brief: BriefChanges = left_out()
    outline: OutlineChanges = left_out()


class NewSection(Versioned):
    """A section, an activity of the library or a saved idea, to add at a place counted from 0, else before the closing.

    `minutes` are an activity's; with `fit` all sections are fitted to the session's length afterwards.
    """

    section: SectionBody | None = None
    activity_key: ActivityKey | None = None
    idea_id: OptionalRowId = None
    minutes: Minutes | None = None
    position: Position | None = None
    fit: bool = False

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        if sum(one is not None for one in (self.section, self.activity_key, self.idea_id)) != 1:
            raise ValueError("Give one of section, activityKey and ideaId.")
        if self.minutes is not None and self.activity_key is None:
            raise ValueError("Minutes can be given for an activity only; a section or an idea has its own.")
        return self


class SectionChanges(Versioned):
    """What to change of a section; the rest stays. `activityKey` swaps its activity for one of the library first."""

    activity_key: ActivityKey = left_out()
    type: SectionTypeName = left_out()
    title: Title = left_out()
    minutes: Minutes = left_out()
    locked: bool = left_out()
    description: Paragraph = left_out()
    objectives: Lines = left_out()
    purposes: Annotated[list[Purpose], Field(max_length=10)] = left_out()
    activity: Annotated[str, trimmed(120), OneLine] = left_out()
    mode: Short = left_out()
    steps: Annotated[list[StepBody], Field(max_length=12)] = left_out()
    materials: Lines = left_out()
    facilitator_note: Paragraph = left_out()
    prompts: Lines = left_out()
    source_ids: Annotated[list[SourceId], Field(max_length=20)] = left_out()


class Order(Versioned):
    """Every section's id in the new order."""

    order: Annotated[list[SectionId], Field(max_length=MAX_SECTIONS)]


class Balance(Versioned):
    """Fit the sections to the session's minutes, or to these."""

    target: Length | None = None


def section_to_wire(section: SectionBody) -> dict[str, Any]:
    """The section as it is stored."""
    return section.model_dump(by_alias=True)


def section_changes_to_wire(changes: SectionChanges) -> dict[str, Any]:
    """What a body names of a section, as it is stored."""
    return changes.model_dump(by_alias=True, exclude_unset=True, exclude={"version", "activity_key"})


def session_values(body: SessionStart | SessionChanges) -> dict[str, Any]:
    """What a body names: the session's own fields by their Python names; brief and outline as they are stored."""
    values = {name: getattr(body, name) for name in body.model_fields_set - {"version", "brief", "outline"}}
    if isinstance(body, SessionStart):
        values = {"duration_minutes": body.duration_minutes, "time_zone": body.time_zone, **values}
    if "brief" in body.model_fields_set:
        values["brief"] = body.brief.model_dump(by_alias=True, exclude_unset=True)
    if "outline" in body.model_fields_set:
        outline = body.outline
        values["outline"] = outline.model_dump(by_alias=True, exclude_unset=True, exclude={"sections"})
        if "sections" in outline.model_fields_set:
            values["outline"]["sections"] = [section_to_wire(section) for section in outline.sections]
    return values
