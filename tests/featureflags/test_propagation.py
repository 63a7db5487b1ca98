"""A change reaches real processes: started on their own as web and workers, and forked with a warm snapshot.

None of them has a Redis, so this is also what happens while it is down.
"""

import time
from collections.abc import Iterator

import pytest
from django.db import connection

from featureflags import services
from featureflags.evaluation import shard
from featureflags.models import Flag, ProcessVersion, Source
from featureflags.standing import propagation
from tests.featureflags.deciders import Deciders

V2 = "variant_generation_v2"
KEYS = [str(number) for number in range(500)]
CHANGES, FORKED = 2, 3
STARTED = ("web", "worker", "worker")
WATCHING = len(STARTED) + FORKED
START_SECONDS, ARRIVAL_SECONDS = 60.0, 30.0

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def deciders() -> Iterator[Deciders]:
    """Nobody yet; whoever is started finds the flag on for everyone, and ends with the test."""
    ProcessVersion.objects.all().delete()  # a thread of an earlier test commits its own
    services.ensure_flags()
    services.change_flag(V2, source=Source.ADMIN, reason="go", enabled=True, percentage=100)
    database = connection.settings_dict
    address = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    started = Deciders(f"postgresql://{address}/{database['NAME']}")
    yield started
    started.close()


def test_it_works(deciders: Deciders) -> None:
    """A kill, then a phase: seen everywhere within a second, agreed on by all, and shown so in the admin."""
    for role in STARTED:
        deciders.start(role, "watch", str(CHANGES))
    deciders.start("command", "fork", str(CHANGES), str(FORKED))
    deciders.reports("ready", WATCHING, START_SECONDS)

    services.kill_flag(V2, source=Source.ADMIN, reason="emergency")
    assert slowest(deciders, "flag_disabled", committed_at=time.monotonic()) < 1.0
    shown = propagation()
    assert (shown.processes, shown.current, shown.idle) == (WATCHING + 1, WATCHING, 1)  # the parent decided only once

    services.change_flag(V2, source=Source.ADMIN, reason="again", enabled=True, percentage=37)
    slowest_again = slowest(deciders, {"rollout_opt_in", "rollout_filtered"}, committed_at=time.monotonic())
    assert slowest_again < 1.0
    # A process held up between its own clock and the database's adds that to its figure, but hardly twice in a row.
    assert min(shown.slowest_ms, propagation().slowest_ms) < 1000
    salt = Flag.objects.get(key=V2).salt
    expected = [key for key in KEYS if shard(salt, key) < 3700]
    outcomes = deciders.reports("done", WATCHING, ARRIVAL_SECONDS)
    assert [report["on"] for report in outcomes] == [expected] * WATCHING

    labels = list(ProcessVersion.objects.values_list("label", flat=True))
    assert len(set(labels)) == len(labels)
    assert sorted(label.split()[0] for label in labels) == ["command"] * (FORKED + 1) + sorted(STARTED)


def slowest(deciders: Deciders, reasons: str | set[str], *, committed_at: float) -> float:
    """Wait until every process has seen the change; return for how many seconds the older answer was still given.

    Counted to the time at which the last older answer was asked for: a bound that a busy machine does not move.
    """
    seen = deciders.reports("changed", WATCHING, ARRIVAL_SECONDS)
    assert len({report["pid"] for report in seen}) == WATCHING
    assert {report["reason"] for report in seen} <= ({reasons} if isinstance(reasons, str) else reasons)
    return max(report["older_at"] for report in seen) - committed_at


def test_an_idle_process_checks_before_its_next_decision(deciders: Deciders) -> None:
    idle = deciders.start("tick", "idle")
    (ready,) = deciders.reports("ready", 1, START_SECONDS)
    services.kill_flag(V2, source=Source.ADMIN, reason="emergency")
    assert (propagation().current, propagation().idle) == (0, 1)
    time.sleep(max(0.0, ready["asked_at"] + 1.0 - time.monotonic()))  # the promise is about a second, so let it pass
    assert idle.stdin is not None
    idle.stdin.write(b"\n")
    idle.stdin.flush()
    (woken,) = deciders.reports("woken", 1, ARRIVAL_SECONDS)
    assert woken["reason"] == "flag_disabled"
    assert (propagation().current, propagation().idle) == (1, 0)
