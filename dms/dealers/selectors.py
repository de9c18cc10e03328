"""Questions about the channel tree."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from billing.ledger.models import Book
from core.db import sql
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.regions import COUNTRY
from core.kernel.text import normalised
from core.vault.services import masked_phone, unseal
from dms.dealers.models import Address, Credential, Dealer, PriceGroup
from dms.dealers.permissions import Permission
from dms.dealers.rules import may_hang_below


@dataclass(frozen=True, slots=True)
class ShipTo:
    """Where a dealer takes goods in. The phone stays sealed."""

    id: int
    label: str
    recipient: str
    phone_sealed: str
    region_code: str
    line: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class TradingDealer:
    """A buyer as the order gate sees it. ``path`` is ``/1/5/9/``, root first.

    ``has_licence``: a business licence and a JY permit or prepackaged-food filing, each accepted and valid on the day.
    ``is_seller_active``: the seller may trade itself (the brand always; a dealer while ACTIVE). ``currency`` is that of
    the account between the two, empty when there is none.
    """

    id: int
    code: str
    name: str
    status: str
    tier: str
    region_code: str
    channel: str
    path: str
    parent_id: int | None
    supplier_id: int
    price_group_id: int | None
    has_licence: bool
    is_seller_active: bool
    currency: str
    addresses: tuple[ShipTo, ...]

    @property
    def is_active(self) -> bool:
        """Whether the dealer itself may trade."""
        return self.status == "ACTIVE"


_TRADING = """
SELECT buyer.id, buyer.code, buyer.name, buyer.status, buyer.tier, buyer.region_code, buyer.channel, buyer.path,
       buyer.parent_id, buyer.supplier_id, buyer.price_group_id,
       coalesce((
           SELECT bool_or(type = 'BUSINESS') AND bool_or(type IN ('JY', 'PREPACK')) FROM dealers_credential
           WHERE dealer_id = buyer.id AND is_accepted AND valid_from <= %(day)s
             AND (valid_to IS NULL OR valid_to >= %(day)s)
       ), false),
       seller.status = 'ACTIVE' OR seller.tier = 'BRAND',
       coalesce((SELECT account.currency FROM ledger_tradingaccount AS account
                 JOIN ledger_book AS book ON book.id = account.book_id
                 WHERE book.seller_id = seller.party_id AND account.buyer_id = buyer.party_id
                 ORDER BY account.id LIMIT 1), ''),
       (SELECT json_agg(json_build_array(id, label, recipient, phone_sealed, region_code, line, is_default)
                        ORDER BY is_default DESC, id)
        FROM dealers_address WHERE dealer_id = buyer.id)
FROM dealers_dealer AS buyer JOIN dealers_dealer AS seller ON seller.id = buyer.supplier_id
WHERE buyer.id = %(buyer)s AND seller.id = coalesce(%(seller)s::bigint, buyer.supplier_id)
"""


def trading_dealer(*, buyer_id: int, seller_id: int | None, day: date) -> TradingDealer:
    """The buyer as the order gate needs it, in one query. Raises ``Missing`` when the seller does not supply it.

    ``seller_id`` None: whoever supplies it.

    A licence counts on its first and its last day (有效期至 is inclusive).
    """
    found = sql.row(_TRADING, {"buyer": buyer_id, "seller": seller_id, "day": day})
    if found is None:
        raise Missing
    *facts, addresses = found
    return TradingDealer(*(*facts, tuple(ShipTo(*address) for address in addresses or ())))


@dataclass(frozen=True, slots=True)
class DealerFilter:
    """What a list of dealers is narrowed to; empty fields do not. ``below_code``: that dealer's whole subtree."""

    text: str = ""
    tier: str = ""
    status: str = ""
    region_code: str = ""
    below_code: str = ""


def dealers_visible_to(actor: Actor) -> QuerySet[Dealer]:
    """The brand's staff see every dealer in their scope; a dealer sees itself, its children and its customers.

    Raises ``NotPermitted``.
    """
    actor.require(Permission.READ, writes=False)
    dealers = Dealer.objects.all()
    if not actor.is_brand_staff:
        own = actor.dealer_id
        return dealers.filter(Q(pk=own) | Q(parent_id=own) | Q(supplier_id=own))
    if actor.scope.dealer_subtree_id is not None:
        dealers = dealers.filter(path__contains=f"/{actor.scope.dealer_subtree_id}/")
    if actor.scope.regions:
        dealers = dealers.filter(_in_regions(actor.scope.regions))
    return dealers


