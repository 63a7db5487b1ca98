"""One program of a deployment: `python -m config.serve web|worker|tick|prepare`.

A container or a systemd unit becomes the program itself, so that signals reach it and nothing has to be forwarded.
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import django
from django.core.management import call_command

from config import programs, settings
from config.programs import Program
from sessions_builder.services import metric_files

PREPARATIONS = ("migrate", "seed_reference", "seed_knowledge")


def main(arguments: Sequence[str] | None = None) -> None:
    """Become the program, or prepare the database for a new version and return."""
    parser = argparse.ArgumentParser(prog="config.serve", description=__doc__)
    parser.add_argument("what", choices=("web", "worker", "tick", "prepare"))
    parser.add_argument("--host", default="0.0.0.0", help="address the web server listens on")  # nosec B104
    parser.add_argument("--number", type=int, default=1, help="which worker of this machine")
    asked = parser.parse_args(arguments)
    if asked.what == "prepare":
        prepare()
    else:
        metric_files.fold(Path(settings.METRICS_DIR))
        become(program(asked.what, asked.host, asked.number))


def program(what: str, host: str, number: int) -> Program:
    """Return the program of that name."""
    match what:
        case "web":
            return programs.web(settings.PORT, host=host)
        case "worker":
            return programs.worker(number)
        case _:
            return programs.tick()


def prepare() -> None:
    """Bring the database up to date, fill in what is missing of the reference data, collect static files."""
    django.setup()
    for name in PREPARATIONS:
        call_command(name, verbosity=0) if name == "migrate" else call_command(name)
    if not settings.DEBUG:
        call_command("collectstatic", verbosity=0, interactive=False)


def become(wanted: Program) -> None:
    """Replace this process by the program; returns never."""
    os.chdir(settings.BASE_DIR)
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", **wanted.environment}
    os.execvpe(wanted.command[0], wanted.command, environment)  # nosec B606


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
