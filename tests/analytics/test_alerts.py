import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from analytics import alerts, services
from analytics.alerts import rules
from analytics.models import Alert, AlertNotice, Event
from analytics.registry import Figure
from tests.analytics.history import generation, selection
from tests.analytics.samples import MealServed, choice
from tests.support.certificates import self_signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def recipients(settings: Any) -> None:
    settings.ALERT_EMAILS = ["ops@example.org"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


class Webhook:
    """A real server that keeps what is posted to it and answers as told."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.status = 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(outer.status)
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Keep the test's output quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"


@pytest.fixture
def webhook(settings: Any) -> Iterator[Webhook]:
    hook = Webhook()
    thread = Thread(target=hook.server.serve_forever)
    thread.start()
    settings.ALERT_WEBHOOK_URL = hook.url
    yield hook
    hook.server.shutdown()
    thread.join()
    hook.server.server_close()


def test_it_works() -> None:
    alert = alerts.raise_critical("rag_down", error="timeout")

    assert (alert.kind, alert.severity, alert.closed_at) == ("rag_down", "critical", None)
    assert alert.summary == "RAG service completely down"
    assert alert.details == {"error": "timeout"}


def test_while_it_is_open_it_is_counted_not_opened_again(recipients: None) -> None:
    for number in range(3):
        alerts.raise_critical("rag_down", number=number)
    alerts.raise_critical("all_variants_failed")

    assert Alert.objects.get(kind="rag_down").occurrences == 3
    assert Alert.objects.get(kind="rag_down").details == {"number": 2}
    assert AlertNotice.objects.count() == 2


def test_after_closing_it_opens_anew() -> None:
    first = alerts.raise_critical("rag_down")

    assert alerts.close("rag_down")
    assert not alerts.close("rag_down")
    assert alerts.raise_critical("rag_down").id != first.id


def test_opening_and_closing_are_mailed_once(recipients: None) -> None:
    alerts.raise_critical("rag_down")
    assert alerts.deliver() == 1
    assert alerts.deliver() == 0
    alerts.close("rag_down")
    assert alerts.deliver() == 1

    assert [message.subject for message in mail.outbox] == [
        "[Session Builder] open: RAG service completely down",
        "[Session Builder] closed: RAG service completely down",
    ]
    assert mail.outbox[0].to == ["ops@example.org"]
    assert "/api/rag/health" in mail.outbox[0].body


def test_the_webhook_gets_json(webhook: Webhook) -> None:
    alerts.raise_critical("all_variants_failed", errorCodes=["provider_timeout"])

    assert alerts.deliver() == 1

    [content] = webhook.received
    assert (content["state"], content["kind"], content["severity"]) == ("open", "all_variants_failed", "critical")
    assert content["details"] == {"errorCodes": ["provider_timeout"]}
    assert content["nextStep"]


def test_a_webhook_may_have_a_private_authority(
    webhook: Webhook, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, certificate = self_signed(tmp_path)
    webhook.server.socket = context.wrap_socket(webhook.server.socket, server_side=True)
    settings.ALERT_WEBHOOK_URL = f"https://localhost:{webhook.server.server_port}/"
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    alerts.raise_critical("rag_down")
    assert alerts.deliver() == 0

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certificate)
    assert alerts.deliver() == 1
    assert len(webhook.received) == 1


def test_a_webhook_that_fails_is_tried_again(webhook: Webhook) -> None:
    alerts.raise_critical("rag_down")
    webhook.status = 503
    assert alerts.deliver() == 0
    assert AlertNotice.objects.get().last_error == "HTTPStatusError"
    webhook.status = 200

    assert alerts.deliver() == 1
    assert AlertNotice.objects.get().attempts == 2


def test_a_redirect_is_not_followed(webhook: Webhook) -> None:
    webhook.status = 302
    alerts.raise_critical("rag_down")

    alerts.deliver()

    assert len(webhook.received) == 1


def test_a_channel_that_is_down_does_not_hold_up_the_other(recipients: None, settings: Any) -> None:
    settings.ALERT_WEBHOOK_URL = "http://127.0.0.1:9/"
    alerts.raise_critical("rag_down")

    assert alerts.deliver() == 1
    assert len(mail.outbox) == 1


def test_after_a_day_nobody_wants_to_hear_it(recipients: None) -> None:
    alerts.raise_critical("rag_down")
    AlertNotice.objects.update(created_at=timezone.now() - timedelta(hours=25))

    assert alerts.deliver() == 0


def test_a_selection_that_cannot_be_logged_is_critical() -> None:
    meal = MealServed(variant_mode="legacy", processing_time=1)

    assert not services.record_selection(choice(category="\x00"), meal, enabled=True)
    assert Alert.objects.get().kind == "selection_not_logged"

    alerts.evaluate()
    assert Alert.objects.get().closed_at is None
    assert services.record_selection(choice(), meal, enabled=True)
    alerts.evaluate()
    assert Alert.objects.get().closed_at is not None


def minutes_ago(minutes: float) -> datetime:
    return timezone.now() - timedelta(minutes=minutes)


def open_kinds() -> set[str]:
    return set(Alert.objects.filter(closed_at=None).values_list("kind", flat=True))


def test_many_failing_queries_warn_and_it_ends_by_itself() -> None:
    for _ in range(18):
        generation(minutes_ago(5))
    for _ in range(2):
        generation(minutes_ago(5), rag_state="unavailable")
    alerts.evaluate()
    assert open_kinds() == set()

    generation(minutes_ago(5), rag_state="unavailable")
    alerts.evaluate()
    assert open_kinds() == {"rag_failure_rate"}
    assert Alert.objects.get().details["n"] == 21

    for _ in range(20):
        generation(minutes_ago(2))
    alerts.evaluate()
    assert open_kinds() == set()


def test_slow_generations_warn() -> None:
    for _ in range(20):
        generation(minutes_ago(5), seconds=31)
    for _ in range(30):
        generation(minutes_ago(5), seconds=90, writer="offline")

    alerts.evaluate()

    assert open_kinds() == {"slow_generations"}


def test_few_choices_of_retrieved_material_warn() -> None:
    for number in [4] * 24 + [1] * 8:
        selection(minutes_ago(60), number=number)
    for _ in range(20):
        selection(minutes_ago(60), number=1, eligible=False)

    alerts.evaluate()

    assert open_kinds() == {"low_rag_selection"}


@pytest.mark.parametrize(
    ("kind", "enough", "one"),
    [
        ("rag_failure_rate", 20, lambda: generation(minutes_ago(5), rag_state="unavailable")),
        ("slow_generations", 20, lambda: generation(minutes_ago(5), seconds=60)),
        ("low_rag_selection", 30, lambda: selection(minutes_ago(60), number=4)),
    ],
)
def test_a_small_sample_is_no_reason(kind: str, enough: int, one: Callable[[], Any]) -> None:
    for _ in range(enough - 1):
        one()
    alerts.evaluate()
    assert open_kinds() == set()

    one()
    alerts.evaluate()
    assert open_kinds() == {kind}


@pytest.mark.parametrize(
    ("kind", "bad", "good"),
    [
        ("slow_generations", lambda: generation(minutes_ago(5), seconds=31), lambda: generation(minutes_ago(1))),
        ("low_rag_selection", lambda: selection(minutes_ago(9), number=4), lambda: selection(minutes_ago(1), number=1)),
    ],
)
def test_a_warning_is_told_once_and_ends(
    recipients: None, kind: str, bad: Callable[[], Any], good: Callable[[], Any]
) -> None:
    for _ in range(30):
        bad()
    for _ in range(2):
        alerts.evaluate()
        alerts.deliver()
    assert (open_kinds(), len(mail.outbox)) == ({kind}, 1)

    Event.objects.update(occurred_at=minutes_ago(60))  # out of the window of the times
    for _ in range(30):
        good()
    alerts.evaluate()
    alerts.deliver()
    assert (open_kinds(), len(mail.outbox)) == (set(), 2)


def test_too_little_data_closes_nothing() -> None:
    alerts.raise_alert("slow_generations")

    alerts.evaluate()

    assert open_kinds() == {"slow_generations"}


@pytest.mark.parametrize("kind", ["rag_down", "all_variants_failed"])
def test_critical_alerts_end_with_the_trouble(kind: str) -> None:
    alerts.raise_critical(kind)
    generation(minutes_ago(10))
    generation(minutes_ago(-1), rag_state="unavailable", mode="legacy")
    generation(minutes_ago(-1), is_demo=True)
    alerts.evaluate()
    assert open_kinds() == {kind}

    generation(minutes_ago(-1))
    alerts.evaluate()
    assert open_kinds() == set()


def test_rules_can_be_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_rules", {})
    alerts.register_rule(
        alerts.Rule("queue_old", lambda since, until: Figure(90.0, 1), timedelta(minutes=1), 1, 60, above=True)
    )

    alerts.evaluate()

    assert open_kinds() == {"queue_old"}
    assert Alert.objects.get().summary == "Queue old"
