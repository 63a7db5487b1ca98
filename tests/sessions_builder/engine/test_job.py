"""The job of a generation, with a scripted writer: what is written, stored, told and given back."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from analytics.models import AIInteraction, Alert, Event
from config.local_process import wait_until
from featureflags.models import Source
from featureflags.services.changes import kill_flag
from sessions_builder.errors import FailureCode
from sessions_builder.jobs import generation as job
from sessions_builder.jobs import knowledge_source, providers
from sessions_builder.jobs.claims import GivenBack
from sessions_builder.jobs.leases import Interruption
from sessions_builder.models import Category, Generation, ProviderState, Variant, WriterKind
from sessions_builder.pipeline.types import Document, Hit, RetrievalError, Round, Wait
from sessions_builder.services.generations import generation_cancel, generation_request, generation_retry
from tests.fakes.shelf import Shelf
from tests.fakes.writers import NEVER
from tests.sessions_builder.engine.conftest import BRIEF, TEXT, Work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_on", "closed_breaker")]


PATIENCE_SECONDS = 20.0


def states(generation: Generation) -> dict[int, str]:
    return {variant.number: variant.error_code or variant.state for variant in generation.variants.all()}


def told(generation: Generation) -> list[str]:
    return list(
        Event.objects.filter(generation_id=generation.pk).order_by("occurred_at").values_list("event_type", flat=True)
    )


def test_it_works(work: Work) -> None:
    generation = work()

    assert (generation.state, generation.mode, generation.error_code) == ("succeeded", "multi_variant", None)
    assert states(generation) == {1: "ready", 2: "ready", 3: "ready", 4: "ready"}
    for variant in generation.variants.all():
        assert sum(section["minutes"] for section in variant.outline["sections"]) == 90
        assert variant.rag_effective == (variant.number != 4)
        assert variant.generation_source == ("baseline" if variant.number == 4 else "rag")
        assert any("S99" in note for note in variant.notes)
        assert variant.quality["version"] == "oqs-1"
        assert (variant.grounding is None) == (variant.number == 4)
    stages = [event["stage"] for event in generation.progress]
    assert stages[:3] == ["queued", "retrieving", "sources"]
    assert stages.count("variant_started") == stages.count("variant_ready") == 4
    assert stages[-2:] == ["scoring", "done"]
    assert told(generation) == ["ai_prompt_submitted", "ai_content_generated"]
    assert AIInteraction.objects.filter(generation_id=generation.pk).count() == 4
    assert "\x00" not in AIInteraction.objects.first().prompt


def test_the_ending_event(work: Work) -> None:
    generation = work()
    event = Event.objects.get(generation_id=generation.pk, event_type="ai_content_generated")
    metadata = event.metadata

    assert metadata["variantMode"] == "multi_variant"
    assert metadata["processingTime"] == generation.processing_ms
    assert metadata["totalVariants"] == 4
    assert metadata["ragAvailable"] is True
    assert metadata["ragState"] == "ok"
    assert metadata["ragSourcesFound"] == len([s for s in generation.retrieval["sources"] if s["kept"]])
    assert set(metadata["variantTimes"]) == {"1", "2", "3", "4"}


def test_numbers_go_by_the_categorys_name(work: Work, shelf: Shelf, author: User) -> None:
    Category.objects.filter(name="Prospecting").update(aliases=["Lead Generation"])
    shelf.catalogue = {f"d{n}": Document(f"d{n}", category="lead generation" if n < 2 else "Sales") for n in range(6)}
    brief = {**BRIEF, "category": "PROSPECTING"}

    generation = work(generation=generation_request(owner=author, brief=brief).generation)

    event = Event.objects.get(generation_id=generation.pk, event_type="ai_content_generated")
    assert (event.category, event.rag_matched, event.rag_sources) == ("Prospecting", 2, 6)
    assert set(AIInteraction.objects.values_list("category", flat=True)) == {"Prospecting"}


def test_each_variant_is_visible_before_the_last_is_done(work: Work, author: User) -> None:
    generation = generation_request(owner=author, brief=BRIEF).generation
    others = threading.Event()
    all_but_one = dict.fromkeys((2, 3, 4), others)
    runner = threading.Thread(target=leaving_no_connection(lambda: work(all_but_one, generation)))
    runner.start()
    first = wait_until(lambda: stored() == 1, seconds=PATIENCE_SECONDS)
    others.set()
    runner.join()
    assert first
    assert stored() == 4


def test_one_fails(work: Work) -> None:
    generation = work({3: FailureCode.REFUSED})

    assert generation.state == "partial"
    assert states(generation) == {1: "ready", 2: "ready", 3: "refused", 4: "ready"}


def test_retry_buys_only_what_is_missing(work: Work) -> None:
    generation = work({3: FailureCode.REFUSED})
    kept = dict(generation.variants.filter(state="ready").values_list("number", "id"))
    generation_retry(generation=generation)
    again = work(generation=generation)

    assert again.fake_writer.asked == [3]  # type: ignore[attr-defined]
    assert (again.state, again.run) == ("succeeded", 2)
    assert dict(again.variants.exclude(number=3).values_list("number", "id")) == kept
    assert told(again) == ["ai_prompt_submitted", "ai_content_generated"] * 2


def test_all_fail_and_the_standard_outline_takes_over(work: Work, caplog: pytest.LogCaptureFixture) -> None:
    generation = work(dict.fromkeys((1, 2, 3, 4), FailureCode.PROVIDER_TIMEOUT))

    assert (generation.state, generation.mode) == ("succeeded", "legacy_fallback")
    assert states(generation) == {0: "ready"} | dict.fromkeys((1, 2, 3, 4), "provider_timeout")
    assert generation.variants.get(number=0).rag_effective is False
    assert "All variants failed to generate" in caplog.text
    assert Alert.objects.get().kind == "all_variants_failed"


def test_everything_fails(work: Work) -> None:
    generation = work(dict.fromkeys(range(5), FailureCode.PROVIDER_UNAVAILABLE))

    assert (generation.state, generation.error_code) == ("failed", "provider_unavailable")
    assert told(generation) == ["ai_prompt_submitted", "ai_content_failed"]


def test_settings_the_provider_refuses_stop_calls_for_a_while(work: Work) -> None:
    broken = dict.fromkeys(range(5), FailureCode.PROVIDER_CONFIG)
    first = work(broken)
    second = work(broken)

    assert first.error_code == second.error_code == "provider_config"
    assert second.fake_writer.asked == []  # type: ignore[attr-defined]
    ProviderState.objects.all().delete()


def test_a_long_pause_puts_it_back(work: Work) -> None:
    generation = work({2: "wait:60"})

    assert generation.state == "queued"
    assert states(generation) == {1: "ready", 3: "ready", 4: "ready"}
    assert generation.claims == 0
    other = work()
    assert (other.state, other.fake_writer.asked) == ("queued", [])  # type: ignore[attr-defined]


def test_a_pause_longer_than_the_generation_lives_is_a_failure(work: Work) -> None:
    generation = work({2: "wait:100000"})
    assert states(generation)[2] == "provider_rate_limited"


def test_the_deadline(work: Work, settings: Any) -> None:
    settings.GENERATION_VARIANT_DEADLINE_MS = 1000
    generation = work({4: NEVER})

    assert states(generation)[4] == "deadline_exceeded"
    assert generation.state == "partial"
    assert 4 in generation.fake_writer.cancelled  # type: ignore[attr-defined]


@pytest.mark.parametrize("cause", ["timeout", "refused", "http_error", "bad_response"])
def test_without_material_all_are_baseline(
    work: Work, shelf: Shelf, cause: str, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.hits = RetrievalError(cause)
    generation = work()

    assert (generation.state, generation.rag_state) == ("succeeded", "unavailable")
    assert {variant.generation_source for variant in generation.variants.all()} == {"baseline"}
    assert "RAG query failed completely, proceeding with baseline only" in caplog.text
    assert Alert.objects.get().kind == "rag_down"


def test_live_shaped_hits_are_weak_and_visible(work: Work, shelf: Shelf) -> None:
    shelf.hits = [Hit(f"d{n}", "0", score, TEXT) for n, score in enumerate([0.5, 0.5, 0.453, 0.2, 0.003])]
    generation = work()

    assert generation.rag_state == "weak_match"
    assert [source["reason"] for source in generation.retrieval["sources"]].count("weak") > 0
    assert {variant.generation_source for variant in generation.variants.all()} == {"baseline"}


def test_killed_before_the_worker_starts(work: Work, author: User) -> None:
    generation = generation_request(owner=author, brief=BRIEF).generation
    kill_flag("variant_generation_v2", source=Source.COMMAND, reason="test")
    work(generation=generation)

    assert (generation.mode, generation.state) == ("legacy", "succeeded")
    assert states(generation) == {0: "ready"}
    assert generation.decision["enabled"] is True


def test_legacy(work: Work) -> None:
    kill_flag("variant_generation_v2", source=Source.COMMAND, reason="test")
    generation = work()

    assert (generation.mode, generation.state) == ("legacy", "succeeded")
    assert generation.decision["reason"] == "flag_disabled"
    assert states(generation) == {0: "ready"}


def leaving_no_connection(action: Callable[[], Any]) -> Callable[[], None]:
    """For threads of tests: what they do to the database ends with their connection closed."""

    def act() -> None:
        try:
            action()
        finally:
            connection.close()

    return act


def stored() -> int:
    """How many outlines of the test's one generation are in the database."""
    return Variant.objects.filter(state="ready").count()


