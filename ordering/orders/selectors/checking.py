"""What would an order of these lines cost, and what stands in its way? Nothing is written, nothing is locked."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from billing.ledger.errors import AccountBlocked, AccountMissing, CreditExhausted
from billing.ledger.permissions import Permission as LedgerPermission
from billing.ledger.selectors import AccountLine, account_line
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Missing
from dms.dealers.selectors import TradingDealer
from dms.stock.errors import InsufficientStock
from dms.stock.selectors import free_by_sku
from ordering.orders.errors import GiftsShort
from ordering.orders.permissions import Permission
from ordering.orders.rules.checks import AskedLine, CheckedLine, order_faults, with_stock
from ordering.orders.rules.evaluating import NO_WISHES, Wishes
from ordering.orders.selectors.evaluating import Evaluated, evaluate_at
from ordering.orders.selectors.gate import Gate, buyer_id_by_code, gate, seller_id_by_code
from ordering.orders.selectors.sight import as_seen, may_see_price
from ordering.pricing.rules import PricedCart
from ordering.promotions.rules.hints import LostStep, Nudge
from ordering.promotions.rules.outcome import Evaluation


@dataclass(frozen=True, slots=True)
class CheckedCart:
    """Lines as checked, the whole and its faults. ``available`` is what the account still covers (None: not to see).

    ``priced`` is what is payable; ``gifts`` are lines beside those asked for, that cost nothing. ``is_priced``: whether
    doors may show amounts; a house may keep its purchase prices from some of its seats. ``free`` are bottles by SKU id,
    of all that is asked for and may be given.
    """

    lines: tuple[CheckedLine, ...]
    priced: PricedCart
    faults: tuple[DomainError, ...]
    available: int | None
    approval_hours: int
    evaluated: Evaluated
    gifts: tuple[CheckedLine, ...] = ()
    is_priced: bool = True
    buyer: TradingDealer | None = None
    free: Mapping[int, int] = field(default_factory=dict)

    @property
    def bottles(self) -> int:
        """Bottles of the lines that can be priced, gifts apart."""
        return sum(line.bottles for line in self.lines if line.priced is not None)

    @property
    def evaluation(self) -> Evaluation:
        """What policies gave, and why others gave nothing."""
        return self.evaluated.evaluation

    @property
    def nudges(self) -> tuple[Nudge, ...]:
        """How far the next steps are, and the cheapest way there. Evaluates many times: ask once."""
        return self.evaluated.nudges()

    @property
    def lost(self) -> tuple[LostStep, ...]:
        """Steps that an earlier discount has cost."""
        return self.evaluated.lost_steps()

    @property
    def is_good(self) -> bool:
        """Whether it could be placed as it is."""
        return not self.faults and all(line.is_good for line in self.lines)

    def only(self, line_nos: Collection[int]) -> "CheckedCart":
        """The cart with the amounts and gifts of an order of these lines alone: the others take no stock from gifts."""
        if len(line_nos) == len(self.lines):
            return self
        found = self.evaluated.only(line_nos)
        answers = {line.line_no: line for line in found.lines}
        told = (fault for fault in self.faults if not isinstance(fault, GiftsShort))
        return replace(
            self,
            lines=tuple(_settled(line, answers.get(line.line_no)) for line in self.lines),
            evaluated=found,
            gifts=_given(found, self.free),
            faults=(*told, *_gifts_short(found, self.free)),
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """What a document keeps already and may use again: bottles by SKU, money and rebate pool in minor units.

    ``number`` is the order that keeps it: what it uses of policies counts as free too.
    """

    bottles: Mapping[int, int] = field(default_factory=dict)
    money: int = 0
    rebate: int = 0
    number: str = ""


NOTHING_KEPT = Kept()


def check_lines(
    *,
    actor: Actor,
    lines: Sequence[AskedLine],
    buyer_code: str | None = None,
    seller_code: str | None = None,
    address_id: int | None = None,
    wishes: Wishes = NO_WISHES,
) -> CheckedCart:
    """Own price, amount after policies, free stock and every fault with its ways out, by line, and the gifts.

    Seven statements for 1 and 500 lines. ``buyer_code``: the brand's staff asks for one of its dealers. Raises
    ``Missing`` for a dealer it does not supply.
    """
    actor.require(Permission.PLACE, writes=False)
    buyer_id, seller_id = trading_ids(actor, buyer_code, seller_code)
    at_gate = gate(buyer_id=buyer_id, seller_id=seller_id, address_id=address_id)
    found = evaluate_at(at_gate, actor=actor, lines=lines, wishes=wishes)
    return check_question(actor=actor, gate=at_gate, found=found)


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


def check_question(*, actor: Actor, gate: Gate, found: Evaluated, kept: Kept = NOTHING_KEPT) -> CheckedCart:
    """The lines with free stock, and the whole with what the account covers; two statements.

    ``kept`` counts as free: an order that is changed may use again what is held for it.
    """
    free = _free(gate, found, kept.bottles)
    wanted = _summed(found.lines)
    lines = tuple(_with_free(line, wanted, free) for line in found.lines)
    priced = found.priced
    faults = order_faults(
        buyer=gate.buyer_facts(),
        terms=gate.terms(shows_drafts=False),
        line_count=len(lines),
        total=priced.total + found.rebate,
    )
    account, account_fault = _account(actor, gate, priced.total, kept.money)
    told = (*faults, gate.address_fault, *found.live.refused, *_gifts_short(found, free), account_fault)
    return CheckedCart(
        lines,
        priced,
        tuple(as_seen(actor, gate.buyer.id, fault) for fault in told if fault is not None),
        account.available + kept.money if account else None,
        gate.settings.approval_hours,
        found,
        _given(found, free),
        may_see_price(actor, gate.buyer.id),
        gate.buyer,
        free,
    )


def _free(gate: Gate, found: Evaluated, kept: Mapping[int, int]) -> dict[int, int]:
    """Free bottles by SKU id of what is asked for, and of whatever policies may give for any part of it."""
    asked = {line.offer.sku_id for line in found.all_lines if line.offer is not None}
    asked |= {offer.sku_id for code in found.live.gift_skus if (offer := found.offers.get(code)) is not None}
    held = free_by_sku(seller_id=gate.seller_id, sku_ids=asked)
    return {sku_id: bottles + kept.get(sku_id, 0) for sku_id, bottles in held.items()}


def _summed(lines: Iterable[CheckedLine]) -> dict[int, int]:
    """Bottles by SKU id: lines of one SKU are measured together."""
    sums: dict[int, int] = defaultdict(int)
    for line in lines:
        if line.offer is not None:
            sums[line.offer.sku_id] += line.bottles
    return sums


def _gifts_short(found: Evaluated, free: Mapping[int, int]) -> list[DomainError]:
    """Gifts that are out of stock: they take what the lines of ``found`` leave."""
    wanted, given = _summed(found.lines), _summed(found.gifts)
    faults: list[DomainError] = []
    for gift in found.gifts:
        sku_id = gift.offer.sku_id if gift.offer else 0
        left = max(free.get(sku_id, 0) - wanted.get(sku_id, 0), 0)
        if given.get(sku_id, 0) > left:
            faults.append(GiftsShort(field="gifts", sku=gift.sku_code, wanted=gift.bottles, free=left))
    return faults


def _given(found: Evaluated, free: Mapping[int, int]) -> tuple[CheckedLine, ...]:
    return tuple(gift._replace(free_bottles=free[gift.offer.sku_id]) for gift in found.gifts if gift.offer)


def _settled(line: CheckedLine, answer: CheckedLine | None) -> CheckedLine:
    """A line with its amounts in an order it may not be part of; what is free and in its way stays told."""
    if answer is None:
        return line
    return line._replace(priced=answer.priced, discount=answer.discount, rebate=answer.rebate)


def _with_free(line: CheckedLine, wanted: Mapping[int, int], free: Mapping[int, int]) -> CheckedLine:
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
    if total and available < total:
        return account, CreditExhausted(wanted=total, available=max(0, available), currency=gate.buyer.currency)
    return account, None
