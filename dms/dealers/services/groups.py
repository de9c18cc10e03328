"""Price groups: dealers that share prices."""

from dataclasses import dataclass

from core.db.acts import act
from core.db.locks import Rank, locked
from core.db.scopes import dealers_within
from core.events.services import record
from core.kernel.actor import Actor
from core.kernel.errors import Missing, NotPermitted, OutOfScope
from core.kernel.text import normalised
from dms.dealers import errors
from dms.dealers.events import PRICE_GROUP, PRICE_GROUP_SAVED
from dms.dealers.models import Dealer, PriceGroup
from dms.dealers.permissions import Permission


@dataclass(frozen=True, slots=True)
class SavePriceGroup:
    """A price group by its code; saved again it is renamed. ``dealer_codes`` join it."""

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
        if actor.scope.limits_dealers and Dealer.objects.filter(price_group__code=code).exclude(dealers_within(actor)):
            raise OutOfScope
        group, _ = PriceGroup.objects.update_or_create(code=code, defaults={"name": name})
        wanted = set(command.dealer_codes)
        members = locked(Dealer.objects.filter(dealers_within(actor), code__in=wanted), Rank.KEY)
        if len(members) != len(wanted):
            raise Missing
        Dealer.objects.filter(pk__in=[member.pk for member in members]).update(price_group=group)
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
