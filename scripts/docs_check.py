"""Checks the documentation: every command is known here or listed with a reason, every link leads somewhere.

A `make` target, a management command, a module and a script have to be there, an address of ours has to resolve. What
runs only elsewhere stands in ELSEWHERE with the reason; tests/operations/test_documentation.py runs everything else.
"""

import os
import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import django
from django.core.management import CommandError, get_commands, load_command_class
from django.urls import Resolver404, resolve

ROOT = Path(__file__).resolve().parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
CODE = re.compile(r"^```(?P<language>\w*)\n(?P<block>.*?)^```|`(?P<inline>[^`]+)`", re.MULTILINE | re.DOTALL)
ANY_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
ASSIGNMENT = re.compile(r"[A-Z0-9_]+=\S*")
ADDRESS = re.compile(r"(?:https?://)?(?:localhost|127\.0\.0\.1|builder\.example)(?::\d+)?(/[^\s\"'?#]*)")
ELSEWHERE: Mapping[str, str] = {
    "make run": "stays until it is stopped; tests/config/test_run.py and every test of a whole product start the same",
    "make test": "this is it",
    "make check": "runs beside the tests",
    "make setup": "changes .venv; tests/config/test_install.py runs it",
    "make docs": "writes into the checkout; tests/config/test_reference.py compares",
    "make bench": "takes minutes and wants a quiet machine",
    "python -m benchmarks": "takes minutes and wants a quiet machine",
    "python -m config.serve web": "stays until it is stopped; tests of a whole product start it",
    "python -m config.serve worker": "stays until it is stopped",
    "python -m config.serve tick": "stays until it is stopped",
    "pip install": "changes .venv; make setup and make tools do it here",
    "cd /srv": "wants an installation",
    "sudo": "changes the machine",
    "sudoedit": "changes the machine",
    "journalctl": "wants systemd as process 1",
    "docker": "wants a Docker daemon",
    "npx": "wants the network",
    "openapi-python-client": "wants a package of its own",
}
"""What a command begins with, and why no test runs it."""
STANDARD = frozenset({"cp", "createdb", "grep", "node", "openssl"})
PLACEHOLDERS = {
    r"^manage\.py": "python manage.py",
    r"\bUSER(NAME)?\b": "anna",
    r"\bDATE\b": "2026-01-01",
    r"[\[\]]": "",
    r" …$": " --help",
}
"""How a command within a sentence becomes one that can be run."""
HARMLESS_ENVIRONMENT = {
    "DEBUG": "true",
    "ENV_FILE": os.devnull,
    "DATABASE_URL": "postgresql://127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1",
    "DJANGO_SETTINGS_MODULE": "config.settings",
}


def main() -> int:
    """Print what is wrong; return 0 when nothing is."""
    os.environ.update(HARMLESS_ENVIRONMENT)
    sys.path.insert(0, str(ROOT))
    django.setup()
    problems = [
        f"{page.relative_to(ROOT)}: {problem}"
        for page in PAGES
        for problem in (*wrong_links(page), *wrong_commands(page.read_text()))
    ]
    problems += [f"ELSEWHERE: no page says `{beginning}`" for beginning in unused()]
    print("\n".join(problems) if problems else f"{len(PAGES)} pages: links and commands are right.")
    return 1 if problems else 0


