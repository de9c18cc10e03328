"""Goods without a margin between the tiers, as pages tell them."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.catalogue.permissions import Permission as CataloguePermission
from core.catalogue.selectors.known import known_skus
from core.db.naming import called
from core.kernel.actor import Actor
from frontend.ui.vocabulary import term
from ordering.promotions.selectors.squeezes import TightGoods
from ordering.promotions.selectors.waterfall import Squeeze


@dataclass(frozen=True, slots=True)
class TightRow:
    """A product and the two tiers, in words."""

    name: str
    upper: str
    lower: str
    squeeze: Squeeze


def told_tight(actor: Actor, found: Iterable[TightGoods]) -> tuple[TightRow, ...]:
    """The same with names; one statement, none where nothing is tight."""
    rows = tuple(found)
    codes = sorted({one.sku_code for one in rows}) if actor.can(CataloguePermission.READ) else []
    goods = known_skus(actor, codes) if codes else {}
    return tuple(
        TightRow(
            called(goods[one.sku_code]) if one.sku_code in goods else one.sku_code,
            term("tier", one.squeeze.upper),
            term("tier", one.squeeze.lower),
            one.squeeze,
        )
        for one in rows
    )
