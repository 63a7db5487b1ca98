"""The programs of a deployment, and the files that start them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import yaml

from config import serve, settings
from config.postgres_home import find_home

DEPLOY = settings.BASE_DIR / "deploy"
UNITS = sorted(DEPLOY.glob("systemd/*"))


@pytest.mark.parametrize("what", ["web", "worker", "tick"])
def test_each_becomes_its_program(what: str) -> None:
    command = serve.program(what, "0.0.0.0", 3).command
    assert command[0] == sys.executable
    assert {"web": f"0.0.0.0:{settings.PORT}", "worker": "worker3@%h", "tick": "--loop"}[what] in command


def test_unknown_programs_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        serve.main(["everything"])
    assert "invalid choice" in capsys.readouterr().err


def test_the_compose_file_starts_what_there_is() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    commands = [service["command"][-1] for service in services.values() if "config.serve" in service.get("command", "")]
    assert sorted(commands) == ["prepare", "tick", "web", "worker"]
    assert {"postgres", "redis", "pgbouncer"} < set(services)
    by_pgbouncer = {
        name for name, one in services.items() if ":6432" in one.get("environment", {}).get("DATABASE_URL", "")
    }
    assert by_pgbouncer == {"web", "worker"}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze on this machine")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        lines = unit.read_text().splitlines()
        shown = ["ExecStart=/bin/true" if line.startswith("ExecStart=") else line for line in lines]
        (tmp_path / unit.name).write_text("\n".join(shown) + "\n")
    paths = [str(tmp_path / unit.name) for unit in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_units_start_what_there_is() -> None:
    started = [
        line.split("config.serve ")[1].split()[0]
        for unit in UNITS
        for line in unit.read_text().splitlines()
        if "config.serve" in line
    ]
    assert sorted(started) == ["tick", "web", "worker"]


def test_a_backup_brings_everything_back(tmp_path: Path) -> None:
    server = os.environ["DATABASE_URL"]
    source, copy = (urlunsplit(urlsplit(server)._replace(path=f"/backup_{name}")) for name in ("source", "copy"))
    with psycopg.connect(server, autocommit=True) as admin:
        for name in ("source", "copy"):
            admin.execute(f"DROP DATABASE IF EXISTS backup_{name}")
            admin.execute(f"CREATE DATABASE backup_{name}")
        try:
            with psycopg.connect(source) as made:
                made.execute("CREATE TABLE outline (id int PRIMARY KEY, title text)")
                made.execute("INSERT INTO outline VALUES (1, 'ü')")
            dump = _run("backup.sh", str(tmp_path), DATABASE_URL=source).strip()
            _run("restore.sh", dump, DATABASE_URL=copy)
            with psycopg.connect(copy) as found:
                assert found.execute("SELECT * FROM outline").fetchall() == [(1, "ü")]
        finally:
            for name in ("source", "copy"):
                admin.execute(f"DROP DATABASE IF EXISTS backup_{name} WITH (FORCE)")


def _run(script: str, *arguments: str, **environment: str) -> str:
    """What a script printed, with the server's own programs where it is the embedded one: older ones refuse it."""
    path = f"{find_home(settings.VAR_DIR).programs}:{os.environ['PATH']}"
    done = subprocess.run(
        [DEPLOY / script, *arguments],
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
