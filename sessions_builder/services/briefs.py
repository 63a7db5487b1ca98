"""Briefs: the reference data a brief names is looked up and frozen at the moment it is submitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db import connection
from pydantic_core import from_json

from sessions_builder.errors import InvalidInput
from sessions_builder.models import Audience, Category, Tone
from sessions_builder.models.reference import Listed
from sessions_builder.pipeline.coach import Advice, coach
from sessions_builder.pipeline.types import Brief
from sessions_builder.pipeline.wire import brief_from_wire, brief_to_wire
from sessions_builder.services.snapshots import audience_value, tone_value

Chosen = TypeVar("Chosen", bound=Listed)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A brief with what it names, and the variant profiles as JSON, all as they were at one moment."""

    brief: Brief
    profiles: Sequence[Mapping[str, Any]]


def freeze(resolved: Resolved) -> dict[str, Any]:
    """What a generation needs of a resolved brief: the pipeline's brief and the variant profiles, as JSON."""
    return {"brief": brief_to_wire(resolved.brief), "profiles": resolved.profiles}


def resolve(brief: Mapping[str, Any]) -> Resolved:
    """A validated brief with the category, audience and tone it names; one statement, so that no edit is missed.

    Raises InvalidInput naming the field whose category, audience or tone is not offered.
    """
    named = _named(brief)
    category = _category(named, brief["category"])
    audience = _offered(named.audience, Audience, "audienceId", brief.get("audienceId"))
    tone = _offered(named.tone, Tone, "toneId", brief.get("toneId"))
    whole = replace(
        brief_from_wire(brief),
        category=category.name,
        category_aliases=tuple(category.aliases),
        audience=None if audience is None else audience_value(audience),
        tone=None if tone is None else tone_value(tone),
    )
    return Resolved(whole, named.profiles)


def brief_coach(*, brief: Mapping[str, Any]) -> Advice:
    """Advice on a brief that is being written; nothing is looked up and nothing kept."""
    audience = brief.get("audienceName") or brief.get("audienceId", "")
    unsaid = {"category": "", "sessionType": "", "desiredOutcome": ""}
    return coach(brief_from_wire({**unsaid, **brief, "audienceName": str(audience)}))


def category_named(name_or_id: str | int) -> Category:
    """The active category with this id, name or alias. Raises InvalidInput naming the field `category`."""
    return _category(_named({"category": name_or_id}), name_or_id)


@dataclass(frozen=True, slots=True)
class _Named:
    """What of a brief's reference data is offered."""

    category: Category | None
    audience: Audience | None
    tone: Tone | None
    profiles: Sequence[Mapping[str, Any]]


_NAMED = """
SELECT (SELECT to_jsonb(c) FROM sessions_builder_category c
         WHERE c.active AND (c.id = %(id)s OR upper(c.name) = upper(%(name)s)) LIMIT 1),
       (SELECT to_jsonb(a) FROM sessions_builder_audience a WHERE a.active AND a.id = %(audience)s),
       (SELECT to_jsonb(t) FROM sessions_builder_tone t WHERE t.active AND t.id = %(tone)s),
       (SELECT jsonb_agg(jsonb_build_object('number', p.number, 'label', p.label, 'description', p.description,
               'instruction', p.instruction) ORDER BY p.number) FROM sessions_builder_variantprofile p)
"""


def _named(brief: Mapping[str, Any]) -> _Named:
    """What a brief names; the category by its id, or by its name whatever the capitals."""
    category = str(brief["category"])
    is_id = category.isascii() and category.isdigit() and len(category) < 10
    parameters = {
        "id": int(category) if is_id else None,
        "name": None if is_id else category,
        "audience": brief.get("audienceId"),
        "tone": brief.get("toneId"),
    }
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, parameters)
        category_row, audience, tone, profiles = cursor.fetchone()
    return _Named(
        _entry(Category, category_row), _entry(Audience, audience), _entry(Tone, tone), from_json(profiles or "[]")
    )


def _entry(model: type[Chosen], row: str | None) -> Chosen | None:
    if row is None:
        return None
    values = from_json(row)
    columns = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(connection.alias, columns, [values[column] for column in columns])


def _category(named: _Named, name_or_id: str | int) -> Category:
    alias = str(name_or_id)
    found = named.category or next((one for one in Category.objects.filter(active=True) if one.answers_to(alias)), None)
    if found is None:
        raise InvalidInput(fields={"category": [f"There is no category {alias[:80]!r}; choose one of the list."]})
    return found


def _offered(found: Chosen | None, model: type[Chosen], field: str, pk: int | None) -> Chosen | None:
    if found is None and pk is not None:
        raise InvalidInput(fields={field: [f"There is no {model._meta.verbose_name} with the id {pk}."]})
    return found
