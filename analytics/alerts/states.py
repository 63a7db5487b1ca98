"""Opening and closing alerts."""

from typing import Any

import structlog
from django.conf import settings
from django.db import Error, connection, transaction
from django.utils import timezone

from analytics.alerts.catalogue import kind_of
from analytics.models import Alert, AlertNotice, Channel

log = structlog.get_logger(__name__)

# One statement, so that two processes with the same trouble open one alert. xmax is 0 for a fresh row.
UPSERT = """
INSERT INTO analytics_alert (kind, severity, summary, details, opened_at, last_seen_at, occurrences)
VALUES (%(kind)s, %(severity)s, %(summary)s, %(details)s::jsonb, %(now)s, %(now)s, 1)
ON CONFLICT (kind) WHERE closed_at IS NULL DO UPDATE
SET last_seen_at = excluded.last_seen_at, details = excluded.details, occurrences = analytics_alert.occurrences + 1
RETURNING id, xmax = 0
"""


def raise_critical(kind: str, summary: str = "", **details: Any) -> Alert:
    """Open the alert of this kind, or count one more occurrence on the open one; return it.

    Details are numbers, codes and ids: never texts of authors, prompts or answers. It is stored in the
    caller's transaction and sent by the next `deliver`.
    """
    return raise_alert(kind, summary, **details)


def raise_alert(kind: str, summary: str = "", **details: Any) -> Alert:
    """Open the alert of a kind with its own severity, or count one more occurrence on the open one; return it."""
    found = kind_of(kind)
    row = Alert(
        kind=kind,
        severity=found.severity,
        summary=summary or found.title,
        details={name: value if _plain(value) else str(value) for name, value in details.items()},
    )
    values = {
        "kind": row.kind,
        "severity": str(row.severity),
        "summary": row.summary,
        "details": Alert._meta.get_field("details").get_db_prep_value(row.details, connection),
        "now": timezone.now(),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(UPSERT, values)
        key, fresh = cursor.fetchone()
        alert = Alert.objects.get(id=key)
        if fresh:
            _announce(alert, closing=False)
            log.error("Alert opened", kind=kind, severity=str(row.severity), summary=row.summary)
    return alert


def try_raise_critical(kind: str, summary: str = "", **details: Any) -> None:
    """Raise a critical alert where the database itself may be the trouble: what fails is logged."""
    try:
        raise_critical(kind, summary, **details)
    except Error as error:
        log.error("Alert could not be stored", kind=kind, error=type(error).__name__)


def close(kind: str) -> bool:
    """Close the open alert of a kind; return whether there was one."""
    with transaction.atomic():
        alert = Alert.objects.select_for_update().filter(kind=kind, closed_at=None).first()
        if alert is None:
            return False
        alert.closed_at = timezone.now()
        alert.save(update_fields=["closed_at"])
        _announce(alert, closing=True)
    log.info("Alert closed", kind=kind)
    return True


def _announce(alert: Alert, *, closing: bool) -> None:
    channels = [Channel.EMAIL] if settings.ALERT_EMAILS else []
    channels += [Channel.WEBHOOK] if settings.ALERT_WEBHOOK_URL else []
    AlertNotice.objects.bulk_create(AlertNotice(alert=alert, channel=channel, closing=closing) for channel in channels)


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool | list | dict)
