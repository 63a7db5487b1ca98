"""A real Prometheus that scrapes the product."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from config.local_process import free_port, wait_until

PROGRAM = shutil.which("prometheus")


@contextmanager
def scraping(directory: Path, target: str, token: str) -> Iterator[str]:
    """A Prometheus that reads `target` every second while the block runs; yields its own address."""
    assert PROGRAM is not None
    directory.mkdir()
    (directory / "token").write_text(token)
    (directory / "prometheus.yml").write_text(
        "scrape_configs:\n- job_name: session-builder\n  scrape_interval: 1s\n"
        f"  authorization: {{credentials_file: {directory}/token}}\n"
        f"  static_configs: [{{targets: ['{target}']}}]\n"
    )
    address = f"127.0.0.1:{free_port()}"
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(PROGRAM, f"--config.file={directory}/prometheus.yml", f"--storage.tsdb.path={directory}/data"),
                f"--web.listen-address={address}",
            ],
            stdout=log,
            stderr=log,
        )
    try:
        assert wait_until(lambda: bool(values(address, "up")), seconds=20), (directory / "log").read_text()
        yield address
    finally:
        process.terminate()
        process.wait(20)


def values(address: str, query: str) -> dict[str, float]:
    """What a query answers: a value for each set of labels, written as in `{mode="legacy"}`."""
    try:
        answer = requests.get(f"http://{address}/api/v1/query", params={"query": query}, timeout=5)
    except requests.ConnectionError:
        return {}
    if answer.status_code == 503:  # it listens before it is ready
        return {}
    found = answer.json().get("data", {}).get("result", [])
    return {_labels(one["metric"]): float(one["value"][1]) for one in found}


def _labels(metric: dict[str, str]) -> str:
    kept = sorted((name, value) for name, value in metric.items() if name not in ("__name__", "instance", "job"))
    return ",".join(f"{name}={value}" for name, value in kept)
