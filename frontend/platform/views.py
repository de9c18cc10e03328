"""The platform's own pages: what it is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from frontend.platform.directory import card, public_nav
from frontend.platform.shelf import SHELF
from tenants.brands.directory import listed_brands


@require_safe
@vary_on_headers("Accept-Language", "Cookie")
def landing(request: HttpRequest) -> HttpResponse:
    """What the platform does, for a distillery that would send it to its dealers."""
    listed = [card(one) for one in listed_brands()[:8]]
    return render(request, "platform/landing.html", {"shelf": SHELF, "listed": listed, "nav": public_nav()})
