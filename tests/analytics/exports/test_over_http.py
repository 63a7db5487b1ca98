"""What a client sees of an export that breaks, and the database of a client that leaves: over HTTP, from gunicorn."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from django.contrib.auth.models import User
from django.db import connection

from analytics.models import Export
from config.local_process import free_port, wait_until
from config.programs import web
from sessions_builder.services.tokens import token_create
from tests.support.processes import ROOT

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 60_000
FILL = """
INSERT INTO analytics_event (event_type, occurred_at, metadata)
SELECT 'x', timestamptz '2026-03-01 00:00Z' + n * interval '1 second', jsonb_build_object('filler', repeat('x', 400))
FROM generate_series(1, %s) AS n
"""
COPYING = """
SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE 'COPY (SELECT%%'
"""  # an idle connection still shows its last query


@dataclass(frozen=True)
class Server:
    """A web server on the test's database with more events than fit into any buffer, and an analyst's token."""

    url: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture
def server(analyst: User, tmp_path: Path) -> Iterator[Server]:
    with connection.cursor() as cursor:
        cursor.execute(FILL, [ROWS])
    database = connection.settings_dict
    address = f"postgresql://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    program = web(free_port())
    url = f"http://{program.command[program.command.index('--bind') + 1]}"
    environment = {**os.environ, **program.environment, "DATABASE_URL": f"{address}/{database['NAME']}"}
    with (tmp_path / "web.log").open("wb") as log:
        process = subprocess.Popen(program.command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        assert wait_until(lambda: _answers(url), seconds=60), (tmp_path / "web.log").read_text()
        yield Server(url, token_create(user=analyst).secret)
    finally:
        process.terminate()
        process.wait(30)


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/api/health/live", timeout=2).ok
    except requests.RequestException:
        return False


def copying() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(COPYING)
        return [pid for (pid,) in cursor.fetchall()]


def break_off() -> None:
    """Cut the database connection under an export that is being read."""
    assert wait_until(lambda: bool(copying()), seconds=20)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [copying()[0]])


def slowly(server: Server, form: str, target: Path) -> subprocess.Popen[str]:
    command = ["curl", "-sS", "--limit-rate", "1M", "-o", str(target), "-H", f"Authorization: Bearer {server.token}"]
    address = f"{server.url}/api/analytics/export?format={form}"
    return subprocess.Popen([*command, address], stderr=subprocess.PIPE, text=True)


def ended(state: str) -> Callable[[], bool]:
    return lambda: Export.objects.filter(state=state).exists()


def test_it_works(server: Server, tmp_path: Path) -> None:
    """Whole, broken off under curl, broken off under requests, left by the client: one server shows all four."""
    answer = requests.get(f"{server.url}/api/analytics/export", headers=server.headers, timeout=60)
    assert answer.content.count(b"\r\n") == ROWS + 1
    assert wait_until(ended("finished"), seconds=10)

    curl = slowly(server, "csv", tmp_path / "broken.csv")
    break_off()
    _, said = curl.communicate(timeout=60)
    assert curl.returncode == 18, said
    assert 0 < (tmp_path / "broken.csv").stat().st_size < len(answer.content)

    with requests.get(
        f"{server.url}/api/analytics/export?format=json", headers=server.headers, stream=True, timeout=60
    ) as reading:
        chunks = reading.iter_content(16_384)
        assert next(chunks)
        break_off()
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            list(chunks)
    assert wait_until(lambda: Export.objects.filter(state="broken").count() == 2, seconds=20)

    curl = slowly(server, "ndjson", tmp_path / "left.ndjson")
    assert wait_until(lambda: bool(copying()), seconds=20)
    curl.kill()
    curl.communicate()
    left_at = time.monotonic()
    assert wait_until(lambda: not copying(), seconds=20), time.monotonic() - left_at
    assert wait_until(ended("abandoned"), seconds=10)
    assert set(Export.objects.exclude(state="finished").values_list("sha256", flat=True)) == {""}