def once_stored(number: int, action: Callable[[], Any]) -> None:
    """Do something in another thread as soon as so many outlines are stored and the others are being written."""

    def act() -> None:
        generating = Generation.objects.filter(state="generating")
        if wait_until(lambda: generating.exists() and stored() == number, seconds=PATIENCE_SECONDS):
            action()

    threading.Thread(target=leaving_no_connection(act)).start()


def test_cancel_while_writing(work: Work, author: User) -> None:
    generation = generation_request(owner=author, brief=BRIEF).generation
    once_stored(3, lambda: generation_cancel(generation=Generation.objects.get(pk=generation.pk)))
    started = time.monotonic()
    work({2: NEVER}, generation)

    assert (generation.state, generation.error_code) == ("cancelled", "cancelled")
    assert time.monotonic() - started < PATIENCE_SECONDS, "a variant may take 45 s"
    assert states(generation) == {1: "ready", 3: "ready", 4: "ready"}
    assert told(generation) == ["ai_prompt_submitted", "ai_content_failed"]


class Silent(Shelf):
    """A knowledge source that never answers."""

    asked: Future[Round] | None = None

    def ask(self, queries: Sequence[str], *, wait: Wait, **_: Any) -> Round:  # type: ignore[override]
        self.asked = Future()
        return wait(self.asked)


