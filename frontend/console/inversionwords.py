"""Inverted prices found by the words people know products by."""

from collections.abc import Mapping, Sequence

from core.catalogue.selectors import skus_visible_to
from core.kernel.actor import Actor
from frontend.console.goods import name_of
from ordering.promotions.selectors.inversions import Inversion


def names_of(actor: Actor, found: Sequence[Inversion]) -> dict[str, str]:
    """What the products are called, by code. One query, none for none."""
    codes = {one.quote.sku_code for one in found}
    rows = skus_visible_to(actor).filter(code__in=codes).select_related(None) if codes else ()
    return {row.code: name_of(row) for row in rows}


def fits(one: Inversion, names: Mapping[str, str], text: str) -> bool:
    """Whether its code or name holds the words."""
    code = one.quote.sku_code
    return text.casefold() in f"{code} {names.get(code, '')}".casefold()
