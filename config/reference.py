"""Writes the documents that list the configuration: `python -m config.reference` (or `make docs`)."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from config.env import Variable
from config.settings import BASE_DIR, env

HEADER = """\
# Every variable the application reads, with its default. Copy to .env, and uncomment what shall have another value.
# The real environment wins over .env; a variable that is set but empty counts as unset. See docs/configuration.md.
"""
INTRODUCTION = """\
# Configuration

Everything is read from the environment once, in `config/settings.py`, at the start. A `.env` file beside `manage.py` is
read too (`ENV_FILE` names another one); the real environment wins over it. A variable that is set but empty counts as
unset. A wrong value stops the start with one sentence that names the variable, the value and what is allowed.

Two variables are more than settings: `ENABLE_VARIANT_GENERATION_V2` and `VARIANT_GENERATION_ROLLOUT_PERCENTAGE` are
applied to the feature flag once whenever their value changes, so that later changes in the admin stand; while set to
`false` or `0` they hold the feature off, whatever the admin says.

This page and `.env.example` are written by `make docs` from the declarations; a test holds them together.
"""


def documents(variables: Iterable[Variable]) -> dict[Path, str]:
    """Return the text of each document that lists the variables."""
    listed = tuple(variables)
    return {BASE_DIR / ".env.example": example(listed), BASE_DIR / "docs" / "configuration.md": page(listed)}


def example(variables: Iterable[Variable]) -> str:
    """Return an example file in which every variable is commented out."""
    parts = [HEADER]
    for section, members in groupby(variables, key=lambda variable: variable.section):
        parts.append(f"\n# --- {section} ---\n")
        parts += (
            f"\n# {member.meaning}\n# Allowed: {member.allowed}\n# {member.name}={member.default}\n"
            for member in members
        )
    return "".join(parts)


def page(variables: Iterable[Variable]) -> str:
    """Return the reference page, a table a section."""
    parts = [INTRODUCTION]
    for section, members in groupby(variables, key=lambda variable: variable.section):
        parts.append(f"\n## {section}\n\n| name | default | allowed | meaning |\n|---|---|---|---|\n")
        parts += (
            f"| `{member.name}` | {_code(member.default)} | {member.allowed} | {member.meaning} |\n"
            for member in members
        )
    return "".join(parts)


def write() -> None:
    """Write the documents."""
    for path, content in documents(env.declared.values()).items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)


def _code(default: str) -> str:
    return f"`{default}`" if default else "unset"


if __name__ == "__main__":
    write()
