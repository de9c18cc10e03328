"""The ground: zones and what they hold, outlets with whoever supplies them."""

from collections.abc import Iterator
from typing import Any

from core.jobs.exports import Asked, Column, Found, day, list_export, text, words
from core.kernel import clock
from core.kernel.actor import Actor, Side
from core.kernel.regions import UnknownRegion, full_name
from core.kernel.text import N_
from dms.dealers.models import Dealer
from dms.dealers.selectors import DealerFilter, dealer_rows
from dms.territories.permissions import Permission
from dms.territories.selectors import supplied_outlets, zones_visible_to
from frontend.ui.format import DASH
from frontend.ui.tables import term

CHUNK = 2_000


def place_name(code: str) -> str:
    """The name of a division in full; a dash for one nobody knows."""
    try:
        return full_name(code)
    except UnknownRegion:
        return DASH


def _zone_columns() -> tuple[Column, ...]:
    return (
        text("code", N_("Code")),
        text("name", N_("Name")),
        text("name_en", N_("English name")),
        text("leaves", N_("Divisions")),
        text("counties", N_("Counties")),
        text("grants", N_("Grants")),
        day("since", N_("Valid from")),
    )


@list_export("zones", side=Side.BRAND, title=N_("Zones"), permission=Permission.READ, columns=_zone_columns)
def zones(actor: Actor, asked: Asked) -> Found:
    """The zones the page finds, by code; their ground as codes of divisions."""
    said = asked.get("q", "").strip().casefold()
    rows = [
        (one.code, one.name, one.name_en, " ".join(one.leaves), len(one.leaves), one.grants, one.since)
        for one in zones_visible_to(actor, day=clock.business_day())
        if said in one.code.casefold() or said in one.name.casefold()
    ]
    return Found([column.sources[0] for column in _zone_columns()], rows, len(rows))


def _outlet_columns() -> tuple[Column, ...]:
    return (
        text("code", N_("Code")),
        text("name", N_("Name")),
        words("region_code", N_("Division"), place_name),
        words("channel", N_("Channel"), term("channel")),
        text("supplier_code", N_("Supplier's code")),
        text("supplier_name", N_("Supplied by")),
        text("own_lines", N_("Lines from somebody else")),
        day("next_on", N_("Next change")),
    )


@list_export("outlets", side=Side.BRAND, title=N_("Outlets"), permission=Permission.READ, columns=_outlet_columns)
def outlets(actor: Actor, asked: Asked) -> Found:
    """The outlets the page finds, with whoever supplies them today."""
    found = dealer_rows(actor, DealerFilter(text=asked.get("q", ""), tier=Dealer.Tier.TERMINAL))
    ids = list(found.values_list("pk", flat=True))
    return Found([column.sources[0] for column in _outlet_columns()], _outlets(ids), len(ids))


def _outlets(ids: list[int]) -> Iterator[tuple[Any, ...]]:
    sources = [column.sources[0] for column in _outlet_columns()]
    today = clock.business_day()
    for start in range(0, len(ids), CHUNK):
        for one in supplied_outlets(ids[start : start + CHUNK], today):
            yield tuple(getattr(one, name) for name in sources)
