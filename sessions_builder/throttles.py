"""Polite limits for what authors' pages ask often. Every process counts for itself; quotas live in the database."""

from __future__ import annotations

from typing import ClassVar

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from featureflags.ofrep.throttle import RequestCounter


class PoliteLimit(BaseThrottle):
    """`limit` requests a user in ten seconds."""

    limit: ClassVar[int]
    counter: ClassVar[RequestCounter]

    def allow_request(self, request: Request, view: APIView) -> bool:
        return self.counter.add(request.user.pk) <= self.limit

    def wait(self) -> float:
        return float(self.counter.seconds_left())


class PreviewThrottle(PoliteLimit):
    """Searches for sources: each asks the knowledge source several times."""

    limit = 20
    counter = RequestCounter()


class CoachThrottle(PoliteLimit):
    """Advice on a brief: asked for while somebody types."""

    limit = 100
    counter = RequestCounter()
