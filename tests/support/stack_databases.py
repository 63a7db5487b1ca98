"""Databases for whole products under test: migrated and seeded once a test run, then copied for each product."""

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
TEMPLATE = "STACK_TEMPLATE"
SEED = """
import django
from django.core.management import call_command
django.setup()
call_command("migrate", verbosity=0)
call_command("seed_reference")
call_command("seed_demo")
"""


def name_template() -> str:
    """Return the name of the template of this run, the same for the processes this one starts.

    A new name for every run, so that a template is never older than the code. Whoever named it drops it at its end.
    """
    if TEMPLATE not in os.environ:
        os.environ[TEMPLATE] = f"stack_template_{secrets.token_hex(6)}"
        atexit.register(_drop, os.environ[TEMPLATE])
    return os.environ[TEMPLATE]


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
    """Name of the template, made by the process that asks first while the others wait."""
    name = name_template()
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])  # given back with the connection
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            _make(name)
    return name


def _make(name: str) -> None:
    """It gets its name once it is whole."""
    unfinished = f"{name}_unfinished"
    _on_server(f'CREATE DATABASE "{unfinished}"')
    environment = {**os.environ, "DATABASE_URL": _address(unfinished), "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run([sys.executable, "-c", SEED], cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        _drop(unfinished)
        raise RuntimeError(done.stdout + done.stderr)
    _on_server(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


def _drop(name: str) -> None:
    _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(statement)


def _address(database: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))
