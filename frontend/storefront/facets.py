"""What a shelf is narrowed by, as its URL says and its page shows: facets with counts, what is chosen, the order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.catalogue.rules import Aroma
from core.kernel.text import normalised
from frontend.ui import format as words
from frontend.ui.paging import link_with
from frontend.ui.shapes import Chip
from frontend.ui.vocabulary import term
from ordering.pricing.selectors import FacetValue, ShelfFilters, ShelfPage
from ordering.pricing.selectors.shelf_statements import BANDS, SORTS, YUAN

MOST_TEXT = 80
_MOST_VALUES = 20
_PACK = re.compile(r"^\d{1,5}x\d{1,3}$")
_AROMAS = frozenset(Aroma)
_BANDS = dict(BANDS)


@dataclass(frozen=True, slots=True)
class FacetLink:
    """One value of a facet: a link that puts it on or takes it off, a box that does so in a form."""

    value: str
    label: str
    url: str
    count: int
    is_chosen: bool
    aroma: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet with its values; ``name`` is its word in the URL."""

    name: str
    title: str
    links: tuple[FacetLink, ...]


@dataclass(frozen=True, slots=True)
class SortChoice:
    """One order the shelf may stand in."""

    value: str
    label: str
    is_chosen: bool


def filters_of(request: HttpRequest) -> ShelfFilters:
    """What the URL narrows to; what is no value of a facet is left out."""
    abv = (value for value in _asked(request, "abv") if value.isascii() and value.isdigit() and len(value) < 4)
    sort = request.GET.get("sort", "")
    return ShelfFilters(
        text=normalised(request.GET.get("q", ""))[:MOST_TEXT],
        aromas=tuple(value for value in _asked(request, "aroma") if value in _AROMAS),
        abv_tenths=tuple(int(value) for value in abv),
        packs=tuple(value for value in _asked(request, "pack") if _PACK.match(value) and value.isascii()),
        product_lines=tuple(value[:20] for value in _asked(request, "line")),
        bands=tuple(value for value in _asked(request, "band") if value in _BANDS),
        sort=sort if sort in SORTS else "",
        is_sellable_only=request.GET.get("only") == "1",
    )


def _asked(request: HttpRequest, name: str) -> list[str]:
    return [value for value in request.GET.getlist(name)[:_MOST_VALUES] if value]


def facets_of(request: HttpRequest, shelf: ShelfPage) -> list[Facet]:
    """The facets of a page in the order buyers ask; one without any value is not there."""
    titles = (
        ("aroma", _("Aroma")),
        ("band", _("Price a bottle")),
        ("abv", _("Strength")),
        ("pack", _("Pack")),
        ("line", _("Product line")),
    )
    facets = [
        Facet(name, title, tuple(_link(request, name, value, shelf.currency) for value in shelf.facets.get(name, ())))
        for name, title in titles
    ]
    return [facet for facet in facets if facet.links]


def _link(request: HttpRequest, name: str, value: FacetValue, currency: str) -> FacetLink:
    others = [one for one in _asked(request, name) if one != value.value]
    now = others if value.is_chosen else [*others, value.value]
    return FacetLink(
        value=value.value,
        label=_label(name, value, currency),
        url=link_with(request, **{name: now}) or "?",
        count=value.count,
        is_chosen=value.is_chosen,
        aroma=value.value.lower() if name == "aroma" else "",
    )


def _label(name: str, value: FacetValue, currency: str) -> str:
    if name == "aroma":
        return term("aroma", value.value)
    if name == "band":
        return _band(value.value, currency)
    if name == "abv":
        whole, rest = divmod(int(value.value), 10)
        figure = f"{whole}.{rest}" if rest else str(whole)
        return f"{figure}%" if (get_language() or "").startswith("en") else f"{figure}度"
    if name == "pack":
        volume, _x, per_case = value.value.partition("x")
        return f"{volume}ml×{per_case}"
    return value.label or value.value


def _band(word: str, currency: str) -> str:
    """``¥100–300``, in round figures."""
    low, _dash, high = word.partition("-")
    said = {
        name: words.money(int(end) * YUAN, currency).split(".")[0]
        for name, end in (("low", low), ("high", high))
        if end
    }
    if not high:
        return _("above %(low)s") % said
    return _("up to %(high)s") % said if low == "0" else f"{said['low']}–{high}"


def chosen_of(request: HttpRequest, facets: Iterable[Facet], filters: ShelfFilters) -> list[Chip]:
    """What is chosen, each to be taken off, then all of it at once; what can be ordered at all comes last."""
    chips = [
        Chip(link.label, link.url, is_current=True, is_removable=True)
        for facet in facets
        for link in facet.links
        if link.is_chosen
    ]
    if filters.text:
        said = _("“%(text)s”") % {"text": filters.text}
        chips.append(Chip(said, link_with(request, q=None), is_current=True, is_removable=True))
    only = Chip(
        _("Can be ordered"),
        link_with(request, only=None if filters.is_sellable_only else "1"),
        is_current=filters.is_sellable_only,
        is_removable=filters.is_sellable_only,
    )
    chosen = len(chips) + filters.is_sellable_only
    return [*chips, only, *([Chip(_("Clear all"), _bare(filters))] if chosen > 1 else [])]


def _bare(filters: ShelfFilters) -> str:
    """The shelf without any choice, in the order it stands."""
    return reverse("storefront:catalogue") + (f"?sort={filters.sort}" if filters.sort else "")


def sorts_of(filters: ShelfFilters, *, sees_prices: bool) -> list[SortChoice]:
    """The orders to choose from; by price only for who sees prices."""
    labels = {
        "": _("Usual order"),
        "price": _("Price, lowest first"),
        "-price": _("Price, highest first"),
        "name": _("Name by pinyin"),
        "new": _("Newest first"),
    }
    return [
        SortChoice(value, label, value == filters.sort)
        for value, label in labels.items()
        if sees_prices or not value.endswith("price")
    ]
