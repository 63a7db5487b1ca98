"""A CSV of every event over HTTP beside psql's copy of the same rows, round by round; and what it costs the server."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable
from threading import Event, Thread

import psutil

from analytics.datasets import EVENTS
from config.postgres_home import find_home
from tests.support.processes import ApiClient, Stack

RUNNING = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'COPY (SELECT%%'"


def measure(stack: Stack, api: ApiClient, rounds: int) -> None:
    """Print rows per second of both, their ratio, time to the first byte, memory, and how fast a query ends."""
    rows = int(stack.sql("SELECT count(*) FROM analytics_event")[0][0])
    token = str(api.session.headers["Authorization"])
    first_bytes: list[float] = []
    web = psutil.Process(stack.programs["web"].pid)
    _over_http(stack, token, [])
    with Watched(web) as watched:
        pairs = [(_over_http(stack, token, first_bytes), _by_psql(stack)) for _ in range(rounds)]
    ours, psql = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(
        f"export of {rows} rows: {rows / ours:,.0f} rows/s over HTTP, {rows / psql:,.0f} by psql, "
        f"ratio {statistics.median(theirs / mine for mine, theirs in pairs):.2f}, "
        f"first byte {statistics.median(first_bytes) * 1000:.0f} ms, memory +{watched.grown_mb:.1f} MB, "
        f"query ended {_seconds_after_leaving(stack, token) * 1000:.0f} ms after the client left",
        flush=True,
    )


class Watched:
    """Context manager: how much the web server's largest process grew meanwhile."""

    def __init__(self, process: psutil.Process) -> None:
        self._processes = [process, *process.children(recursive=True)]
        self._over = Event()
        self._thread = Thread(target=self._look)
        self.grown_mb = 0.0

    def __enter__(self) -> Watched:
        self._before = self._largest()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.05):
            self.grown_mb = max(self.grown_mb, (self._largest() - self._before) / 1e6)

    def _largest(self) -> int:
        return max(int(process.memory_info().rss) for process in self._processes)


def _timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _curl(stack: Stack, token: str, *options: str) -> subprocess.CompletedProcess[str]:
    address = f"{stack.url}/api/analytics/export?format=csv"
    command = ["curl", "-sS", "-o", "/dev/null", "-w", "%{time_starttransfer}", "-H", f"Authorization: {token}"]
    return subprocess.run([*command, *options, address], capture_output=True, text=True, check=False)


def _over_http(stack: Stack, token: str, first_bytes: list[float]) -> float:
    def run() -> None:
        done = _curl(stack, token)
        assert done.returncode == 0, done.stderr
        first_bytes.append(float(done.stdout))

    return _timed(run)


def _by_psql(stack: Stack) -> float:
    r"""Seconds of `\copy` of the same columns of the same rows, as PostgreSQL writes them by itself."""
    columns = ", ".join(column.sql for column in EVENTS.columns)
    statement = rf"\copy (SELECT {columns} FROM analytics_event) TO '/dev/null' WITH (FORMAT csv, HEADER)"
    psql = find_home(stack.directory).programs / "psql"
    return _timed(
        lambda: subprocess.run([str(psql), "-q", stack.database_url, "-c", statement], check=True, capture_output=True)
    )


def _seconds_after_leaving(stack: Stack, token: str) -> float:
    """How long the query goes on after a client has gone in the middle of a file."""
    left = _curl(stack, token, "--max-time", "1", "--limit-rate", "2M")
    assert left.returncode == 28, left.stderr  # the client's own time was over
    return _timed(lambda: _until_none(stack))


def _until_none(stack: Stack) -> None:
    while int(stack.sql(RUNNING)[0][0]):
        time.sleep(0.01)
