"""The decorator of every page that needs somebody in a seat."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import quote, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_cache_control

from core.kernel.actor import Side
from core.kernel.errors import Missing
from core.web.requests import PageRequest, SignedInRequest

P = ParamSpec("P")
Page = Callable[Concatenate[SignedInRequest, P], HttpResponseBase]
Wrapped = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def page(
    *,
    permission: str | None = None,
    side: Side | None = None,
    methods: tuple[str, ...] = ("GET",),
    back: str | None = None,
) -> Callable[[Page[P]], Wrapped[P]]:
    """Let only someone in a seat through: others are sent to sign in and come back after.

    ``permission`` is required for reading (a verb behind the page requires its own), ``side`` hides the page from the
    other side of the counter, ``methods`` are those it answers (HEAD goes with GET).
    ``back`` names the page an address that only takes forms belongs to, with the same arguments or without any: whoever
    opens or reloads the address itself is led there.
    """
    answered = {*methods, "HEAD"} if "GET" in methods else set(methods)

    def decorate(view: Page[P]) -> Wrapped[P]:
        @wraps(view)
        def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method in {"GET", "HEAD"} and request.method not in answered and back is not None:
                return redirect(_page_of_forms(back, args, kwargs))
            if request.method not in answered:
                return HttpResponseNotAllowed(sorted(answered))
            visitor = cast("PageRequest", request)
            if visitor.actor is None or visitor.brand is None:
                return to_sign_in(visitor)
            if side is not None and visitor.actor.side is not side:
                raise Missing
            if permission is not None:
                visitor.actor.require(permission, writes=False)
            response = view(cast("SignedInRequest", request), *args, **kwargs)
            if not response.has_header("Cache-Control"):
                patch_cache_control(response, private=True, no_store=True)
            return response

        # Read by the tests that walk every address with every role.
        answer.methods = frozenset(methods)  # type: ignore[attr-defined]  # functions take attributes
        return answer

    return decorate


def _page_of_forms(back: str, args: tuple[object, ...], kwargs: dict[str, object]) -> str:
    try:
        return reverse(back, args=args, kwargs=kwargs)
    except NoReverseMatch:  # a list, whose forms name what is on it
        return reverse(back)


def to_sign_in(request: PageRequest) -> HttpResponse:
    """Send someone signed out to the sign-in page; after it they come back to the page they were on."""
    wanted = request.get_full_path() if request.method in {"GET", "HEAD"} else _page_before(request)
    if request.htmx:
        wanted = request.htmx.current_url_abs_path or ""
    target = f"{reverse('sign_in')}?next={quote(wanted)}" if wanted.startswith("/") else reverse("sign_in")
    if not request.htmx:
        return redirect(target)
    response = HttpResponse(status=401)
    response["HX-Redirect"] = target
    return response


def _page_before(request: PageRequest) -> str:
    """Path of the page a form was sent from, when it is one of this host: browsers name it in full."""
    before = urlsplit(request.headers.get("Referer", ""))
    if before.netloc not in {"", request.get_host()}:
        return ""
    return f"{before.path}?{before.query}" if before.query else before.path
