"""Dealers and the public register: which organisation a dealer is, and that the register hears of it."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from core.db.acts import current_schema
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import NotPermitted
from core.kernel.identifiers import is_valid_uscc
from core.kernel.identifiers import uscc as checked_uscc
from core.kernel.text import normalised
from dms.dealers import errors, rules
from dms.dealers.events import ORGANISATIONS_USED, TREE
from dms.dealers.models import Dealer
from dms.dealers.permissions import Permission
from dms.dealers.rules import Licence, LicenceType, Tier
from dms.dealers.services.planning import CreateDealer
from tenants.brands.hosts import brand_in
from tenants.organisations.services import Firm, find_or_create, find_or_create_all


def registered(*, actor: Actor, command: CreateDealer) -> CreateDealer:
    """The new dealer with its firm found in, or written into, the public register by its USCC.

    For doors, before they open an act. Without a valid USCC and a name the command comes back as it is: the verb
    itself refuses what is wrong. Raises ``NotPermitted``.
    """
    actor.require(Permission.EDIT if actor.can(Permission.EDIT) else Permission.IMPORT)
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.EDIT)
    if command.organisation_id or not is_valid_uscc(command.uscc) or not normalised(command.name):
        return command
    firm = find_or_create(uscc=command.uscc, name=command.name, kind=_kind(command.tier))
    return replace(command, organisation_id=firm.pk)


def registered_all(*, actor: Actor, commands: Sequence[CreateDealer]) -> list[CreateDealer]:
    """``registered`` for a whole list, in two statements. Raises ``NotPermitted``."""
    actor.require(Permission.EDIT if actor.can(Permission.EDIT) else Permission.IMPORT)
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.EDIT)
    numbers = {place: checked_uscc(one.uscc) for place, one in enumerate(commands) if is_valid_uscc(one.uscc)}
    ids = find_or_create_all(
        [Firm(number, commands[place].name, _kind(commands[place].tier)) for place, number in numbers.items()]
    )
    return [
        replace(one, organisation_id=one.organisation_id or ids.get(numbers.get(place, "")))
        for place, one in enumerate(commands)
    ]


def organisation_for(house: Dealer, licence: Licence) -> UUID:
    """The organisation a paper of this dealer belongs to; called before the act, since it is the public register's.

    A dealer without a USCC begins with its business licence, which names one. Raises ``UsccDiffers`` or
    ``BusinessLicenceFirst``.
    """
    names_firm = licence.type in (LicenceType.BUSINESS, LicenceType.GENERAL_TAXPAYER)
    if names_firm and house.uscc and licence.number != house.uscc:
        raise errors.UsccDiffers(field="number", value=house.uscc)
    if house.organisation_id is not None:
        return house.organisation_id
    uscc = house.uscc or (licence.number if licence.type == LicenceType.BUSINESS else "")
    if not uscc:
        raise errors.BusinessLicenceFirst(field="type")
    return find_or_create(uscc=uscc, name=house.name, kind=_kind(house.tier)).pk


def tie(house: Dealer, *, uscc: str, organisation_id: UUID | None, actor: Actor) -> None:
    """Write down that the dealer is this firm: the brand's word, never the dealer's own. Inside an act with the tree.

    Raises ``UsccTaken``.
    """
    holder = Dealer.objects.filter(uscc=uscc).exclude(pk=house.pk).first()
    if holder is not None:
        raise errors.UsccTaken(value=uscc, dealer=holder.code)
    is_news = organisation_id is not None and house.organisation_id != organisation_id
    house.uscc, house.organisation_id = uscc, organisation_id or house.organisation_id
    house.search_text = rules.search_text(house.code, house.name, house.short_name, uscc)
    house.save(update_fields=["uscc", "organisation_id", "search_text"])
    if is_news and organisation_id is not None:
        tell_uses([organisation_id], actor)


def tell_uses(organisation_ids: Collection[UUID], actor: Actor | None) -> None:
    """Let the register know whom this brand deals with, so that verified facts find their way. Inside an act."""
    ids = sorted({str(one) for one in organisation_ids})
    if ids:
        record(
            kind=ORGANISATIONS_USED,
            aggregate_type=TREE,
            aggregate_id="1",
            version=0,
            actor=actor,
            payload={"organisations": ids},
        )


def zone_day() -> date:
    """The business day of the present brand."""
    brand = brand_in(current_schema())
    return clock.business_day(zone=brand.time_zone) if brand else clock.business_day()


def _kind(tier: str) -> str:
    return "OUTLET" if tier == Tier.TERMINAL else "DEALER"
