"""Sends what is to be said about alerts; a channel that is down is tried again at the next tick."""

from datetime import timedelta
from smtplib import SMTPException
from typing import Any

import httpx2
import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from analytics.alerts.catalogue import kind_of
from analytics.certificates import trust
from analytics.models import AlertNotice, Channel

log = structlog.get_logger(__name__)

WEBHOOK_SECONDS = 5
GIVEN_UP_AFTER = timedelta(hours=24)
BATCH = 20


def deliver() -> int:
    """Send the notices that are waiting and return how many were sent. None is sent twice by two processes at once."""
    oldest = timezone.now() - GIVEN_UP_AFTER
    waiting = AlertNotice.objects.filter(sent_at=None, created_at__gte=oldest).order_by("created_at")
    return sum(_deliver_one(key) for key in waiting.values_list("id", flat=True)[:BATCH])


def _deliver_one(key: int) -> bool:
    if not _claim(key):
        return False
    notice = AlertNotice.objects.select_related("alert").get(id=key)
    try:
        _send(notice)
    except (OSError, SMTPException, httpx2.HTTPError, httpx2.InvalidURL) as error:
        notice.last_error = type(error).__name__
        notice.sent_at = None
        log.warning("Alert notice not sent", channel=notice.channel, kind=notice.alert.kind, error=notice.last_error)
    notice.save(update_fields=["sent_at", "last_error"])
    return notice.sent_at is not None


def _claim(key: int) -> bool:
    """Mark a notice as sent before sending it, so that a process killed in between loses one rather than repeats it."""
    with transaction.atomic():
        notice = AlertNotice.objects.select_for_update(skip_locked=True).filter(id=key, sent_at=None).first()
        if notice is None:
            return False
        notice.sent_at = timezone.now()
        notice.attempts += 1
        notice.save(update_fields=["sent_at", "attempts"])
    return True


def _send(notice: AlertNotice) -> None:
    content = _content(notice)
    match notice.channel:
        case Channel.EMAIL if settings.ALERT_EMAILS:
            subject = f"[Session Builder] {content['state']}: {content['summary']}"
            kind, since = content["kind"], content["openedAt"]
            text = f"{content['summary']}\n\n{content['nextStep']}\n\nKind: {kind}\nSince: {since}\n"
            send_mail(subject, text, None, list(settings.ALERT_EMAILS))
        case Channel.WEBHOOK if settings.ALERT_WEBHOOK_URL:
            answer = httpx2.post(settings.ALERT_WEBHOOK_URL, json=content, timeout=WEBHOOK_SECONDS, verify=trust())
            if answer.is_error:
                answer.raise_for_status()


def _content(notice: AlertNotice) -> dict[str, Any]:
    alert = notice.alert
    return {
        "state": "closed" if notice.closing else "open",
        "kind": alert.kind,
        "severity": alert.severity,
        "summary": alert.summary,
        "nextStep": kind_of(alert.kind).next_step,
        "openedAt": alert.opened_at.isoformat(),
        "closedAt": alert.closed_at.isoformat() if alert.closed_at else None,
        "occurrences": alert.occurrences,
        "details": alert.details,
    }
