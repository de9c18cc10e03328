"""Prices that are planned, as a line of the pad or of a list says them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.quantity import Unit
from dms.dealers.selectors import TradingDealer
from frontend.ui import format as words
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors import ComingPrice, coming_prices


@dataclass(frozen=True, slots=True)
class Coming:
    """``text`` is ``12-07 起 ¥2,100.00``; ``is_raise``: a reason to order before."""

    text: str
    is_raise: bool


def coming_of(
    actor: Actor, codes: Iterable[str], *, buyer: TradingDealer | None = None
) -> Mapping[tuple[str, Unit], Coming]:
    """What is planned for these products, by code and the unit they are priced in; nothing for who sees no prices."""
    wanted = sorted(set(codes))
    if not wanted or not actor.can(Permission.PURCHASE):
        return {}
    found = coming_prices(actor=actor, sku_codes=wanted, buyer=buyer)
    return {(one.sku_code, one.unit): said(one) for one in found.values()}


def said(coming: ComingPrice) -> Coming:
    """One planned price in words; one that ends without another says so."""
    at = timezone.localtime(coming.at)
    is_this_year = at.year == timezone.localtime(clock.now()).year
    day = f"{at:%m-%d}" if is_this_year else f"{at:%Y-%m-%d}"
    if coming.amount is None:
        return Coming(_("From %(day)s no longer sold at a price of yours") % {"day": day}, is_raise=True)
    price = words.money(coming.amount, coming.currency)
    return Coming(_("From %(day)s: %(price)s") % {"day": day, "price": price}, coming.is_raise)
