"""Counters that web, workers and tick of one machine share through small files in one folder."""

from __future__ import annotations

import os
from pathlib import Path

from prometheus_client import values

from sessions_builder.services.metric_files import host_name

DIRECTORY_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus_client looks for the folder."""


def share(directory: Path) -> None:
    """Have every counter made from now on write to this folder. Call it before the first is declared."""
    directory.mkdir(parents=True, exist_ok=True)
    os.environ[DIRECTORY_VARIABLE] = str(directory)
    values.ValueClass = values.MultiProcessValue(_process)


def forget(directory: Path) -> None:
    """Remove what earlier processes counted; only while none of them runs."""
    for path in directory.glob("*.db"):
        path.unlink(missing_ok=True)


def _process() -> str:
    """Who counts. The host's name too: containers that share the folder all have a process 1."""
    return f"{host_name()}-{os.getpid()}"