@pytest.fixture
def silent(work: Work, monkeypatch: pytest.MonkeyPatch) -> Silent:
    silent = Silent([])
    monkeypatch.setattr(knowledge_source, "retriever", lambda: silent)
    return silent


def test_cancel_while_looking_for_material(work: Work, author: User, silent: Silent) -> None:
    generation = generation_request(owner=author, brief=BRIEF).generation

    def cancel() -> None:
        if wait_until(lambda: silent.asked is not None, seconds=PATIENCE_SECONDS):
            generation_cancel(generation=Generation.objects.get(pk=generation.pk))

    threading.Thread(target=leaving_no_connection(cancel)).start()
    work(generation=generation)

    assert (generation.state, states(generation)) == ("cancelled", {})
    assert silent.asked is not None
    assert silent.asked.cancelled()


def test_a_source_that_is_silent_until_the_deadline(work: Work, silent: Silent, settings: Any) -> None:
    settings.GENERATION_DEADLINE_MS = 1000
    generation = work()

    assert (generation.rag_state, generation.retrieval["error"]) == ("unavailable", "timeout")
    assert silent.asked is not None
    assert silent.asked.cancelled()


def test_shutdown_gives_everything_back(work: Work) -> None:
    once_stored(0, lambda: providers.leases.interrupt_all(Interruption.SHUTDOWN))
    try:
        with pytest.raises(GivenBack):
            work({1: NEVER, 2: NEVER, 3: NEVER, 4: NEVER})
    finally:
        providers.leases.interrupt_all(Interruption.CANCELLED)
    generation = Generation.objects.get()
    assert (generation.state, generation.claims, generation.lease_token) == ("queued", 0, None)


