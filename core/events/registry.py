"""Who hears of what: a room's ``handlers.py`` registers its handlers here by ``@handles``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from core.db.acts import PUBLIC, WallError

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class HeardEvent:
    """An event as a handler hears it. ``schema`` is where it happened."""

    id: UUID
    kind: str
    aggregate_type: str
    aggregate_id: str
    version: int
    seller_id: int | None
    buyer_id: int | None
    person_id: UUID | None
    seat_id: UUID | None
    request_id: str
    payload: Payload
    at: datetime
    schema: str


class Runs(StrEnum):
    """Where a handler acts: in the event's own schema, in the public one, or in the brands the event names.

    An event names brands by ``payload["brand_schemas"]``, a list of schema names; only public events may: what comes
    from a brand's schema (another server's archive too) reaches no other brand.
    """

    HERE = "here"
    PUBLIC = "public"
    BRANDS = "brands"


@dataclass(frozen=True, slots=True)
class Handler:
    """A registered handler; its name stands in Delivery and Handled rows."""

    name: str
    runs: Runs
    call: Callable[[HeardEvent], None]

    def schemas(self, event: HeardEvent) -> tuple[str, ...]:
        """The schemas this handler acts in for ``event``. ``WallError``: a brand's own event names brands."""
        if self.runs is Runs.PUBLIC:
            return (PUBLIC,)
        if self.runs is Runs.BRANDS:
            if event.schema != PUBLIC:
                raise WallError(f"{self.name} hears public events only")
            return tuple(event.payload["brand_schemas"])
        return (event.schema,)


class UnknownHandler(LookupError):
    """A delivery names a handler that no room registers (any more)."""


_handlers: dict[str, Handler] = {}
_hearers: dict[str, list[str]] = {}


def handles(
    *kinds: str, runs: Runs = Runs.HERE
) -> Callable[[Callable[[HeardEvent], None]], Callable[[HeardEvent], None]]:
    """Let a function of a room's ``handlers.py`` hear of events of these kinds.

    It runs inside an act of its own in the schema ``runs`` says, at least once and handled once: it calls inner
    pieces (``ledger.hold``), never a verb that opens an act. Its name is ``room.function``. What it raises puts
    the delivery off; a handler that needs order compares the version (``core.events.services.advance``).
    """

    def register(call: Callable[[HeardEvent], None]) -> Callable[[HeardEvent], None]:
        name = f"{call.__module__.removesuffix('.handlers')}.{call.__name__}"
        if name in _handlers:
            raise ValueError(f"two handlers are called {name}")
        _handlers[name] = Handler(name=name, runs=runs, call=call)
        for kind in kinds:
            _hearers.setdefault(kind, []).append(name)
        return call

    return register


def hearers(kind: str) -> tuple[str, ...]:
    """Names of the handlers that hear events of ``kind``."""
    return tuple(_hearers.get(kind, ()))


def handler(name: str) -> Handler:
    """The handler called ``name``. Raises ``UnknownHandler``."""
    try:
        return _handlers[name]
    except KeyError:
        raise UnknownHandler(name) from None


def handlers_over_brands() -> tuple[str, ...]:
    """Names of the handlers that act in the brands an event names."""
    return tuple(name for name, handler in _handlers.items() if handler.runs is Runs.BRANDS)
