"""Takes in events from browsers: each is stored, known already, or refused with a reason."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from analytics.models import Event
from analytics.registry import owned_ids
from analytics.serializers.browser import BrowserEventSerializer
from analytics.services import Occurrence, record_all

KINDS = (("session", "sessionId"), ("generation", "generationId"))


def take_in(items: Sequence[Any], *, user_id: int) -> list[dict[str, Any]]:
    """Store what can be stored and return one result per item, in order, as the API says it."""
    checked = [BrowserEventSerializer(data=item) for item in items]
    problems: dict[int, dict[str, Any]] = {
        index: dict(one.errors) for index, one in enumerate(checked) if not one.is_valid()
    }
    good = {index: one.validated_data for index, one in enumerate(checked) if index not in problems}
    problems |= _of_others(good, user_id)
    known = _known({good[index]["id"] for index in good if index not in problems})
    results: list[dict[str, Any]] = []
    fresh: list[Occurrence] = []
    for index, item in enumerate(items):
        if index in problems:
            results.append(_refused(_id_of(item), problems[index]))
            continue
        key: UUID = good[index]["id"]
        if key in known:
            results.append(_repeated(key, known[key], user_id))
        else:
            known[key] = user_id
            fresh.append(_occurrence(good[index], user_id))
            results.append({"id": str(key), "status": 201})
    record_all(fresh)
    return results


def _of_others(good: dict[int, dict[str, Any]], user_id: int) -> dict[int, dict[str, Any]]:
    """Events about sessions or generations that are not the user's, or are not there."""
    problems: dict[int, dict[str, Any]] = {}
    for kind, field in KINDS:
        named = {index: data[field] for index, data in good.items() if data[field] is not None}
        owned = owned_ids(kind, user_id, named.values())
        problems |= {index: {field: [f"You have no such {kind}."]} for index, key in named.items() if key not in owned}
    return problems


def _known(ids: Iterable[UUID]) -> dict[UUID, int | None]:
    return dict(Event.objects.filter(id__in=list(ids)).values_list("id", "user_id"))


def _occurrence(data: dict[str, Any], user_id: int) -> Occurrence:
    return Occurrence(
        event=data["event"],
        user_id=user_id,
        session_id=data["sessionId"],
        generation_id=data["generationId"],
        occurred_at=data["occurredAt"],
        id=data["id"],
    )


def _refused(key: object, fields: dict[str, Any]) -> dict[str, Any]:
    error = {"code": "validation_error", "message": "This event was not stored.", "fields": fields}
    return {"id": None if key is None else str(key), "status": 400, "error": error}


def _repeated(key: UUID, owner: int | None, user_id: int) -> dict[str, Any]:
    if owner == user_id:
        return {"id": str(key), "status": 200}
    return _refused(key, {"id": ["Make a new id."]})


def _id_of(item: Any) -> object:
    """The id of something refused, if it is short enough to be one."""
    found = item.get("id") if isinstance(item, dict) else None
    return found if isinstance(found, str) and len(found) <= 36 else None
