"""Databases for whole products under test: migrated and seeded once a test process, then copied for each product."""

from __future__ import annotations

import atexit
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
SEEDS = (("migrate", "--verbosity", "0"), ("seed_reference",), ("seed_demo",))


@contextmanager
def new() -> Iterator[str]:
    """Address of a new database with accounts and reference data; dropped at the end, whoever is still connected."""
    template, name = _template(), f"stack_{secrets.token_hex(6)}"
    _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield _address(name)
    finally:
        _drop(name)


@cache
def _template() -> str:
    name = f"stack_template_{secrets.token_hex(6)}"
    _on_server(f'CREATE DATABASE "{name}"')
    atexit.register(_drop, name)
    environment = {**os.environ, "DATABASE_URL": _address(name)}
    for arguments in SEEDS:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    return name


def _drop(name: str) -> None:
    _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(statement)


def _address(database: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))
