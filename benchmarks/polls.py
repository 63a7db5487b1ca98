"""How many polls of a generation one web process answers a second, beside an empty view with the same authentication.

    python -m benchmarks.polls [--requests 4000] [--rounds 5]

Rounds of the three alternate: an empty view, a poll whose version has not changed (304), a poll that brings all.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace

from benchmarks.load import Clients
from config.local_process import free_port, wait_until
from config.programs import web
from tests.support.processes import ApiClient, Stack

CLIENTS = 8


def main() -> None:
    """Print requests a second of each, and the ratios to the empty view."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with ExitStack() as exits:
        stack = exits.enter_context(Stack(workers=1))
        api = ApiClient(stack)
        identity = api.submit()
        api.ended(identity)
        authorization = str(api.session.headers["Authorization"])
        ours = exits.enter_context(Clients(stack.port, authorization, count=CLIENTS))
        empty = exits.enter_context(Clients(_empty_site(stack, authorization), authorization, count=CLIENTS))
        address = f"/api/generations/{identity}"
        known = {"If-None-Match": str(ours.get(address).headers["ETag"])}
        rounds = [
            (
                _rate(empty, "/api/empty", {}, 200, arguments.requests),
                _rate(ours, address, known, 304, arguments.requests),
                _rate(ours, address, {}, 200, arguments.requests),
            )
            for _ in range(1 + arguments.rounds)
        ][1:]  # the first warms both
    nothing, unchanged, full = (statistics.median(rates) for rates in zip(*rounds, strict=True))
    print(
        f"polls a second: empty view {nothing:,.0f}, 304 {unchanged:,.0f}, full {full:,.0f};"
        f" ratios {statistics.median(each[1] / each[0] for each in rounds):.2f}"
        f" and {statistics.median(each[2] / each[0] for each in rounds):.2f}",
        flush=True,
    )


def _empty_site(stack: Stack, authorization: str) -> int:
    """The port of another web server beside the product's, the same but for its addresses."""
    port = free_port()
    program = web(port)
    command = tuple(part.replace("config.wsgi", "benchmarks.empty_site") for part in program.command)
    stack.start(replace(program, name="empty", command=command))

    def answers() -> bool:
        try:
            with Clients(port, authorization, count=1) as client:
                return client.get("/api/empty").status == 200
        except OSError:
            return False

    assert wait_until(answers, seconds=60), stack.logs()
    return port


def _rate(clients: Clients, address: str, headers: Mapping[str, str], status: int, requests: int) -> float:
    started = time.perf_counter()
    answers = clients.each(lambda _: clients.get(address, headers).status, range(requests))
    seconds = time.perf_counter() - started
    assert set(answers) == {status}, set(answers)
    return requests / seconds


if __name__ == "__main__":
    main()
