"""Workers killed, frozen and stopped, Redis emptied, closed and frozen:

nothing is lost, nothing stored is bought twice.
"""

import signal
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from config.local_process import wait_until
from tests.support.processes import ApiClient, Stack

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240)]

BRIEFLY_SECONDS = 15.0
"""Far from the half minute after which a client gives up."""


def bought(stack: Stack, generation: str) -> Counter[int]:
    """How often each variant's call was answered and stored."""
    rows = stack.sql("SELECT variant FROM analytics_aiinteraction WHERE generation_id = %s", generation)
    return Counter(variant for (variant,) in rows)


def expire_lease(stack: Stack, generation: str) -> None:
    """What 45 seconds would do."""
    stack.sql(
        "UPDATE sessions_builder_generation SET lease_until = now() - interval '1 second' WHERE id = %s", generation
    )


def wake_again(stack: Stack, generation: str) -> None:
    """What the ten seconds would do after which workers are woken again for what nobody took."""
    stack.sql(
        "UPDATE sessions_builder_generation SET published_at = published_at - interval '10 seconds' WHERE id = %s",
        generation,
    )


def is_complete(body: dict[str, Any]) -> bool:
    return body["state"] == "succeeded" and [variant["state"] for variant in body["variants"]] == ["ready"] * 4


def test_it_works(api: ApiClient, stack: Stack) -> None:
    body = api.ended(api.submit())
    assert is_complete(body)
    assert bought(stack, body["id"]) == {1: 1, 2: 1, 3: 1, 4: 1}


def test_worker_killed_after_two_variants(api: ApiClient, stack: Stack) -> None:
    stack.provider.hold(3, 4)
    generation = api.submit()
    api.until(generation, lambda body: [v["state"] for v in body["variants"]].count("ready") == 2)
    stack.kill("worker1")
    stack.provider.reset()
    expire_lease(stack, generation)
    stack.start_worker()
    body = api.ended(generation, seconds=90)

    assert is_complete(body)
    assert bought(stack, generation) == {1: 1, 2: 1, 3: 1, 4: 1}
    assert sorted(call["variant"] for call in stack.provider.calls("model")) == [3, 4]


def test_frozen_past_its_lease_the_zombie_writes_nothing(api: ApiClient, stack: Stack) -> None:
    stack.provider.latency(model=1500)
    generation = api.submit()
    api.until(generation, lambda body: body["state"] == "generating")
    stack.signal("worker1", signal.SIGSTOP)
    expire_lease(stack, generation)
    stack.start_worker(2)
    try:
        body = api.ended(generation, seconds=90)
    finally:
        stack.signal("worker1", signal.SIGCONT)
    zombie = stack.directory / "worker1.log"
    assert wait_until(lambda: "left to another worker" in zombie.read_text(), seconds=60), zombie.read_text()

    assert is_complete(body)
    assert bought(stack, generation) == {1: 1, 2: 1, 3: 1, 4: 1}
    assert api.generation(generation) == body
    stack.stop("worker2")


def test_stopped_with_work_in_flight(api: ApiClient, stack: Stack) -> None:
    stack.provider.hold(1, 2, 3, 4)
    generation = api.submit()
    api.until(generation, lambda body: body["state"] == "generating")
    started = time.monotonic()
    assert stack.stop("worker1", seconds=60) == 0
    assert time.monotonic() - started < 25, "it waits for its writers, who may take 30 s"
    state, claims = stack.sql("SELECT state, claims FROM sessions_builder_generation WHERE id = %s", generation)[0]
    assert (state, claims) == ("queued", 0)
    ((ended,),) = stack.sql(
        "SELECT ended_at IS NOT NULL FROM sessions_builder_processheartbeat WHERE kind = 'worker'"
        " ORDER BY seen_at DESC LIMIT 1"
    )
    assert ended, "nobody has to look for it"
    stack.provider.reset()
    stack.start_worker()

    assert is_complete(api.ended(generation, seconds=60))


def test_redis_emptied_while_queued(api: ApiClient, stack: Stack) -> None:
    stack.stop("worker1")
    generation = api.submit()
    stack.redis.command("FLUSHALL")
    wake_again(stack, generation)
    stack.start_worker()

    assert is_complete(api.ended(generation, seconds=60))


def test_redis_closed_during_the_post(api: ApiClient, stack: Stack) -> None:
    stack.redis.close()
    started = time.monotonic()
    generation = api.submit()
    assert time.monotonic() - started < BRIEFLY_SECONDS
    stack.redis.start()
    wake_again(stack, generation)

    assert is_complete(api.ended(generation, seconds=90))


def test_redis_silent_during_the_post(api: ApiClient, stack: Stack) -> None:
    stack.redis.freeze()
    try:
        started = time.monotonic()
        generation = api.submit()
        assert time.monotonic() - started < BRIEFLY_SECONDS
    finally:
        stack.redis.thaw()
    wake_again(stack, generation)

    assert is_complete(api.ended(generation, seconds=90))


def test_database_connections_killed_while_writing(api: ApiClient, stack: Stack) -> None:
    stack.provider.latency(model=1500)
    generation = api.submit()
    api.until(generation, lambda body: body["state"] == "generating")
    stack.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    body = api.ended(generation, seconds=90)

    assert is_complete(body)
    assert max(bought(stack, generation).values()) == 1


def test_unknown_and_repeated_messages_do_no_harm(api: ApiClient, stack: Stack) -> None:
    body = api.ended(api.submit())
    identities = [body["id"], body["id"], "00000000-0000-0000-0000-000000000000"]
    stack.manage(
        "shell",
        "-c",
        f"from sessions_builder.clients.doorbell import doorbell\nfor one in {identities}: doorbell.ring(one)",
    )
    assert is_complete(api.ended(api.submit()))
    assert bought(stack, body["id"]) == {1: 1, 2: 1, 3: 1, 4: 1}


def test_a_section_is_proposed_although_its_worker_dies(api: ApiClient, stack: Stack) -> None:
    sections = [{"type": "exercise", "title": "Calls", "minutes": 60}]
    start = {"title": "Calls", "category": "Prospecting", "sessionType": "workshop", "outline": {"sections": sections}}
    session = api.request("POST", "sessions", json=start).json()
    path = f"sessions/{session['id']}"
    stack.provider.hold(0)
    asked = api.request("POST", f"{path}/sections/{session['outline']['sections'][0]['id']}/regenerate", json={})
    proposal = f"{path}/proposals/{asked.json()['proposalId']}"
    until(lambda: api.request("GET", proposal).json()["state"] == "writing" and stack.provider.calls("model") != [])
    stack.kill("worker1")
    stack.provider.reset()
    stack.sql("UPDATE sessions_builder_sectionproposal SET lease_until = now() - interval '1 second'")
    stack.start_worker()
    until(lambda: api.request("GET", proposal).json()["state"] == "ready")

    after = api.request("POST", f"{proposal}/accept", json={"version": 1}).json()
    assert after["outline"]["sections"][0]["minutes"] == 60
    assert after["outline"]["sections"][0]["steps"]
    assert len(stack.provider.calls("model")) == 1
    bought_for = "SELECT count(*) FROM analytics_aiinteraction WHERE purpose = 'section'"
    assert stack.sql(bought_for) == [(1,)]


def until(condition: Callable[[], bool]) -> None:
    assert wait_until(condition, seconds=60)
