"""Prometheus figures of the web process, by route name and never by path (paths hold numbers of documents)."""

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import REGISTRY

REQUESTS = Histogram(
    "jiumai_request_seconds",
    "Time to answer a request.",
    ("method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
CACHE_MISSES = Counter("jiumai_cache_unavailable_total", "Cache calls that were lost because Redis did not answer.")


def exposition() -> bytes:
    """All figures in Prometheus' text format; over all web processes where ``PROMETHEUS_MULTIPROC_DIR`` is set."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return generate_latest(registry)
