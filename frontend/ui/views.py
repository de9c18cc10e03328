"""The living component page: every component in all its states, in each shell."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from frontend.ui import samples
from frontend.ui.vocabulary import known_terms
from frontend.ui.words import known_statuses

SHELLS = ("storefront", "console", "platform")


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the kit; ``?shell=`` chooses the frame around it."""
    shell = request.GET.get("shell", "storefront")
    if shell not in SHELLS:
        shell = "storefront"
    form = samples.SampleForm({"receiver": "孙立新", "licence": "JY1371602001410", "cases": "12", "delivery": "brand"})
    context = {
        "base": f"ui/{shell}_shell.html",
        "shells": SHELLS,
        "portal": samples.PORTAL,
        "actor": samples.ACTOR,
        "nav": samples.navigation(is_console=shell == "console"),
        "cart_count": 3,
        "unread_count": 2,
        "cart_url": "/styleguide/",
        "unread_url": "/styleguide/",
        "account_url": "/styleguide/",
        "search_url": "/styleguide/",
        "scan_url": "" if shell == "console" else "/styleguide/",
        "form": form,
        "blank_form": samples.SampleForm(prefix="blank"),
        "flow": samples.flow(),
        "trace": samples.trace(),
        "chips": samples.chips(),
        "ways": samples.ways(),
        "crumbs": samples.crumbs(),
        "page": samples.PAGER,
        "products": samples.PRODUCTS,
        "orders": samples.ORDERS,
        "instant": samples.INSTANT,
        "statuses": known_statuses(),
        "terms": known_terms(),
        "icons": icon_names(),
    }
    return render(request, "ui/styleguide.html", context)


def icon_names() -> list[str]:
    """Every symbol of the sprite, in its order."""
    found = finders.find("ui/icons.svg")
    if not isinstance(found, str):
        return []
    text = Path(found).read_text(encoding="utf-8")
    return [part.split('"', 1)[0] for part in text.split('<symbol id="i-')[1:]]
