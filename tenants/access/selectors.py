"""Questions about seats and tokens of the present brand."""

from collections.abc import Callable
from uuid import UUID

from django.db.models import QuerySet

from core.db import sql
from core.kernel.actor import Actor, Scope
from core.kernel.errors import Missing
from tenants.access.models import ApiToken, Seat
from tenants.access.permissions import Permission
from tenants.access.roles import ROLE_CODES


def seat_of(*, seat_id: UUID, person_id: UUID) -> Seat | None:
    """The person's active seat with this id. One query; asked anew for every request."""
    return Seat.objects.filter(pk=seat_id, person_id=person_id, status=Seat.Status.ACTIVE).first()


def seats_of(person_id: UUID) -> list[Seat]:
    """The person's active seats here, the brand's side first."""
    return list(Seat.objects.filter(person_id=person_id, status=Seat.Status.ACTIVE).order_by("side", "dealer_name"))


_TOKEN_COLUMNS = [field.attname for field in ApiToken._meta.concrete_fields]
_SEAT_COLUMNS = [field.attname for field in Seat._meta.concrete_fields]
_TOKEN = f"""
SELECT {", ".join(f"token.{name}" for name in _TOKEN_COLUMNS)}, {", ".join(f"seat.{name}" for name in _SEAT_COLUMNS)}
FROM access_apitoken AS token JOIN access_seat AS seat ON seat.id = token.seat_id WHERE token.key = %(key)s
"""


def token_with(key: str) -> ApiToken | None:
    """The token with this key and its seat, whatever their state. One query, of our own hand: every call asks it."""
    found = sql.row(_TOKEN, {"key": key})
    if found is None:
        return None
    token = ApiToken.from_db("default", _TOKEN_COLUMNS, found[: len(_TOKEN_COLUMNS)])
    token.seat = Seat.from_db("default", _SEAT_COLUMNS, found[len(_TOKEN_COLUMNS) :])
    return token


def seats_visible_to(actor: Actor) -> "QuerySet[Seat]":
    """All seats for the brand's staff, those of their own house for a dealer's."""
    actor.require(Permission.READ, writes=False)
    seats = Seat.objects.order_by("dealer_name", "person_name")
    return seats if actor.is_brand_staff else seats.filter(dealer_id=actor.dealer_id)


def tokens_visible_to(actor: Actor) -> "QuerySet[ApiToken]":
    """The tokens of one's own seat; with ``access.read`` those of every seat one may see."""
    tokens = ApiToken.objects.select_related("seat").order_by("-created_at")
    if actor.can(Permission.READ):
        return tokens.filter(seat__in=seats_visible_to(actor))
    return tokens.filter(seat_id=actor.seat_id)


def seat_visible_to(actor: Actor, seat_id: UUID) -> Seat:
    """One seat. Raises ``Missing``."""
    seat = seats_visible_to(actor).filter(pk=seat_id).first()
    if seat is None:
        raise Missing
    return seat


_SCOPE = ("scope_regions", "scope_product_lines", "scope_dealer_id")


def seat_ids_with(*, dealer_id: int, code: str, reaches: Callable[[Scope], bool] = lambda _scope: True) -> list[UUID]:
    """Active seats of a house whose roles carry ``code``: whom to tell. For handlers, not for pages.

    ``reaches`` says whether a seat with such limits could open what it is told of.
    """
    roles = [role for role, codes in ROLE_CODES.items() if code in codes]
    seats = Seat.objects.filter(dealer_id=dealer_id, status=Seat.Status.ACTIVE, roles__overlap=roles)
    rows = seats.order_by("pk").values_list("pk", *_SCOPE)
    return [pk for pk, regions, lines, subtree in rows if reaches(Scope(tuple(regions), tuple(lines), subtree))]
