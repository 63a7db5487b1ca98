"""The installation script: it says what it does and where it cannot, and has nothing to do where all is done."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from config.settings import BASE_DIR

INSTALLING = "Installing requirements-local.txt: the first time a minute or two, mostly downloads\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the script and empty requirements; the tests share its virtual environment, which is slow."""
    tmp_path = tmp_path_factory.mktemp("project")
    (tmp_path / "scripts").mkdir()
    shutil.copy(BASE_DIR / "scripts" / "install.py", tmp_path / "scripts")
    (tmp_path / "requirements-local.txt").write_text("# nothing\n")
    return tmp_path


def install(project: Path, stdout: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    """Run the script without a network."""
    return subprocess.run(
        [sys.executable, "scripts/install.py", "requirements-local.txt"],
        cwd=project,
        env={**os.environ, "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull},
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_works(project: Path) -> None:
    done = install(project)
    assert (done.returncode, done.stderr) == (0, "")
    assert (project / ".venv" / "bin" / "python").exists()
    assert (project / ".env").read_text().endswith("DEBUG=true\nRAG_API_URL=internal\n")

    (project / ".env").write_text("DEBUG=false\n")
    again = install(project)
    assert (again.returncode, again.stdout) == (0, ""), "nothing is installed twice"
    assert (project / ".env").read_text() == "DEBUG=false\n"

    (project / "requirements-local.txt").write_text("# something else\n")
    assert install(project).stdout == INSTALLING


def test_a_failure_shows_what_pip_says_and_what_to_do_next(project: Path) -> None:
    (project / "requirements-local.txt").write_text("a-library-nobody-has==1.0\n")
    done = install(project)
    assert (done.returncode, done.stdout) == (1, INSTALLING)
    assert "ERROR: No matching distribution found for a-library-nobody-has==1.0\n" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.endswith("Then run the same command again: what was downloaded is kept.\n")


def test_a_terminal_sees_it_go_on(project: Path) -> None:
    """Elsewhere there is a line for the beginning and one for the end."""
    require_library(project, "1.0")
    done = install(project)
    assert (done.stdout, done.stderr) == (f"{INSTALLING}Packages installed: 1\n", "")

    require_library(project, "2.0")
    reader, writer = os.openpty()
    done = install(project, stdout=writer)
    os.close(writer)
    shown = os.read(reader, 10_000).decode()
    os.close(reader)
    assert done.returncode == 0
    steps = [
        "  Packages so far: 1, now ./a_library-2.0-py3-none-any.whl",
        "  Putting all 1 in place",
        "Packages installed: 1",
    ]
    assert [step for step in re.split(r"\r\033\[K|\r\n", shown)[1:] if step] == steps


def require_library(project: Path, version: str) -> None:
    """Require a library that can be installed without a network."""
    about = f"a_library-{version}.dist-info"
    with zipfile.ZipFile(project / f"a_library-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: a-library\nVersion: {version}\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")
    (project / "requirements-local.txt").write_text(f"--find-links .\na-library=={version}\n")
