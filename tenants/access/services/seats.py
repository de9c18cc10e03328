"""Verbs of seats: opened by the platform or by accepting, changed and closed by administrators."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q

from core.db.acts import act
from core.kernel import clock
from core.kernel.actor import Actor, Scope, Side
from core.kernel.errors import VersionConflict
from core.kernel.text import normalised
from tenants.access import rules
from tenants.access.errors import SeatTaken
from tenants.access.events import (
    INVITATION_WITHDRAWN,
    RIGHTS_RETURNED,
    SEAT_CLOSED,
    SEAT_OPENED,
    SEAT_ROLES_CHANGED,
    SEAT_SCOPE_CHANGED,
)
from tenants.access.models import ApiToken, Delegation, Invitation, Seat
from tenants.access.services.bounds import (
    checked_roles,
    checked_scope,
    custom_roles,
    lent_to,
    locked_for,
    one_change_at_a_time,
    require_editor,
)
from tenants.access.services.telling import hide_portal, record_invitation, record_seat, show_portal


def open_seat(
    *,
    person_id: UUID,
    person_name: str,
    side: Side,
    dealer_id: int,
    dealer_name: str,
    roles: Sequence[str],
    organisation_id: UUID | None = None,
    scope: Scope | None = None,
) -> Seat:
    """The platform seats somebody itself: a brand's founder, the people of a demo. Everybody else accepts.

    ``dealer_id`` is the root for the brand's own staff. Raises ``RolesNotOfSide``, ``DutiesCollide`` or ``SeatTaken``.
    """
    limits = checked_scope(scope)
    seat = Seat(
        person_id=person_id,
        person_name=normalised(person_name)[:60],
        organisation_id=organisation_id,
        side=Side(side).value,
        dealer_id=dealer_id,
        dealer_name=dealer_name,
        roles=checked_roles(roles, Side(side)),
        scope_regions=list(limits.regions),
        scope_product_lines=list(limits.product_lines),
        scope_dealer_id=limits.dealer_subtree_id,
        created_at=clock.now(),
    )
    try:
        with act():
            seat.save(force_insert=True)
            record_seat(SEAT_OPENED, seat, None)
            show_portal(seat)
    except IntegrityError:
        raise SeatTaken(name=seat.person_name, dealer=dealer_name) from None
    return seat


def change_seat(
    *,
    actor: Actor,
    seat_id: UUID,
    roles: Sequence[str] | None = None,
    scope: Scope | None = None,
    version: int | None = None,
) -> Seat:
    """Give a seat other roles, another scope or both (None: as they are), in force from its next request on.

    ``version`` is what the caller read. Raises ``OwnSeat``, ``RolesNotOfSide``, ``DutiesCollide``,
    ``VersionConflict`` or ``Missing``.
    """
    require_editor(actor)
    with act():
        one_change_at_a_time()
        seat = locked_for(actor, seat_id)
        if version is not None and version != seat.version:
            raise VersionConflict
        kinds = []
        if roles is not None and (wanted := checked_roles(roles, Side(seat.side))) != seat.roles:
            _refuse_meeting(seat, wanted)
            seat.roles = wanted
            kinds.append(SEAT_ROLES_CHANGED)
        if scope is not None and _rescoped(seat, checked_scope(scope)):
            kinds.append(SEAT_SCOPE_CHANGED)
        for kind in kinds:
            seat.version += 1
            record_seat(kind, seat, actor, **_scope_words(seat))
        if kinds:
            seat.save(update_fields=["roles", "scope_regions", "scope_product_lines", "scope_dealer_id", "version"])
    return seat


def close_seat(*, actor: Actor, seat_id: UUID) -> Seat:
    """Take a seat away: its next request is signed out, its tokens end, what it lent, borrowed or invited ends too.

    Raises ``OwnSeat`` or ``Missing``.
    """
    require_editor(actor)
    with act():
        seat = locked_for(actor, seat_id)
        end_seat(seat, actor)
    return seat


def end_seat(seat: Seat, actor: Actor | None) -> None:
    """The inner piece of closing a locked seat, inside an act; ``actor`` None: its person was erased."""
    now = clock.now()
    _close(seat)
    record_seat(SEAT_CLOSED, seat, actor)
    for lent in Delegation.objects.filter(Q(giver=seat) | Q(receiver=seat), ended_at__isnull=True):
        lent.ended_at = now
        lent.save(update_fields=["ended_at"])
        acting = Seat.objects.select_for_update().get(pk=lent.seat_id)
        _close(acting)
        record_seat(RIGHTS_RETURNED, acting, actor)
    pending = Invitation.objects.select_for_update().filter(
        invited_by_id=seat.pk, accepted_at__isnull=True, withdrawn_at__isnull=True
    )
    for invitation in pending:
        invitation.withdrawn_at, invitation.version = now, invitation.version + 1
        invitation.save(update_fields=["withdrawn_at", "version"])
        record_invitation(INVITATION_WITHDRAWN, invitation, actor)
    hide_portal(seat)


def _close(seat: Seat) -> None:
    now = clock.now()
    seat.status, seat.closed_at, seat.version = Seat.Status.CLOSED, now, seat.version + 1
    seat.save(update_fields=["status", "closed_at", "version"])
    ApiToken.objects.filter(seat=seat, revoked_at__isnull=True).update(revoked_at=now)


def _refuse_meeting(seat: Seat, roles: list[str]) -> None:
    """What was lent to the seat must not meet its new roles in one pair of hands."""
    side = Side(seat.side)
    held = rules.effective_codes(roles, side, custom_roles(side, roles))
    for borrowed in lent_to([seat.pk]).get(seat.pk, []):
        rules.refuse_meeting(roles, held | borrowed, field="roles")


def _rescoped(seat: Seat, limits: Scope) -> bool:
    """Write the limits onto the seat; whether they differ."""
    before = _scope_words(seat)
    seat.scope_regions, seat.scope_product_lines = list(limits.regions), list(limits.product_lines)
    seat.scope_dealer_id = limits.dealer_subtree_id
    return before != _scope_words(seat)


def _scope_words(seat: Seat) -> dict[str, object]:
    return {
        "regions": list(seat.scope_regions),
        "product_lines": list(seat.scope_product_lines),
        "below": seat.scope_dealer_id,
    }
