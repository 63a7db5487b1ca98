"""One section written anew: proposed by a model or the library, taken or left, never lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from structlog.testing import capture_logs

from analytics.models import AIInteraction
from featureflags.testing import override_flag
from sessions_builder import persistence, tracing
from sessions_builder.clients.llm import ModelWriter
from sessions_builder.errors import FailureCode, QueueFull
from sessions_builder.jobs import proposal as job
from sessions_builder.jobs import providers, recovery
from sessions_builder.jobs.claims import GivenBack
from sessions_builder.jobs.provider_state import MODEL, SharedBreaker
from sessions_builder.models import Generation, ProviderState, SectionProposal, TrainingSession
from sessions_builder.offline.activities import of_type
from sessions_builder.offline.writer import OfflineWriter
from sessions_builder.pipeline.types import SectionType, WriteRequest, Written
from sessions_builder.services.generations import generation_request
from sessions_builder.services.selections import variant_select
from tests.fakes.process import ProviderProcess
from tests.fakes.writers import NEVER, ScriptedWriter, call
from tests.sessions_builder.api.conftest import NOTES, RETRIEVAL, SOURCE, add_variant, defaults
from tests.sessions_builder.clients.asking import KEY, options
from tests.sessions_builder.engine.conftest import BRIEF
from tests.sessions_builder.sessions.conftest import OUTCOME, URL, Send, ids, made, section

Ask = Callable[..., SectionProposal]


@pytest.fixture(scope="module")
def provider() -> Iterator[ProviderProcess]:
    with ProviderProcess() as running:
        yield running


@pytest.fixture(autouse=True)
def with_a_model(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.OPENAI_BASE_URL = "http://127.0.0.1:1/v1"
    monkeypatch.setattr(providers, "writer", lambda _kind: ScriptedWriter())
    # One that knows nothing: for a second the process remembers a pause that an earlier test was asked to make.
    monkeypatch.setattr(providers, "model_breaker", SharedBreaker(MODEL))
    with override_flag("offline_composer", True):
        yield


@pytest.fixture
def author(author: User) -> User:
    """With rights of their own: tests with real transactions leave no group with any."""
    author.user_permissions.add(Permission.objects.get(codename="add_trainingsession"))
    return author


@pytest.fixture
def chosen(author: User) -> TrainingSession:
    """A session made from version 1 (weight 0.8), with notes and two sources of which the outline cites one."""
    other = {**SOURCE, "id": "S2", "docId": "e" * 32, "text": "Ask for the next call at once.", "excerpt": "Ask …"}
    notes = {**NOTES, "docId": "notes"}
    values = defaults(author)
    values["snapshot"]["brief"] = {**values["brief"], "desiredOutcome": OUTCOME, "tone": {"name": "Warm"}}
    generation = Generation.objects.create(
        **{
            **values,
            "state": "succeeded",
            "retrieval": {**RETRIEVAL, "sources": [notes, SOURCE, other]},
        },
        finished_at=timezone.now(),
    )
    add_variant(generation, 1)
    return variant_select(generation=generation, number=1)


@pytest.fixture
def ask(send: Send) -> Ask:
    """Return a function that asks for a section of a session anew, the second unless said otherwise."""

    def regenerate(session: TrainingSession, place: int = 1, **body: Any) -> SectionProposal:
        answer = send("POST", f"/{session.pk}/sections/{ids(session)[place]}/regenerate", body)
        assert answer.status_code == 202, answer.content
        return SectionProposal.objects.get(pk=answer.json()["proposalId"])

    return regenerate


def shown(send: Send, proposal: SectionProposal) -> Any:
    return send("GET", f"/{proposal.session_id}/proposals/{proposal.pk}")


def taken(send: Send, proposal: SectionProposal, version: int) -> Any:
    return send("POST", f"/{proposal.session_id}/proposals/{proposal.pk}/accept", {"version": version})


@pytest.mark.django_db(transaction=True)
def test_it_works_with_a_real_model_client(
    send: Send, ask: Ask, chosen: TrainingSession, provider: ProviderProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.reset()
    writer = ModelWriter(options(provider.model_url))
    monkeypatch.setattr(providers, "writer", lambda _kind: writer)
    proposal = ask(chosen, instruction="More practice, less talk")
    waiting = shown(send, proposal)
    assert (waiting.json()["state"], waiting["Retry-After"]) == ("queued", "1")

    job.run(proposal.pk)
    writer.close()

    ready = shown(send, proposal)
    body = ready.json()
    assert (body["state"], body["writer"], body["label"], body["error"]) == ("ready", "model", "AI", None)
    assert "Retry-After" not in ready
    assert body["before"] == chosen.outline["sections"][1]
    assert (body["section"]["minutes"], body["section"]["type"] in ("opener", "closing", "break")) == (65, False)
    assert {source["id"] for source in body["sources"]} == set(body["section"]["sourceIds"]) - {""}

    after = taken(send, proposal, 1).json()
    new = after["outline"]["sections"][1]
    assert (new["id"], new["title"], new["minutes"]) == (ids(chosen)[1], body["section"]["title"], 65)
    assert sum(step["minutes"] for step in new["steps"]) == 65
    assert set(new["sourceIds"]) <= {source["id"] for source in after["sources"]}
    assert send("GET", f"/{chosen.pk}/versions").json()["results"][0]["kind"] == "rewritten"
    assert taken(send, proposal, 1).json()["version"] == 2

    interaction = AIInteraction.objects.get()
    assert (interaction.purpose, interaction.variant, interaction.generation_id) == ("section", 1, chosen.generation_id)
    assert (interaction.category, interaction.prompt_version) == ("Prospecting", "section-1")
    for told in ("More practice, less talk", "write section 2 anew, exactly 65 minutes", "Closing", "<<<SOURCE S2"):
        assert told in interaction.prompt
    (call,) = provider.calls("model")
    assert call["response_format"] == "json_schema"


class Watcher(tracing.NoTracer):
    """Keeps the names of spans, whose they are and what they were told."""

    def __init__(self) -> None:
        self.spans: dict[str, dict[str, Any]] = {}
        self.parents: dict[str, str] = {}

    @contextmanager
    def span(self, name: str, kind: str, parent: str, attributes: dict[str, Any]) -> Iterator[tracing.Note]:
        self.spans[name], self.parents[name] = dict(attributes), parent
        yield self.spans[name].update

    def past(self, name: str, parent: str, began: datetime) -> None:
        self.parents[name] = parent

    def current(self) -> str:
        return "of the request"


@pytest.mark.django_db(transaction=True)
def test_a_worker_traces_it(ask: Ask, session: TrainingSession, monkeypatch: pytest.MonkeyPatch) -> None:
    watcher = Watcher()
    monkeypatch.setattr(tracing, "tracer", lambda: watcher)
    monkeypatch.setattr(providers, "writer", lambda _kind: ScriptedWriter({0: FailureCode.REFUSED}))
    proposal = ask(session)
    job.run(proposal.pk)
    assert watcher.spans["proposal"] == {
        "session_builder.proposal.id": str(proposal.pk),
        "session_builder.generation.claims": 1,
        "error.type": "refused",
    }
    assert {name: watcher.parents[name] for name in ("queue", "proposal")} == dict.fromkeys(
        ("queue", "proposal"), "of the request"
    )


@pytest.mark.django_db(transaction=True)
def test_a_refused_key_is_named_and_not_shown(
    send: Send, ask: Ask, session: TrainingSession, provider: ProviderProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.reset()
    provider.fault("model:401")
    writer = ModelWriter(options(provider.model_url))
    monkeypatch.setattr(providers, "writer", lambda _kind: writer)
    proposal = ask(session)
    job.run(proposal.pk)
    writer.close()
    error = shown(send, proposal).json()["error"]
    assert error["code"] == "provider_config"
    assert "Your section is unchanged. Take an activity from the library" in error["message"]
    assert ProviderState.objects.get(name="model").failures == 1
    assert KEY not in json.dumps(list(AIInteraction.objects.values()), default=str)


@pytest.mark.django_db(transaction=True)
def test_without_a_key_the_library_proposes_and_says_so(
    send: Send, ask: Ask, session: TrainingSession, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OPENAI_BASE_URL = ""
    monkeypatch.setattr(providers, "writer", lambda _kind: OfflineWriter())
    known = {activity.name for activity in of_type(SectionType.EXERCISE)}
    proposed = []
    for _ in range(3):
        proposal = ask(session, place=2)
        job.run(proposal.pk)
        body = shown(send, proposal).json()
        assert (body["state"], body["label"]) == ("ready", "From the activity library, no AI")
        proposed.append(body["section"]["activity"])
    assert len(set(proposed)) == 3
    assert set(proposed) <= known
    after = taken(send, proposal, 1).json()["outline"]["sections"][2]
    assert (after["activity"], after["minutes"]) == (proposed[-1], 35)
    assert after["objectives"] == session.outline["sections"][2]["objectives"]
    assert not AIInteraction.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("place", "kind"), [(0, "opener"), (3, "closing")])
def test_what_opens_and_closes_goes_on_doing_so(
    send: Send, ask: Ask, session: TrainingSession, monkeypatch: pytest.MonkeyPatch, place: int, kind: str
) -> None:
    monkeypatch.setattr(providers, "writer", lambda _kind: OfflineWriter())
    proposal = ask(session, place=place)
    job.run(proposal.pk)
    assert shown(send, proposal).json()["section"]["type"] == kind


def test_only_offered_sources_are_cited_and_come_along(send: Send, ask: Ask, chosen: TrainingSession) -> None:
    proposal = ask(chosen)
    assert [source["id"] for source in proposal.request["sources"]] == ["S1", "N1", "S2"]
    SectionProposal.objects.update(
        state="ready", section={**section("topic", 65, sourceIds=["S2"]), "mode": "", "activity": ""}
    )
    after = taken(send, proposal, 1).json()
    assert after["outline"]["sections"][1]["sourceIds"] == ["S2"]
    assert [source["id"] for source in after["sources"]] == ["S1", "S2"]
    assert "text" not in after["sources"][1]


def test_a_copy_is_rewritten_with_the_sources_it_has(send: Send, ask: Ask, chosen: TrainingSession) -> None:
    copy = TrainingSession.objects.get(pk=send("POST", f"/{chosen.pk}/duplicate").json()["id"])
    proposal = ask(copy)
    assert [source["id"] for source in proposal.request["sources"]] == ["S1"]
    (told,) = [one.content for one in job._request(proposal.request).messages if one.role == "user"]
    assert "Build the section on the sources" in told


@pytest.mark.parametrize(("cited", "offered"), [(["S1"], ["S1"]), ([], [])])
def test_without_a_weight_a_section_keeps_what_it_brought(
    ask: Ask, chosen: TrainingSession, cited: list[str], offered: list[str]
) -> None:
    chosen.variant_number = 4
    chosen.outline["sections"][1]["sourceIds"] = cited
    chosen.save()
    assert [source["id"] for source in ask(chosen).request["sources"]] == offered


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("code", "says"),
    [
        (FailureCode.REFUSED, "Ask for it in other words"),
        (FailureCode.MALFORMED_OUTPUT, "not a section"),
        (FailureCode.PROVIDER_TIMEOUT, "Try again"),
    ],
)
def test_failures_have_a_name_and_say_what_to_do(
    send: Send, ask: Ask, session: TrainingSession, monkeypatch: pytest.MonkeyPatch, code: FailureCode, says: str
) -> None:
    monkeypatch.setattr(providers, "writer", lambda _kind: ScriptedWriter({0: code}))
    proposal = ask(session)
    with capture_logs() as lines:
        job.run(proposal.pk)
    (ended,) = (line for line in lines if line["event"] == "Proposal ended")
    assert (ended["state"], ended["errorCode"], ended["log_level"]) == ("failed", code, "warning")
    body = shown(send, proposal).json()
    assert (body["state"], body["section"], body["error"]["code"]) == ("failed", None, code.value)
    assert says in body["error"]["message"]
    assert taken(send, proposal, 1).status_code == 409
    assert AIInteraction.objects.get().error_code == code.value


class Paid(ScriptedWriter):
    """Answers with the call it took, whatever became of it."""

    def start(self, request: WriteRequest, *, deadline: float, done: Callable[[Written], None]) -> Any:
        def paid(written: Written) -> None:
            done(replace(written, calls=(call(request.number, written.failure, request.purpose),)))

        return super().start(request, deadline=deadline, done=paid)


@pytest.mark.django_db(transaction=True)
def test_a_long_wait_puts_it_back_in_the_queue(
    ask: Ask, session: TrainingSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(providers, "writer", lambda _kind: Paid({0: "wait:60"}))
    proposal = ask(session)
    job.run(proposal.pk)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.claims, proposal.lease_token) == ("queued", 0, None)
    assert proposal.available_at > timezone.now() + timedelta(seconds=50)
    assert AIInteraction.objects.get().error_code == "provider_rate_limited"


@pytest.mark.django_db(transaction=True)
def test_a_shutdown_gives_it_back(ask: Ask, session: TrainingSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "writer", lambda _kind: ScriptedWriter({0: NEVER}))
    monkeypatch.setattr(providers.leases, "_stopping", True)
    proposal = ask(session)
    with pytest.raises(GivenBack):
        job.run(proposal.pk)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.claims) == ("queued", 0)


@pytest.mark.django_db(transaction=True)
def test_what_is_left_while_it_is_written_stays_left(
    send: Send, ask: Ask, session: TrainingSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = ask(session)
    path = f"/{session.pk}/proposals/{proposal.pk}/reject"

    class Impatient(ScriptedWriter):
        def start(self, *args: Any, **kwargs: Any) -> Any:
            assert send("POST", path).status_code == 204
            return super().start(*args, **kwargs)

    monkeypatch.setattr(providers, "writer", lambda _kind: Impatient())
    job.run(proposal.pk)
    assert (shown(send, proposal).json()["state"], shown(send, proposal).json()["section"]) == ("rejected", None)
    assert send("POST", path).status_code == 204
    job.run(proposal.pk)
    assert shown(send, proposal).json()["state"] == "rejected"


def test_a_lost_worker_is_noticed(ask: Ask, session: TrainingSession) -> None:
    proposal = ask(session)
    held = persistence.claim_proposal(proposal.pk, uuid4())
    assert held is not None
    assert persistence.claim_proposal(proposal.pk, uuid4()) is None
    assert persistence.extend_leases([held.token]) == {held.token}
    SectionProposal.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    recovery.reap()
    proposal.refresh_from_db()
    assert (proposal.state, proposal.claims, proposal.published_count) == ("queued", 1, 1)
    assert not persistence.release(persistence.PROPOSALS, held)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"claims": persistence.MAX_CLAIMS}, "worker_lost"), ({"expires_at": timedelta(seconds=-1)}, "expired")],
)
def test_what_nobody_can_finish_is_ended(
    send: Send, ask: Ask, session: TrainingSession, changes: dict[str, Any], code: str
) -> None:
    proposal = ask(session)
    moved = {n: timezone.now() + v if isinstance(v, timedelta) else v for n, v in changes.items()}
    SectionProposal.objects.update(**moved)
    recovery.reap()
    assert shown(send, proposal).json()["error"]["code"] == code
    assert ask(session).state == "queued"


def test_old_proposals_are_forgotten(ask: Ask, session: TrainingSession) -> None:
    ask(session)
    SectionProposal.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert recovery.forget_old_proposals() == 0
    SectionProposal.objects.update(state="rejected")
    assert recovery.forget_old_proposals() == 1


def test_a_reloaded_page_finds_what_is_not_decided(send: Send, ask: Ask, session: TrainingSession) -> None:
    left, ready, waiting = (ask(session, place=place) for place in (0, 1, 2))
    SectionProposal.objects.filter(pk=ready.pk).update(state="ready", section=section("topic", 30, sourceIds=[]))
    send("POST", f"/{session.pk}/proposals/{left.pk}/reject")
    found = send("GET", f"/{session.pk}/proposals").json()["results"]
    assert [(one["id"], one["state"]) for one in found] == [(str(waiting.pk), "queued"), (str(ready.pk), "ready")]


def test_what_cannot_be_asked(send: Send, ask: Ask, author: User, session: TrainingSession, settings: Any) -> None:
    first, second, third, _ = ids(session)
    path = f"/{session.pk}/sections"
    send("PATCH", f"{path}/{first}", {"version": 1, "locked": True})
    locked = send("POST", f"{path}/{first}/regenerate", {})
    assert (locked.status_code, "unlock it" in locked.json()["error"]["message"]) == (409, True)
    ask(session)
    assert send("POST", f"{path}/{second}/regenerate", {}).status_code == 409
    settings.GENERATION_MAX_UNFINISHED_PER_USER = 1
    limited = send("POST", f"{path}/{third}/regenerate", {})
    assert (limited.status_code, limited["Retry-After"]) == (429, "10")
    assert send("POST", f"{path}/none/regenerate", {}).status_code == 404
    published = made(author)
    send("POST", f"/{published.pk}/publish", {"version": 1})
    assert send("POST", f"/{published.pk}/sections/{ids(published)[0]}/regenerate", {}).status_code == 409


def test_a_users_limit_counts_what_keeps_a_worker_busy_and_the_limit_for_all_what_is_open(
    send: Send, ask: Ask, author: User, author2: User, session: TrainingSession, settings: Any
) -> None:
    path = f"/{session.pk}/sections/{ids(session)[2]}/regenerate"
    left = ask(session)
    assert persistence.claim_proposal(left.pk, uuid4())
    send("POST", f"/{session.pk}/proposals/{left.pk}/reject")
    settings.GENERATION_MAX_UNFINISHED_PER_USER = 1
    assert send("POST", path, {}).status_code == 429
    SectionProposal.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    Generation.objects.create(**defaults(author))
    settings.GENERATION_MAX_UNFINISHED = 1
    full = send("POST", path, {})
    assert (full.status_code, full.json()["error"]["code"], full["Retry-After"]) == (503, "queue_full", "10")
    settings.GENERATION_MAX_UNFINISHED = 2
    assert send("POST", path, {}).status_code == 202
    with pytest.raises(QueueFull):
        generation_request(owner=author2, brief=BRIEF)


def test_asking_again_leaves_what_waited(send: Send, ask: Ask, session: TrainingSession) -> None:
    first, other = ask(session), ask(session, place=2)
    SectionProposal.objects.update(state="ready", section=section("topic", 30, activity="", sourceIds=[]))
    again = ask(session)
    found = send("GET", f"/{session.pk}/proposals").json()["results"]
    assert {one["id"] for one in found} == {str(again.pk), str(other.pk)}
    assert taken(send, first, 1).status_code == 409


def test_a_list_of_proposals_reads_no_whole_request(send: Send, ask: Ask, session: TrainingSession) -> None:
    for place in range(3):
        ask(session, place=place)
    with CaptureQueriesContext(connection) as queries:
        found = send("GET", f"/{session.pk}/proposals").json()["results"]
    assert [one["before"]["id"] for one in found] == ids(session)[2::-1]
    read = [query["sql"] for query in queries if "sectionproposal" in query["sql"]]
    assert len(read) == 1
    assert '"sessions_builder_sectionproposal"."request",' not in read[0]


@pytest.mark.parametrize("body", [{"instruction": "x" * 501}, {"instruction": 5}, {"instruction": "\u0007"}, {"x": 1}])
def test_bad_instructions(send: Send, session: TrainingSession, body: Any) -> None:
    assert send("POST", f"/{session.pk}/sections/{ids(session)[1]}/regenerate", body).status_code == 400


def test_taking_checks_version_lock_and_place(send: Send, ask: Ask, session: TrainingSession) -> None:
    proposal = ask(session)
    SectionProposal.objects.update(state="ready", section=section("topic", 30, activity=""))
    place = f"/{session.pk}/sections/{ids(session)[1]}"
    send("PATCH", place, {"version": 1, "minutes": 20, "locked": True})
    assert taken(send, proposal, 1).json()["error"]["details"]["current"]["version"] == 2
    assert taken(send, proposal, 2).status_code == 409
    send("PATCH", place, {"version": 2, "locked": False})
    assert taken(send, proposal, 3).json()["outline"]["sections"][1]["minutes"] == 20
    assert send("POST", f"/{session.pk}/proposals/{proposal.pk}/reject").status_code == 409

    gone = ask(session, place=2)
    SectionProposal.objects.filter(pk=gone.pk).update(state="ready", section=section("topic", 30, activity=""))
    send("DELETE", f"/{session.pk}/sections/{ids(session)[2]}?version=4")
    assert taken(send, gone, 5).status_code == 404


def test_others_proposals_are_not_there(ask: Ask, session: TrainingSession, author2: User) -> None:
    proposal = ask(session)
    other = Client()
    other.force_login(author2, backend="django.contrib.auth.backends.ModelBackend")
    own = f"{URL}/{session.pk}/proposals/{proposal.pk}"
    json_body = {"content_type": "application/json"}
    assert other.get(own).status_code == 404
    assert other.get(f"{URL}/{session.pk}/proposals").status_code == 404
    assert other.post(f"{own}/reject").status_code == 404
    assert other.post(f"{own}/accept", {"version": 1}, **json_body).status_code == 404
    regenerate = f"{URL}/{session.pk}/sections/{ids(session)[1]}/regenerate"
    assert other.post(regenerate, {}, **json_body).status_code == 404