def wrong_links(page: Path) -> Iterator[str]:
    """What is wrong with the links of a page to other files of the project."""
    text = page.read_text()
    for target in LINK.findall(ANY_FENCE.sub("", text)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists():
            yield f"there is no {target}"
        elif anchor and file.suffix == ".md" and anchor not in anchors(file):
            yield f"{path or page.name} has no heading #{anchor}"


@cache
def anchors(page: Path) -> frozenset[str]:
    """The anchors GitHub makes of a page's headings."""
    headings = re.findall(r"^#+ (.*)$", ANY_FENCE.sub("", page.read_text()), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings)


def wrong_commands(text: str) -> Iterator[str]:
    """What is wrong with the commands in the shell blocks of a page."""
    for command in commands(text):
        problem = trouble_of(command)
        if problem:
            yield f"`{command}`: {problem}"


def commands(text: str) -> Iterator[str]:
    """The commands of a page, comments and files left out, continued lines joined, pipes taken apart."""
    for part in shell_of(text):
        joined = re.sub(r"\\\n\s*", " ", part)
        for line in re.sub(r"'[^']*'", lambda quoted: quoted[0].replace("\n", " "), joined).splitlines():
            bare = re.sub(r"(^|\s)(#|> \S+$).*$", "", line).strip()
            if bare:
                yield from (command.strip() for command in re.split(r"\s(?:&&|\|)\s", bare))


def shell_of(text: str) -> Iterator[str]:
    """What a page lets its reader type, in its order: shell blocks, and commands within sentences made whole."""
    for found in CODE.finditer(text):
        if found["language"] in ("bash", "sh"):
            yield found["block"]
        elif found["inline"] and is_command(inline := " ".join(found["inline"].split())):
            for pattern, filling in PLACEHOLDERS.items():
                inline = re.sub(pattern, filling, inline)
            yield inline + "\n"


def is_command(inline: str) -> bool:
    """Whether code within a sentence is a command with its arguments, and not only a name."""
    words = [word for word in inline.split() if not ASSIGNMENT.fullmatch(word)]
    known = {"curl", "make", "manage.py", "python", *STANDARD, *(beginning.split()[0] for beginning in ELSEWHERE)}
    return len(words) > 1 and words[0].removeprefix(".venv/bin/") in known


def trouble_of(command: str) -> str:
    """Why a command of the documentation would not work; empty when it would, or is meant for elsewhere."""
    words = words_of(command)
    if words and words[0] == "make":
        return next((f"no target {name}" for name in words[1:] if "=" not in name and name not in make_targets()), "")
    if not words or elsewhere(words) or words[0] in STANDARD:
        return ""
    match words:
        case ["python", "manage.py", *arguments] if "--help" not in arguments:
            return trouble_of_management(*arguments)
        case ["python", "-m", module, *_]:
            return "" if find_spec(module) else f"no module {module}"
        case ["python", "-c", *_]:
            return ""
        case ["python", file, *_]:
            return "" if (ROOT / file).is_file() else f"no file {file}"
        case ["curl", *rest]:
            return next(filter(None, map(trouble_of_address, rest)), "")
    script = ROOT / words[0]
    if not script.is_file():
        return "neither known nor listed in ELSEWHERE with a reason"
    return "" if os.access(script, os.X_OK) else f"{words[0]} is not executable"


def words_of(command: str) -> list[str]:
    """The words of a command without assignments before it; none when it only assigns."""
    words = shlex.split(re.sub(r"^[A-Z0-9_]+=\$\(", "", command))
    while words and ASSIGNMENT.fullmatch(words[0]):
        words = words[1:]
    return [words[0].removeprefix(".venv/bin/"), *words[1:]] if words else []


def elsewhere(words: list[str]) -> str:
    """What of ELSEWHERE a command begins with; empty when it is run here."""
    line = " ".join(words) + " "
    return next((beginning for beginning in ELSEWHERE if re.match(re.escape(beginning) + r"\b", line)), "")


def unused() -> set[str]:
    """What ELSEWHERE lists and no page has."""
    texts = [page.read_text() for page in PAGES]
    return set(ELSEWHERE) - {elsewhere(words_of(command)) for text in texts for command in commands(text)}


@cache
def make_targets() -> frozenset[str]:
    return frozenset(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def trouble_of_management(name: str, *arguments: str) -> str:
    """Why a management command would refuse these arguments; empty when it would not."""
    known = get_commands()
    if name not in known:
        return f"no management command {name}"
    app = known[name]
    command = load_command_class(app, name) if isinstance(app, str) else app
    try:
        command.create_parser("manage.py", name).parse_args([*arguments])
    except CommandError as error:
        return str(error)
    return ""


def trouble_of_address(word: str) -> str:
    """Why an address of ours would not be found; empty for anything else."""
    found = ADDRESS.match(word)
    if found is None or "$" in found[1]:
        return ""
    for path in (found[1], found[1].rstrip("/")):
        with suppress(Resolver404):
            resolve(path)
            return ""
    return f"nothing answers {found[1]}"


if __name__ == "__main__":
    sys.exit(main())
