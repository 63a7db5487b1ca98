"""`make run` as a whole: it comes up, says where, refuses a taken port, and stops in order."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from config.local_process import free_port
from config.run import answers
from config.settings import BASE_DIR

COMMAND = [sys.executable, "-m", "config.run"]


@pytest.fixture
def port() -> int:
    """A port nobody uses."""
    return free_port()


@pytest.fixture
def run(port: int) -> Iterator[subprocess.Popen[str]]:
    """Everything running, on the servers of this test run."""
    environment = {**os.environ, "PORT": str(port), "DEMO_PASSWORD": "a-password-for-tests"}
    with subprocess.Popen(COMMAND, cwd=BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """Return what was printed up to the line with these words."""
    assert process.stdout is not None
    seen = ""
    for line in process.stdout:
        seen += line
        if words in line:
            return seen
    raise AssertionError(f"{words!r} was not printed, but:\n{seen}")


def test_it_works(run: subprocess.Popen[str], port: int) -> None:
    started = read_until(run, "Ctrl-C stops everything")
    assert re.search(rf"Ready after \d+\.\d s: http://127\.0\.0\.1:{port}/", started)
    assert (
        "Log in as author, author2, product, analyst, operator, admin with the password a-password-for-tests" in started
    )
    assert answers(port)

    run.send_signal(signal.SIGTERM)
    assert run.stdout is not None
    ended = run.stdout.read()
    assert run.wait(30) == 0
    stops = [line for line in ended.splitlines() if "Stopping" in line]
    assert stops == [f"run     | Stopping {names}" for names in ("web", "tick", "worker1, worker2")]
    assert not answers(port)


def test_a_taken_port_is_one_sentence(port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        done = subprocess.run(
            COMMAND, cwd=BASE_DIR, env={**os.environ, "PORT": str(port)}, capture_output=True, text=True
        )
    assert (done.returncode, done.stdout) == (1, "")
    expected = f"Port {port} cannot be used (Address already in use): try PORT={port + 1} make run.\n"
    assert done.stderr == expected