def dealer_rows(actor: Actor, asked: DealerFilter) -> QuerySet[Dealer]:
    """Dealers without the root, as a list shows them: by code, with parent, supplier and price group."""
    rows = dealers_visible_to(actor).exclude(tier=Dealer.Tier.BRAND)
    for word in normalised(asked.text).casefold().split():
        rows = rows.filter(search_text__contains=word)
    if asked.tier:
        rows = rows.filter(tier=asked.tier)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.region_code:
        rows = rows.filter(_in_regions((asked.region_code,)))
    if asked.below_code:
        paths = Dealer.objects.filter(code=asked.below_code).values_list("path", flat=True)[:1]
        rows = rows.filter(path__startswith=next(iter(paths), "/0/"))
    return rows.select_related("parent", "supplier", "price_group").order_by("code")


def _in_regions(codes: Collection[str]) -> Q:
    """Dealers in one of the divisions: a province's code begins all of its counties'."""
    if COUNTRY in codes:
        return Q()
    found = Q(pk__in=[])
    for code in codes:
        stem = code.removesuffix("0000") if code.endswith("0000") else code.removesuffix("00")
        found |= Q(region_code__startswith=stem)
    return found


def dealer(actor: Actor, code: str) -> Dealer:
    """One dealer by its code. Raises ``Missing`` for a stranger's and for none alike."""
    found = dealers_visible_to(actor).select_related("parent", "supplier", "price_group").filter(code=normalised(code))
    for row in found:
        return row
    raise Missing


@dataclass(frozen=True, slots=True)
class Papers:
    """A dealer's licences and addresses for its page; ``phone`` masked, ``contact_phone`` too."""

    contact_phone: str
    licences: tuple[Credential, ...]
    addresses: tuple[tuple[Address, str], ...]


def papers(actor: Actor, code: str) -> Papers:
    """Licences (newest first) and addresses with masked phones. Raises ``Missing``."""
    row = dealer(actor, code)
    addresses = Address.objects.filter(dealer=row).order_by("-is_default", "id")
    return Papers(
        masked_phone(unseal(row.contact_phone_sealed)),
        tuple(Credential.objects.filter(dealer=row).order_by("type", "-valid_from")),
        tuple((address, masked_phone(unseal(address.phone_sealed))) for address in addresses),
    )


def own_addresses(actor: Actor) -> tuple[ShipTo, ...]:
    """Where the actor's own house takes goods in, the default first; for every seat that may order."""
    rows = Address.objects.filter(dealer_id=actor.dealer_id).order_by("-is_default", "id")
    return tuple(ShipTo(a.pk, a.label, a.recipient, a.phone_sealed, a.region_code, a.line, a.is_default) for a in rows)


@dataclass(frozen=True, slots=True)
class TreeNode:
    """One dealer in the tree, ``depth`` 0 being the topmost visible."""

    id: int
    code: str
    name: str
    tier: str
    status: str
    region_code: str
    parent_id: int | None
    depth: int
    children: int


def tree(actor: Actor) -> tuple[TreeNode, ...]:
    """The visible tree, every dealer after its parent, siblings by code. One query."""
    rows = list(dealers_visible_to(actor).order_by("code"))
    seen = {row.pk for row in rows}
    below: dict[int | None, list[Dealer]] = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in seen else None, []).append(row)
    nodes: list[TreeNode] = []
    waiting = [(row, 0) for row in reversed(below.get(None, []))]
    while waiting:
        row, depth = waiting.pop()
        children = below.get(row.pk, [])
        nodes.append(
            TreeNode(
                row.pk, row.code, row.name, row.tier, row.status, row.region_code, row.parent_id, depth, len(children)
            )
        )
        waiting += [(child, depth + 1) for child in reversed(children)]
    return tuple(nodes)


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
    """The groups of dealers that share prices, by code. Raises ``NotPermitted``."""
    actor.require(Permission.READ, writes=False)
    return PriceGroup.objects.order_by("code")


def brand_currency() -> str:
    """The currency of the brand's own book. One query."""
    root_books = Book.objects.filter(seller__in=Dealer.objects.filter(parent=None).values("party"))
    return root_books.order_by("pk").values_list("currency", flat=True).first() or "CNY"
