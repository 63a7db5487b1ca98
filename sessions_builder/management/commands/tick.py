"""`manage.py tick`: the recurring duties, once or in a loop."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection

from sessions_builder.duties import REAPER, duties
from sessions_builder.jobs.signs_of_life import say_goodbye
from sessions_builder.jobs.tick import Rota, hold_lock

log = structlog.get_logger(__name__)

LONGEST_SLEEP_SECONDS = 5.0


class Command(BaseCommand):
    """Run the reaper and the other recurring duties.

    Only one process at a time begins any, further ones wait to take over.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until SIGTERM")

    def handle(self, *_: Any, loop: bool, **__: Any) -> None:
        if not loop:
            if hold_lock():
                Rota(duties()).run_due()
            leave()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        go_on(stop)
        leave()


def leave() -> None:
    """Say that this process ends in order, if there is a database to say it to."""
    try:
        say_goodbye(REAPER)
    except (OperationalError, InterfaceError) as error:
        log.warning("Database is away", error=type(error).__name__)


def go_on(stop: threading.Event) -> None:
    """Do the duties until told to stop: the long ones in a thread of their own, so that the reaper waits for none."""
    mine = threading.Event()
    found = duties()
    long = Rota([duty for duty in found if duty.long])
    threading.Thread(target=_go_on_at_length, args=(long, mine, stop), daemon=True).start()
    rota = Rota([duty for duty in found if not duty.long])
    while not stop.is_set():
        stop.wait(min(LONGEST_SLEEP_SECONDS, _round(rota, mine)))


def _round(rota: Rota, mine: threading.Event) -> float:
    """Run what is due if this is the tick process; return the seconds until it should look again."""
    try:
        if not hold_lock():
            mine.clear()
            return LONGEST_SLEEP_SECONDS
        mine.set()
        rota.run_due()
        return rota.seconds_to_next()
    except (OperationalError, InterfaceError) as error:
        mine.clear()
        log.warning("Database is away", error=type(error).__name__)
        connection.close()
        return LONGEST_SLEEP_SECONDS


def _go_on_at_length(rota: Rota, mine: threading.Event, stop: threading.Event) -> None:
    """Run what is due while this is the tick process, on a connection of this thread's own."""
    while not stop.is_set():
        if mine.wait(LONGEST_SLEEP_SECONDS):
            rota.run_due(go_on=lambda: mine.is_set() and not stop.is_set())
            connection.close()
            stop.wait(min(LONGEST_SLEEP_SECONDS, rota.seconds_to_next()))
