"""Counters of ended processes are kept, their files are not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.multiprocess import MultiProcessCollector

from config import metrics, serve
from sessions_builder.services import metric_files

COUNT = """
import sys
from pathlib import Path
from config import metrics
metrics.share(Path(sys.argv[1]))
from prometheus_client import Counter, Histogram
Counter("jobs", "Jobs.", ["mode"]).labels("x_y").inc(3)
Histogram("wait", "Waits.", buckets=(1, 5)).observe(2)
print(sys.argv[2])
if sys.argv[2] == "stay":
    sys.stdout.flush()
    sys.stdin.read()
"""


def counting(directory: Path, how: str = "end") -> subprocess.Popen[str]:
    """A process that counted three jobs and a wait of two seconds."""
    command = [sys.executable, "-c", COUNT, str(directory), how]
    process = subprocess.Popen(command, cwd=serve.settings.BASE_DIR, stdin=-1, stdout=-1, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == how
    return process


def sums(directory: Path) -> dict[tuple[str, ...], float]:
    families = MultiProcessCollector(None, path=str(directory)).collect()
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_ended_processes_leave_their_sums_and_no_files(tmp_path: Path) -> None:
    for _ in range(2):
        with counting(tmp_path):
            pass
    with counting(tmp_path, "stay") as alive:
        other = tmp_path / "counter_another-host-1.db"
        other.write_bytes(next(tmp_path.glob(f"counter_*-{alive.pid}.db")).read_bytes())
        before = sums(tmp_path)
        assert before["jobs_total", "x_y"] == 12
        assert metric_files.fold(tmp_path) == 4
        names = {path.name.rsplit("-", 1)[1] for path in tmp_path.glob("*.db") if path != other}
        assert names == {"ended.db", f"{alive.pid}.db"}
        assert sums(tmp_path) == before
        assert metric_files.fold(tmp_path) == 0
        alive.communicate("")
    assert metric_files.fold(tmp_path) == 2
    assert len(list(tmp_path.glob("*.db"))) == 3
    assert sums(tmp_path) == before


def test_a_program_that_starts_folds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with counting(tmp_path):
        pass
    monkeypatch.setattr(serve.settings, "METRICS_DIR", str(tmp_path))
    monkeypatch.setattr(os, "execvpe", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    serve.main(["tick"])
    assert {path.name.rsplit("-", 1)[1] for path in tmp_path.glob("*.db")} == {"ended.db"}


def test_a_folder_that_is_not_there_yet_holds_nothing(tmp_path: Path) -> None:
    assert metric_files.fold(tmp_path / "later") == 0


def test_the_name_of_a_host_and_a_process_can_be_told_apart() -> None:
    found = metric_files.NAME.fullmatch(f"counter_{metrics._process()}.db")
    assert found is not None
    assert (found["host"], found["pid"]) == (metric_files.host_name(), str(os.getpid()))
