"""A process that decides in a loop and tells what it saw; `test_propagation` starts several.

    python -m tests.featureflags.decider watch CHANGES        decide until so many changes were seen
    python -m tests.featureflags.decider fork CHANGES NUMBER  decide once, then fork that many that watch
    python -m tests.featureflags.decider idle                 decide once, and again when a line comes in

Reports are JSON lines; times are those of the monotonic clock, which all processes of a machine share.
"""

import json
import os
import sys
import time

import django

django.setup()

from featureflags.flags import decide_for_key  # noqa: E402  (its models need the applications above)

FLAG = "variant_generation_v2"
KEYS = [str(number) for number in range(500)]
PAUSE_SECONDS = 0.002


def say(**report: object) -> None:
    """Write one line at once; a pipe keeps lines of several processes apart."""
    os.write(1, (json.dumps({"pid": os.getpid(), **report}) + "\n").encode())


def watch(changes: int) -> None:
    """Decide without end until the flag has changed so many times; tell of each change and of the outcome."""
    older_at = time.monotonic()
    revision = decide_for_key(FLAG, KEYS[0]).revision
    say(event="ready", revision=revision)
    while changes:
        asked_at = time.monotonic()
        decision = decide_for_key(FLAG, KEYS[0])
        if decision.revision != revision:
            revision, changes = decision.revision, changes - 1
            say(event="changed", revision=revision, reason=decision.reason, older_at=older_at, newer_at=asked_at)
        older_at = asked_at
        time.sleep(PAUSE_SECONDS)
    say(event="done", on=[key for key in KEYS if decide_for_key(FLAG, key).enabled])


def fork(changes: int, number: int) -> None:
    """Become several processes that start with the snapshot of this one, as under a server that forks."""
    decide_for_key(FLAG, KEYS[0])
    children = []
    for _ in range(number):
        child = os.fork()
        if child == 0:
            watch(changes)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


def idle() -> None:
    """Decide once, sleep until somebody writes a line, decide once more."""
    asked_at = time.monotonic()
    say(event="ready", revision=decide_for_key(FLAG, KEYS[0]).revision, asked_at=asked_at)
    sys.stdin.readline()
    decision = decide_for_key(FLAG, KEYS[0])
    say(event="woken", revision=decision.revision, reason=decision.reason)


if __name__ == "__main__":
    role, *numbers = sys.argv[1:]
    {"watch": watch, "fork": fork, "idle": idle}[role](*map(int, numbers))