def test_a_job_that_breaks_is_tried_later_and_counted(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "_requests", lambda plan, found: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        work()
    generation = Generation.objects.get()
    assert (generation.state, generation.claims) == ("queued", 1)
    assert generation.available_at > generation.created_at


def test_delivered_twice(work: Work) -> None:
    generation = work()
    again = work(generation=generation)
    assert again.fake_writer.asked == []  # type: ignore[attr-defined]
    assert told(again) == ["ai_prompt_submitted", "ai_content_generated"]


def test_a_second_worker_goes_on_where_the_first_died(work: Work) -> None:
    generation = work({2: "wait:60"})
    Generation.objects.update(available_at=generation.created_at)
    ProviderState.objects.all().delete()
    providers.model_breaker._known = type(providers.model_breaker._known)()
    again = work(generation=generation)

    assert again.fake_writer.asked == [2]  # type: ignore[attr-defined]
    assert again.state == "succeeded"


def test_offline(work: Work, settings: Any) -> None:
    settings.OPENAI_BASE_URL = ""
    generation = work()
    assert generation.writer == WriterKind.OFFLINE
    assert {variant.generation_source for variant in generation.variants.all()} == {"template"}


def test_an_open_breaker_does_not_keep_itself_open(work: Work) -> None:
    until = timezone.now() + timedelta(seconds=20)
    ProviderState.objects.create(name="model", failures=3, open_until=until, reason="provider_config")
    generation = work()
    state = ProviderState.objects.get(name="model")

    assert generation.fake_writer.asked == []  # type: ignore[attr-defined]
    assert (state.failures, state.open_until) == (3, until)


def test_retrying_after_a_fallback_never_takes_the_standard_outline_away(work: Work) -> None:
    several = dict.fromkeys((1, 2, 3, 4), FailureCode.PROVIDER_TIMEOUT)
    generation = work(several)
    generation_retry(generation=generation)
    again = work(several, generation)

    assert (again.state, again.mode) == ("succeeded", "legacy_fallback")
    assert states(again)[0] == "ready"


def test_retrying_after_a_switch_off_looks_for_material_again(work: Work) -> None:
    generation = work(dict.fromkeys(range(5), FailureCode.REFUSED))
    Generation.objects.update(retrieval={**generation.retrieval, "state": "disabled", "sources": []})
    generation_retry(generation=generation)
    assert work(generation=generation).rag_state == "ok"


def test_what_is_done_when_the_interruption_comes_is_kept(work: Work) -> None:
    once_stored(3, lambda: providers.leases.interrupt_all(Interruption.SHUTDOWN))
    try:
        with pytest.raises(GivenBack):
            work({4: NEVER})
    finally:
        providers.leases.interrupt_all(Interruption.CANCELLED)
    assert states(Generation.objects.get()) == {1: "ready", 2: "ready", 3: "ready"}
