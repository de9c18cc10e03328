"""Handlers that live for one test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.events import registry
from core.events.models import Event
from core.events.registry import HeardEvent, Runs
from core.events.services import record
from tests.core.actors import an_actor

HAPPENED = "testing.thing_happened.v1"


@contextmanager
def hearing(call: Callable[[HeardEvent], None], *, name: str = "hear", runs: Runs = Runs.HERE) -> Iterator[str]:
    """Register ``call`` for HAPPENED inside the block; gives the handler's name."""

    def hear(event: HeardEvent) -> None:
        call(event)

    hear.__name__ = name
    registry.handles(HAPPENED, runs=runs)(hear)
    full = f"{__name__}.{name}"
    try:
        yield full
    finally:
        del registry._handlers[full]
        registry._hearers[HAPPENED].remove(full)


def happen(aggregate_id: str = "T-1", *, version: int = 1, payload: dict[str, object] | None = None) -> Event:
    """Record one event in the test's transaction."""
    return record(
        kind=HAPPENED,
        aggregate_type="thing",
        aggregate_id=aggregate_id,
        version=version,
        actor=an_actor(),
        payload=payload or {},
        seller_id=1,
        buyer_id=7,
    )
