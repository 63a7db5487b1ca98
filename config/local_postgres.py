"""A PostgreSQL server from a Python wheel, for one directory."""

import json
import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg

from config.local_process import EmbeddedServerError, free_port, last_line, run, wait_until
from config.postgres_home import PostgresHome, find_home

OWNER = "session_builder"
DATABASE = "session_builder"
START_SECONDS = 30
STOP_SECONDS = "15"
DURABLE = ("shared_buffers=128MB", "max_connections=120")
# Test data is thrown away, so nothing has to survive a crash of the machine.
THROW_AWAY = (*DURABLE, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum_naptime=10min")


@dataclass(slots=True)
class LocalPostgres:
    """The server whose data lies in `directory`/postgres. The data belongs to another user where we are root."""

    directory: Path
    durable: bool = True

    @property
    def home(self) -> PostgresHome:
        """Where the server lives."""
        return find_home(self.directory)

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.home.directory / "postgres"

    @property
    def state(self) -> Path:
        """The address of the server started last; readable by its owner only, for it holds the password."""
        return self.directory / "postgres.json"

    def start(self) -> None:
        """Start the server unless it answers already; `wait()` says when it is ready."""
        home = self.home
        password = self._password()
        if not (self.data / "PG_VERSION").exists():
            _create_cluster(home, self.data, password)
        if _server_lives(self.data / "postmaster.pid"):
            return
        port = free_port()
        self._remember(password, port)
        options = " ".join(f"-c {setting}" for setting in _settings(port, self.durable))
        command = [
            *(str(home.programs / "pg_ctl"), "start", "-D", str(self.data), "-o", options),
            *("-l", str(self.data / "server.log"), "-w", "-t", str(START_SECONDS)),
        ]
        # Where the last server was killed, its connections need a moment to notice, and until then none can start.
        if not wait_until(lambda: run(command, directory=self.data, account=home.account).returncode == 0, seconds=5):
            raise EmbeddedServerError(f"PostgreSQL did not start: see {self.data}/server.log, or set DATABASE_URL.")

    def wait(self) -> str:
        """Return the address once the server answers and holds our database; raise EmbeddedServerError."""
        if not wait_until(self.answers, seconds=START_SECONDS):
            raise EmbeddedServerError(f"PostgreSQL does not answer: see {self.data}/server.log, or set DATABASE_URL.")
        self._ensure_database()
        return self.url()

    def stop(self) -> None:
        """Stop the server fast: running statements are cancelled, committed data is kept."""
        home, lock = self.home, self.data / "postmaster.pid"
        if not _server_lives(lock):
            return
        command = [str(home.programs / "pg_ctl"), "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", STOP_SECONDS]
        run(command, directory=self.data, account=home.account)
        if _server_lives(lock):
            raise EmbeddedServerError(f"PostgreSQL did not stop: see {self.data}/server.log.")

    def answers(self) -> bool:
        """Return whether the server of this directory takes connections; our password proves that it is ours."""
        if not self.state.exists():
            return False
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def url(self, database: str = DATABASE) -> str:
        """Return the address of a database of this server."""
        known = json.loads(self.state.read_text())
        return f"postgresql://{OWNER}:{known['password']}@127.0.0.1:{known['port']}/{database}"

    def _password(self) -> str:
        if self.state.exists():
            return str(json.loads(self.state.read_text())["password"])
        return secrets.token_hex(16)

    def _remember(self, password: str, port: int) -> None:
        self.state.touch(mode=0o600)
        self.state.write_text(json.dumps({"password": password, "port": port}))

    def _ensure_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if found is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")


def _create_cluster(home: PostgresHome, data: Path, password: str) -> None:
    shutil.rmtree(data, ignore_errors=True)  # what an interrupted creation left
    data.mkdir(mode=0o700)
    secret = data.with_name("postgres.secret")
    secret.touch(mode=0o600)
    secret.write_text(password)
    if home.account:
        os.chown(data, home.account.pw_uid, home.account.pw_gid)
        os.chown(secret, home.account.pw_uid, home.account.pw_gid)
    created = run(
        [
            *(
                str(home.programs / "initdb"),
                "-D",
                str(data),
                "-U",
                OWNER,
                f"--pwfile={secret}",
                "--auth=scram-sha-256",
            ),
            *("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"),
        ],
        directory=data,
        account=home.account,
    )
    secret.unlink()
    if created.returncode != 0:
        shutil.rmtree(data, ignore_errors=True)
        raise EmbeddedServerError(f"PostgreSQL could not create {data}: {last_line(created.stdout)}.")


def _server_lives(lock: Path) -> bool:
    """Return whether the server of this lock file runs; remove the file where it does not.

    The process id of a crashed server may belong to another program by now, and PostgreSQL would not start then.
    """
    if not lock.exists():
        return False
    pid = lock.read_text().split()[0]
    found = subprocess.run(["ps", "-ww", "-o", "stat=,args=", "-p", pid], capture_output=True, text=True, check=False)
    if f"-D {lock.parent}" in found.stdout and not found.stdout.lstrip().startswith("Z"):
        return True
    lock.unlink(missing_ok=True)
    return False


def _settings(port: int, durable: bool) -> list[str]:
    fixed = [f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "timezone=UTC"]
    return [*fixed, *(DURABLE if durable else THROW_AWAY)]
