"""Traces are off unless a collector is named; then a span says what a log line does."""

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pytest_django import Settings

from core.events.tasks import relay_dirty
from core.web import telemetry
from tests.clients import visitor
from tests.portals import TestPortal

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """A collector in memory."""
    exporter = InMemorySpanExporter()
    source = TracerProvider()
    source.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "provider", lambda: source)
    yield exporter
    source.shutdown()


def test_they_are_off_by_default() -> None:
    telemetry.provider.cache_clear()
    assert telemetry.provider() is None
    with telemetry.traced("anything") as span:
        span.tell("still nothing", {"a": 1})


def test_a_request_is_a_span_with_its_route_and_never_its_path(xinghe: TestPortal, spans: InMemorySpanExporter) -> None:
    visitor(xinghe).get("/sign-in/?next=/secret/", headers={"traceparent": PARENT, "x-request-id": "abc-12345678"})
    [span] = spans.get_finished_spans()
    attributes = dict(span.attributes or {})
    statements = attributes.pop("jiumai.statements")
    assert isinstance(statements, int)
    assert span.name == "GET sign_in"
    assert attributes == {
        "http.request.method": "GET",
        "http.route": "sign_in",
        "http.response.status_code": 200,
        "jiumai.request_id": "abc-12345678",
        "jiumai.schema": "t_xinghe",
    }
    assert span.parent is not None
    assert f"{span.parent.trace_id:032x}" == PARENT.split("-")[1]
    assert "secret" not in span.to_json()


def test_a_bug_is_marked_without_its_words(xinghe: TestPortal, spans: InMemorySpanExporter) -> None:
    visitor(xinghe, raise_request_exception=False).get("/bug/")
    [span] = spans.get_finished_spans()
    assert span.status.status_code.name == "ERROR"
    assert not span.events


def test_a_named_collector_makes_a_provider(settings: Settings) -> None:
    settings.TRACES_ENDPOINT = "http://127.0.0.1:1/v1/traces"
    telemetry.provider.cache_clear()
    made = telemetry.provider()
    telemetry.provider.cache_clear()
    assert made is not None
    assert made.resource.attributes["service.name"] == "jiumai"
    made.shutdown()


def test_a_task_is_a_span_in_its_schema(xinghe: TestPortal, spans: InMemorySpanExporter) -> None:
    relay_dirty.apply_async()
    names = {span.name: dict(span.attributes or {}) for span in spans.get_finished_spans()}
    assert names["core.events.tasks.relay_dirty"]["jiumai.schema"] == "t_xinghe"
