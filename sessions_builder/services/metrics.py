"""What Prometheus reads: counters of all processes of this machine, and the queue as the database has it now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from django.conf import settings
from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from featureflags.metrics import add_up
from sessions_builder.services import metric_files
from sessions_builder.services.queue_figures import queue_figures

PREFIX = "session_builder_"


class QueueCollector(Collector):
    """Gauges that are true for the whole installation, whichever machine is asked."""

    def collect(self) -> Iterable[Metric]:
        figures = queue_figures()
        yield _by_state("jobs", "Unfinished generations.", figures.jobs)
        yield _by_state("proposals", "Sections to be written anew.", figures.proposals)
        yield _gauge("queue_oldest_age_seconds", "Age of the oldest due job.", figures.oldest_age_seconds)
        yield _gauge("reaper_last_run_age_seconds", "Time since the reaper's last round.", figures.reaper_age_seconds)
        yield _gauge("workers", "Worker processes that gave a sign of life lately.", figures.workers)


class AllProcesses(Collector):
    """The series of every process of this machine, the ended ones among them."""

    def collect(self) -> Iterable[Metric]:
        with metric_files.reading(Path(settings.METRICS_DIR)):
            return list(MultiProcessCollector(None, path=settings.METRICS_DIR).collect())


class ThisProcess(Collector):
    """The product's own series of this process, for one that shares its counters with no other."""

    def collect(self) -> Iterable[Metric]:
        return [metric for metric in REGISTRY.collect() if metric.name.startswith(PREFIX)]


def exposition(accept: str) -> tuple[bytes, str]:
    """Return the text and its content type, in the format the Accept header prefers."""
    add_up()
    registry = CollectorRegistry()
    if settings.PROCESS_ROLE != "command":
        registry.register(AllProcesses())
    else:
        registry.register(ThisProcess())
    registry.register(QueueCollector())
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


def _by_state(name: str, text: str, numbers: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"{PREFIX}{name}", text, labels=["state"])
    for state, number in numbers.items():
        family.add_metric([state], number)
    return family


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}{name}", text, value=value)
