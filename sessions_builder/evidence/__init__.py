"""What the product tells analytics about itself: datasets, figures, whose things are, and how a person is forgotten."""

from __future__ import annotations

from analytics.registry import (
    register_dataset,
    register_forgetter,
    register_markers,
    register_metrics,
    register_owned,
)
from sessions_builder.evidence.datasets import GENERATIONS, SESSIONS
from sessions_builder.evidence.figures import outline_figures, session_figures
from sessions_builder.evidence.markers import rollout_changes
from sessions_builder.evidence.people import forget_person, owned_generations, owned_sessions

__all__ = ["register"]


def register() -> None:
    """Register everything; called once in each process."""
    register_dataset(GENERATIONS)
    register_dataset(SESSIONS)
    register_metrics("builder", "sessions", session_figures)
    register_metrics("ai", "outlines", outline_figures)
    register_owned("session", owned_sessions)
    register_owned("generation", owned_generations)
    register_forgetter("sessions_builder", forget_person)
    register_markers("flags", rollout_changes)
