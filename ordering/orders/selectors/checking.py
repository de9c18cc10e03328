"""What would an order of these lines cost, and what stands in its way? Nothing is written, nothing is locked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from billing.ledger.errors import AccountBlocked, AccountMissing, CreditExhausted
from billing.ledger.permissions import Permission as LedgerPermission
from billing.ledger.selectors import AccountLine, account_line
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Missing
from dms.stock.errors import InsufficientStock
from dms.stock.selectors import free_by_sku
from ordering.orders.permissions import Permission
from ordering.orders.rules.checks import AskedLine, CheckedLine, cart_of, checked_lines, order_faults, with_stock
from ordering.orders.selectors.gate import Gate, buyer_id_by_code, gate, seller_id_by_code
from ordering.orders.selectors.sight import as_seen, may_see_price
from ordering.pricing.rules import PricedCart
from ordering.pricing.selectors import offers


@dataclass(frozen=True, slots=True)
class CheckedCart:
    """Lines as checked, the whole and its faults. ``available`` is what the account still covers (None: not to see).

    ``is_priced``: whether doors may show amounts; a house may keep its purchase prices from some of its seats.
    """

    lines: tuple[CheckedLine, ...]
    priced: PricedCart
    faults: tuple[DomainError, ...]
    available: int | None
    approval_hours: int
    is_priced: bool = True

    @property
    def bottles(self) -> int:
        """Bottles of the lines that can be priced."""
        return sum(line.bottles for line in self.lines if line.priced is not None)

    @property
    def is_good(self) -> bool:
        """Whether it could be placed as it is."""
        return not self.faults and all(line.is_good for line in self.lines)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a document keeps already and may use again: bottles by SKU, money in minor units."""

    bottles: Mapping[int, int] = field(default_factory=dict)
    money: int = 0


NOTHING_KEPT = Kept()


def check_lines(
    *,
    actor: Actor,
    lines: Sequence[AskedLine],
    buyer_code: str | None = None,
    seller_code: str | None = None,
    address_id: int | None = None,
) -> CheckedCart:
    """Own price, amount, free stock and every fault with its ways out, by line; six statements for 1 and 500 lines.

    ``buyer_code``: the brand's staff asks for one of its dealers. Raises ``Missing`` for a dealer it does not supply.
    """
    actor.require(Permission.PLACE, writes=False)
    buyer_id, seller_id = trading_ids(actor, buyer_code, seller_code)
    at_gate = gate(buyer_id=buyer_id, seller_id=seller_id, address_id=address_id)
    return check_question(actor=actor, gate=at_gate, lines=check_at(at_gate, actor=actor, lines=lines))


def trading_ids(actor: Actor, buyer_code: str | None, seller_code: str | None = None) -> tuple[int, int | None]:
    """Buyer and seller: the brand, when its staff acts for one of its dealers; whom a house names; None: the usual one.

    Raises ``Missing``.
    """
    if seller_code and not actor.is_brand_staff:
        return _own_id(actor, buyer_code), seller_id_by_code(seller_code)
    if buyer_code is None:
        return actor.dealer_id, None
    buyer_id = buyer_id_by_code(actor, buyer_code)
    if actor.is_brand_staff:
        return buyer_id, actor.dealer_id
    return _own_id(actor, buyer_code), None


def _own_id(actor: Actor, buyer_code: str | None) -> int:
    """A house orders for itself alone."""
    if buyer_code is not None and buyer_id_by_code(actor, buyer_code) != actor.dealer_id:
        raise Missing(dealer=buyer_code)
    return actor.dealer_id


def check_at(at_gate: Gate, *, actor: Actor, lines: Sequence[AskedLine]) -> tuple[CheckedLine, ...]:
    """Lines priced and checked, stock and money apart; one statement. What is outside the seat's lines is unknown."""
    known = offers(
        seller_id=at_gate.seller_id,
        buyer=at_gate.buyer,
        codes=sorted({line.sku_code for line in lines}),
        currency=at_gate.buyer.currency,
        at=at_gate.at,
    )
    known = {code: offer for code, offer in known.items() if actor.scope.covers_line(offer.product_line_code)}
    return checked_lines(lines, known, at_gate.terms(shows_drafts=actor.is_brand_staff))


def check_question(*, actor: Actor, gate: Gate, lines: Sequence[CheckedLine], kept: Kept = NOTHING_KEPT) -> CheckedCart:
    """``lines`` with free stock, and the whole with what the account covers; two statements.

    ``kept`` counts as free: an order that is changed may use again what is held for it.
    """
    stocked = _stocked(gate, lines, kept.bottles)
    priced = cart_of(stocked, gate.buyer.currency)
    faults = order_faults(
        buyer=gate.buyer_facts(), terms=gate.terms(shows_drafts=False), line_count=len(stocked), total=priced.total
    )
    account, account_fault = _account(actor, gate, priced.total, kept.money)
    found = (*faults, gate.address_fault, account_fault)
    return CheckedCart(
        stocked,
        priced,
        tuple(as_seen(actor, gate.buyer.id, fault) for fault in found if fault is not None),
        account.available + kept.money if account else None,
        gate.settings.approval_hours,
        may_see_price(actor, gate.buyer.id),
    )


def _stocked(gate: Gate, lines: Sequence[CheckedLine], kept: Mapping[int, int]) -> tuple[CheckedLine, ...]:
    """Each line with its free bottles; lines of one SKU are measured together."""
    wanted: dict[int, int] = defaultdict(int)
    for line in lines:
        if line.offer is not None:
            wanted[line.offer.sku_id] += line.bottles
    found = free_by_sku(seller_id=gate.seller_id, sku_ids=wanted.keys())
    free = {sku_id: bottles + kept.get(sku_id, 0) for sku_id, bottles in found.items()}
    return tuple(_with_free(line, wanted, free) for line in lines)


def _with_free(line: CheckedLine, wanted: dict[int, int], free: dict[int, int]) -> CheckedLine:
    if line.offer is None:
        return line
    want, left = wanted[line.offer.sku_id], free[line.offer.sku_id]
    short = InsufficientStock(line=line.line_no, sku=line.sku_code, wanted=want, free=left) if want > left else None
    return with_stock(line, wanted=want, free=left, fault=short)


def _account(actor: Actor, gate: Gate, total: int, held: int) -> tuple[AccountLine | None, DomainError | None]:
    """The account, and what it refuses; what costs no more than is ``held`` for it asks nothing of it."""
    if not gate.buyer.currency:
        return None, AccountMissing()
    if not actor.can(LedgerPermission.READ):
        return None, None
    account = account_line(actor, buyer_dealer_id=gate.buyer.id, seller_dealer_id=gate.seller_id)
    if held and total <= held:
        return account, None
    if account.is_blocked:
        return account, AccountBlocked()
    available = account.available + held
    if available < total:
        return account, CreditExhausted(wanted=total, available=max(0, available), currency=gate.buyer.currency)
    return account, None
