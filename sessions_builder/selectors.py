"""Who may see which rows. Everything under the API and on the authors' pages reads through these."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet

from sessions_builder.models import Generation, TrainingSession

User = AbstractBaseUser | AnonymousUser


def generations_visible_to(user: User) -> QuerySet[Generation]:
    """The user's own generations, newest first; a superuser's are no more than their own either."""
    return Generation.objects.filter(owner_id=user.pk)


def sessions_visible_to(user: User) -> QuerySet[TrainingSession]:
    """The user's own training sessions, last changed first."""
    return TrainingSession.objects.filter(owner_id=user.pk)
