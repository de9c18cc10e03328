"""Prometheus figures of the web process, by route name and never by path (paths hold numbers of documents)."""

import os
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess
from prometheus_client.core import REGISTRY, GaugeMetricFamily, Metric

from core.db.acts import connection
from core.kernel import clock
from core.web import figures

REQUESTS = Histogram(
    "jiumai_request_seconds",
    "Time to answer a request.",
    ("method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
STATEMENTS = Histogram(
    "jiumai_request_statements",
    "Statements sent to PostgreSQL while a request was answered.",
    ("route",),
    buckets=(0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 100),
)
POOL = Gauge(
    "jiumai_pool_connections",
    "Database connections of the web processes' pools.",
    ("state",),
    multiprocess_mode="livesum",
)
CACHE_MISSES = Counter("jiumai_cache_unavailable_total", "Cache calls that were lost because Redis did not answer.")


class Figures:
    """The figures that a task gathers over all schemas once a minute, read from the shared cache at every scrape."""

    def collect(self) -> Iterator[Metric]:
        """What was gathered last, and how long ago; nothing when nothing was."""
        told = figures.told()
        if told is None:
            return
        age = GaugeMetricFamily("jiumai_figures_age_seconds", "Time since the figures below were gathered.")
        age.add_metric([], (clock.now() - told.at).total_seconds())
        yield age
        for figure in told.figures:
            family = GaugeMetricFamily(figure.name, figure.words, labels=["kind"] if figure.is_by_kind else None)
            for kind, value in figure.values.items():
                family.add_metric([kind] if figure.is_by_kind else [], value)
            yield family


_FIGURES = Figures()


def note_pool() -> None:
    """Take down how the pool of this process stands; nothing where there is none."""
    pool = connection.pool
    if pool is None:
        return
    stats = pool.get_stats()
    open_, free = stats.get("pool_size", 0), stats.get("pool_available", 0)
    POOL.labels("busy").set(open_ - free)
    POOL.labels("free").set(free)
    POOL.labels("waited_for").set(stats.get("requests_waiting", 0))


def exposition() -> bytes:
    """All figures in Prometheus' text format; over all web processes where ``PROMETHEUS_MULTIPROC_DIR`` is set."""
    registry = CollectorRegistry()
    registry.register(_FIGURES)
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY) + generate_latest(registry)
    multiprocess.MultiProcessCollector(registry)
    return generate_latest(registry)
