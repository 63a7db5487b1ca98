"""The embedded servers: started where missing, shared by processes, stopped by the last, safe after a crash."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from config import postgres_home
from config.embedded import Addresses, EmbeddedServers
from config.local_process import EmbeddedServerError, wait_until
from config.local_redis import LocalRedis


@pytest.fixture
def directory() -> Iterator[Path]:
    """A directory another user can reach, for as root PostgreSQL runs as another user."""
    with tempfile.TemporaryDirectory(prefix="session-builder-embedded-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def servers(directory: Path) -> Iterator[EmbeddedServers]:
    """Servers that are stopped after the test."""
    mine = EmbeddedServers(directory, durable=False)
    yield mine
    mine.release()


def answering(addresses: Addresses) -> tuple[bool, bool]:
    """Return whether PostgreSQL and Redis answer."""
    try:
        with psycopg.connect(addresses.database_url, connect_timeout=2) as connection:
            postgres = connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        postgres = False
    try:
        with redis.Redis.from_url(addresses.redis_url) as client:
            return postgres, bool(client.ping())
    except redis.RedisError:
        return postgres, False


def test_it_works(servers: EmbeddedServers) -> None:
    addresses = servers.acquire()
    assert answering(addresses) == (True, True)
    assert servers.release() is True
    assert answering(addresses) == (False, False)


def test_data_survives_a_restart_and_passwords_are_private(servers: EmbeddedServers, directory: Path) -> None:
    with psycopg.connect(servers.acquire().database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    servers.release()
    with psycopg.connect(servers.acquire().database_url) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    assert {(directory / name).stat().st_mode & 0o077 for name in ("postgres.json", "redis.json", "redis.conf")} == {0}


def test_the_last_user_stops_the_servers(servers: EmbeddedServers, directory: Path) -> None:
    addresses = servers.acquire()
    other = EmbeddedServers(directory, durable=False)
    assert other.acquire() == addresses
    assert other.release() is False
    assert answering(addresses) == (True, True)
    assert servers.release() is True


def test_a_user_that_was_killed_no_longer_counts(servers: EmbeddedServers, directory: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from config.embedded import EmbeddedServers; "
        f"EmbeddedServers(Path({str(directory)!r}), durable=False).acquire(); print('up', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "up\n"
        addresses = servers.acquire()
        killed.kill()
    assert answering(addresses) == (True, True)
    assert servers.release() is True
    assert answering(addresses) == (False, False)


def test_crashed_servers_are_started_again(servers: EmbeddedServers, directory: Path) -> None:
    addresses = servers.acquire()
    with redis.Redis.from_url(addresses.redis_url) as client:
        redis_pid = int(client.info("server")["process_id"])
    postgres_pid = int((directory / "postgres" / "postmaster.pid").read_text().split()[0])
    for pid in (redis_pid, postgres_pid):
        os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: answering(addresses) == (False, False), seconds=10)
    again = EmbeddedServers(directory, durable=False)
    assert answering(again.acquire()) == (True, True)
    servers.release()
    assert again.release() is True


def test_a_lock_file_whose_process_id_is_another_program_now_does_not_hinder(
    servers: EmbeddedServers, directory: Path
) -> None:
    servers.acquire()
    lock = directory / "postgres" / "postmaster.pid"
    content = lock.read_text()
    servers.release()
    lock.write_text("\n".join([str(os.getpid()), *content.splitlines()[1:]]) + "\n")
    assert answering(servers.acquire()) == (True, True)


def test_a_server_that_cannot_start_ends_in_one_sentence(servers: EmbeddedServers, directory: Path) -> None:
    data = directory / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(EmbeddedServerError, match=r"^PostgreSQL did not start: see .*server.log, or"):
        servers.acquire()
    with pytest.raises(redis.RedisError), LocalRedis(directory).client() as client:
        client.ping()


def test_a_redis_that_cannot_start_ends_in_one_sentence(directory: Path) -> None:
    (directory / "redis.log").mkdir()
    with pytest.raises(EmbeddedServerError, match=r"^Redis did not start \(.+\): set REDIS_URL to a server.$"):
        LocalRedis(directory).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_root_in_a_private_directory_gets_a_server_all_the_same(
    directory: Path, servers: EmbeddedServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory.chmod(0o700)
    with tempfile.TemporaryDirectory(prefix="session-builder-shared-") as shared:
        Path(shared).chmod(0o755)
        monkeypatch.setattr(postgres_home, "SHARED_ROOT", Path(shared))
        assert answering(servers.acquire()) == (True, True)
        assert not (directory / "postgres").exists()
        (home,) = Path(shared).iterdir()
        assert (home / "postgres" / "PG_VERSION").exists()
        assert servers.release() is True
