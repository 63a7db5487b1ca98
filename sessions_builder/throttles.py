"""Polite limits for what authors' pages ask often. Every process counts for itself; quotas live in the database."""

from __future__ import annotations

from typing import ClassVar

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from featureflags.ofrep.throttle import RequestCounter


class PreviewThrottle(BaseThrottle):
    """20 searches for sources a user in ten seconds."""

    limit: ClassVar[int] = 20
    counter: ClassVar[RequestCounter] = RequestCounter()

    def allow_request(self, request: Request, view: APIView) -> bool:
        return self.counter.add(request.user.pk) <= self.limit

    def wait(self) -> float:
        return float(self.counter.seconds_left())
