"""The requirements files, against what the code imports."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from config.settings import BASE_DIR

APPS = ("config", "featureflags", "analytics", "sessions_builder")
# Only on machines without servers of their own, or part of what another requirement brings on purpose.
BROUGHT = {"kombu": "celery", "pydantic-core": "pydantic"}


def normal(name: str) -> str:
    """Return a distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(name: str) -> set[str]:
    """Return the distributions a requirements file pins itself."""
    lines = (BASE_DIR / name).read_text().splitlines()
    return {normal(match[1]) for line in lines if (match := re.match(r"([A-Za-z0-9_.-]+)(\[.*\])?==", line))}


def imported(path: Path) -> set[str]:
    """Return the top-level modules a file imports."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules.add(node.module.split(".")[0])
    return modules


def test_it_works() -> None:
    assert {"django", "celery", "psycopg"} <= pinned("requirements.txt")


def test_production_gets_every_library_the_apps_import() -> None:
    modules = {module for app in APPS for path in (BASE_DIR / app).rglob("*.py") for module in imported(path)}
    outside = modules - set(sys.stdlib_module_names) - set(APPS)
    known = packages_distributions()
    needed = {normal(known[module][0]) for module in outside}
    brought = {name for name, by in BROUGHT.items() if by in pinned("requirements.txt")}
    optional = pinned("requirements-otel.txt") | {"opentelemetry-api"}
    assert needed - pinned("requirements.txt") - brought - optional == set()


def test_every_line_is_pinned_or_includes_another_file() -> None:
    for name in ("requirements.txt", "requirements-local.txt", "requirements-otel.txt", "requirements-dev.txt"):
        for line in (BASE_DIR / name).read_text().splitlines():
            assert re.fullmatch(r"#.*|-r requirements[a-z-]*\.txt|[A-Za-z0-9_.-]+(\[[a-z,]+\])?==[0-9][0-9a-z.]*", line)
