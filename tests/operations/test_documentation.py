"""What README and guides let their readers type, run as it is written against one running product.

One bash a page, so that a line has what earlier lines of the page have set. What stands in `ELSEWHERE` of
scripts/docs_check.py does nothing; any other program that is not there fails, except Node.js, which is told as skipped.
"""

from __future__ import annotations

import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import groupby
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import requests
from django.conf import settings

from config.local_process import wait_until
from config.postgres_home import find_home
from scripts.docs_check import CODE, ELSEWHERE, PAGES, ROOT, shell_of
from tests.support.processes import PASSWORD, Stack

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]

SUPPORT = ROOT / "tests" / "support"
CALL = re.compile(r"`(?:(GET|POST|PUT|PATCH|DELETE) )?((?:/(?:api|admin|login|metrics|ofrep)\b|…/)[^`\s]*)[^`]*`")
NOT_SHELL = {
    ("docs/guides/analyst.md", "python"): "tests/analytics/test_guide.py runs it",
    ("docs/guides/frontend.md", "ts"): "wants packages from the network",
    ("docs/api.md", "json"): "an answer",
    ("docs/architecture.md", "text"): "a drawing",
}
RESTORED = f"restored_{secrets.token_hex(6)}"


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack(workers=1) as running:
        running.provider.latency(model=20, rag=5)
        yield running


@pytest.fixture(scope="module")
def environment(stack: Stack) -> Iterator[dict[str, str]]:
    """What the pages' shells see: the product's own environment, and programs that stand for those of the reader."""
    programs = stack.directory / "programs"
    programs.mkdir()
    client = f"exec {sys.executable} -SE {SUPPORT / 'manage_client.py'}"
    write_program(programs / "python", f'[ "$1" = manage.py ] && shift && {client} "$@"\nexec {sys.executable} "$@"\n')
    write_program(programs / "curl", f'exec {shutil.which("curl")} --fail --location --max-redirs 0 "$@"\n')
    server = urlsplit(stack.database_url)
    found = {
        **stack.environment,
        "PATH": f"{programs}:{find_home(settings.VAR_DIR).programs}:{os.environ['PATH']}",
        "MANAGE_SERVER": str(stack.directory / "manage.socket"),
        "PGHOST": server.hostname or "",
        "PGPORT": str(server.port or 5432),
        "PGUSER": server.username or "",
        "PGPASSWORD": server.password or "",
    }
    command = [sys.executable, "-m", "tests.support.manage_server", found["MANAGE_SERVER"]]
    with subprocess.Popen(command, cwd=ROOT, env=found) as manage:
        try:
            assert wait_until(Path(found["MANAGE_SERVER"]).exists, seconds=120)
            yield found
        finally:
            manage.kill()
            with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as admin:
                admin.execute(f"DROP DATABASE IF EXISTS {RESTORED}")


def write_program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}")
    path.chmod(0o755)


@pytest.fixture
def directory(tmp_path: Path, environment: dict[str, str]) -> Path:
    """A copy of the checkout in which commands may write."""
    for path in ROOT.iterdir():
        if path.name not in (".git", ".venv", "var", "deploy"):
            (tmp_path / path.name).symlink_to(path)
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(shutil.which("python", path=environment["PATH"]) or "")
    return tmp_path


def stubs() -> str:
    """A shell function for each program of ELSEWHERE, which does nothing where the command is listed there."""
    parts = [] if shutil.which("node") else ["node() { :; }\n"]
    for program, beginnings in groupby(sorted(ELSEWHERE), key=lambda beginning: beginning.split()[0]):
        cases = "".join(f"{shlex.quote(' '.join(words.split()[1:]))}*) ;; " for words in beginnings)
        parts.append(f'{program}() {{ case "$*" in {cases}*) command {program} "$@" ;; esac; }}\n')
    return "".join(parts)


