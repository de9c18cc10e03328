"""Price groups: dealers that share prices."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max

from core.db.acts import act
from core.db.locks import Rank, locked
from core.db.scopes import dealers_within
from core.events.services import record
from core.kernel.actor import Actor
from core.kernel.errors import Missing, NotPermitted, OutOfScope
from core.kernel.text import normalised
from dms.dealers import errors
from dms.dealers.events import PRICE_GROUP, PRICE_GROUP_SAVED, PRICE_GROUPS_ORDERED
from dms.dealers.models import Dealer, PriceGroup
from dms.dealers.permissions import Permission
from dms.dealers.services.creation import lock_tree


@dataclass(frozen=True, slots=True)
class SavePriceGroup:
    """A price group by its code, the last in order; saved again it is renamed. ``dealer_codes`` join it."""

    code: str
    name: str
    dealer_codes: tuple[str, ...] = ()


def save_price_group(*, actor: Actor, command: SavePriceGroup) -> PriceGroup:
    """Make or rename a price group and let dealers join.

    Raises ``NameMissing``, ``Missing``, and ``OutOfScope`` for a group with members outside the seat's limits.
    """
    actor.require(Permission.EDIT)
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.EDIT)
    code, name = normalised(command.code), normalised(command.name)
    if not 0 < len(code) <= 20:
        raise errors.DealerCodeInvalid(field="code", value=code[:40])
    if not 0 < len(name) <= 60:
        raise errors.NameMissing(field="name")
    with act():
        if actor.scope.limits_dealers and Dealer.objects.filter(price_groups__code=code).exclude(dealers_within(actor)):
            raise OutOfScope
        lock_tree()
        last = PriceGroup.objects.aggregate(last=Max("rank"))["last"] or 0
        values = {"name": name}
        group, _ = PriceGroup.objects.update_or_create(
            code=code, defaults=values, create_defaults={**values, "rank": last + 1}
        )
        wanted = set(command.dealer_codes)
        members = locked(Dealer.objects.filter(dealers_within(actor), code__in=wanted), Rank.KEY)
        if len(members) != len(wanted):
            raise Missing
        group.dealers.add(*members)
        record(
            kind=PRICE_GROUP_SAVED,
            aggregate_type=PRICE_GROUP,
            aggregate_id=code,
            version=0,
            actor=actor,
            payload={"joined": sorted(member.pk for member in members)},
            seller_id=actor.dealer_id,
        )
        return group


def order_price_groups(*, actor: Actor, codes: Sequence[str]) -> None:
    """Say in which order a dealer's groups are asked for prices: ``codes`` are all groups, the first asked first.

    In force at once. Raises ``GroupsUnordered``; a seat with limits may not (``OutOfScope``).
    """
    actor.require(Permission.EDIT)
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.EDIT)
    actor.require_unlimited()  # every dealer's prices depend on it
    with act():
        lock_tree()
        groups = {group.code: group for group in PriceGroup.objects.all()}
        if sorted(codes) != sorted(groups):
            raise errors.GroupsUnordered(field="price_groups")
        moved = [groups[code] for rank, code in enumerate(codes, start=1) if groups[code].rank != rank]
        for rank, code in enumerate(codes, start=1):
            groups[code].rank = rank
        if not moved:
            return
        PriceGroup.objects.bulk_update(moved, ["rank"])
        record(
            kind=PRICE_GROUPS_ORDERED,
            aggregate_type=PRICE_GROUP,
            aggregate_id="*",
            version=0,
            actor=actor,
            payload={"order": list(codes)},
            seller_id=actor.dealer_id,
        )
