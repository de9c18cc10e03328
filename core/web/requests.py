"""What the middlewares put on a request, for the type checker."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from core.kernel.actor import Actor
from core.kernel.brand import BrandFacts


class PageRequest(HttpRequest):
    """Any request after the middlewares: ``brand`` None on the platform's host, ``actor`` None when signed out.

    ``is_desk``: the request came to the operator's desk. ``roles`` are those of the seat in words (msgids),
    ``seat_count`` how many seats the person may choose from here.
    """

    request_id: str
    is_desk: bool
    brand: BrandFacts | None
    actor: Actor | None
    roles: tuple[str, ...]
    seat_count: int
    htmx: HtmxDetails


class SignedInRequest(PageRequest):
    """A request behind ``doors.page``: somebody sits in a seat of a brand."""

    brand: BrandFacts
    actor: Actor
