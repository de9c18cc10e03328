"""Questions about the channel tree."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from billing.ledger.models import Book
from core.db.scopes import dealers_within
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.regions import within
from core.kernel.text import normalised
from dms.dealers.models import Address, Dealer, PriceGroup
from dms.dealers.permissions import Permission
from dms.dealers.rules import may_hang_below
from dms.dealers.selectors.gate import ShipTo


@dataclass(frozen=True, slots=True)
class DealerFilter:
    """What a list of dealers is narrowed to; empty fields do not. ``below_code``: that dealer's whole subtree."""

    text: str = ""
    tier: str = ""
    status: str = ""
    region_code: str = ""
    below_code: str = ""

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "DealerFilter":
        """Read ``?q= &tier= &status= &region= &below=``, for the page and its export; the unknown is left aside."""
        tier, status = params.get("tier", ""), params.get("status", "")
        return cls(
            text=params.get("q", "").strip()[:80],
            tier=tier if tier in Dealer.Tier.values else "",
            status=status if status in Dealer.Status.values else "",
            region_code=params.get("region", "")[:6],
            below_code=normalised(params.get("below", ""))[:20],
        )


def dealers_visible_to(actor: Actor) -> QuerySet[Dealer]:
    """The brand's staff see every dealer; a dealer sees itself, its children and its customers.

    A seat's limits narrow both, the own house apart.

    Raises ``NotPermitted``.
    """
    actor.require(Permission.READ, writes=False)
    dealers = Dealer.objects.filter(dealers_within(actor, own="pk"))
    if not actor.is_brand_staff:
        own = actor.dealer_id
        return dealers.filter(Q(pk=own) | Q(parent_id=own) | Q(supplier_id=own))
    return dealers


def dealer_rows(actor: Actor, asked: DealerFilter) -> QuerySet[Dealer]:
    """Dealers without the root, as a list shows them: by code, with parent and supplier."""
    rows = dealers_visible_to(actor).exclude(tier=Dealer.Tier.BRAND)
    for word in normalised(asked.text).casefold().split():
        rows = rows.filter(search_text__contains=word)
    if asked.tier:
        rows = rows.filter(tier=asked.tier)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.region_code:
        rows = rows.filter(region_code__in=sorted(within(asked.region_code)))
    if asked.below_code:
        paths = Dealer.objects.filter(code=asked.below_code).values_list("path", flat=True)[:1]
        rows = rows.filter(path__startswith=next(iter(paths), "/0/"))
    return rows.select_related("parent", "supplier").order_by("code")


def with_group_codes(rows: QuerySet[Dealer]) -> QuerySet[Dealer]:
    """The rows with ``price_group_codes``: codes of their price groups, the one asked first in front."""
    groups = PriceGroup.objects.filter(dealers=OuterRef("pk")).order_by("rank", "code")
    return rows.annotate(price_group_codes=ArraySubquery(groups.values("code")))


def dealer(actor: Actor, code: str) -> Dealer:
    """One dealer by its code. Raises ``Missing`` for a stranger's and for none alike."""
    found = dealers_visible_to(actor).select_related("parent", "supplier").filter(code=normalised(code))
    for row in found:
        return row
    raise Missing


def own_addresses(actor: Actor) -> tuple[ShipTo, ...]:
    """Where the actor's own house takes goods in, the default first; for every seat that may order."""
    return addresses_of(actor.dealer_id)


def addresses_of(dealer_id: int) -> tuple[ShipTo, ...]:
    """Where a house takes goods in, the default first; for whoever has found a deal of theirs with it."""
    rows = Address.objects.filter(dealer_id=dealer_id).order_by("-is_default", "id")
    return tuple(ship_to(one) for one in rows)


def ship_to(row: Address) -> ShipTo:
    """An address as a value."""
    return ShipTo(row.pk, row.label, row.recipient, row.phone_sealed, row.region_code, row.line, row.is_default)


def check_tree() -> list[str]:
    """Every way in which the channel tree contradicts itself, in words; empty when it is sound."""
    rows = {row.pk: row for row in Dealer.objects.all()}
    faults = []
    for row in rows.values():
        above = rows[row.parent_id].path if row.parent_id is not None else "/"
        if row.path != f"{above}{row.pk}/":
            faults.append(f"dealer {row.code}: path {row.path} does not continue {above}")
        if row.parent_id is not None and not may_hang_below(row.tier, rows[row.parent_id].tier):
            faults.append(f"dealer {row.code}: a {row.tier} below {rows[row.parent_id].tier}")
        if (row.supplier_id is None) != (row.parent_id is None):
            faults.append(f"dealer {row.code}: nobody supplies it")
    return faults


def has_customers(dealer_id: int) -> bool:
    """Whether the dealer sells to anybody: then it sees its customers' orders. One query."""
    return Dealer.objects.filter(supplier_id=dealer_id).exclude(status=Dealer.Status.DRAFT).exists()


def price_groups(actor: Actor) -> QuerySet[PriceGroup]:
    """The groups of dealers that share prices, the one asked first in front. Raises ``NotPermitted``."""
    actor.require(Permission.READ, writes=False)
    return PriceGroup.objects.order_by("rank", "code")


def brand_currency() -> str:
    """The currency of the brand's own book. One query."""
    root_books = Book.objects.filter(seller__in=Dealer.objects.filter(parent=None).values("party"))
    return root_books.order_by("pk").values_list("currency", flat=True).first() or "CNY"
