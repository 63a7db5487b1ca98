"""`make run`: servers, migrations, seeds, then web, two workers and tick, until Ctrl-C."""

import http.client
import io
import os
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config import metrics, programs, settings
from config.supervisor import Supervisor

HOST = "127.0.0.1"
WORKERS = 2
READY_SECONDS = 60.0
SEEDS = ("seed_reference", "seed_knowledge")
ACCOUNTS = "author, author2, product, analyst, operator, admin"


def main() -> int:
    """Run everything until SIGINT, SIGTERM or SIGHUP; return the exit status."""
    begun = time.monotonic()
    require_free_port(settings.PORT)
    metrics.forget(Path(settings.METRICS_DIR))
    supervisor = Supervisor(
        stages=[
            [programs.web(settings.PORT, host=HOST)],
            [programs.tick()],
            [programs.worker(number) for number in range(1, WORKERS + 1)],
        ]
    )

    def request_stop(_signal: int, _frame: FrameType | None) -> None:
        supervisor.stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, request_stop)
    try:
        trouble = run(supervisor, begun)
    finally:
        supervisor.stop()
        release_servers(supervisor)
    if trouble:
        sys.stderr.write(f"{trouble}\n")
    return 1 if trouble else 0


def run(supervisor: Supervisor, begun: float) -> str | None:
    """Prepare, start and watch; return a sentence if something does not stay up."""
    supervisor.say("Preparing the database")
    migrate()
    supervisor.start()
    seed(supervisor)
    if wait_for_web(supervisor):
        announce(supervisor, time.monotonic() - begun)
    return supervisor.watch()


def require_free_port(port: int) -> None:
    """End with one sentence if something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise SystemExit(f"Port {port} cannot be used ({error.strerror}): try PORT={port + 1} make run.") from None


def migrate() -> None:
    """Bring the database up to date; looking costs much less than the command where nothing is to do."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    if not settings.DEBUG:
        call_command("collectstatic", verbosity=0, interactive=False)


def seed(supervisor: Supervisor) -> None:
    """Fill in reference data, the knowledge base and, in development, the demo accounts; what is there stays."""
    for name in SEEDS if not settings.DEBUG else (*SEEDS, "seed_demo"):
        output = io.StringIO()
        call_command(name, stdout=output)
        for line in output.getvalue().splitlines():
            supervisor.say(line)
    connection.close()


def wait_for_web(supervisor: Supervisor) -> bool:
    """Return True once the web server answers a request, False if we are to stop or it takes too long."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and not supervisor.stopping.is_set():
        if answers(settings.PORT):
            return True
        time.sleep(0.1)
    return False


def answers(port: int) -> bool:
    """Return whether an HTTP server answers there, whatever it says."""
    request = http.client.HTTPConnection(HOST, port, timeout=READY_SECONDS)
    try:
        request.request("GET", "/api/health/live")
        request.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        request.close()
    return True


def announce(supervisor: Supervisor, seconds: float) -> None:
    """Print where to go and how to log in."""
    supervisor.say(f"Ready after {seconds:.1f} s: http://{HOST}:{settings.PORT}/  (staff: /admin/, API: /api/docs/)")
    if settings.DEBUG:
        supervisor.say(f"Log in as {ACCOUNTS} with the password {settings.DEMO_PASSWORD}")
    supervisor.say(f"Ctrl-C stops everything, and so does: kill {os.getpid()}")


def release_servers(supervisor: Supervisor) -> None:
    """Stop the embedded servers, Redis before PostgreSQL, unless another process uses them."""
    if settings.EMBEDDED is None:
        return
    connection.close()
    if settings.EMBEDDED.release():
        supervisor.say("Stopped Redis and PostgreSQL")
    else:
        supervisor.say("Redis and PostgreSQL stay up for another command that uses them")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    sys.exit(main())
