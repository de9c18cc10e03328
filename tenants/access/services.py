"""Verbs of seats and tokens. Each is one act in the brand's schema, recorded as an event.

``actor`` None is the platform itself: it opens a brand's first seat. Where a seat is the person's first or last on a
side, the platform's list of portals is brought up to date after the act; sign-in mends it should that be lost.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction

from core.db.acts import act, current_schema
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor, Scope, Side
from core.kernel.errors import Missing, NotPermitted
from core.kernel.text import normalised
from tenants.access import rules
from tenants.access.errors import CodesTooWide, OwnSeat, PersonUnproved, SeatTaken
from tenants.access.events import SEAT_CLOSED, SEAT_OPENED, SEAT_ROLES_CHANGED, TOKEN_ISSUED, TOKEN_REVOKED
from tenants.access.models import ApiToken, Seat
from tenants.access.permissions import Permission
from tenants.access.roles import codes_of
from tenants.brands.services import forget_portal, note_portal
from tenants.people.selectors import is_strangers_word


def open_seat(
    *,
    actor: Actor | None,
    person_id: UUID,
    person_name: str,
    side: Side,
    dealer_id: int,
    dealer_name: str,
    roles: Sequence[str],
    organisation_id: UUID | None = None,
    scope: Scope | None = None,
) -> Seat:
    """Give a person a seat at ``dealer_id`` (the root for the brand's own staff).

    Raises ``NotPermitted``, ``RolesNotOfSide``, ``PersonUnproved`` or ``SeatTaken``; ``Missing`` for a dealer's seat
    at the brand's own node, and where a dealer's administrator opens seats of another house.
    """
    if actor is not None:
        actor.require(Permission.EDIT)
        _require_own_house(actor, Side(side), dealer_id)
    if is_strangers_word(person_id, current_schema()):
        raise PersonUnproved(field="identifier")
    limits = scope or Scope()
    seat = Seat(
        person_id=person_id,
        person_name=normalised(person_name)[:60],
        organisation_id=organisation_id,
        side=Side(side).value,
        dealer_id=dealer_id,
        dealer_name=dealer_name,
        roles=rules.checked_roles(roles, Side(side)),
        scope_regions=list(limits.regions),
        scope_product_lines=list(limits.product_lines),
        scope_dealer_id=limits.dealer_subtree_id,
        created_at=clock.now(),
    )
    try:
        with act():
            seat.save(force_insert=True)
            _record(SEAT_OPENED, seat, actor)
            _after_commit(note_portal, seat)
    except IntegrityError:
        raise SeatTaken(name=seat.person_name, dealer=dealer_name) from None
    return seat


def change_roles(*, actor: Actor, seat_id: UUID, roles: Sequence[str]) -> Seat:
    """Give a seat other roles, in force from its next request on.

    Raises ``OwnSeat``, ``RolesNotOfSide`` or ``Missing``.
    """
    actor.require(Permission.EDIT)
    with act():
        seat = _locked_seat(actor, seat_id)
        seat.roles = rules.checked_roles(roles, Side(seat.side))
        seat.version += 1
        seat.save(update_fields=["roles", "version"])
        _record(SEAT_ROLES_CHANGED, seat, actor)
    return seat


def close_seat(*, actor: Actor, seat_id: UUID) -> Seat:
    """Take a seat away: its next request is signed out and its tokens end. Raises ``OwnSeat`` or ``Missing``."""
    actor.require(Permission.EDIT)
    with act():
        seat = _locked_seat(actor, seat_id)
        now = clock.now()
        seat.status, seat.closed_at, seat.version = Seat.Status.CLOSED, now, seat.version + 1
        seat.save(update_fields=["status", "closed_at", "version"])
        seat.tokens.filter(revoked_at__isnull=True).update(revoked_at=now)
        _record(SEAT_CLOSED, seat, actor)
        if not Seat.objects.filter(person_id=seat.person_id, side=seat.side, status=Seat.Status.ACTIVE).exists():
            _after_commit(forget_portal, seat)
    return seat


def issue_token(*, actor: Actor, seat_id: UUID, name: str, codes: Sequence[str], days: int) -> tuple[ApiToken, str]:
    """A token for one's own seat, or with ``access.edit`` for a seat of one's own house. The text is shown this once.

    ``codes`` empty means all the seat has. Raises ``CodesTooWide``, ``BadTokenLife``, ``NotPermitted`` or ``Missing``.
    """
    if seat_id != actor.seat_id:
        actor.require(Permission.EDIT)
    if actor.token_id is not None:
        raise NotPermitted(permission=Permission.EDIT)  # a token makes no tokens: revoking one ends what it could do
    lasts = timedelta(days=rules.checked_days(days))
    with act():
        seat = _seat(actor, seat_id)
        if seat.dealer_id != actor.dealer_id:
            raise Missing  # the brand may close a dealer's seat, never act from it: what that dealer sells is its own
        held = codes_of(seat.roles)
        too_wide = sorted(set(codes) - held)
        if too_wide:
            raise CodesTooWide(codes=", ".join(too_wide))
        key, secret = rules.new_token()
        now = clock.now()
        token = ApiToken.objects.create(
            key=key,
            secret_digest=rules.digest(secret),
            name=normalised(name)[:60],
            seat=seat,
            codes=sorted(set(codes) or held),
            expires_at=now + lasts,
            created_at=now,
        )
        _record(TOKEN_ISSUED, seat, actor, key=key)
    return token, rules.token_text(key, secret)


def revoke_token(*, actor: Actor, key: str) -> ApiToken:
    """End a token at once. Raises ``Missing`` for one the actor may not see."""
    with act():
        token = ApiToken.objects.select_for_update(of=("self",)).select_related("seat").filter(key=key).first()
        if token is None or not _may_touch(actor, token.seat):
            raise Missing
        if token.seat_id != actor.seat_id:
            actor.require(Permission.EDIT)
        if token.revoked_at is None:
            token.revoked_at = clock.now()
            token.save(update_fields=["revoked_at"])
            _record(TOKEN_REVOKED, token.seat, actor, key=key)
    return token


def _after_commit(tell: Callable[..., None], seat: Seat) -> None:
    """Another schema is another transaction: the platform's list of portals follows when this act has held."""
    told = partial(tell, schema_name=current_schema(), person_id=seat.person_id, side=seat.side)
    transaction.on_commit(told, robust=True)


def _require_own_house(actor: Actor, side: Side, dealer_id: int) -> None:
    is_own = dealer_id == actor.dealer_id
    if actor.is_brand_staff and is_own is not (side is Side.BRAND):
        raise Missing(field="dealer_code")  # staff sit at the brand's own node, a dealer's people never do
    if not actor.is_brand_staff and (side is not Side.DEALER or not is_own):
        raise Missing


def _may_touch(actor: Actor, seat: Seat) -> bool:
    return actor.is_brand_staff or seat.dealer_id == actor.dealer_id


def _seat(actor: Actor, seat_id: UUID) -> Seat:
    seat = Seat.objects.select_for_update().filter(pk=seat_id, status=Seat.Status.ACTIVE).first()
    if seat is None or not _may_touch(actor, seat):
        raise Missing
    return seat


def _locked_seat(actor: Actor, seat_id: UUID) -> Seat:
    seat = _seat(actor, seat_id)
    if seat.pk == actor.seat_id:
        raise OwnSeat
    return seat


def _record(kind: str, seat: Seat, actor: Actor | None, **more: str) -> None:
    record(
        kind=kind,
        aggregate_type="seat",
        aggregate_id=str(seat.pk),
        version=seat.version,
        actor=actor,
        payload={"person_id": str(seat.person_id), "side": seat.side, "roles": seat.roles, **more},
        seller_id=actor.dealer_id if actor else None,
        buyer_id=seat.dealer_id,
    )
