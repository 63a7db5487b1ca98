"""The brief an author sends: the one definition of its fields, limits and defaults."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints

from sessions_builder.errors import InvalidInput
from sessions_builder.pipeline.coach import Advice
from sessions_builder.serializers.fields import MAX_ID, Language, NameOrId, OneLine, SeveralLines, TimeZone, trimmed
from sessions_builder.serializers.validation import Body, checked

SHORTEST_MINUTES, LONGEST_MINUTES, USUAL_MINUTES = 15, 480, 90
EARLIEST_YEAR, LATEST_YEAR = 2000, 2200

SessionType = Literal["event", "training", "workshop", "webinar"]
Topic = Annotated[str, trimmed(120, shortest=1), OneLine]
Topics = Annotated[list[Topic], Field(max_length=12)]
ChunkName = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^#]+#[^#]+$"), OneLine]
RowId = Annotated[int, Field(ge=1, le=MAX_ID)]


def moment(value: str) -> str:
    """The text itself. Raises ValueError where it is not an ISO 8601 date and time within 2000..2200."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        at = None
    if at is None or "T" not in value or not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
        raise ValueError("Must be an ISO 8601 date and time such as 2026-03-02T09:00.")
    return value


Moment = Annotated[str, StringConstraints(max_length=40), AfterValidator(moment)]


class BriefDetails(Body):
    """What a brief may say beyond its subject. Times without an offset are meant in `timeZone`."""

    title: Annotated[str, trimmed(200), OneLine] = ""
    current_problem: Annotated[str, trimmed(1000), SeveralLines] = ""
    specific_topics: Topics = Field(default_factory=list)
    duration_minutes: Annotated[int, Field(ge=SHORTEST_MINUTES, le=LONGEST_MINUTES)] = USUAL_MINUTES
    start_time: Moment | None = None
    end_time: Moment | None = None
    time_zone: TimeZone = "UTC"
    audience_id: RowId | None = None
    audience_name: Annotated[str, trimmed(120), OneLine] = ""
    group_size: Annotated[int, Field(ge=1, le=1000)] = 12
    tone_id: RowId | None = None
    avoid_topics: Topics = Field(default_factory=list)
    online: bool = False
    language: Language = "en"
    chosen_sources: Annotated[list[ChunkName], Field(max_length=50)] | None = None
    preview_id: Annotated[str, trimmed(64, shortest=1), OneLine] | None = None
    notes: Annotated[str, trimmed(4000), SeveralLines] = ""


class Brief(BriefDetails):
    """A brief as it comes in."""

    category: NameOrId
    session_type: SessionType
    desired_outcome: Annotated[str, trimmed(1000, shortest=20), SeveralLines]


class BriefToSearchFor(BriefDetails):
    """As much of a brief as looking for sources takes; the type of session plays no part in that."""

    category: NameOrId
    session_type: SessionType = "workshop"
    desired_outcome: Annotated[str, trimmed(1000, shortest=3), SeveralLines]


class BriefToCoach(BriefDetails):
    """A brief as far as it is written: everything may be missing."""

    category: NameOrId | None = None
    session_type: SessionType | None = None
    desired_outcome: Annotated[str, trimmed(1000), SeveralLines] = ""


def brief_from_body(data: Any) -> dict[str, Any]:
    """The brief as it is stored: camelCase, with defaults, times in UTC, without what was not said and has no default.

    Raises InvalidInput with a sentence for each wrong field.
    """
    return _stored(checked(Brief, data))


def brief_to_search_for(data: Any) -> dict[str, Any]:
    """The same for an unfinished brief whose sources are looked for. Raises InvalidInput likewise."""
    return _stored(checked(BriefToSearchFor, data))


def brief_to_coach(data: Any) -> dict[str, Any]:
    """The same for a brief that is being written: half a schedule is none yet. Raises InvalidInput likewise."""
    brief = checked(BriefToCoach, data)
    half = (brief.start_time is None) != (brief.end_time is None)
    return _stored(brief.model_copy(update={"start_time": None, "end_time": None}) if half else brief)


def _stored(brief: BriefDetails) -> dict[str, Any]:
    stored = brief.model_dump(by_alias=True, exclude_none=True)
    if brief.start_time is not None or brief.end_time is not None:
        stored |= _schedule(brief)
    return stored


def _schedule(brief: BriefDetails) -> dict[str, Any]:
    """Start, end and length of a brief that names a time. Raises InvalidInput where they contradict one another."""
    if brief.start_time is None or brief.end_time is None:
        missing = "startTime" if brief.start_time is None else "endTime"
        raise InvalidInput(fields={missing: ["startTime and endTime go together."]})
    zone = ZoneInfo(brief.time_zone)
    start, end = _in_utc(brief.start_time, zone), _in_utc(brief.end_time, zone)
    length = end - start
    minutes = length // timedelta(minutes=1)
    if length % timedelta(minutes=1) or not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
        sentence = f"Must be {SHORTEST_MINUTES} to {LONGEST_MINUTES} whole minutes after startTime."
        raise InvalidInput(fields={"endTime": [sentence]})
    if "duration_minutes" in brief.model_fields_set and brief.duration_minutes != minutes:
        sentence = f"startTime and endTime are {minutes} minutes apart."
        raise InvalidInput(fields={"durationMinutes": [sentence]})
    return {"startTime": _iso(start), "endTime": _iso(end), "durationMinutes": minutes}


def _in_utc(value: str, zone: ZoneInfo) -> datetime:
    at = datetime.fromisoformat(value)
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds" if at.microsecond == 0 else "milliseconds").replace("+00:00", "Z")


def advice_to_wire(advice: Advice) -> dict[str, Any]:
    """What the coach says of a brief."""
    return {"score": advice.score, "hints": [hint._asdict() for hint in advice.hints]}
