"""The columns that make a row the queue entry, the lease and the retry counter of a job."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models.functions import Now


class Queued(models.Model):
    """A job. Its model adds `state`, which begins with `queued`; `persistence.queue` has the rules."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request_id = models.CharField(
        max_length=64, blank=True, help_text="Of the request that made it; follows it through the logs."
    )
    trace_parent = models.CharField(
        max_length=55, blank=True, db_default="", help_text="Where the trace of its request goes on."
    )

    available_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    claims = models.PositiveSmallIntegerField(default=0)
    published_at = models.DateTimeField(null=True, blank=True, help_text="When workers were last woken for it.")
    published_count = models.PositiveSmallIntegerField(
        default=0, help_text="Times workers were woken; sets the backoff."
    )

    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=32, null=True, blank=True)

    class Meta:
        abstract = True
