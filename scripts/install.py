"""Creates .venv, installs a file of requirements and writes a first .env; does nothing where all is done.

    python3 scripts/install.py requirements-local.txt

Runs with the machine's own Python and needs nothing but the standard library.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NEEDED = (3, 11)
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
    """Install the pinned requirements."""
    print(f"Installing {requirements}", flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--prefer-binary"]
    done = subprocess.run([*command, "--requirement", requirements], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        reason = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        raise SystemExit(f"The requirements could not be installed: {reason[-1] if reason else 'pip gave no reason'}")


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
