"""`manage.py tick`: the recurring duties, once or in a loop."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection

from sessions_builder.duties import duties
from sessions_builder.jobs.tick import Rota, hold_lock

log = structlog.get_logger(__name__)

LONGEST_SLEEP_SECONDS = 5.0


class Command(BaseCommand):
    """Run the reaper and the other recurring duties.

    Only one process at a time does, further ones wait to take over.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until SIGTERM")

    def handle(self, *_: Any, loop: bool, **__: Any) -> None:
        rota = Rota(duties())
        if not loop:
            if hold_lock():
                rota.run_due()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            stop.wait(min(LONGEST_SLEEP_SECONDS, self._round(rota)))

    def _round(self, rota: Rota) -> float:
        """Run what is due if this is the tick process; return the seconds until it should look again."""
        try:
            if not hold_lock():
                return LONGEST_SLEEP_SECONDS
            rota.run_due()
            return rota.seconds_to_next()
        except (OperationalError, InterfaceError) as error:
            log.warning("Database is away", error=type(error).__name__)
            connection.close()
            return LONGEST_SLEEP_SECONDS
