"""Opening a price list."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from core.db.acts import act
from core.db.scopes import dealers_within
from core.events import services as events
from core.kernel import regions
from core.kernel.actor import Actor
from core.kernel.errors import OutOfScope
from core.kernel.money import MINOR_DIGITS
from core.kernel.text import normalised
from dms.dealers.models import Dealer, PriceGroup
from ordering.pricing.errors import ListCodeTaken, ListScopeIncomplete
from ordering.pricing.events import LIST_CREATED, list_created
from ordering.pricing.models import PriceList
from ordering.pricing.permissions import Permission
from ordering.pricing.services.entries import refuse_wide_list

Scope = PriceList.Scope


@dataclass(frozen=True, slots=True)
class CreateList:
    """A list of the actor's own dealer (the brand for its staff). Exactly the words its ``scope`` needs are given.

    ``region_code`` narrows GROUP, TIER and NATIONAL lists to buyers in that region.
    """

    code: str
    name: str
    scope: str
    currency: str = "CNY"
    region_code: str = regions.COUNTRY
    tier: str = ""
    price_group_code: str = ""
    dealer_code: str = ""
    name_en: str = ""


def create_list(*, actor: Actor, command: CreateList) -> PriceList:
    """Open an empty price list; records ``LIST_CREATED``.

    Raises ``ListCodeTaken``, ``ListScopeIncomplete``, or ``OutOfScope`` where it would rule outside the seat's limits.
    """
    actor.require(Permission.EDIT)
    with act():
        listed = _described(actor, command)
        try:
            with transaction.atomic():
                listed.save(force_insert=True)
        except IntegrityError:
            raise ListCodeTaken(list=listed.code, field="code") from None
        events.record(
            kind=LIST_CREATED,
            aggregate_type="price_list",
            aggregate_id=listed.code,
            version=listed.version,
            actor=actor,
            payload=list_created(
                code=listed.code,
                name=listed.name,
                currency=listed.currency,
                scope=listed.scope,
                seller_id=listed.seller_id,
            ),
            seller_id=listed.seller_id,
        )
    return listed


def _described(actor: Actor, command: CreateList) -> PriceList:
    code, name = normalised(command.code)[:30], normalised(command.name)[:80]
    if not code or not name or command.scope not in Scope.values or command.currency not in MINOR_DIGITS:
        raise ListScopeIncomplete(field="scope")
    if command.region_code != regions.COUNTRY:
        regions.region(command.region_code)
    if command.scope != Scope.DEALER:
        refuse_wide_list(actor, command.region_code, unseen=OutOfScope(field="region_code"))
    inside = Dealer.objects.filter(dealers_within(actor), supplier_id=actor.dealer_id)
    dealer = inside.filter(code=command.dealer_code).first()
    group = PriceGroup.objects.filter(code=command.price_group_code).first()
    given = {
        Scope.DEALER: dealer is not None and command.region_code == regions.COUNTRY,
        Scope.GROUP: group is not None,
        Scope.TIER: command.tier in Dealer.Tier.values and command.tier != Dealer.Tier.BRAND,
        Scope.NATIONAL: True,
    }
    if not given[Scope(command.scope)]:
        raise ListScopeIncomplete(field="scope")
    return PriceList(
        seller_id=actor.dealer_id,
        code=code,
        name=name,
        name_en=normalised(command.name_en)[:80],
        currency=command.currency,
        scope=command.scope,
        region_code=command.region_code,
        tier=command.tier if command.scope == Scope.TIER else "",
        price_group=group if command.scope == Scope.GROUP else None,
        dealer=dealer if command.scope == Scope.DEALER else None,
    )
