"""How long generations take, one at a time and many at once, and what they cost, in the real product.

    python -m benchmarks.generations [--bursts 10,50,100,200] [--rounds 5] [--polled]

The fake provider answers RAG in 200 ms and a model call in 2,000 ms, so no generation can take less than 2.2 s.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psutil

from benchmarks.load import Clients
from tests.support.processes import BRIEF, Stack

RAG_MS, MODEL_MS = 200, 2000
FLOOR_SECONDS = (RAG_MS + MODEL_MS) / 1000
POLL_SECONDS = 0.5
MOST_CLIENTS = 32
LIMITS = {"GENERATION_MAX_UNFINISHED_PER_USER": "1000", "GENERATION_MAX_UNFINISHED": "5000"}


@dataclass(frozen=True, slots=True)
class Burst:
    """One burst: its size, seconds from the first POST to the last end, and CPU per generation in ms."""

    size: int
    seconds: float
    worker_cpu_ms: float
    web_cpu_ms: float
    worker_rss_mb: float
    connections: int
    succeeded: int


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bursts", default="1,10,50,100,200")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--polled", action="store_true", help="poll each generation over HTTP twice a second as well")
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.bursts.split(",")]
    with Stack(workers=2, environment=LIMITS) as stack:
        stack.provider.latency(model=MODEL_MS, rag=RAG_MS)
        authorization = f"Bearer {stack.token()}"
        _burst(stack, authorization, 20)
        print("at once", "seconds", "÷ 2.2 s", "worker ms", "web ms", "RSS MB", "connections", "succeeded", sep="\t")
        for size in sizes:
            rounds = [_burst(stack, authorization, size, polled=arguments.polled) for _ in range(arguments.rounds)]
            _print(rounds)


def _print(rounds: list[Burst]) -> None:
    middle = sorted(rounds, key=lambda burst: burst.seconds)[len(rounds) // 2]
    cpu = statistics.median(burst.worker_cpu_ms for burst in rounds)
    figures = (
        middle.size,
        f"{middle.seconds:.2f}",
        f"{middle.seconds / FLOOR_SECONDS:.3f}",
        f"{cpu:.1f}",
        f"{middle.web_cpu_ms:.1f}",
        f"{middle.worker_rss_mb:.0f}",
        max(burst.connections for burst in rounds),
        min(burst.succeeded for burst in rounds),
    )
    print(*figures, sep="\t", flush=True)


def _burst(stack: Stack, authorization: str, size: int, *, polled: bool = False) -> Burst:
    """Submit `size` generations at once, each with its own brief, and wait for all; `polled` as a client waits."""
    workers = [psutil.Process(stack.programs[name].pid) for name in ("worker1", "worker2")]
    web = _with_children(psutil.Process(stack.programs["web"].pid))
    before, before_web = _cpu(workers), _cpu(web)
    briefs = [_brief(number) for number in range(size)]
    with Clients(stack.port, authorization, count=min(size, MOST_CLIENTS)) as clients:
        stamp = time.time()
        identities = clients.each(lambda brief: str(clients.post("/api/generations", brief)["id"]), briefs)
        connections = 0
        known: dict[str, str] = {}
        while unfinished := _unfinished(stack):
            connections = max(connections, _connections(stack))
            time.sleep(POLL_SECONDS)
            if polled:
                clients.each(lambda identity: _poll(clients, identity, known), unfinished)
    last, succeeded = _ended(stack, identities)
    return Burst(
        size=size,
        seconds=last - stamp,
        worker_cpu_ms=(_cpu(workers) - before) * 1000 / size,
        web_cpu_ms=(_cpu(web) - before_web) * 1000 / size,
        worker_rss_mb=max(process.memory_info().rss for process in workers) / 1e6,
        connections=connections,
        succeeded=succeeded,
    )


def _brief(number: int) -> dict[str, Any]:
    outcome = f"Book {number} qualified appointments a week, starting at {time.time()}, with a short script"
    return {**BRIEF, "desiredOutcome": outcome}


def _poll(clients: Clients, identity: str, known: dict[str, str]) -> None:
    """Ask for a generation as a client does: only for what it does not know yet."""
    tags = {"If-None-Match": known[identity]} if identity in known else {}
    known[identity] = str(clients.get(f"/api/generations/{identity}", tags).headers["ETag"])


def _with_children(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _cpu(processes: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def _unfinished(stack: Stack) -> list[str]:
    return [str(row[0]) for row in stack.sql("SELECT id FROM sessions_builder_generation WHERE finished_at IS NULL")]


def _connections(stack: Stack) -> int:
    return int(stack.sql("SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()")[0][0])


def _ended(stack: Stack, identities: list[str]) -> tuple[float, int]:
    statement = (
        "SELECT max(finished_at), count(*) FILTER (WHERE state = 'succeeded') FROM sessions_builder_generation"
        " WHERE id = ANY(%s::uuid[])"
    )
    last, succeeded = stack.sql(statement, identities)[0]
    assert isinstance(last, datetime)
    return last.timestamp(), int(succeeded)


if __name__ == "__main__":
    main()
