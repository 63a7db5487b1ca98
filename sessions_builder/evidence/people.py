"""Whose things are, and how a person is forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from sessions_builder.models import Generation, TrainingSession


def owned_sessions(user_id: int, ids: Iterable[UUID]) -> set[UUID]:
    """Return those of these training sessions that are the user's."""
    return set(TrainingSession.objects.filter(owner_id=user_id, pk__in=ids).values_list("pk", flat=True))


def owned_generations(user_id: int, ids: Iterable[UUID]) -> set[UUID]:
    """Return those of these generations that are the user's."""
    return set(Generation.objects.filter(owner_id=user_id, pk__in=ids).values_list("pk", flat=True))


def forget_person(user_id: int) -> None:
    """Delete what a person wrote and had written, and the account with its tokens. What is running ends unseen."""
    with transaction.atomic():
        # Generations before sessions, as everybody locks them who needs both.
        list(Generation.objects.select_for_update().filter(owner_id=user_id).order_by("pk").values_list("pk"))
        TrainingSession.objects.filter(owner_id=user_id).delete()
        Generation.objects.filter(owner_id=user_id).delete()
        User.objects.filter(pk=user_id).delete()
