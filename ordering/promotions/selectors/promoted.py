"""Which goods of a shelf a promotion of the buyer runs on: one statement for any number of goods."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from core.kernel import clock
from core.kernel.actor import Actor
from dms.dealers.selectors import TradingDealer
from ordering.pricing.permissions import Permission as PricePermission
from ordering.promotions.permissions import Permission
from ordering.promotions.rules.policies import NO_LIMIT, Bundle, FixedPrice, Left, Policy, Stage
from ordering.promotions.rules.terms import Terms
from ordering.promotions.selectors.offered import fitting

MOST_A_PRODUCT = 2
"""More than these would be a catalogue on a card."""


class OnShelf(Protocol):
    """What is asked of goods: the codes of the SKU, its product line and aroma, and the unit it is shown by."""

    @property
    def sku_code(self) -> str: ...
    @property
    def product_line(self) -> str: ...
    @property
    def aroma(self) -> str: ...
    @property
    def unit(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Running:
    """A promotion on a product: the policy's code, what it says, and what is left of it to this buyer."""

    code: str
    terms: Terms
    left: Left


def promoted(actor: Actor, goods: Iterable[OnShelf], *, buyer: TradingDealer) -> Mapping[str, tuple[Running, ...]]:
    """The promotions of each product by SKU code, in the order in which they work; what has none is left out.

    Left out too: what is used up, what only an order can tell (a coupon, a first order), and the rebate pool, which
    pays for everything alike. Nothing where the seat sees no purchase prices or no promotions.
    """
    if actor.is_brand_staff or not actor.can(Permission.READ) or not actor.can(PricePermission.PURCHASE):
        return {}
    live, found = fitting(buyer, clock.now())
    running = [one for one in found if _is_told(*one) and not live.left.get(one[0].code, NO_LIMIT).is_used_up]
    running.sort(key=lambda one: (one[0].stage, *one[0].order))
    cards: dict[str, list[Running]] = defaultdict(list)
    for one in goods:
        for policy, terms in running:
            if len(cards.get(one.sku_code, ())) < MOST_A_PRODUCT and _runs_on(policy, one):
                cards[one.sku_code].append(Running(policy.code, terms, live.left.get(policy.code, NO_LIMIT)))
    return {code: tuple(many) for code, many in cards.items()}


def _is_told(policy: Policy, terms: Terms) -> bool:
    return policy.stage is not Stage.REBATE and not policy.audience.first_order_only and not terms.needs_coupon


def _runs_on(policy: Policy, one: OnShelf) -> bool:
    reward = policy.reward
    if isinstance(reward, Bundle) and one.sku_code not in reward.parts:
        return False
    if isinstance(reward, FixedPrice) and one.unit != reward.unit.value:
        return False
    return policy.goods.name(one.sku_code, one.product_line, one.aroma)
