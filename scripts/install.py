"""Creates .venv, installs what the project needs and writes a first .env; does nothing where all is done.

Runs with the machine's own Python and needs nothing but the standard library.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
FIRST_ENV = """\
# Settings of this machine; .env.example lists all there are.
DEBUG=true
RAG_API_URL=internal
"""


def main() -> None:
    """Make `.venv` and `.env` ready; end with one sentence where that is not possible."""
    if sys.version_info < (3, 11):
        raise SystemExit(
            f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: try make PYTHON=python3.12."
        )
    wanted = fingerprint()
    if not (STAMP.exists() and STAMP.read_text() == wanted and PYTHON.exists()):
        create_environment()
        install()
        STAMP.write_text(wanted)
    write_env(ROOT / ".env")


def fingerprint() -> str:
    """Return a digest of everything an installation depends on."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for name in REQUIREMENTS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def create_environment() -> None:
    """Create the virtual environment unless there is one that works."""
    if PYTHON.exists() and succeeds([str(PYTHON), "-m", "pip", "--version"]):
        return
    print("Creating .venv", flush=True)
    if not succeeds([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        raise SystemExit("Python cannot create virtual environments here: install the python3-venv package.")


def install() -> None:
    """Install the pinned requirements."""
    print("Installing the requirements", flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--prefer-binary"]
    done = subprocess.run([*command, "--requirement", REQUIREMENTS[-1]], cwd=ROOT, capture_output=True, text=True)
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
    main()
