"""The installation script: one sentence where it cannot, nothing to do where all is done."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import BASE_DIR


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the script and empty requirements; the tests share its virtual environment, which is slow."""
    tmp_path = tmp_path_factory.mktemp("project")
    (tmp_path / "scripts").mkdir()
    shutil.copy(BASE_DIR / "scripts" / "install.py", tmp_path / "scripts")
    (tmp_path / "requirements-local.txt").write_text("# nothing\n")
    return tmp_path


def install(project: Path) -> subprocess.CompletedProcess[str]:
    """Run the script without a network."""
    return subprocess.run(
        [sys.executable, "scripts/install.py", "requirements-local.txt"],
        cwd=project,
        env={**os.environ, "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull},
        capture_output=True,
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
    assert install(project).stdout == "Installing requirements-local.txt\n"


def test_no_network_is_one_sentence(project: Path) -> None:
    (project / "requirements-local.txt").write_text("a-library-nobody-has==1.0\n")
    done = install(project)
    assert done.returncode == 1
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("The requirements could not be installed: ERROR: ")
