"""The fake provider as a process of its own, for tests that talk to it over the network."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[2]
HELD_MS = 600_000
"""Longer than any test takes."""


class ProviderProcess:
    """Context manager: a running fake provider on a free port of 127.0.0.1, told what to do over HTTP."""

    def __init__(self, *, model_latency_ms: float = 0, rag_latency_ms: float = 0, port: int = 0) -> None:
        self._command = [
            sys.executable, "-m", "tests.fakes.provider", "--port", str(port),
            "--model-latency-ms", str(model_latency_ms), "--rag-latency-ms", str(rag_latency_ms),
        ]  # fmt: skip
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    @property
    def model_url(self) -> str:
        return f"{self.url}/v1"

    def __enter__(self) -> ProviderProcess:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            raise RuntimeError("The fake provider did not start.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(10)
        self._process.stdout.close()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def fault(self, fault: str) -> None:
        """Put a fault in force, written as in `model:500:count=2:variant=1`."""
        self._tell({"fault": fault})

    def latency(self, *, model: float | None = None, rag: float | None = None, **variants: float) -> None:
        """Set latencies in ms; `v3=900` for a single variant."""
        given = {"model": model, "rag": rag, "variants": {name[1:]: value for name, value in variants.items()}}
        self._tell({"latencyMs": {name: value for name, value in given.items() if value is not None}})

    def hold(self, *variants: int) -> None:
        """Keep what is asked for these variants waiting until `release()`; 0 is the standard outline."""
        self.latency(**{f"v{variant}": HELD_MS for variant in variants})

    def release(self) -> None:
        """Answer everything at once, also what waits already."""
        self.latency(model=0, rag=0, **{f"v{variant}": 0 for variant in range(5)})

    def reset(self) -> None:
        """Forget faults and calls and restore the latencies it was started with."""
        for path in ("_control", "_calls"):
            requests.delete(f"{self.url}/{path}", timeout=5).raise_for_status()

    def calls(self, kind: str | None = None) -> list[dict[str, Any]]:
        answer = requests.get(f"{self.url}/_calls", params={"kind": kind} if kind else {}, timeout=5)
        listed: list[dict[str, Any]] = answer.json()["calls"]
        return listed

    def _tell(self, wanted: dict[str, Any]) -> None:
        requests.post(f"{self.url}/_control", json=wanted, timeout=5).raise_for_status()
