"""Traces for an OpenTelemetry collector: off unless ``JIUMAI_TRACES_ENDPOINT`` names one.

A span carries what a log line does (route's name, schema, ids, counts) and never a path, a query or a statement.
The packages come with the extra ``telemetry``; without a collector they are not even imported.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

Value = str | int | float | bool
SERVICE = "jiumai"


class Traced:
    """One span under way, or nothing at all where traces are off."""

    __slots__ = ("_span",)

    def __init__(self, span: "Span | None") -> None:
        self._span = span

    def tell(self, name: str, facts: Mapping[str, Value], *, is_fault: bool = False) -> None:
        """Name the span and add what is known by now; ``is_fault``: something of ours broke."""
        if self._span is None:
            return
        from opentelemetry.trace import Status, StatusCode

        self._span.update_name(name)
        self._span.set_attributes(dict(facts))
        if is_fault:
            self._span.set_status(Status(StatusCode.ERROR))


_OFF = Traced(None)


@contextmanager
def traced(name: str, *, carrier: Mapping[str, str] | None = None, is_server: bool = True) -> Iterator[Traced]:
    """A span around a block, below the one ``carrier`` (W3C ``traceparent``) names; nothing when traces are off."""
    source = provider()
    if source is None:
        yield _OFF
        return
    from opentelemetry.propagate import extract
    from opentelemetry.trace import SpanKind

    kind = SpanKind.SERVER if is_server else SpanKind.CONSUMER
    tracer = source.get_tracer(SERVICE)
    # The words of an exception may hold a person's data: the log masks them, a span leaves them out.
    with tracer.start_as_current_span(
        name, context=extract(carrier or {}), kind=kind, record_exception=False, set_status_on_exception=False
    ) as span:
        yield Traced(span)


@lru_cache(maxsize=1)
def provider() -> "TracerProvider | None":
    """Where spans go, or None. Raises ``ImproperlyConfigured`` when the packages are not installed."""
    if not settings.TRACES_ENDPOINT:
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise ImproperlyConfigured("JIUMAI_TRACES_ENDPOINT needs the extra `telemetry`.") from error
    made = TracerProvider(resource=Resource.create({"service.name": SERVICE}))
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=settings.TRACES_ENDPOINT)))
    return made
