"""The programs Session Builder consists of, as commands: what `make run`, tests and benchmarks start."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from config import settings

WEB_GRACE_SECONDS = 20
STARTUP_ALLOWANCE_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Program:
    """One process to start; `grace` is how many seconds it may take to end after SIGTERM."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    grace: float = 10


def web(port: int, *, host: str = "127.0.0.1", threads: int = 8) -> Program:
    """Return the web server: one process, for two are slower on two cores than one with eight threads.

    gunicorn, because it leaves the body of an answer that fails half-way unterminated, so that a client sees it.
    """
    return Program(
        "web",
        (
            *(sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"{host}:{port}"),
            *("--worker-class", "gthread", "--workers", "1", "--threads", str(threads), "--backlog", "2048"),
            *("--keep-alive", "75", "--timeout", "60", "--graceful-timeout", str(WEB_GRACE_SECONDS)),
            *("--log-level", "warning", "--no-control-socket"),
        ),
        {"PROCESS_ROLE": "web"},
        grace=WEB_GRACE_SECONDS + STARTUP_ALLOWANCE_SECONDS,
    )


def worker(number: int, *, concurrency: int = settings.WORKER_CONCURRENCY) -> Program:
    """Return one worker process; it ends when its generations are done or given back."""
    return Program(
        f"worker{number}",
        (
            *(sys.executable, "-m", "celery", "--quiet", "--app", "config", "worker", "--pool", "threads"),
            *("--concurrency", str(concurrency), "--queues", "generation,maintenance"),
            *("--hostname", f"worker{number}@%h", "--loglevel", "WARNING"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ),
        {
            "PROCESS_ROLE": "worker",
            # Containers run as root, and json messages, the only ones accepted, cannot carry code.
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
            # Web and `manage.py check` run them; here they would load every view and its address.
            "CELERY_SKIP_CHECKS": "1",
        },
        grace=settings.WORKER_GRACE_SECONDS + STARTUP_ALLOWANCE_SECONDS,
    )


def tick() -> Program:
    """Return the process that runs recurring duties: reaper, ramps, alerts, rollups, retention."""
    return Program("tick", (sys.executable, "manage.py", "tick", "--loop"), {"PROCESS_ROLE": "tick"})
