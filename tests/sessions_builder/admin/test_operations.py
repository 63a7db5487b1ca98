"""Generations in the admin: for operators, and without a word an author or a source wrote."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from analytics.models import Event
from sessions_builder import persistence
from sessions_builder.admin import operations
from sessions_builder.models import Generation, ProcessHeartbeat, ProviderState, SectionProposal
from sessions_builder.services import operations as services
from sessions_builder.services.metrics import QueueCollector
from sessions_builder.services.operations import Operations
from sessions_builder.services.queue_figures import QueueFigures
from tests.analytics.history import event
from tests.analytics.history import generation as past_generation
from tests.sessions_builder.api.conftest import defaults
from tests.sessions_builder.api.test_sessions import make_session

pytestmark = pytest.mark.urls("tests.sessions_builder.admin.urls")
URL = "/admin/sessions_builder/generation/"
CANARY = "canary-in-the-brief"


@pytest.fixture
def generation(author: User) -> Generation:
    values = defaults(author)
    values["brief"] = {**values["brief"], "notes": CANARY}
    values["snapshot"] = {"brief": {"category": CANARY}, "profiles": []}
    values["retrieval"] = {"state": "ok", "sources": [{"text": CANARY}]}
    return Generation.objects.create(**values)


@pytest.fixture
def staff(operator: User, client: Client) -> Client:
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_it_works(staff: Client, generation: Generation) -> None:
    for path in (URL, f"{URL}?q={generation.pk}", f"{URL}{generation.pk}/change/"):
        response = staff.get(path)
        text = response.content.decode()
        assert response.status_code == 200
        assert str(generation.pk) in text
        assert CANARY not in text


def test_nothing_can_be_changed(staff: Client, generation: Generation) -> None:
    assert staff.post(f"{URL}{generation.pk}/change/", {"state": "failed"}).status_code == 403
    assert staff.post(f"{URL}{generation.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.get(f"{URL}add/").status_code == 403
    assert set(operations.TEXTS).isdisjoint(operations.GenerationAdmin.fields)


def test_the_list_does_not_read_the_texts(
    staff: Client, generation: Generation, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(25) as asked:  # type: ignore[operator]
        assert staff.get(URL).status_code == 200
    assert not any('"sessions_builder_generation"."snapshot"' in query["sql"] for query in asked.captured_queries)


@pytest.mark.parametrize("role", ["product", "analyst"])
def test_other_staff_do_not_see_generations(request: pytest.FixtureRequest, client: Client, role: str) -> None:
    client.force_login(request.getfixturevalue(role), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(URL).status_code == 403


def operate(staff: Client, generation: Generation, what: str) -> str:
    answer = staff.post(f"{URL}operations/", {"generation": str(generation.pk), "what": what}, follow=True)
    assert answer.status_code == 200
    generation.refresh_from_db()
    return answer.content.decode()


def test_the_page_shows_how_things_stand(staff: Client, generation: Generation) -> None:
    ProcessHeartbeat.objects.create(name="worker:host:7", kind="worker", details={"held": 3, "memoryMb": 131})
    ProcessHeartbeat.objects.create(name="reaper:host:8", kind="reaper")
    later = timezone.now() + timedelta(minutes=1)
    ProviderState.objects.create(name="model", failures=3, open_until=later, reason="provider_config")
    text = staff.get(f"{URL}operations/").content.decode()
    for shown in ("Not asked right now: the model", str(generation.pk)[:8], "worker:host:7", "131 MB", "closed off"):
        assert shown in text
    for case in ("Generations time out?", "Few choose a variant with material?", "Memory grows?"):
        assert case in text
    assert CANARY not in text


def test_who_ended_in_order_is_not_missed_and_who_vanished_is_silent(staff: Client) -> None:
    long_ago = timezone.now() - timedelta(minutes=2)
    for pid, (kind, fields) in enumerate(
        [
            ("web", {}),
            ("worker", {"ended_at": timezone.now()}),
            ("worker", {"seen_at": long_ago}),
            ("worker", {"seen_at": long_ago, "ended_at": long_ago}),
            ("reaper", {"ended_at": timezone.now()}),
        ]
    ):
        ProcessHeartbeat.objects.create(name=f"{kind}:host:{pid}", kind=kind, **{"seen_at": timezone.now(), **fields})

    now = services.operations()

    assert [(one.name, one.alive) for one in now.processes] == [("web:host:0", True), ("worker:host:2", False)]
    assert now.figures.workers == 0
    assert now.figures.reaper_age_seconds < 30, "when the last round was stays true"
    assert staff.get(f"{URL}operations/").content.decode().count(">silent<") == 1


def test_offline_drafts_are_no_figures_and_the_page_says_so(staff: Client) -> None:
    assert "No generation in the last day. Send a brief" in staff.get(f"{URL}operations/").content.decode()
    for _ in range(2):
        past_generation(timezone.now() - timedelta(hours=1), writer="offline", rag_state="disabled")
    text = staff.get(f"{URL}operations/").content.decode()
    assert text.count("2 offline drafts, not counted as evidence, in the last day") == 2
    assert "no data yet" not in text


def test_events_are_counted_while_the_database_has_no_statistics(staff: Client) -> None:
    event("ai_tip_viewed")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_class SET reltuples = -1 WHERE oid = 'analytics_event'::regclass")
    [kept] = [
        figure.value
        for case in services.operations().cases
        for figure in case.figures
        if figure.name.startswith("Events kept")
    ]
    assert kept == Event.objects.count() >= 1


def test_an_operator_queues_again_and_cancels_through_services(staff: Client, generation: Generation) -> None:
    Generation.objects.filter(pk=generation.pk).update(retrieval=None)
    persistence.claim(generation.pk, uuid4())
    assert "A worker holds this generation" in operate(staff, generation, "queue_again")
    Generation.objects.filter(pk=generation.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert "queued again" in operate(staff, generation, "queue_again")
    assert (generation.state, generation.claims, generation.lease_token) == ("queued", 0, None)
    assert "cancelled" in operate(staff, generation, "cancel")
    assert generation.state == "cancelled"
    assert Event.objects.get(generation_id=generation.pk).event_type == "ai_content_failed"
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == ["Queued again", "Cancelled"]


def test_actions_of_the_list_do_the_same(staff: Client, generation: Generation) -> None:
    Generation.objects.filter(pk=generation.pk).update(retrieval=None)
    staff.post(URL, {"action": "cancel", "_selected_action": [str(generation.pk)]})
    generation.refresh_from_db()
    assert generation.state == "cancelled"


@pytest.mark.parametrize("wrong", [{"what": "cancel", "generation": "x"}, {"what": "cancel"}])
def test_nobody_knows_such_a_generation(staff: Client, wrong: dict[str, str]) -> None:
    assert staff.post(f"{URL}operations/", wrong).status_code == 404


@pytest.mark.parametrize("role", ["product", "analyst", "author"])
def test_the_page_is_for_operators(request: pytest.FixtureRequest, client: Client, role: str) -> None:
    client.force_login(request.getfixturevalue(role), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"{URL}operations/").status_code in (302, 403)
    assert client.post(f"{URL}operations/", {"what": "cancel"}).status_code in (302, 403)


@pytest.mark.parametrize(
    ("workers", "reaper", "oldest", "headline"),
    [
        (1, 5, 0, "Everything is at work"),
        (0, 5, 0, "No worker is at work"),
        (1, 61, 0, "The tick process is silent"),
        (1, 5, 31, "Jobs wait too long"),
    ],
)
def test_the_headline_says_the_worst(workers: int, reaper: float, oldest: float, headline: str) -> None:
    figures = QueueFigures({}, {}, oldest, reaper, workers)
    assert Operations(figures, [], [], [], [], [], []).headline == headline


def test_sections_written_anew_are_in_view(staff: Client, author: User) -> None:
    """The waiting ones and what failed lately, in the figures, too; not a word of their texts."""
    session = make_session(author)
    later = timezone.now() + timedelta(minutes=1)
    common = {"session": session, "writer": "model", "request": {"brief": CANARY}, "instruction": CANARY}
    for number, state in enumerate(("queued", "writing", "failed", "ready")):
        texts = {"section": {"title": CANARY}, "error_code": "refused" if state == "failed" else None}
        row = SectionProposal(**common, **texts, section_id=f"s{number}", state=state, expires_at=later)
        row.available_at = timezone.now() - timedelta(seconds=45)
        row.save()
    text = staff.get(f"{URL}operations/").content.decode()
    shown = {str(one.pk)[:8] for one in SectionProposal.objects.exclude(state="ready")}
    assert all(key in text for key in shown)
    assert "refused" in text
    assert CANARY not in text
    samples = [sample for family in QueueCollector().collect() for sample in family.samples]
    series = {(sample.name, *sample.labels.values()): sample.value for sample in samples}
    assert series["session_builder_proposals", "queued"] == series["session_builder_proposals", "writing"] == 1
    assert series["session_builder_jobs", "queued"] == 0
    assert series["session_builder_queue_oldest_age_seconds",] >= 45
