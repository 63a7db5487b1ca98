"""Checks the documentation: every command works here or is listed with a reason, every link leads somewhere.

A `make` target, a management command, a module and a script have to be there, an address of ours has to resolve. What
runs only elsewhere stands in ELSEWHERE with the reason.
"""

import os
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import django
from django.core.management import CommandError, get_commands, load_command_class
from django.urls import Resolver404, resolve

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^```(bash|sh|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
ANY_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
ASSIGNMENT = re.compile(r"[A-Z0-9_]+=\S*")
ADDRESS = re.compile(r"(?:https?://)?(?:localhost|127\.0\.0\.1|builder\.example)(?::\d+)?(/[^\s\"'?#]*)")
ELSEWHERE = {
    "docker": "wants a Docker daemon",
    "systemctl": "wants systemd as process 1",
    "journalctl": "wants systemd as process 1",
    "sudo": "changes the machine",
    "apt": "changes the machine",
    "pip": "make setup and make tools do it here",
    "git": "wants a clone of one's own",
    "promtool": "make monitoring runs it where it is installed",
    "psql": "wants a database of one's own",
    "createdb": "wants a database server of one's own",
    "install": "changes the machine",
    "npx": "wants Node.js",
    "openapi-python-client": "wants a package of its own",
    "npm": "wants Node.js",
    "node": "wants Node.js",
    "openssl": "a standard tool that only prints a value",
    "grep": "a standard tool",
    "export": "a shell builtin",
    "cd": "a shell builtin",
    "cp": "a standard tool",
}
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
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    problems = [
        f"{page.relative_to(ROOT)}: {problem}"
        for page in pages
        for problem in (*wrong_links(page), *wrong_commands(page.read_text()))
    ]
    print("\n".join(problems) if problems else f"{len(pages)} pages: links and commands are right.")
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
    """The commands of the shell blocks, comments left out, continued lines joined, pipes taken apart."""
    for _, block in FENCE.findall(text):
        joined = re.sub(r"\\\n\s*", " ", block)
        for line in re.sub(r"'[^']*'", lambda quoted: quoted[0].replace("\n", " "), joined).splitlines():
            bare = re.sub(r"(^|\s)#.*$", "", line).strip().removeprefix("$ ")
            if bare:
                yield from (part.strip() for part in re.split(r"\s(?:&&|\|)\s", bare))


def trouble_of(command: str) -> str:
    """Why a command of the documentation would not work; empty when it would, or is meant for elsewhere."""
    inner = re.fullmatch(r"[A-Z0-9_]+=\$\((.*)\)", command)
    words = shlex.split(inner[1] if inner else command)
    while words and ASSIGNMENT.fullmatch(words[0]):
        words = words[1:]
    if not words or words[0] in ELSEWHERE or re.match(r"(GET|POST|PUT|PATCH|DELETE)$", words[0]):
        return ""
    match words:
        case ["make", *rest]:
            targets = [word for word in rest if "=" not in word]
            return next((f"no target {name}" for name in targets if name not in make_targets()), "")
        case [python, "manage.py", name, *arguments] if python.endswith("python"):
            return trouble_of_management(name, arguments)
        case ["manage.py", name, *arguments]:
            return trouble_of_management(name, arguments)
        case [python, "-m", module, *_] if python.endswith(("python", "python3")):
            return "" if find_spec(module.split(".")[0]) else f"no module {module}"
        case ["curl", *rest]:
            return next(filter(None, map(trouble_of_address, rest)), "")
    script = ROOT / words[0]
    if not script.is_file():
        return "neither known nor listed in ELSEWHERE with a reason"
    return "" if os.access(script, os.X_OK) else f"{words[0]} is not executable"


@cache
def make_targets() -> frozenset[str]:
    return frozenset(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def trouble_of_management(name: str, arguments: list[str]) -> str:
    """Why a management command would refuse these arguments; empty when it would not."""
    known = get_commands()
    if name not in known:
        return f"no management command {name}"
    app = known[name]
    command = load_command_class(app, name) if isinstance(app, str) else app
    try:
        command.create_parser("manage.py", name).parse_args(arguments)
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
