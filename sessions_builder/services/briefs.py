"""Briefs: the reference data a brief names is looked up and frozen at the moment it is submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from django.db import connection

from sessions_builder.errors import InvalidInput
from sessions_builder.models import Audience, Category, Tone, VariantProfile
from sessions_builder.models.reference import Listed
from sessions_builder.pipeline.coach import Advice, coach
from sessions_builder.pipeline.types import Brief
from sessions_builder.pipeline.wire import brief_from_wire, brief_to_wire
from sessions_builder.services.snapshots import audience_value, tone_value

Chosen = TypeVar("Chosen", bound=Listed)


def freeze(brief: Brief) -> dict[str, Any]:
    """What a generation needs of a resolved brief: the pipeline's brief and the variant profiles, as JSON."""
    return {"brief": brief_to_wire(brief), "profiles": _profiles()}


def resolve(brief: Mapping[str, Any]) -> Brief:
    """A validated brief with the category, audience and tone it names.

    Raises InvalidInput naming the field whose category, audience or tone is not offered.
    """
    category = category_named(brief["category"])
    audience = _listed(Audience, "audienceId", brief.get("audienceId"))
    tone = _listed(Tone, "toneId", brief.get("toneId"))
    return replace(
        brief_from_wire(brief),
        category=category.name,
        category_aliases=tuple(category.aliases),
        audience=None if audience is None else audience_value(audience),
        tone=None if tone is None else tone_value(tone),
    )


def brief_coach(*, brief: Mapping[str, Any]) -> Advice:
    """Advice on a brief that is being written; nothing is looked up and nothing kept."""
    audience = brief.get("audienceName") or brief.get("audienceId", "")
    unsaid = {"category": "", "sessionType": "", "desiredOutcome": ""}
    return coach(brief_from_wire({**unsaid, **brief, "audienceName": str(audience)}))


def category_named(name_or_id: str | int) -> Category:
    """The active category with this id, name or alias. Raises InvalidInput naming the field `category`."""
    named = str(name_or_id)
    by_id = named.isascii() and named.isdigit() and len(named) < 10
    found = _active(Category, int(named)) if by_id else _active(Category, named)
    found = found or next((one for one in Category.objects.filter(active=True) if one.answers_to(named)), None)
    if found is None:
        raise InvalidInput(fields={"category": [f"There is no category {named[:80]!r}; choose one of the list."]})
    return found


def _listed(model: type[Chosen], field: str, pk: int | None) -> Chosen | None:
    if pk is None:
        return None
    found = _active(model, pk)
    if found is None:
        raise InvalidInput(fields={field: [f"There is no {model._meta.verbose_name} with the id {pk}."]})
    return found


def _active(model: type[Chosen], id_or_name: int | str) -> Chosen | None:
    """The active entry with this id, or with this name whatever its capitals."""
    columns = [field.attname for field in model._meta.concrete_fields]
    wanted = "id = %s" if isinstance(id_or_name, int) else "upper(name) = upper(%s)"
    statement = f"SELECT {', '.join(columns)} FROM {model._meta.db_table} WHERE active AND {wanted} LIMIT 1"
    with connection.cursor() as cursor:
        cursor.execute(statement, [id_or_name])
        row = cursor.fetchone()
    return None if row is None else model.from_db(connection.alias, columns, row)


def _profiles() -> list[dict[str, Any]]:
    names = ("number", "label", "description", "instruction")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM {VariantProfile._meta.db_table} ORDER BY number")
        return [dict(zip(names, row, strict=True)) for row in cursor]
