"""A proposal: one section written anew, for its author to take or leave; its row is the queue entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models

from sessions_builder.models.generation import WriterKind
from sessions_builder.models.queued import Queued
from sessions_builder.models.session import TrainingSession


class ProposalState(models.TextChoices):
    QUEUED = "queued"
    WRITING = "writing"
    READY = "ready"
    FAILED = "failed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


OPEN: Sequence[str] = (ProposalState.QUEUED, ProposalState.WRITING)
"""States in which somebody still works on it."""


class SectionProposal(Queued):
    """Written by `services` when it is asked for and decided, and by `persistence` in between."""

    session = models.ForeignKey(TrainingSession, on_delete=models.CASCADE, related_name="proposals")
    section_id = models.CharField(max_length=36)
    state = models.CharField(max_length=8, choices=ProposalState, default=ProposalState.QUEUED)
    writer = models.CharField(max_length=8, choices=WriterKind)
    instruction = models.TextField(max_length=500, blank=True)
    request: Any = models.JSONField(help_text="Brief, outline and material as they were when it was asked for.")
    section: Any = models.JSONField(null=True, blank=True, help_text="The proposed section.")
    notes = models.JSONField(default=list, blank=True)
    model = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["session", "-created_at"], name="proposal_session_recent"),
            models.Index(
                fields=["available_at"],
                name="proposal_open",
                condition=models.Q(state__in=["queued", "writing"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "section_id"],
                name="proposal_one_open_per_section",
                condition=models.Q(state__in=["queued", "writing"]),
            ),
            models.CheckConstraint(
                condition=models.Q(state="writing") | models.Q(lease_token__isnull=True),
                name="proposal_lease_only_while_writing",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ready") | models.Q(section__isnull=False), name="proposal_ready_has_section"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.state})"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN
