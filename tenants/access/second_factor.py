"""A brand that asks its staff for a second factor: nobody gets an Actor without one (docs/decisions/0005)."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import translation

from core.kernel.actor import Actor, Side
from core.kernel.brand import BrandFacts
from core.web.languages import language_of
from core.web.replies import fault, wants_problem
from core.web.requests import PageRequest
from tenants.people.sessions import has_second_factor

CODE = "people.second_factor_needed"
OPEN_PAGES = frozenset(
    {
        "second_factor", "profile", "change_password", "end_session", "forgot", "reset", "reset_link", "theme",
        "sign_in", "sign_in_code", "sign_out", "choose_seat", "enter", "ticket", "set_language", "healthz", "readyz",
        "invitation", "change_phone", "change_email", "address_code",
    }
)  # fmt: skip
"""What somebody can still open who has to prove or set up a second factor first; none of it needs an Actor."""


def is_owed(page: PageRequest, actor: Actor, brand: BrandFacts) -> bool:
    """Whether the brand asks for a factor this session has not proved. The session and the host map know: no query."""
    return brand.requires_second_factor and actor.side is Side.BRAND and not has_second_factor(page.session)


def way_to_prove(page: PageRequest) -> HttpResponse | None:
    """Where such a request is led instead; None for the pages that stay open."""
    try:
        name = resolve(page.path_info, urlconf=settings.URLCONF_BRAND).view_name
    except Resolver404:
        return None
    if name in OPEN_PAGES:
        return None
    if wants_problem(page):
        translation.activate(language_of(page))  # its middleware comes after this one
        return fault(page, 403, CODE)
    is_fragment = page.headers.get("HX-Request") == "true"
    wanted = page.get_full_path() if page.method in {"GET", "HEAD"} and not is_fragment else ""
    target = reverse("second_factor") + (f"?{urlencode({'next': wanted})}" if wanted else "")
    if not is_fragment:
        return redirect(target)
    answer = HttpResponse(status=403)
    answer["HX-Redirect"] = target
    return answer
