"""The button that takes a list out as a spreadsheet. Loaded with ``{% load ui %}``."""

from urllib.parse import urlencode

from django import template
from django.http import QueryDict
from django.urls import reverse

from core.jobs.exports import may_export

register = template.Library()
_NOT_FILTERS = ("page", "do", "part")


@register.inclusion_tag("ui/components/export_button.html", takes_context=True)
def export_button(context: template.Context, name: str, words: str = "", **more: object) -> dict[str, object]:
    """xlsx or csv of just what the list shows: the page's own filters go along, and ``more`` that its path says.

    Nothing at all where the seat may not have the list. ``words``: what the button says, where a page has two.
    """
    request, actor = context.get("request"), context.get("actor")
    if request is None or actor is None or not may_export(actor, name):
        return {"url": ""}
    own = {key: str(value) for key, value in more.items()}
    query: QueryDict = request.GET.copy()
    for other in (*_NOT_FILTERS, *own):
        query.pop(other, None)
    query.update(own)
    face = "console" if actor.is_brand_staff else "storefront"
    url = reverse(f"{face}:export", args=[name])
    address = f"{url}?{query.urlencode()}" if query else url
    return {"url": address, "words": words, "own": urlencode(own), "csrf_token": context.get("csrf_token", "")}
