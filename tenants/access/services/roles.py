"""Verbs of custom roles: a name for permission codes of one side, made, changed and retired."""

import secrets
from collections.abc import Sequence

from django.db import IntegrityError

from core.db.acts import act
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor, Side
from core.kernel.errors import Missing
from core.kernel.text import normalised
from tenants.access import rules
from tenants.access.errors import RoleInUse, RoleTaken
from tenants.access.events import ROLE_CHANGED, ROLE_MADE, ROLE_RETIRED
from tenants.access.models import CustomRole, Invitation, Seat
from tenants.access.services.bounds import custom_roles, lent_to, one_change_at_a_time, require_editor


def make_role(*, actor: Actor, name: str, side: Side, codes: Sequence[str]) -> CustomRole:
    """A role of the brand. Raises ``NotForARole``, ``DutiesCollide``, ``RoleTaken``, or ``Missing`` to dealers."""
    _require(actor)
    role = CustomRole(
        code=f"own_{secrets.token_hex(6)}",
        name=_checked_name(name),
        side=Side(side).value,
        codes=rules.checked_role_codes(codes, Side(side)),
        created_at=clock.now(),
    )
    try:
        with act():
            role.save(force_insert=True)
            _record(ROLE_MADE, role, actor)
    except IntegrityError:
        raise RoleTaken(name=role.name, field="name") from None
    return role


def change_role(*, actor: Actor, code: str, name: str, codes: Sequence[str]) -> CustomRole:
    """Another name or other codes, in force for every seat that has the role from its next request on.

    Raises what ``make_role`` does; ``DutiesCollide`` also where some seat's other roles would meet the new codes.
    """
    _require(actor)
    try:
        with act():
            one_change_at_a_time()
            role = _locked(code)
            role.name, role.version = _checked_name(name), role.version + 1
            role.codes = rules.checked_role_codes(codes, Side(role.side))
            _refuse_meeting(role)
            role.save(update_fields=["name", "codes", "version"])
            _record(ROLE_CHANGED, role, actor)
    except IntegrityError:
        raise RoleTaken(name=normalised(name)[:40], field="name") from None
    return role


def retire_role(*, actor: Actor, code: str) -> CustomRole:
    """Take the role out of use. Raises ``RoleInUse`` while a seat or an open invitation has it, or ``Missing``."""
    _require(actor)
    with act():
        one_change_at_a_time()
        role = _locked(code)
        offers = Invitation.objects.filter(
            roles__contains=[code], accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=clock.now()
        )
        count = Seat.objects.filter(roles__contains=[code], status=Seat.Status.ACTIVE).count() + offers.count()
        if count:
            raise RoleInUse(count=count)
        role.retired_at, role.version = clock.now(), role.version + 1
        role.save(update_fields=["retired_at", "version"])
        _record(ROLE_RETIRED, role, actor)
    return role


def _require(actor: Actor) -> None:
    require_editor(actor)
    if not actor.is_brand_staff:
        raise Missing


def _checked_name(name: str) -> str:
    said = normalised(name)[:40]
    if not said:
        raise RoleTaken(name="—", field="name")
    return said


def _locked(code: str) -> CustomRole:
    role = CustomRole.objects.select_for_update().filter(code=code, retired_at__isnull=True).first()
    if role is None:
        raise Missing
    return role


def _refuse_meeting(role: CustomRole) -> None:
    """No seat holds, through its other roles or lent to it, what the new codes must not meet."""
    known = {**custom_roles(Side(role.side)), role.code: role.codes}
    seats = dict(Seat.objects.filter(roles__contains=[role.code], status=Seat.Status.ACTIVE).values_list("pk", "roles"))
    lent = lent_to(seats)
    for seat_id, roles in seats.items():
        codes = rules.effective_codes(roles, role.side, known)
        for borrowed in lent.get(seat_id, [frozenset()]):
            rules.refuse_meeting(roles, codes | borrowed, field="codes")


def _record(kind: str, role: CustomRole, actor: Actor) -> None:
    record(
        kind=kind,
        aggregate_type="role",
        aggregate_id=role.code,
        version=role.version,
        actor=actor,
        payload={"side": role.side, "codes": role.codes},
        seller_id=actor.dealer_id,
    )
