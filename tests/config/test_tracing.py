"""Tracing costs nothing where it is not asked for, and says so where its packages are missing."""

import os
import subprocess
import sys

from config.settings import BASE_DIR

LOOK = """
import sys, django
django.setup()
import config.urls, config.celery, sessions_builder.tasks, sessions_builder.duties
from sessions_builder import tracing
with tracing.span("anything") as note:
    note({"name": 1})
tracing.past("queue", parent="", began=None)
assert tracing.current() == ""
for opener in ("opentelemetry.exporter", "opentelemetry.sdk.trace", "google.protobuf", "sessions_builder.tracing.otlp"):
    print(*(name for name in sys.modules if name.startswith(opener)), end="")
"""
HIDE = "import importlib.util as u; u.find_spec = lambda name: None; import config.settings"


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **environment}
    return subprocess.run([sys.executable, "-c", code], cwd=BASE_DIR, env=known, capture_output=True, text=True)


def test_nothing_is_loaded_without_an_endpoint() -> None:
    """The Redis client looks for OpenTelemetry's API by itself where that is installed; what traces is not there."""
    done = run(LOOK)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_an_endpoint_without_the_packages_ends_the_start_with_a_sentence() -> None:
    done = run(HIDE, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:4318")
    assert done.returncode != 0
    assert done.stderr.strip().endswith("pip install -r requirements-otel.txt.")
