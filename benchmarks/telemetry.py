"""What recording events costs: generations a second with it and without, everything else the same.

    python -m benchmarks.telemetry [--generations 60] [--rounds 5]

Generations are requested, written by a writer that takes no time, stored and chosen from in one process, so nothing
waits and all that is measured is work. Rounds with and without alternate.
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import django

os.environ.setdefault("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
django.setup()

from django.contrib.auth.models import User  # noqa: E402  (its models need the applications above)
from django.core.management import call_command  # noqa: E402

from sessions_builder.jobs import generation as job  # noqa: E402
from sessions_builder.jobs import providers  # noqa: E402
from sessions_builder.services.generations import generation_request  # noqa: E402
from sessions_builder.services.selections import variant_select  # noqa: E402
from tests.fakes.writers import ScriptedWriter  # noqa: E402
from tests.support.processes import BRIEF  # noqa: E402

RECORDERS = (
    "sessions_builder.services.generations.record",
    "sessions_builder.jobs.endings.record",
    "sessions_builder.services.selections.record_selection",
)


def main() -> None:
    """Print both rates and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generations", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    for command in (["migrate", "--verbosity", "0"], ["seed_reference"], ["seed_demo"]):
        call_command(*command)
    author = User.objects.get(username="author")
    logging.disable(logging.CRITICAL)  # the lines are not what is measured, and there is one for each step
    with patch.object(providers, "writer", lambda _kind: ScriptedWriter(None)):
        _round(author, arguments.generations)
        pairs = [
            (_timed(_round, author, arguments.generations), _timed(_without, author, arguments.generations))
            for _ in range(arguments.rounds)
        ]
    told, silent = (statistics.median(side) for side in zip(*pairs, strict=True))
    n = arguments.generations
    ratio = statistics.median(less / more for more, less in pairs)
    print(f"{n / told:.1f} generations/s with events, {n / silent:.1f} without, ratio {ratio:.3f}")


def _round(author: User, generations: int) -> None:
    for number in range(generations):
        brief: dict[str, Any] = {**BRIEF, "notes": f"{number} {time.monotonic()}"}
        generation = generation_request(owner=author, brief=brief).generation
        job.run(generation.pk)
        generation.refresh_from_db()
        variant_select(generation=generation, number=generation.variants.earliest("number").number)


def _without(author: User, generations: int) -> None:
    with _silence():
        _round(author, generations)


@contextmanager
def _silence() -> Iterator[None]:
    with ExitStack() as patches:
        for name in RECORDERS:
            patches.enter_context(patch(name))
        yield


def _timed(run: Callable[[User, int], None], author: User, generations: int) -> float:
    """Seconds of this process's and the database's work, as the clock on the wall has them."""
    started = time.perf_counter()
    run(author, generations)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
