"""Verbs of saved views: a list's search and filters kept under a name. Everybody has their own."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.db.models import F, Max, QuerySet

from core.db.acts import act
from core.db.locks import Rank, locked
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing, ReadOnlyPortal
from core.kernel.text import normalised
from tenants.access.errors import BadView, TooManyViews, ViewNameTaken
from tenants.access.events import VIEW_SHARED, VIEW_UNSHARED
from tenants.access.models import SavedView, Seat
from tenants.access.permissions import Permission

MOST_VIEWS = 12
"""Of one list and one seat: more tabs than that nobody finds their way in."""
MOST_OF_A_SEAT = 200
"""Over all lists, whatever these are called."""
LONGEST_QUERY = 400
PASSING = frozenset({"page", "do", "part", "csrfmiddlewaretoken"})
"""Names of a query that say where one stands in a list, not what it shows."""


@dataclass(frozen=True, slots=True)
class SaveView:
    """Keep ``query`` of a list under ``name``; an own view of that name is replaced."""

    list_name: str
    name: str
    query: str
    is_default: bool = False
    is_shared: bool = False


def canonical(query: str) -> str:
    """``?b=2&page=3&a=1&c=`` → ``a=1&b=2``: the same filters are the same text."""
    pairs = parse_qsl(query.lstrip("?"))
    return urlencode(sorted(pair for pair in pairs if pair[0] not in PASSING))


def save_view(*, actor: Actor, command: SaveView) -> SavedView:
    """Keep a view, behind the others. Raises ``BadView``, ``TooManyViews``, ``NotPermitted`` for a shared one."""
    _require(actor, shares=command.is_shared)
    name, query = normalised(command.name)[:30], canonical(command.query)
    is_list = command.list_name.isidentifier() and len(command.list_name) <= 20
    if not name or not is_list or len(query) > LONGEST_QUERY:
        raise BadView(field="name")
    with act():
        _take_turns(actor)
        views = _of(actor, command.list_name)
        view = views.filter(name=name).first()
        if view is None:
            if views.count() >= MOST_VIEWS or _all(actor) >= MOST_OF_A_SEAT:
                raise TooManyViews(most=MOST_VIEWS, field="name")
            last = views.aggregate(last=Max("position"))["last"]
            view = SavedView(seat_id=actor.seat_id, list_name=command.list_name, name=name, created_at=clock.now())
            view.position = 0 if last is None else last + 1
        view.query = query
        _mark(actor, view, is_default=command.is_default, is_shared=command.is_shared)
    return view


def change_view(
    *, actor: Actor, view_id: UUID, name: str, is_default: bool = False, is_shared: bool = False
) -> SavedView:
    """Another name, the one the list opens with or not, shown to the house or not.

    Raises ``ViewNameTaken``, ``BadView``, ``NotPermitted``, ``Missing`` for another seat's.
    """
    _require(actor)
    wanted = normalised(name)[:30]
    if not wanted:
        raise BadView(field="name")
    with act():
        _take_turns(actor)
        view = _own(actor, view_id)
        if is_shared and not view.is_shared:
            actor.require(Permission.SETTINGS)
        if _of(actor, view.list_name).filter(name=wanted).exclude(pk=view.pk).exists():
            raise ViewNameTaken(name=wanted, field="name")
        view.name = wanted
        _mark(actor, view, is_default=is_default, is_shared=is_shared)
    return view


def move_view(*, actor: Actor, view_id: UUID, to: int) -> SavedView:
    """Give the view place ``to`` (from 0) among one's own of its list; too far is the end. Raises ``Missing``."""
    _require(actor)
    with act():
        _take_turns(actor)
        view = _own(actor, view_id)
        others = list(_of(actor, view.list_name).exclude(pk=view.pk).order_by("position", "pk"))
        others.insert(max(0, to), view)
        for place, one in enumerate(others):
            one.position = place
        SavedView.objects.bulk_update(others, ["position"])
    return view


def remove_view(*, actor: Actor, view_id: UUID) -> SaveView:
    """Forget a view; what comes back is enough to keep it again. Raises ``Missing``."""
    _require(actor)
    with act():
        _take_turns(actor)
        view = _own(actor, view_id)
        if view.is_shared:
            _record(VIEW_UNSHARED, view, actor)
        SavedView.objects.filter(seat_id=actor.seat_id, list_name=view.list_name, position__gt=view.position).update(
            position=F("position") - 1
        )
        view.delete()
    return SaveView(view.list_name, view.name, view.query, view.is_default, view.is_shared)


def _require(actor: Actor, *, shares: bool = False) -> None:
    """A view is one's own affair: no right is needed but for showing it to others."""
    if shares:
        actor.require(Permission.SETTINGS)
    if actor.is_read_only:
        raise ReadOnlyPortal


def _take_turns(actor: Actor) -> None:
    """Two browsers of one person change their views one after the other, and look at them only then."""
    locked(Seat.objects.filter(pk=actor.seat_id), Rank.KEY)


def _of(actor: Actor, list_name: str) -> "QuerySet[SavedView]":
    return SavedView.objects.filter(seat_id=actor.seat_id, list_name=list_name)


def _all(actor: Actor) -> int:
    return SavedView.objects.filter(seat_id=actor.seat_id).count()


def _own(actor: Actor, view_id: UUID) -> SavedView:
    view = SavedView.objects.filter(pk=view_id, seat_id=actor.seat_id).first()
    if view is None:
        raise Missing
    return view


def _mark(actor: Actor, view: SavedView, *, is_default: bool, is_shared: bool) -> None:
    if is_default:
        others = SavedView.objects.filter(seat_id=actor.seat_id, list_name=view.list_name, is_default=True)
        others.exclude(pk=view.pk).update(is_default=False)
    was_shared, view.is_default, view.is_shared = view.is_shared, is_default, is_shared
    view.save()
    if was_shared != is_shared:
        _record(VIEW_SHARED if is_shared else VIEW_UNSHARED, view, actor)


def _record(kind: str, view: SavedView, actor: Actor) -> None:
    record(
        kind=kind,
        aggregate_type="view",
        aggregate_id=str(view.pk),
        version=0,
        actor=actor,
        payload={"list": view.list_name},
        seller_id=actor.dealer_id,
    )
