"""Creates .venv, installs a file of requirements and writes a first .env; does nothing where all is done.

    python3 scripts/install.py requirements-local.txt

Runs with the machine's own Python and needs nothing but the standard library.
"""

from __future__ import annotations  # an older Python, too, gets as far as the sentence that refuses it

import hashlib
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NEEDED = (3, 11)
LAST_LINES = 12
WHAT_NEXT = """
The requirements could not be installed; above is what pip said last. Where that is about the network: pip takes a proxy
from HTTPS_PROXY and a mirror from PIP_INDEX_URL. Then run the same command again: what was downloaded is kept."""
FIRST_ENV = """\
# Settings of this machine; .env.example lists all there are.
DEBUG=true
RAG_API_URL=internal
"""


def main(requirements: str) -> None:
    """Make `.venv` and `.env` ready; end with one sentence where that is not possible."""
    if sys.version_info < NEEDED:
        raise SystemExit(f"Python 3.11 or newer is needed, not {sys.version.split()[0]}: try make PYTHON=python3.12.")
    wanted, stamp = fingerprint(requirements), VENV / f"{requirements}.installed"
    if not (stamp.exists() and stamp.read_text() == wanted and PYTHON.exists()):
        create_environment()
        install(requirements)
        stamp.write_text(wanted)
    write_env(ROOT / ".env")


def fingerprint(requirements: str) -> str:
    """Return a digest of everything an installation depends on."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT} {requirements}".encode())
    for path in sorted(ROOT.glob("requirements*.txt")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def create_environment() -> None:
    """Create the virtual environment unless there is one that works."""
    if PYTHON.exists() and succeeds([str(PYTHON), "-m", "pip", "--version"]):
        return
    print("Creating .venv", flush=True)
    if not succeeds([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        raise SystemExit("Python cannot create virtual environments here: install the python3-venv package.")


def install(requirements: str) -> None:
    """Install the pinned requirements and say how far that is; where it fails, with pip's own words."""
    print(f"Installing {requirements}: the first time a minute or two, mostly downloads", flush=True)
    options = ["--disable-pip-version-check", "--prefer-binary", "--progress-bar", "off", "--requirement", requirements]
    with subprocess.Popen(
        [str(PYTHON), "-m", "pip", "install", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as pip:
        said = list(followed(pip.stdout or ()))
    if pip.returncode != 0:
        raise SystemExit("".join(said[-LAST_LINES:]) + WHAT_NEXT)


def followed(lines: Iterable[str]) -> Iterator[str]:
    """Pass on what pip says; count its packages on a terminal, tell only the result elsewhere."""
    found = 0
    for line in lines:
        first, *others = line.split() or [""]
        if first in ("Collecting", "Processing"):
            found += 1
            show(f"  Packages so far: {found}, now {others[0]}")
        elif line.startswith("Installing collected packages"):
            show(f"  Putting all {len(others) - 2} in place")
        elif line.startswith("Successfully installed"):
            show("")
            print(f"Packages installed: {len(others) - 1}", flush=True)
        yield line
    show("")


def show(progress: str) -> None:
    """Put a line in the place of the one before, where there is somebody to see it."""
    if sys.stdout.isatty():
        print(f"\r\033[K{progress}", end="", flush=True)


def write_env(path: Path) -> None:
    """Write settings for development where there are none."""
    if not path.exists():
        path.write_text(FIRST_ENV)
        print(f"Wrote {path.name} for development", flush=True)


def succeeds(command: list[str]) -> bool:
    """Return whether a command ends well, without showing its output."""
    return subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0


if __name__ == "__main__":
    main(sys.argv[1])
