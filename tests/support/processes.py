"""The whole product in real processes, for tests that need it:

own database, own Redis, web, workers, tick (a hasty one reaps every second), fake provider.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import requests

from config.local_process import free_port, wait_until
from config.local_redis import binary as redis_binary
from config.programs import Program, tick, web, worker
from tests.fakes.process import ProviderProcess
from tests.support import stack_databases

ROOT = Path(__file__).resolve().parents[2]
HASTY_TICK = (sys.executable, "-m", "tests.support.hasty_tick")
PASSWORD = "session-builder-demo"
TOKEN = """
INSERT INTO sessions_builder_apitoken (id, user_id, name, digest, prefix, scopes)
SELECT %s, id, 'tests', %s, %s, %s FROM auth_user WHERE username = %s
"""
READY_SECONDS = 120.0
REMEMBERED_SECONDS = 1.1
"""A little longer than a process goes by what it last read of the provider's state (jobs/provider_state.py)."""

FLAGS_KNOWN_SECONDS = 1.0
"""A little longer than a process goes by what it last read of the flags (featureflags/snapshot.py)."""


@dataclass
class RedisProcess:
    """A Redis on a fixed port of its own that tests may close, freeze and empty."""

    directory: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = [redis_binary(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with (self.directory / "redis.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        assert wait_until(self._answers, seconds=10), "Redis did not start"

    def close(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait(10)

    def freeze(self) -> None:
        """Accept connections and never answer."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def command(self, *words: str) -> str:
        line = " ".join(words) + "\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
            connection.sendall(line.encode())
            return connection.recv(1000).decode()

    def _answers(self) -> bool:
        try:
            return self.command("PING").startswith("+PONG")
        except OSError:
            return False


class Stack:
    """Context manager: everything running. `url` is the web server's; `sql()` looks into the database."""

    def __init__(
        self,
        *,
        workers: int = 1,
        offline: bool = False,
        hasty: bool = False,
        environment: Mapping[str, str] | None = None,
        **changes: str,
    ) -> None:
        self._wanted_workers = workers
        self._tick = replace(tick(), command=HASTY_TICK) if hasty else tick()
        self._offline = offline
        self._changes = {**(environment or {}), **changes}
        self._exit = ExitStack()
        self.programs: dict[str, subprocess.Popen[bytes]] = {}
        self._tokens: dict[tuple[str, ...], str] = {}

    def __enter__(self) -> Stack:
        try:
            self._start()
        except BaseException:
            self._exit.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._exit.close()

    def _start(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="session-builder-stack-"))
        self.directory.chmod(0o755)
        self._exit.callback(shutil.rmtree, self.directory, ignore_errors=True)
        self.database_url = self._exit.enter_context(stack_databases.new())
        self.redis = RedisProcess(self.directory)
        self.redis.start()
        self._exit.callback(self.redis.close)
        self.provider = self._exit.enter_context(ProviderProcess())
        self.environment = self._environment()
        self._exit.callback(self._stop_all)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start(web(self.port))
        for number in range(1, self._wanted_workers + 1):
            self.start(worker(number))
        self.start(self._tick)
        assert wait_until(self._ready, seconds=READY_SECONDS), f"not ready; see {self.logs()}"

    def _environment(self) -> dict[str, str]:
        model = (
            {}
            if self._offline
            else {"OPENAI_BASE_URL": self.provider.model_url, "OPENAI_API_KEY": "sk-test-key-0123456789"}
        )
        return {
            **os.environ,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis.url,
            "RAG_API_URL": self.provider.url,
            "METRICS_DIR": str(self.directory / "metrics"),
            "WORKER_GRACE_SECONDS": "2",
            "PYTHONUNBUFFERED": "1",
            **model,
            **self._changes,
        }

    def start(self, program: Program) -> subprocess.Popen[bytes]:
        """Start a program of ours under its name."""
        environment = {**self.environment, **program.environment}
        with (self.directory / f"{program.name}.log").open("ab") as log:
            process = subprocess.Popen(
                program.command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self.programs[program.name] = process
        return process

    def start_worker(self, number: int = 1) -> None:
        self.start(worker(number))

    def kill(self, name: str) -> None:
        """SIGKILL, as a machine that loses power."""
        self.programs[name].kill()
        self.programs.pop(name).wait(10)

    def signal(self, name: str, number: int) -> None:
        self.programs[name].send_signal(number)

    def stop(self, name: str, *, seconds: float = 30) -> int:
        """SIGTERM, and the exit code once it ended."""
        process = self.programs.pop(name)
        process.terminate()
        return process.wait(seconds)

    def _stop_all(self) -> None:
        for process in self.programs.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self.programs.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)

    def manage(self, *arguments: str) -> str:
        """Run a management command and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def token(self, username: str = "author", *scopes: str) -> str:
        """An API token of a demo account, the same one each time it is asked for; a row costs less than a process."""
        whose = (username, *scopes)
        if whose not in self._tokens:
            secret = f"sb_{secrets.token_urlsafe(32)}"
            digest = hashlib.sha256(secret.encode()).hexdigest()
            self.sql(TOKEN, uuid4(), digest, secret[:12], list(scopes), username)
            self._tokens[whose] = secret
        return self._tokens[whose]

    def set_flag(self, key: str, *, enabled: bool) -> None:
        """Switch a flag, without an audit, and wait until no process goes by what it knew before."""
        self.sql("UPDATE featureflags_flag SET enabled = %s WHERE key = %s", enabled, key)
        self.sql(
            "UPDATE featureflags_flagversion"
            " SET version = version + 1, token = gen_random_uuid(), changed_at = clock_timestamp()"
        )
        time.sleep(FLAGS_KNOWN_SECONDS)

    def forget_provider_trouble(self) -> None:
        """Close breakers that a test opened, and wait until no process remembers them."""
        if self.sql("DELETE FROM sessions_builder_providerstate RETURNING 1"):
            time.sleep(REMEMBERED_SECONDS)

    def sql(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows of a statement run in the stack's database."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    def logs(self) -> str:
        """The last lines of every program's log."""
        parts = [
            f"--- {path.name}\n{path.read_text(errors='replace')[-3000:]}" for path in self.directory.glob("*.log")
        ]
        return "\n".join(parts)

    def _ready(self) -> bool:
        try:
            web_is_up = requests.get(f"{self.url}/api/health/live", timeout=2).ok
        except requests.RequestException:
            return False
        wanted = self._wanted_workers
        beating = self.sql("SELECT count(*) FROM sessions_builder_processheartbeat WHERE kind = 'worker'")[0][0]
        return web_is_up and beating >= wanted


class ApiClient:
    """A frontend developer's few lines around the API."""

    def __init__(self, stack: Stack, username: str = "author") -> None:
        self.stack = stack
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {stack.token(username)}"

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(method, f"{self.stack.url}/api/{path}", timeout=30, **options)

    def submit(self, changes: Mapping[str, Any] | None = None, **headers: str) -> str:
        """Submit a brief and return the generation's id."""
        answer = self.request("POST", "generations", json={**BRIEF, **(changes or {})}, headers=headers)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    def generation(self, identity: str) -> dict[str, Any]:
        answer = self.request("GET", f"generations/{identity}")
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def until(
        self, identity: str, condition: Callable[[dict[str, Any]], bool], *, seconds: float = 60
    ) -> dict[str, Any]:
        """Poll until the condition holds; the last answer is in the failure."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            body = self.generation(identity)
            if condition(body):
                return body
            time.sleep(0.1)
        raise AssertionError(f"{body['state']} {body['progress']}\n{self.stack.logs()}")

    def ended(self, identity: str, *, seconds: float = 60) -> dict[str, Any]:
        return self.until(identity, lambda body: body["state"] in TERMINAL, seconds=seconds)


TERMINAL = ("succeeded", "partial", "failed", "cancelled")
BRIEF: dict[str, Any] = {
    "category": "Prospecting",
    "sessionType": "workshop",
    "desiredOutcome": "Book five qualified appointments a week with a short phone script",
    "currentProblem": "New advisors avoid calling and lose confidence after objections",
    "specificTopics": ["call opening", "objection handling"],
    "durationMinutes": 90,
}
