"""What became of a price list, version by version: from the events its verbs recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.events.models import Event
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from ordering.pricing.events import LIST_CHANGED, PRICES_CHANGED, PRICES_TAKEN_BACK
from ordering.pricing.selectors import lists_visible_to
from ordering.rounds.models import PriceRound
from ordering.rounds.selectors.rounds import rounds_visible_to
from tenants.access.models import Seat

LIST = "price_list"


@dataclass(frozen=True, slots=True)
class ListVersion:
    """What made one version. ``rules_from``: when the first of its prices begins, None where it changed none.

    ``change_count``: how many prices it set, or took away again. ``changed``: what of the list itself changed.
    ``round``: the round that wrote it, as far as the seat may see it. ``person_name`` empty: nobody knows.
    """

    version: int
    kind: str
    at: datetime
    person_id: UUID | None
    person_name: str
    change_count: int | None
    rules_from: datetime | None
    changed: tuple[str, ...]
    round: PriceRound | None

    @property
    def sets_prices(self) -> bool:
        """Whether the list said other prices from then on, and can be put back to them."""
        return self.kind == PRICES_CHANGED


def version_events(actor: Actor, list_code: str) -> QuerySet[Event]:
    """The happenings of a list the seat sees, the newest first; one query before it. Raises ``Missing``."""
    if not lists_visible_to(actor).filter(code=list_code).exists():
        raise Missing(list=list_code[:30])
    found = Event.objects.filter(aggregate_type=LIST, aggregate_id=list_code, seller_id=actor.dealer_id)
    return found.order_by("-aggregate_version", "-id")


def versions_told(actor: Actor, events: Iterable[Event]) -> tuple[ListVersion, ...]:
    """The same as versions; two queries, for the people and the rounds behind them."""
    rows = list(events)
    people = {one.person_id for one in rows if one.person_id is not None}
    names = dict(Seat.objects.filter(person_id__in=people).order_by("pk").values_list("person_id", "person_name"))
    ids = {one.payload["round_id"] for one in rows if one.payload.get("round_id")}
    rounds = {row.pk: row for row in rounds_visible_to(actor).filter(pk__in=ids)} if ids else {}
    return tuple(_told(row, names, rounds) for row in rows)


def version_of(actor: Actor, list_code: str, version: int) -> ListVersion:
    """One version of a list that set prices. Raises ``Missing``."""
    found = version_events(actor, list_code).filter(aggregate_version=version, kind=PRICES_CHANGED).first()
    if found is None:
        raise Missing(list=list_code[:30], version=version)
    return versions_told(actor, [found])[0]


def _told(row: Event, names: Mapping[UUID, str], rounds: Mapping[int, PriceRound]) -> ListVersion:
    said: dict[str, Any] = row.payload
    is_of_prices = row.kind in (PRICES_CHANGED, PRICES_TAKEN_BACK)
    return ListVersion(
        version=row.aggregate_version,
        kind=row.kind,
        at=row.at,
        person_id=row.person_id,
        person_name=names.get(row.person_id, "") if row.person_id else "",
        change_count=said.get("change_count") if is_of_prices else None,
        rules_from=datetime.fromisoformat(said["rules_from"]) if said.get("rules_from") else None,
        changed=tuple(said.get("after") or ()) if row.kind == LIST_CHANGED else (),
        round=rounds.get(said.get("round_id") or 0),
    )
