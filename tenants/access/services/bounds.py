"""Whose seats somebody may touch, and the rows locked for it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from core.catalogue.models import ProductLine
from core.db import sql
from core.db.acts import current_schema
from core.kernel import clock
from core.kernel.actor import Actor, Scope, Side
from core.kernel.errors import Missing, NotPermitted
from tenants.access import rules
from tenants.access.errors import ActingSeat, OwnSeat, UnknownLine
from tenants.access.models import CustomRole, Delegation, Seat
from tenants.access.permissions import Permission
from tenants.access.rights import rights_on
from tenants.access.roles import SIDE_ROLES


def require_editor(actor: Actor) -> None:
    """Who changes seats does so in their own name and without limits: nobody gives what lies beyond their own.

    Raises ``NotPermitted``, ``OutOfScope`` or ``ActingSeat``.
    """
    actor.require(Permission.EDIT)
    actor.require_unlimited()
    if actor.acting_for is not None:
        raise ActingSeat


def one_change_at_a_time() -> None:
    """Let whoever changes what seats may do wait for the others, inside the act: what is judged here holds at the end.

    A role, the seats that have it and what was lent to them are rows of three tables; two acts that each lock one of
    them would both find nothing wrong. The lock falls with the act.
    """
    sql.row("SELECT pg_advisory_xact_lock(hashtextextended(%(key)s, 0))", {"key": f"rights:{current_schema()}"})


def require_own_house(actor: Actor, side: Side, dealer_id: int) -> None:
    """Staff sit at the brand's own node, others never do; a dealer fills its own house. Raises ``Missing``."""
    is_own = dealer_id == actor.dealer_id
    if actor.is_brand_staff and is_own is not (side is Side.BRAND):
        raise Missing(field="dealer_code")
    if not actor.is_brand_staff and (side is not Side.DEALER or not is_own):
        raise Missing


def may_touch(actor: Actor, dealer_id: int) -> bool:
    """Whether seats of that house are the actor's to see."""
    return actor.is_brand_staff or dealer_id == actor.dealer_id


def custom_roles(side: Side, codes: Sequence[str] | None = None) -> dict[str, list[str]]:
    """The brand's own roles of a side with their codes (of those named, where told)."""
    rows = CustomRole.objects.filter(side=side.value, retired_at__isnull=True)
    if codes is not None:
        rows = rows.filter(code__in=list(codes))
    return dict(rows.values_list("code", "codes"))


def checked_roles(roles: Sequence[str], side: Side) -> list[str]:
    """Roles of the table or of the brand's own making. Raises ``RolesNotOfSide`` or ``DutiesCollide``."""
    has_own = any(role not in SIDE_ROLES[side] for role in roles)
    return rules.checked_roles(roles, side, custom_roles(side, roles) if has_own else {})


def lent_to(seat_ids: Iterable[UUID]) -> dict[UUID, list[frozenset[str]]]:
    """What is lent, or will be, to each of the seats, loan by loan."""
    loans = Delegation.objects.filter(receiver__in=list(seat_ids), ended_at__isnull=True, until_at__gt=clock.now())
    found: dict[UUID, list[frozenset[str]]] = {}
    for receiver_id, codes in loans.values_list("receiver_id", "codes"):
        found.setdefault(receiver_id, []).append(frozenset(codes))
    return found


def checked_scope(scope: Scope | None) -> Scope:
    """Limits that exist. Raises ``UnknownRegion`` or ``UnknownLine``."""
    limits = rules.checked_scope(scope or Scope())
    if limits.product_lines:
        known = set(ProductLine.objects.filter(code__in=limits.product_lines).values_list("code", flat=True))
        for code in limits.product_lines:
            if code not in known:
                raise UnknownLine(code=code, field="product_lines")
    return limits


def locked_for(actor: Actor, seat_id: UUID) -> Seat:
    """Somebody else's open seat, locked together with the actor's own: of two who close each other one stays.

    Raises ``OwnSeat``, ``Missing``, or ``NotPermitted`` where the actor has just lost the right.
    """
    wanted = {seat_id, actor.seat_id}
    locked = {seat.pk: seat for seat in Seat.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    seat, now = locked.get(seat_id), rights_on(actor.seat_id)
    if now is None or Permission.EDIT not in now.codes or now.scope.is_limited:
        raise NotPermitted(permission=Permission.EDIT)
    if seat is None or seat.status != Seat.Status.ACTIVE or not may_touch(actor, seat.dealer_id):
        raise Missing
    if seat.person_id == actor.person_id:
        raise OwnSeat
    if seat.is_acting:
        raise ActingSeat
    return seat
