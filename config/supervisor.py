"""Keeps a set of programs running, shows their output with a prefix, and stops them in order."""

import subprocess
import sys
import threading
import time
from collections import defaultdict, deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from config import children
from config.children import Child
from config.programs import Program

LOOK_SECONDS = 0.2
RESTART_SECONDS = 1.0
RESTARTS = 3
RESTART_WINDOW_SECONDS = 60.0
RESET = "\033[0m"
COLOURS = ("\033[36m", "\033[33m", "\033[32m", "\033[35m", "\033[34m")


@dataclass(slots=True)
class Supervisor:
    """Runs programs until told to stop. `stages` is the order of stopping: programs of one stage stop together."""

    stages: Sequence[Sequence[Program]]
    stopping: threading.Event = field(default_factory=threading.Event)
    _children: dict[str, Child] = field(default_factory=dict)
    _readers: list[threading.Thread] = field(default_factory=list)
    _restarts: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=RESTARTS)))

    def start(self) -> None:
        """Start every program; those that stop last start first."""
        for stage in reversed(self.stages):
            for program in stage:
                self._launch(program)

    def watch(self) -> str | None:
        """Restart what ends by itself until told to stop; return a sentence if something does not stay up."""
        while not self.stopping.wait(LOOK_SECONDS):
            for child in list(self._children.values()):
                if not child.running and not self._restart(child):
                    return f"{child.program.name} ended {RESTARTS + 1} times in a minute; its last lines say why."
        return None

    def stop(self) -> None:
        """Stop everything, stage by stage."""
        self.stopping.set()
        for stage in self.stages:
            names = [program.name for program in stage if program.name in self._children]
            if names:
                self.say(f"Stopping {', '.join(names)}")
            killed = children.stop(self._children.pop(name) for name in names)
            for name in killed:
                self.say(f"{name} did not end in time and was killed")
        for reader in self._readers:
            reader.join(timeout=1)

    def say(self, line: str) -> None:
        """Print a line of the supervisor itself."""
        _print("run", line, "")

    def _launch(self, program: Program) -> None:
        child = children.start(program, output=subprocess.PIPE)
        self._children[program.name] = child
        colour = COLOURS[len(self._readers) % len(COLOURS)] if sys.stdout.isatty() else ""
        reader = threading.Thread(target=_copy, args=(child, colour), name=f"output of {program.name}", daemon=True)
        reader.start()
        self._readers.append(reader)

    def _restart(self, child: Child) -> bool:
        """Start an ended program again; return False if it ended too often in too short a time."""
        name, now = child.program.name, time.monotonic()
        earlier = self._restarts[name]
        if len(earlier) == RESTARTS and now - earlier[0] < RESTART_WINDOW_SECONDS:
            return False
        earlier.append(now)
        self.say(f"{name} ended with status {child.process.returncode}; starting it again")
        if not self.stopping.wait(RESTART_SECONDS):
            self._launch(child.program)
        return True


def _copy(child: Child, colour: str) -> None:
    stream = child.process.stdout
    if stream is None:
        return
    with stream:
        for line in stream:
            _print(child.program.name, line.decode(errors="replace").rstrip(), colour)


def _print(name: str, line: str, colour: str) -> None:
    prefix = f"{name:<8}|"
    with suppress(BrokenPipeError):  # whoever reads our output left; that is no reason to stop badly
        sys.stdout.write(f"{colour}{prefix}{RESET if colour else ''} {line}\n")
        sys.stdout.flush()
