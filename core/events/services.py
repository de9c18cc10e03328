"""Recording what happened, and the helper of handlers that need order."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet

from core.db import sql
from core.db.acts import current_schema
from core.events import broker, registry
from core.events.models import Delivery, Event
from core.kernel import clock
from core.kernel.actor import Actor

_plain = DjangoJSONEncoder().default
_AS_DJANGO_DOES = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS
RELAY_TASK = "core.events.tasks.relay_dirty"

_RECORD = """
WITH recorded AS (
    INSERT INTO events_event (id, kind, aggregate_type, aggregate_id, aggregate_version, seller_id, buyer_id,
                              person_id, seat_id, request_id, payload, at, is_past)
    VALUES (%(id)s, %(kind)s, %(aggregate_type)s, %(aggregate_id)s, %(aggregate_version)s, %(seller_id)s, %(buyer_id)s,
            %(person_id)s, %(seat_id)s, %(request_id)s, %(payload_json)s::jsonb, %(at)s, %(is_past)s)
    RETURNING id, at
)
INSERT INTO events_delivery (event_id, handler, attempts, due_at, last_error)
SELECT recorded.id, hearer, 0, recorded.at, '' FROM recorded, unnest(%(hearers)s::text[]) AS hearer
"""


def record(
    *,
    kind: str,
    aggregate_type: str,
    aggregate_id: str,
    version: int,
    actor: Actor | None,
    payload: dict[str, Any],
    seller_id: int | None = None,
    buyer_id: int | None = None,
) -> Event:
    """Write down a happening and who is still to hear of it, in ONE statement inside the caller's act.

    After the commit the relay is poked; without a broker the sweep finds the event. ``actor`` None: the platform
    itself. Raises ``RuntimeError`` outside an act.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event is recorded inside the act it tells of")
    event = Event(
        kind=kind,
        aggregate_type=aggregate_type,
        aggregate_id=aggregate_id,
        aggregate_version=version,
        seller_id=seller_id,
        buyer_id=buyer_id,
        person_id=actor.person_id if actor else None,
        seat_id=actor.seat_id if actor else None,
        request_id=actor.request_id if actor else "",
        payload=payload,
        at=clock.now(),
        is_past=clock.is_fixed(),
    )
    words = {field.attname: getattr(event, field.attname) for field in Event._meta.concrete_fields}
    words["payload_json"] = orjson.dumps(payload, _plain, _AS_DJANGO_DOES).decode()
    words["hearers"] = list(registry.hearers(kind))
    sql.execute(_RECORD, {name: word for name, word in words.items() if name != "payload"})
    transaction.on_commit(partial(poke, current_schema()), robust=True)
    return event


@dataclass(frozen=True, slots=True)
class Happening:
    """What ``record_all`` writes down of one thing."""

    aggregate_id: str
    version: int
    payload: dict[str, Any]
    seller_id: int | None = None
    buyer_id: int | None = None


def record_all(*, kind: str, aggregate_type: str, actor: Actor, happenings: Sequence[Happening]) -> None:
    """``record`` for many things at once: two statements, none for no happenings. Raises as ``record``."""
    if not happenings:
        return
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event is recorded inside the act it tells of")
    now = clock.now()
    events = Event.objects.bulk_create(
        Event(
            kind=kind,
            aggregate_type=aggregate_type,
            aggregate_id=one.aggregate_id,
            aggregate_version=one.version,
            seller_id=one.seller_id,
            buyer_id=one.buyer_id,
            person_id=actor.person_id,
            seat_id=actor.seat_id,
            request_id=actor.request_id,
            payload=one.payload,
            at=now,
            is_past=clock.is_fixed(),
        )
        for one in happenings
    )
    hearers = registry.hearers(kind)
    Delivery.objects.bulk_create(
        Delivery(event=event, handler=hearer, due_at=now) for event in events for hearer in hearers
    )
    transaction.on_commit(partial(poke, current_schema()), robust=True)


def poke(schema: str) -> None:
    """Ask for ``schema`` to be relayed soon. Never raises: with the broker away the sweep comes by."""
    if not _is_put_off.get() and broker.mark_dirty(schema):
        broker.send(RELAY_TASK)


_is_put_off: ContextVar[bool] = ContextVar("is_put_off", default=False)


@contextmanager
def relayed_at_the_end() -> Iterator[None]:
    """Acts within ask for no relay each, but for one of the present schema when all is over, also where it broke off.

    For thousands of acts in a row that nobody waits for: the broker is a tenth of what such an act costs.
    """
    token = _is_put_off.set(True)
    try:
        yield
    finally:
        _is_put_off.reset(token)
        poke(current_schema())


def drop_deliveries_over_brands() -> int:
    """Take deliveries that would reach other brands out of the present schema; how many.

    No brand's schema of ours ever holds one: whoever wrote it into rows that come from elsewhere meant harm.
    """
    return Delivery.objects.filter(handler__in=registry.handlers_over_brands()).delete()[0]


def advance(rows: QuerySet[Any, Any], *, to: int, field: str = "version") -> bool:
    """Move the version of a read model's row(s) forward; False when they already heard of ``to`` or of later.

    For handlers that need order: on False they leave the row alone. One conditional UPDATE, inside the handler's act.
    """
    return rows.filter(**{f"{field}__lt": to}).update(**{field: to}) > 0
