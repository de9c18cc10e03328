"""What one dealer pays for one SKU at any instant, with everything that leads there, and how it went over time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from core.catalogue.models import Sku
from core.catalogue.selectors import sku_by_code
from core.db.naming import called
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.quantity import Unit
from dms.dealers.selectors import TradingDealer, dealer, trading_dealer
from ordering.pricing.explaining import Asked, Chain, EntryFacts, Explained, ListFacts, Priced, Question
from ordering.pricing.models import PriceEntry, PriceList, PricingSettings
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors.chains import lineage
from ordering.pricing.selectors.lists import lists_visible_to
from tenants.access.models import Seat

MOST_PARENTS = 3
AHEAD = timedelta(days=366)
"""How far beyond now, or the instant asked for, planned prices are told."""
_SCOPES = tuple(PriceList.Scope.values)


@dataclass(frozen=True, slots=True)
class PriceQuestion:
    """So many of a unit of a SKU for a dealer at an instant; ``unit`` None: the one the SKU is sold in."""

    dealer_code: str
    sku_code: str
    at: datetime
    unit: Unit | None = None
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class TracedList:
    """A list of the chain in words, with what became of it. ``is_open``: the actor may see the list itself."""

    asked: Asked
    name: str
    scope: str
    tier: str
    region_code: str
    group_name: str
    dealer_name: str
    channel: str
    version: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class TracedEntry:
    """An entry with who wrote it; ``person_name`` empty where nobody knows any more."""

    entry: EntryFacts
    list_code: str
    person_name: str


@dataclass(frozen=True, slots=True)
class TracedPrice:
    """The whole answer. ``source``: the entry the price comes from; ``history``: all of its key, the newest first.

    ``course``: what the dealer pays from which instant on by today's lists; None: not to be had.
    """

    buyer: TradingDealer
    sku: Sku
    question: Question
    at: datetime
    currency: str
    explained: Explained
    chain: tuple[TracedList, ...]
    source: TracedEntry | None
    history: tuple[TracedEntry, ...]
    course: tuple[tuple[datetime, int | None], ...]

    @property
    def price(self) -> Priced | None:
        """The price, if there is one."""
        return self.explained.price

    @property
    def refusal(self) -> DomainError | None:
        """Why there is none."""
        return self.explained.refusal


def traced_price(actor: Actor, asked: PriceQuestion) -> TracedPrice:
    """Trace the price a customer of the actor's own house meets; the same few statements for any number of lists.

    Dealer, tier, groups, lists' scopes and factors are those of today; entries those of the instant. Raises
    ``NotPermitted``, ``Missing`` (dealer), ``SkuUnknown``.
    """
    actor.require(Permission.READ, writes=False)
    sku = sku_by_code(actor, asked.sku_code)
    found = dealer(actor, asked.dealer_code)
    buyer = trading_dealer(buyer_id=found.pk, seller_id=actor.dealer_id, day=clock.business_day())
    currency = buyer.currency or "CNY"
    lists = _chain_of(actor.dealer_id, buyer, currency)
    parents = _parents_of(lists)
    facts = {one.pk: _facts(one, buyer) for one in (*lists, *parents)}
    entries = [_entry(row) for row in PriceEntry.objects.filter(sku=sku, price_list_id__in=facts)]
    chain = Chain([facts[one.pk] for one in lists], [facts[one.pk] for one in parents], entries)
    question = Question(sku.code, sku.bottles_per_case, asked.unit or own_unit(sku), asked.quantity, _is_lowest())
    explained = chain.explain(question, asked.at)
    seen = set(lists_visible_to(actor).filter(pk__in=facts).values_list("pk", flat=True))
    source = explained.price.entry if explained.price and explained.price.entry.list_id in seen else None
    history = _signed(chain.of_key(source) if source else [], facts)
    return TracedPrice(
        buyer=buyer,
        sku=sku,
        question=question,
        at=asked.at,
        currency=currency,
        explained=explained,
        chain=_told({one.pk: one for one in lists}, explained, seen),
        source=next((one for one in history if one.entry == source), None),
        history=tuple(history),
        course=tuple(chain.course(question, max(clock.now(), asked.at) + AHEAD)),
    )


def end_of(day: date) -> datetime:
    """The instant a day's prices are asked at: now for today, the last of any other day."""
    return clock.now() if day == clock.business_day() else clock.end_of_day(day) - timedelta(microseconds=1)


