from django.db import models
from django.db.models.functions import Now


class Severity(models.TextChoices):
    CRITICAL = "critical", "critical"
    WARNING = "warning", "warning"


class Alert(models.Model):
    """Something that needs a person. While one of a kind is open, further occurrences are counted on it."""

    kind = models.TextField()
    severity = models.TextField(choices=Severity.choices)
    summary = models.TextField()
    details = models.JSONField(db_default={})
    opened_at = models.DateTimeField(db_default=Now())
    last_seen_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True, blank=True)
    occurrences = models.PositiveIntegerField(db_default=1)

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(fields=["kind"], name="one_open_alert", condition=models.Q(closed_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.summary


class Channel(models.TextChoices):
    EMAIL = "email", "e-mail"
    WEBHOOK = "webhook", "webhook"


class AlertNotice(models.Model):
    """A message about an alert that is to be sent, or was."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="notices")
    channel = models.TextField(choices=Channel.choices)
    closing = models.BooleanField(help_text="says that the alert is over")
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(db_default=0)
    last_error = models.TextField(db_default="", blank=True)

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["created_at"], name="notice_unsent", condition=models.Q(sent_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} about {self.alert}"
