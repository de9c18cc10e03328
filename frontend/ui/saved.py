"""Saved views of lists on both faces: the tabs above a list, the doors that keep, change and move them."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.text import whole_of
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from frontend.ui.undo import told_with_undo
from tenants.access import services
from tenants.access.models import SavedView
from tenants.access.permissions import Permission
from tenants.access.selectors import opening_views, views_shown_to
from tenants.access.services import SaveView
from tenants.access.services.views import canonical

LISTS = frozenset(
    {"orders", "products", "families", "prices", "dealers", "licences", "notices", "quotes", "grants", "stock", "jobs"}
    | {"seats", "invitations", "rights", "audit"}
)
"""Lists of the console that keep views under the name of their page."""
KEPT_S = 86_400
"""How long the queries lists open with are remembered; a change forgets them at once."""


@dataclass(frozen=True, slots=True)
class ViewTab:
    """A saved view as a tab; ``change_url`` is empty for a colleague's, ``place`` counts from 0."""

    name: str
    url: str
    is_current: bool
    is_default: bool
    is_shared: bool
    change_url: str
    place: int


@dataclass(frozen=True, slots=True)
class ViewsBar:
    """The tabs of a list, what may be saved now, and where to."""

    list_name: str
    base: str
    query: str
    tabs: tuple[ViewTab, ...]
    save_url: str
    may_share: bool

    @property
    def own(self) -> tuple[ViewTab, ...]:
        """Those the reader may change."""
        return tuple(tab for tab in self.tabs if tab.change_url)

    @property
    def may_save(self) -> bool:
        """Whether the list is narrowed to something no tab shows yet."""
        return bool(self.query) and not any(tab.is_current for tab in self.tabs)


def views_bar(request: HttpRequest, actor: Actor, list_name: str, base: str = "") -> ViewsBar | None:
    """The bar of a list for this seat; None where the face keeps no views, or there is nothing to show. One statement.

    ``base`` is the list's address where the page is another one (a list beside a detail).
    """
    face = request.resolver_match.namespace if request.resolver_match else ""
    try:
        save_url = reverse(f"{face}:views")
    except NoReverseMatch:
        return None
    asked, path = canonical(request.META.get("QUERY_STRING", "")), base or request.path
    found = views_shown_to(actor, list_name)
    if not found and not asked:
        return None
    tabs = tuple(_tab(view, actor, face, path, asked, place) for place, view in enumerate(found))
    return ViewsBar(list_name, path, asked, tabs, save_url, actor.can(Permission.SETTINGS))


def _tab(view: SavedView, actor: Actor, face: str, path: str, asked: str, place: int) -> ViewTab:
    is_own = view.seat_id == actor.seat_id
    return ViewTab(
        view.name,
        f"{path}?{view.query}" if view.query else path,
        view.query == asked,
        view.is_default and is_own,
        view.is_shared,
        reverse(f"{face}:view", args=[view.pk]) if is_own else "",
        place,
    )


def openings_key(actor: Actor) -> str:
    """Where the queries lists open with are remembered."""
    return f"views:openings:{actor.seat_id}"


def openings(actor: Actor, known: dict[str, str] | None = None) -> dict[str, str]:
    """List → query it opens with; ``known`` is what the cache gave for ``openings_key`` (asked with others)."""
    if known is not None:
        return known
    found = opening_views(actor)
    cache.set(openings_key(actor), found, KEPT_S)
    return found


def opened_with(url: str, query: str) -> str:
    """The address of a list with the query it opens with."""
    return f"{url}?{query}" if query else url


def opening_of(request: SignedInRequest) -> str:
    """The address a list opens with for this seat; empty where it opens as it was asked for.

    Only a bare address asked for from elsewhere becomes another one: an address that says anything stays, and on the
    list itself the bare one is the way to all. One look into the cache, for lists alone.
    """
    name = request.resolver_match.url_name if request.resolver_match else ""
    if request.method != "GET" or request.META.get("QUERY_STRING") or request.htmx or name not in LISTS:
        return ""
    before = urlsplit(request.headers.get("Referer", ""))
    if before.path == request.path and before.netloc == request.get_host():
        return ""
    actor = request.actor
    query = openings(actor, cache.get(openings_key(actor))).get(str(name), "")
    return opened_with(request.path, query) if query else ""


def keep(request: SignedInRequest) -> HttpResponse:
    """Keep what the list shows under a name; back to it."""
    said = request.POST
    command = SaveView(
        said.get("list", "")[:20],
        said.get("name", ""),
        said.get("query", "")[:2_000],
        is_default="default" in said,
        is_shared="shared" in said,
    )
    if _done(request, lambda: services.save_view(actor=request.actor, command=command)):
        messages.success(request, _("The view is kept."))
    return _back(request)


def change(request: SignedInRequest, view_id: UUID) -> HttpResponse:
    """Rename, mark, share, move or remove an own view, as ``act`` says; back to the list."""
    said, actor = request.POST, request.actor
    act = said.get("act", "")
    if act == "remove":
        return _remove(request, view_id)
    if act in ("up", "down"):
        to = (whole_of(said.get("place", "")) or 0) + (1 if act == "down" else -1)
        _done(request, lambda: services.move_view(actor=actor, view_id=view_id, to=to))
    elif _done(
        request,
        lambda: services.change_view(
            actor=actor,
            view_id=view_id,
            name=said.get("name", ""),
            is_default="default" in said,
            is_shared="shared" in said,
        ),
    ):
        messages.success(request, _("The view is changed."))
    return _back(request)


def _remove(request: SignedInRequest, view_id: UUID) -> HttpResponse:
    gone: list[SaveView] = []
    if _done(request, lambda: gone.append(services.remove_view(actor=request.actor, view_id=view_id))):
        view = gone[0]
        fields = {"list": view.list_name, "name": view.name, "query": view.query, "next": _next(request)}
        fields |= {"default": "1"} if view.is_default else {}
        fields |= {"shared": "1"} if view.is_shared else {}
        face = request.resolver_match.namespace if request.resolver_match else ""
        words = _("The view “%(name)s” is removed.") % {"name": view.name}
        told_with_undo(request, words, url=reverse(f"{face}:views"), fields=fields)
    return _back(request)


def _done(request: SignedInRequest, call: Callable[[], object]) -> bool:
    """Call one verb; a refusal is told on the page one comes back to, where the menu still holds its fields."""
    try:
        call()
    except DomainError as refusal:
        if refusal.code == "missing":
            raise
        messages.error(request, words_of(refusal))
        return False
    cache.delete(openings_key(request.actor))
    return True


def _next(request: SignedInRequest) -> str:
    wanted = request.POST.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else "/"


def _back(request: SignedInRequest) -> HttpResponse:
    return redirect(_next(request))
