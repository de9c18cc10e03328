"""A house's own ground in words, for the card on its pages."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.db.naming import called
from core.kernel import clock, regions
from core.web.requests import SignedInRequest
from dms.territories.models import Grant
from dms.territories.selectors import own_ground, skus_of
from frontend.ui.places import place_name
from frontend.ui.vocabulary import term

SHOWN = 8


@dataclass(frozen=True, slots=True)
class OwnGround:
    """One grant of the house as its card shows it; ``until`` is the first day it no longer holds."""

    ground: str
    goods: str
    channels: str
    kind: str
    until: date | None


def ground_card(request: SignedInRequest) -> dict[str, object]:
    """What the template ``storefront/parts/ground_card.html`` shows: two statements, no permission needed.

    A house without grants of its own (an outlet buys under its supplier's) gets no card.
    """
    rows = own_ground(request.actor, day=clock.business_day(zone=request.brand.time_zone))
    skus = {sku_id: sku.name for sku_id, sku in skus_of(rows[:SHOWN]).items()}
    return {"own_ground": [_worded(one, skus) for one in rows[:SHOWN]], "more_ground": max(0, len(rows) - SHOWN)}


def _worded(one: Grant, skus: dict[int, str]) -> OwnGround:
    return OwnGround(
        ground=_ground(one),
        goods=_goods(one, skus),
        channels=_(", ").join(term("channel", channel) for channel in one.channels),
        kind=term("grant_kind", one.kind),
        until=one.valid_to,
    )


def _ground(one: Grant) -> str:
    if one.zone is not None:
        return called(one.zone)
    return _("Whole country") if one.region_code == regions.COUNTRY else place_name(one.region_code, full=True)


def _goods(one: Grant, skus: dict[int, str]) -> str:
    if one.sku_ids:
        return _(", ").join(skus[sku_id] for sku_id in one.sku_ids if sku_id in skus)
    if one.product_line is None:
        return _("Every product line")
    return called(one.product_line)
