"""The supervisor: prefixes, the order of stopping, restarts, and giving up."""

import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from config import supervisor as module
from config.children import start, stop
from config.programs import Program
from config.supervisor import Supervisor

STAYS = """
import pathlib, signal, sys, time
def leave(*_):
    with open(sys.argv[1], "a") as journal:
        journal.write(sys.argv[2] + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
print("up")
while True:
    time.sleep(60)
"""
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def staying(name: str, journal: Path) -> Program:
    """Return a program that writes its name into the journal when it is told to end."""
    return Program(name, (sys.executable, "-c", STAYS, str(journal), name))


def wait_for(capsys: pytest.CaptureFixture[str], *lines: str) -> str:
    """Return the output once all the lines were printed."""
    output, deadline = "", time.monotonic() + 20
    while not all(line in output for line in lines):
        assert time.monotonic() < deadline, output
        output += capsys.readouterr().out
        time.sleep(0.02)
    return output


def test_it_works(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = tmp_path / "journal"
    stages = [["web"], ["tick"], ["worker1", "worker2"]]
    running = Supervisor([[staying(name, journal) for name in stage] for stage in stages])
    running.start()
    wait_for(capsys, "web     | up", "tick    | up", "worker1 | up", "worker2 | up")
    running.stop()
    ended = journal.read_text().split()
    assert ended[:2] == ["web", "tick"]
    assert sorted(ended[2:]) == ["worker1", "worker2"]
    assert running.watch() is None


def test_a_program_that_ends_is_started_again_until_it_ends_too_often(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "RESTART_SECONDS", 0.0)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    running = Supervisor([[Program("web", (sys.executable, "-c", "print('up'); raise SystemExit(3)"))]])
    running.start()
    assert running.watch() == "web ended 4 times in a minute; its last lines say why."
    running.stop()
    output = capsys.readouterr().out
    assert output.count("web ended with status 3; starting it again") == 3
    assert output.count("web     | up") == 4


def test_watching_ends_when_told_to_stop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    running = Supervisor([[staying("web", tmp_path / "journal")]])
    running.start()
    wait_for(capsys, "web     | up")
    threading.Timer(0.1, running.stopping.set).start()
    assert running.watch() is None
    running.stop()


def test_a_program_that_does_not_end_in_time_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as output:
        child = start(Program("stubborn", (sys.executable, "-c", STUBBORN), grace=0.2), output=output)
        while not log.read_text():
            time.sleep(0.01)
    assert stop([child]) == ["stubborn"]
    assert child.process.returncode == -signal.SIGKILL


def test_a_program_gets_its_own_variables(tmp_path: Path) -> None:
    show = "import os; print(os.environ['ROLE'], os.environ['ENV_FILE'])"
    program = Program("show", (sys.executable, "-c", show), {"ROLE": "web"})
    with (tmp_path / "log").open("wb") as output:
        child = start(program, output=output, environment={"ENV_FILE": "other"})
        assert child.wait(20)
    assert (tmp_path / "log").read_text() == "web other\n"
    assert not child.running
