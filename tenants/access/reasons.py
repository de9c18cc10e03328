"""Who can do what, and why: everybody's rights at once, each with the role or the absence it comes from.

By the same rules that build the Actor (``rules.effective_codes``), for all seats in three queries.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from core.kernel import clock
from core.kernel.actor import Actor, Scope
from tenants.access import rules
from tenants.access.models import CustomRole, Delegation, Seat
from tenants.access.permissions import Permission
from tenants.access.roles import ROLE_WORDS
from tenants.access.selectors import seats_visible_to


@dataclass(frozen=True, slots=True)
class Reason:
    """Through what: a role (``role`` its code, ``words`` a msgid or the name the brand gave it)."""

    role: str
    words: str


@dataclass(frozen=True, slots=True)
class Held:
    """What one seat may do. ``reasons`` by code; ``lent_by`` names who is absent until ``until``, on an acting seat."""

    seat: Seat
    scope: Scope
    reasons: Mapping[str, tuple[Reason, ...]]
    lent_by: str = ""
    until: datetime | None = None


def seats_asked(actor: Actor, *, side: str, text: str = "") -> "QuerySet[Seat]":
    """Open seats of one side, by words of name or house; for pages. Needs ``access.read``."""
    rows = seats_visible_to(actor).filter(side=side, status=Seat.Status.ACTIVE)
    if text:
        rows = rows.filter(Q(person_name__icontains=text) | Q(dealer_name__icontains=text))
    return rows.order_by("dealer_name", "person_name", "pk")


def held_by(actor: Actor, seats: Iterable[Seat]) -> list[Held]:
    """The rights of these seats, each followed by what was lent to the same person. Two queries more."""
    actor.require(Permission.READ, writes=False)
    asked = list(seats)
    own = {role.code: role for role in CustomRole.objects.filter(retired_at__isnull=True)}
    lent = _lent_to(asked)
    found = []
    for seat in asked:
        found.append(Held(seat, _scope(seat), _reasons(seat.roles, seat.side, own)))
        found.extend(_standing_in(one, own) for one in lent.get(seat.pk, ()))
    return found


def _lent_to(seats: list[Seat]) -> dict[object, list[Delegation]]:
    now = clock.now()
    in_force = Delegation.objects.filter(
        receiver__in=[seat.pk for seat in seats], ended_at__isnull=True, from_at__lte=now, until_at__gt=now
    )
    found: dict[object, list[Delegation]] = {}
    for one in in_force.select_related("giver", "seat").order_by("from_at", "pk"):
        if one.giver.status == Seat.Status.ACTIVE:
            found.setdefault(one.receiver_id, []).append(one)
    return found


def _standing_in(one: Delegation, own: Mapping[str, CustomRole]) -> Held:
    giver = one.giver
    reasons = _reasons(giver.roles, giver.side, own)
    return Held(
        seat=one.seat,
        scope=_scope(giver),
        reasons={code: why for code, why in reasons.items() if code in one.codes},
        lent_by=giver.person_name,
        until=one.until_at,
    )


def _reasons(roles: list[str], side: str, own: Mapping[str, CustomRole]) -> dict[str, tuple[Reason, ...]]:
    found: dict[str, tuple[Reason, ...]] = {}
    for role in roles:
        custom = own.get(role)
        words = custom.name if custom else ROLE_WORDS.get(role, role)
        codes = rules.effective_codes([role], side, {role: custom.codes} if custom else {})
        for code in sorted(codes):
            found[code] = (*found.get(code, ()), Reason(role, words))
    return found


def _scope(seat: Seat) -> Scope:
    return Scope(tuple(seat.scope_regions), tuple(seat.scope_product_lines), seat.scope_dealer_id)
