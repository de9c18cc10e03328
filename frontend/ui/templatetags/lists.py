"""Tags of lists: saved views, sorted columns, the bulk bar. Loaded with ``{% load ui %}``."""

from django import template
from django.utils.translation import get_language, ngettext

from core.db import naming
from core.db.naming import Named
from core.kernel.brand import BrandFacts
from frontend.ui.houses import house_name
from frontend.ui.lists import ALL_MATCHING
from frontend.ui.saved import views_bar
from frontend.ui.shapes import Pager, SortLink

register = template.Library()


@register.inclusion_tag("ui/components/saved_views.html", takes_context=True)
def saved_views(context: template.Context, list_name: str, url: str = "") -> dict[str, object]:
    """The tabs of a list: all of it, one's own views, those the house shares; and a way to keep what is shown now."""
    request, actor = context.get("request"), context.get("actor")
    bar = views_bar(request, actor, list_name, url) if request is not None and actor is not None else None
    return {"bar": bar, "request": request, "csrf_token": context.get("csrf_token", "")}


@register.filter
def called(row: Named) -> str:
    """What a row with ``name`` and ``name_en`` is called for the reader."""
    return naming.called(row)


@register.simple_tag
def named(name: str, english: str = "") -> str:
    """What a thing is called for the reader: its English name on English pages, where it has one."""
    return english if english and (get_language() or "").startswith("en") else name


@register.filter
def house(name: str, brand: BrandFacts | None) -> str:
    """A house's name on a page of ``brand``: ``{{ row.seller_name|house:request.brand }}``."""
    return house_name(name, brand)


@register.inclusion_tag("ui/components/sort_head.html")
def sort_head(link: SortLink, num: bool = False) -> dict[str, object]:
    """The head of a column that sorts, as a ``<th>`` that says how it is sorted now."""
    icon = {"ascending": "chev-u", "descending": "chev-d"}.get(link.order, "sort")
    return {"link": link, "num": num, "icon": icon}


@register.inclusion_tag("ui/components/bulk_begin.html")
def bulk_begin(shown: int, pager: Pager | None = None, label: str = "") -> dict[str, object]:
    """The count of a bulk bar: how many are ticked, and the offer to take all that fit where there are more pages.

    Put it first inside ``<div class="bulkbar" data-bulk …>`` in the list's form; the door asks ``lists.ticked``.
    """
    total = pager.total if pager is not None else 0
    words = ngettext("Tick all %(n)s that fit", "Tick all %(n)s that fit", total) % {"n": f"{total:,}"}
    return {"label": label, "total": total, "is_more": total > shown, "words": words, "field": ALL_MATCHING}
