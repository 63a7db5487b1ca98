"""PostgreSQL and Redis for a machine that has none, listening on 127.0.0.1 only.

Every process that uses the servers holds a shared lock on one file; whoever leaves last stops them. The kernel drops
the lock of a process that crashes, so no count has to be kept and none can go wrong.
"""

import atexit
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from config.local_postgres import LocalPostgres
from config.local_redis import LocalRedis


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the two servers answer."""

    database_url: str
    redis_url: str


@dataclass(slots=True)
class EmbeddedServers:
    """The two servers whose files live under one directory."""

    directory: Path
    durable: bool = True
    _lock: IO[str] | None = field(default=None, init=False)
    _postgres: LocalPostgres = field(init=False)
    _redis: LocalRedis = field(init=False)

    def __post_init__(self) -> None:
        self._postgres = LocalPostgres(self.directory, self.durable)
        self._redis = LocalRedis(self.directory)

    def acquire(self) -> Addresses:
        """Return the addresses of running servers, starting them where they do not run; they stay until `release()`.

        Raises EmbeddedServerError when a server cannot be started.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        with _alone(self.directory):
            self._lock = (self.directory / "users.lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_SH)
            try:
                self._redis.start()
                self._postgres.start()
                return Addresses(database_url=self._postgres.wait(), redis_url=self._redis.wait())
            except BaseException:
                self._leave()
                raise

    def release(self) -> bool:
        """Stop using the servers; return True if nobody else uses them and they were stopped."""
        if self._lock is None:
            return False
        with _alone(self.directory):
            return self._leave()

    def release_at_exit(self) -> None:
        """Release when this process ends; a process forked from it does not."""
        owner = os.getpid()
        atexit.register(lambda: self.release() if os.getpid() == owner else None)

    def _leave(self) -> bool:
        lock, self._lock = self._lock, None
        if lock is None:
            return False
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self._redis.stop()
            self._postgres.stop()
        return True


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Keep other processes from starting or stopping servers at the same time."""
    with (directory / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
