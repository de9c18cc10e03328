"""Grants in words: ground, goods, channels and state as the console's pages print them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.catalogue.models import ProductLine, Sku
from core.db.naming import called
from core.kernel import regions
from core.kernel.errors import DomainError
from dms.territories.models import Grant
from dms.territories.selectors import skus_of
from frontend.ui.places import place_name
from frontend.ui.vocabulary import term

TONES = {"EXCLUSIVE": "accent", "SHARED": "", "RESERVED": "info"}
SHOWN_SKUS = 3


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A grant as a row shows it; ``tone`` colours its kind, ``priority`` 0 where it says nothing."""

    grant: Grant
    ground: str
    goods: str
    channels: str
    state: str
    kind: str
    tone: str
    priority: int
    url: str


def grant_lines(grants: Iterable[Grant], day: date, skus: Mapping[int, Sku] | None = None) -> list[GrantLine]:
    """The grants in words, as they stand on ``day``; one query where single products are named."""
    rows = list(grants)
    named = skus_of(rows) if skus is None else skus
    return [
        GrantLine(
            grant=one,
            ground=ground_words(one),
            goods=goods_words(one, named),
            channels=channel_words(one.channels),
            state=grant_state(one, day),
            kind=term("grant_kind", one.kind),
            tone=TONES[one.kind],
            priority=one.priority if one.kind == Grant.Kind.SHARED else 0,
            url=reverse("console:grant", args=[one.pk]),
        )
        for one in rows
    ]


def grant_state(one: Grant, day: date) -> str:
    """Word of a grant on a day; the end is the first day it no longer holds."""
    if one.valid_from > day:
        return "UPCOMING"
    return "ENDED" if one.valid_to is not None and one.valid_to <= day else "ACTIVE"


def ground_words(one: Grant) -> str:
    """Its division in full, or its zone by name."""
    return called(one.zone) if one.zone is not None else region_words(one.region_code)


def region_words(code: str) -> str:
    """A division in full; the whole country in words."""
    return _("Whole country") if code == regions.COUNTRY else place_name(code, full=True)


def goods_words(one: Grant, skus: Mapping[int, Sku]) -> str:
    """Every line, a line, or the first single products and how many others."""
    if one.sku_ids:
        names = [_name(skus[sku_id]) for sku_id in one.sku_ids[:SHOWN_SKUS] if sku_id in skus]
        more = len(one.sku_ids) - len(names)
        rest = ngettext("%(n)s more product", "%(n)s more products", more) % {"n": more}
        return _(", ").join([*names, rest] if more else names)
    return _name(one.product_line) if one.product_line is not None else _("Every product line")


def _name(thing: Sku | ProductLine) -> str:
    is_english = (get_language() or "").startswith("en")
    return (thing.name_en or thing.name) if is_english else thing.name


def channel_words(channels: Iterable[str]) -> str:
    """The channels by name."""
    return _(", ").join(term("channel", channel) for channel in channels)


def conflict_ids(refusal: DomainError) -> list[int]:
    """The grants a refusal names: those in the way, the one held already, those that rest on it."""
    return [int(str(fault.fields["grant_id"])) for fault in refusal.problems() if fault.fields.get("grant_id")]


@dataclass(frozen=True, slots=True)
class Span:
    """A slice of time on a common scale of twelve columns: ``first`` 1 to 12, ``length`` at least 1."""

    first: int
    length: int


COLUMNS = 12


def spans(slices: Iterable[tuple[date, date | None]], today: date) -> list[Span]:
    """Slices drawn on one scale, from the earliest begin to the latest end (without one: a year on)."""
    rows = [(start, end or max(date(today.year + 1, today.month, 1), start)) for start, end in slices]
    low = min(start for start, _end in rows)
    width = max(1, (max(end for _start, end in rows) - low).days)
    found = []
    for start, end in rows:
        first = min(COLUMNS - 1, (start - low).days * COLUMNS // width)
        last = max(first + 1, -(-(end - low).days * COLUMNS // width))
        found.append(Span(first + 1, min(COLUMNS, last) - first))
    return found
