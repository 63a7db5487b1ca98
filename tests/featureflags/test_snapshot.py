"""The snapshot of a process, with a database and a clock that the test holds in its hands."""

import os
import threading
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError

from featureflags.evaluation import FlagState
from featureflags.loading import Snapshot, Stamp
from featureflags.snapshot import CHECK_SECONDS, SnapshotStore


class FakeDatabase:
    """A database whose version moves when told to, and that can be away."""

    def __init__(self) -> None:
        self.reads = self.loads = 0
        self.away = False
        self.commit(1)

    def commit(self, version: int, token: UUID | None = None) -> None:
        self.stamp = Stamp(version, token or uuid4(), datetime(2026, 1, 1, tzinfo=UTC))

    def read(self) -> Stamp:
        self.reads += 1
        if self.away:
            raise OperationalError("connection refused")
        return self.stamp

    def load(self, stamp: Stamp) -> Snapshot:
        self.loads += 1
        return Snapshot(stamp, {"x": FlagState("x", True, 0, "salt", self.stamp.version)})


class FakeRecorder:
    def __init__(self) -> None:
        self.adoptions: list[tuple[int, float | None]] = []

    def adopted(self, stamp: Stamp, last_used: float | None) -> None:
        self.adoptions.append((stamp.version, last_used))

    def still_deciding(self, now: float) -> None: ...

    def leave(self) -> None: ...


class Bench:
    def __init__(self) -> None:
        self.now = 100.0
        self.database = FakeDatabase()
        self.recorder = FakeRecorder()
        self.store = SnapshotStore(
            read=self.database.read, load=self.database.load, recorder=self.recorder, clock=lambda: self.now
        )


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture(autouse=True)
def _may_look_at_the_connection(db: None) -> None: ...


def test_it_works(bench: Bench) -> None:
    assert bench.store.current().version == 1
    bench.database.commit(2)
    assert bench.store.current().version == 1
    bench.now += CHECK_SECONDS
    assert bench.store.current().version == 2


def test_checks_at_most_once_an_interval_and_loads_only_what_moved(bench: Bench) -> None:
    for _ in range(1000):
        bench.store.current()
    bench.now += CHECK_SECONDS
    for _ in range(1000):
        bench.store.current()
    assert (bench.database.reads, bench.database.loads) == (2, 1)


def test_a_change_is_seen_within_a_second() -> None:
    assert CHECK_SECONDS < 1


def test_a_version_rolled_back_and_used_again_is_loaded_again(bench: Bench) -> None:
    bench.database.commit(2)
    bench.store.current()
    bench.database.commit(2)
    bench.store.expire()
    bench.store.current()
    assert bench.database.loads == 2


def test_database_away_keeps_the_last_snapshot_and_asks_once_an_interval(bench: Bench) -> None:
    bench.store.current()
    bench.database.away = True
    bench.now += CHECK_SECONDS
    for _ in range(100):
        assert bench.store.current().flags["x"].revision == 1
    assert bench.database.reads == 2
    bench.database.away = False
    bench.database.commit(5)
    bench.now += CHECK_SECONDS
    assert bench.store.current().version == 5


def test_database_away_from_the_start_knows_no_flag(bench: Bench) -> None:
    bench.database.away = True
    assert bench.store.current().flags == {}
    bench.database.away = False
    bench.now += CHECK_SECONDS
    assert bench.store.current().version == 1


def test_tells_when_the_older_version_was_last_decided_with(bench: Bench) -> None:
    bench.store.current()
    bench.now += 0.5
    bench.store.current()
    bench.database.commit(2)
    bench.now += 30
    bench.store.current()
    assert bench.recorder.adoptions == [(1, None), (2, 100.5)]


def test_a_forked_child_checks_at_once_with_a_lock_of_its_own(bench: Bench) -> None:
    bench.store.current()
    bench.store._lock.acquire()  # as if another thread of the parent was checking at the fork
    bench.database.commit(2)
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writable, str(bench.store.current().version).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(readable, 10) == b"2"
    os.close(readable)
    os.close(writable)


def test_who_finds_another_thread_checking_goes_on_with_the_last_snapshot(bench: Bench) -> None:
    bench.store.current()
    inside, leave = threading.Event(), threading.Event()

    def slow(stamp: Stamp) -> Snapshot:
        inside.set()
        leave.wait(10)
        return Snapshot(stamp)

    bench.store._load = slow
    bench.database.commit(2)
    bench.now += CHECK_SECONDS
    checking = threading.Thread(target=bench.store.current)
    checking.start()
    try:
        assert inside.wait(10)
        assert bench.store.current().version == 1
    finally:
        leave.set()
        checking.join()
    assert bench.store.current().version == 2