def as_here(text: str, stack: Stack) -> str:
    """A page's commands with the addresses and places of this product."""
    host = stack.url.removeprefix("http://")
    restored = urlunsplit(urlsplit(stack.database_url)._replace(path=f"/{RESTORED}"))
    for pattern, ours in {
        r"\b(localhost|127\.0\.0\.1):8000": host,
        r"postgresql://…/session_builder_restored": restored,
        r"postgresql://…": stack.database_url,
        r"\bsession_builder_restored\b": RESTORED,
        r"/var/backups\b": "backups",
        r"\bsession-builder-\d+T\d+Z\.dump": "session-builder-*.dump",
        r"--sessions \d+": "--sessions 20",
        r"\bPREFIX\b": "$(python manage.py token create anna | grep -o 'sb_.........')",
    }.items():
        text = re.sub(pattern, ours, text)
    return text


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if any(shell_of(page.read_text()))],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_the_commands_of_a_page_work(page: Path, stack: Stack, directory: Path, environment: dict[str, str]) -> None:
    stack.sql(
        "INSERT INTO auth_user (username, password, is_superuser, first_name, last_name, email, is_staff, is_active,"
        " date_joined) VALUES ('anna', '!', false, '', '', '', false, true, now()) ON CONFLICT DO NOTHING"
    )
    lines = as_here("".join(shell_of(page.read_text())), stack)
    script = f"set -euxo pipefail\n{stubs()}{lines}"
    done = subprocess.run(
        ["bash", "-c", script], cwd=directory, env=environment, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, f"{done.stdout[-1000:]}\n{done.stderr[-3000:]}"
    if "node " in lines and not shutil.which("node"):
        pytest.skip("everything but its lines with node, which is not on this machine")


def test_no_other_code_is_left_out() -> None:
    found = {
        (str(page.relative_to(ROOT)), block["language"])
        for page in PAGES
        for block in CODE.finditer(page.read_text())
        if block["block"] is not None and block["language"] not in ("bash", "sh")
    }
    assert found == set(NOT_SHELL)


@pytest.fixture(scope="module")
def admin(stack: Stack) -> requests.Session:
    """Somebody who may see everything, logged in as with a browser."""
    session = requests.Session()
    login = f"{stack.url}/login/"
    session.get(login, timeout=10)
    form = {"username": "admin", "password": PASSWORD, "csrfmiddlewaretoken": session.cookies["csrftoken"]}
    assert session.post(login, form, headers={"Referer": login}, timeout=10).ok
    return session


def test_every_call_a_page_names_is_there(stack: Stack, admin: requests.Session) -> None:
    """What can be asked as it stands is asked; the rest has to be in the API's document."""
    document = admin.get(f"{stack.url}/api/schema", headers={"Accept": "application/json"}, timeout=30).json()
    known = [(method.upper(), shape_of(path)) for path, methods in document["paths"].items() for method in methods]

    def is_there(method: str, address: str) -> bool:
        path, _, query = address.partition("?")
        if method in ("", "GET") and "…" not in address and "{" not in path:
            answer = admin.get(f"{stack.url}{path}", params=query if "=&" not in f"{query}&" else None, timeout=30)
            if answer.ok:
                return True
        pattern = shape_of(path).replace("…", "*")
        return any(method in ("", verb) and fnmatchcase(shape, pattern) for verb, shape in known)

    named = [(page.name, *call) for page in PAGES for call in CALL.findall(page.read_text())]
    assert [call for call in named if not is_there(*call[1:])] == []


def shape_of(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path.rstrip("/"))


def test_every_series_a_page_names_is_there(stack: Stack, admin: requests.Session) -> None:
    told = admin.get(f"{stack.url}/metrics", timeout=10).text
    texts = "".join(page.read_text() for page in PAGES)
    named = set(re.findall(r"`(?:session_builder|…)(_[a-z_]+)`", texts))
    assert named
    assert [name for name in named if f"# TYPE session_builder{name} " not in told] == []
