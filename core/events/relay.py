"""From the outbox to the hearers: one relay at a time in a schema, at least once, handled once."""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

from core.db import sql
from core.db.acts import PUBLIC, act, brand_schema
from core.db.schemas import brand_schemas, schema_exists
from core.events import broker, registry, rules
from core.events.models import Delivery, Event
from core.events.registry import Handler, HeardEvent, Runs
from core.kernel import clock

log = logging.getLogger(__name__)

BATCH = 100
MOST_BATCHES = 50
"""A long backlog is taken in turns, so that it does not keep a worker from the other brands."""

_LOCK = "SELECT pg_try_advisory_lock(hashtextextended(%(key)s, 0))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtextextended(%(key)s, 0))"
_STAMP = """
UPDATE events_event AS event SET position = stamped.position
FROM (SELECT id, (SELECT coalesce(max(position), 0) FROM events_event) + row_number() OVER (ORDER BY id) AS position
      FROM events_event WHERE position IS NULL) AS stamped
WHERE event.id = stamped.id
"""
_HAS_WORK = """
SELECT EXISTS (SELECT FROM events_event WHERE position IS NULL)
    OR EXISTS (SELECT FROM events_delivery WHERE due_at <= %(now)s)
"""
_CLAIM = """
INSERT INTO events_handled (event_id, handler, at) VALUES (%(event_id)s, %(handler)s, %(at)s)
ON CONFLICT (event_id, handler) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Relayed:
    """What one visit did: events stamped into the feed, deliveries made, deliveries put off."""

    stamped: int
    delivered: int
    failed: int


def relay(schema: str) -> Relayed | None:
    """Stamp the feed of ``schema`` and make every delivery that is due; None when another relay is at it."""
    with brand_schema(schema), _alone(schema) as is_alone:
        if not is_alone:
            broker.mark_dirty(schema)
            return None
        stamped = sql.execute(_STAMP, {})
        delivered = failed = 0
        for _turn in range(MOST_BATCHES):
            made, put_off = _deliver_batch(schema)
            delivered, failed = delivered + made, failed + put_off
            if made + put_off < BATCH:
                break
        else:
            broker.mark_dirty(schema)
    return Relayed(stamped=stamped, delivered=delivered, failed=failed)


def relay_dirty() -> int:
    """Relay every schema that was poked; how many there were. A schema that fails does not stop the others."""
    visited = 0
    while schema := broker.take_dirty():
        _relay_safely(schema)
        visited += 1
    return visited


def sweep() -> int:
    """Visit every brand in service and the public schema, one statement each; how many had something to relay."""
    busy = [schema for schema in (PUBLIC, *brand_schemas()) if has_work(schema)]
    for schema in busy:
        _relay_safely(schema)
    return len(busy)


def has_work(schema: str) -> bool:
    """Whether an event is not stamped or a delivery is due in ``schema``."""
    with brand_schema(schema):
        answer = sql.row(_HAS_WORK, {"now": clock.now()})
    return bool(answer and answer[0])


def _relay_safely(schema: str) -> None:
    try:
        relay(schema)
    except Exception as error:  # noqa: BLE001 - one brand's fault must not stop the others'
        log.error("relay of %s failed: %s", schema, rules.noted(error))


@contextmanager
def _alone(schema: str) -> Iterator[bool]:
    # A session lock, since every handler has a transaction of its own; it falls with the connection.
    key = {"key": f"relay:{schema}"}
    answer = sql.row(_LOCK, key)
    is_alone = bool(answer and answer[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            sql.row(_UNLOCK, key)


def _deliver_batch(schema: str) -> tuple[int, int]:
    due = Delivery.objects.filter(due_at__lte=clock.now()).select_related("event")
    deliveries = list(due.order_by("event__position", "id")[:BATCH])
    delivered = [delivery.pk for delivery in deliveries if _delivered(delivery, schema)]
    if delivered:
        Delivery.objects.filter(pk__in=delivered).delete()
    return len(delivered), len(deliveries) - len(delivered)


def _delivered(delivery: Delivery, schema: str) -> bool:
    try:
        _hand_over(registry.handler(delivery.handler), _heard(delivery.event, schema), delivery.event)
    except Exception as error:  # noqa: BLE001 - a poisoned delivery is put off, the others go on
        _put_off(delivery, error)
        return False
    return True


def _hand_over(handler: Handler, heard: HeardEvent, event: Event) -> None:
    """Let the handler act in each of its schemas; one that fails keeps none of the others from hearing."""
    faults: list[Exception] = []
    for schema in handler.schemas(heard):
        if handler.runs is Runs.BRANDS and not schema_exists(schema):
            continue  # deleted since: nobody is left to hear
        try:
            _call(handler, heard, event, schema)
        except Exception as error:  # noqa: BLE001 - it is this schema's fault; raised when all have heard
            log.warning("%s failed on %s in %s: %s", handler.name, heard.id, schema, rules.noted(error))
            faults.append(error)
    if faults:
        raise faults[0]


def _call(handler: Handler, heard: HeardEvent, event: Event, schema: str) -> None:
    with brand_schema(schema), _instant_of(event), act():
        claim = {"event_id": event.id, "handler": handler.name, "at": clock.now()}
        if sql.execute(_CLAIM, claim):
            handler.call(heard)


def _instant_of(event: Event) -> AbstractContextManager[None]:
    return clock.at(event.at) if event.is_past else nullcontext()


def _put_off(delivery: Delivery, error: Exception) -> None:
    attempts = delivery.attempts + 1
    note = rules.noted(error)
    log.warning("delivery of %s to %s failed (%d): %s", delivery.event_id, delivery.handler, attempts, note)
    Delivery.objects.filter(pk=delivery.pk).update(
        attempts=attempts, due_at=clock.now() + rules.pause(attempts), last_error=note
    )


def _heard(event: Event, schema: str) -> HeardEvent:
    return HeardEvent(
        id=event.id,
        kind=event.kind,
        aggregate_type=event.aggregate_type,
        aggregate_id=event.aggregate_id,
        version=event.aggregate_version,
        seller_id=event.seller_id,
        buyer_id=event.buyer_id,
        person_id=event.person_id,
        seat_id=event.seat_id,
        request_id=event.request_id,
        payload=event.payload,
        at=event.at,
        schema=schema,
    )
