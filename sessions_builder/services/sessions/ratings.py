"""What a person thinks of a session, beside what the formula says of it."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.utils import timezone

from sessions_builder.models import SessionRating, TrainingSession


def session_rate(*, session: TrainingSession, user: User, score: int, comment: str) -> SessionRating:
    """Keep the user's rating, 1 to 5, in place of an earlier one."""
    values = {"score": score, "comment": comment, "rated_at": timezone.now()}
    rating, _ = SessionRating.objects.update_or_create(session=session, user=user, defaults=values)
    return rating
