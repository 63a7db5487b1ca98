"""Waking workers through Redis. The row in the database is the queue, so a bell nobody hears loses nothing."""

from __future__ import annotations

import time
from uuid import UUID

import structlog
from celery import current_app
from kombu.exceptions import OperationalError as BrokerUnreachable
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

GENERATE = "sessions_builder.tasks.generate"
PROPOSE = "sessions_builder.tasks.propose"
QUIET_SECONDS = 5.0


class Doorbell:
    """Rings for one row at a time; after a failure it stays quiet for a few seconds instead of waiting again."""

    def __init__(self) -> None:
        self._quiet_until = 0.0

    def ring(self, row_id: UUID, task: str = GENERATE) -> bool:
        """Tell the workers that a generation, or with PROPOSE a proposal, is due.

        False when they could not be told. Never raises for a broker that is away.
        """
        if time.monotonic() < self._quiet_until:
            return False
        try:
            current_app.send_task(task, args=[str(row_id)])
        except (BrokerUnreachable, RedisError, OSError) as error:
            self.hush(QUIET_SECONDS)
            log.warning("Workers could not be woken; the tick process will", error=type(error).__name__)
            return False
        return True

    def hush(self, seconds: float) -> None:
        """Do not ring for so many seconds; 0 ends an earlier silence."""
        self._quiet_until = time.monotonic() + seconds


doorbell = Doorbell()