def own_unit(sku: Sku) -> Unit:
    """The unit a SKU is asked in where none is named."""
    return Unit.BOTTLE if sku.sells_in == Sku.SellsIn.BOTTLE else Unit.CASE


def _is_lowest() -> bool:
    choice = PricingSettings.objects.values_list("choice", flat=True).first()
    return choice == PricingSettings.Choice.LOWEST


def _chain_of(seller_id: int, buyer: TradingDealer, currency: str) -> list[PriceList]:
    """The lists that fit the buyer, in no order yet: as ``chains.CHAIN`` has it."""
    fits = Q(scope=PriceList.Scope.NATIONAL) | Q(scope=PriceList.Scope.TIER, tier=buyer.tier)
    fits |= Q(scope=PriceList.Scope.DEALER, dealer_id=buyer.id)
    fits |= Q(scope=PriceList.Scope.GROUP, price_group_id__in=buyer.price_group_ids)
    rows = PriceList.objects.filter(
        fits,
        seller_id=seller_id,
        is_active=True,
        kind=PriceList.Kind.SALE,
        currency=currency,
        region_code__in=lineage(buyer.region_code),
        channel__in=("", buyer.channel),
    )
    return list(rows.select_related("dealer", "price_group"))


def _parents_of(lists: Sequence[PriceList]) -> list[PriceList]:
    """The lists they derive from, through all stages; put away ones too. One query, none without derived lists."""
    if all(one.parent_id is None for one in lists):
        return []
    below = Q(pk__in=[])
    for depth in range(1, MOST_PARENTS + 1):
        below |= Q(**{"__".join(["derived"] * depth) + "__in": [one.pk for one in lists]})
    known = {one.pk for one in lists}
    return [one for one in PriceList.objects.filter(below).distinct() if one.pk not in known]


def _facts(one: PriceList, buyer: TradingDealer) -> ListFacts:
    held, groups = lineage(buyer.region_code), buyer.price_group_ids
    depth = held.index(one.region_code) if one.region_code in held else len(held)
    group = groups.index(one.price_group_id) + 1 if one.price_group_id in groups else 0
    place = (_SCOPES.index(one.scope), depth, int(not one.channel), group)
    return ListFacts(
        one.pk, one.code, place, one.parent_id, one.factor_ppm, one.round_to, one.round_mode, one.divides_cases
    )


def _entry(row: PriceEntry) -> EntryFacts:
    return EntryFacts(
        row.pk,
        row.price_list_id,
        row.unit,
        row.min_quantity,
        row.valid_from,
        row.amount,
        row.person_id,
        row.created_at,
        row.round_id,
    )


def _told(lists: dict[int, PriceList], explained: Explained, seen: set[int]) -> tuple[TracedList, ...]:
    return tuple(
        TracedList(
            asked,
            called(row),
            row.scope,
            row.tier,
            row.region_code,
            row.price_group.name if row.price_group else "",
            row.dealer.name if row.dealer else "",
            row.channel,
            row.version,
            row.pk in seen,
        )
        for asked in explained.chain
        for row in (lists[asked.list.id],)
    )


def _signed(entries: Sequence[EntryFacts], facts: dict[int, ListFacts]) -> list[TracedEntry]:
    """The entries with who wrote each. One query, none for none."""
    names = _names(entry.person_id for entry in entries)
    return [TracedEntry(one, facts[one.list_id].code, names.get(one.person_id, "")) for one in entries]


def _names(people: Iterable[UUID | None]) -> dict[UUID | None, str]:
    wanted = {person for person in people if person is not None}
    if not wanted:
        return {}
    return dict(Seat.objects.filter(person_id__in=wanted).order_by("pk").values_list("person_id", "person_name"))
