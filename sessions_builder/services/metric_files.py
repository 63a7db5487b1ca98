"""The files in which processes count for Prometheus: those of ended processes are added up in one and removed."""

from __future__ import annotations

import fcntl
import os
import re
import socket
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client.mmap_dict import MmapedDict

NAME = re.compile(r"(?P<kind>counter|histogram|summary)_(?P<host>.+)-(?P<pid>\d+)\.db")


def host_name() -> str:
    """This machine or container, as it stands in names of files."""
    return socket.gethostname().replace("_", "-")


def fold(directory: Path) -> int:
    """Add what ended processes of this host counted to one file of each kind; return how many files went.

    Sums stay the same throughout, so no counter seems to begin anew. Files of other hosts are theirs to fold.
    """
    if not directory.is_dir():
        return 0
    with _held(directory, fcntl.LOCK_EX):
        ended = [path for path in sorted(directory.glob("*.db")) if _has_ended(path)]
        for kind in {path.name.split("_")[0] for path in ended}:
            _add_up(directory, kind, [path for path in ended if path.name.startswith(f"{kind}_")])
    return len(ended)


@contextmanager
def reading(directory: Path) -> Iterator[None]:
    """Keep files from being folded while they are read: values would be there twice, or not at all."""
    with _held(directory, fcntl.LOCK_SH):
        yield


@contextmanager
def _held(directory: Path, how: int) -> Iterator[None]:
    with (directory / "fold.lock").open("a") as lock:
        fcntl.flock(lock, how)
        yield


def _has_ended(path: Path) -> bool:
    found = NAME.fullmatch(path.name)
    if found is None or found["host"] != host_name():
        return False
    try:
        os.kill(int(found["pid"]), 0)
    except ProcessLookupError:
        return True
    except OSError:  # somebody else's process is alive, too
        return False
    return False


def _add_up(directory: Path, kind: str, ended: Iterable[Path]) -> None:
    """Write the sums beside the file of before, put them in its place, and only then remove what they came from."""
    folded, written = directory / f"{kind}_{host_name()}-ended.db", directory / f"{kind}.new"
    sources = [*ended, *([folded] if folded.exists() else [])]
    sums: Counter[str] = Counter()
    for path in sources:
        for key, value, _, _ in MmapedDict.read_all_values_from_file(path):
            sums[key] += value
    written.unlink(missing_ok=True)
    target = MmapedDict(str(written))
    for key, value in sums.items():
        target.write_value(key, value, 0.0)
    target.close()
    written.replace(folded)
    for path in ended:
        path.unlink()
