"""One fake provider for all tests of the clients, as if new for each."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.fakes.process import ProviderProcess


@pytest.fixture(scope="session")
def provider_process() -> Iterator[ProviderProcess]:
    with ProviderProcess() as running:
        yield running


@pytest.fixture
def provider(provider_process: ProviderProcess) -> ProviderProcess:
    """A fake provider without faults, latency or memory of earlier tests."""
    provider_process.reset()
    return provider_process


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()
