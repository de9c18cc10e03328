"""A dealer's plain facts said anew; parent, tier and supplier stay."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from billing.ledger import services as ledger
from core.db.acts import act
from core.db.locks import Rank, locked
from core.db.scopes import dealers_within
from core.events.services import record
from core.kernel import regions
from core.kernel.actor import Actor
from core.kernel.errors import Missing, NotPermitted, OutOfScope, VersionConflict
from core.kernel.sorting import name_key
from core.kernel.text import normalised
from core.vault.services import blind_index, seal
from dms.dealers import errors, rules
from dms.dealers.events import DEALER, DEALER_CHANGED
from dms.dealers.models import Dealer, PriceGroup
from dms.dealers.permissions import Permission
from dms.dealers.services.creation import PHONE_INDEX, lock_tree
from dms.dealers.services.planning import groups_named

_WRITTEN = (
    "name",
    "short_name",
    "region_code",
    "channel",
    "labels",
    "contact_name",
    "contact_phone_sealed",
    "contact_phone_index",
    "search_text",
    "name_key",
    "uscc",
    "organisation_id",
    "version",
)
_Member = Dealer.price_groups.through
_TOLD = frozenset({"name", "region_code"})
"""What billing keeps of a dealer too."""


@dataclass(frozen=True, slots=True)
class ChangeDealer:
    """New facts of a dealer; None leaves one as it is. ``price_group_codes`` are all its groups from now on.

    ``version`` is the one the change was made from; None does not ask.
    """

    code: str
    name: str | None = None
    short_name: str | None = None
    region_code: str | None = None
    channel: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    price_group_codes: tuple[str, ...] | None = None
    labels: tuple[str, ...] | None = None
    version: int | None = None


def change_dealer(*, actor: Actor, command: ChangeDealer) -> Dealer:
    """Change one dealer's facts.

    Raises ``Missing``, ``VersionConflict``, ``NameMissing``, ``ChannelUnknown``, ``UnknownRegion``, ``RegionMissing``,
    ``PhoneInvalid``, ``PriceGroupUnknown``, ``TooManyGroups``, ``LabelInvalid``, or ``OutOfScope`` where the dealer
    would leave the seat's limits.
    """
    actor.require(Permission.EDIT)
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.EDIT)
    with act():
        lock_tree()
        inside = Dealer.objects.filter(dealers_within(actor), code=normalised(command.code))
        found = locked(inside, Rank.KEY)
        if not found or found[0].parent_id is None:
            raise Missing
        if command.version is not None and command.version != found[0].version:
            raise VersionConflict
        groups = Groups.of(found)
        fields = apply(found[0], command, groups)
        refuse_outside(found[0], actor)
        if fields:
            write([(found[0], fields)], actor, groups)
        return found[0]


def refuse_outside(dealer: Dealer, actor: Actor) -> None:
    """Raise ``OutOfScope`` for a dealer, as it is or would become, outside the seat's limits."""
    if not actor.scope.covers_dealer(path=dealer.path, region_code=dealer.region_code):
        raise OutOfScope(field="region_code")


@dataclass(slots=True)
class Groups:
    """Ids of the price groups by code, and of the groups each dealer is in, as they are to be."""

    ids: Mapping[str, int]
    members: dict[int, tuple[int, ...]]

    @classmethod
    def of(cls, dealers: Iterable[Dealer]) -> "Groups":
        """All groups, and the memberships of ``dealers``. Two queries."""
        members: dict[int, tuple[int, ...]] = {dealer.pk: () for dealer in dealers}
        rows = _Member.objects.filter(dealer_id__in=list(members)).order_by("pricegroup_id")
        for dealer_id, group_id in rows.values_list("dealer_id", "pricegroup_id"):
            members[dealer_id] = (*members[dealer_id], group_id)
        return cls(dict(PriceGroup.objects.values_list("code", "id")), members)

    def codes(self, dealer: Dealer) -> list[str]:
        """Codes of the groups the dealer is in."""
        inside = self.members[dealer.pk]
        return sorted(code for code, group_id in self.ids.items() if group_id in inside)


def apply(dealer: Dealer, command: ChangeDealer, groups: Groups) -> tuple[str, ...]:
    """Put the command's facts onto the row in memory; the names of those that differ. Raises like ``change_dealer``.

    Groups go to ``groups``, until they are written.
    """
    facts = dict(_facts(command, dealer))
    changed = tuple(name for name, value in facts.items() if getattr(dealer, name) != value)
    for name in changed:
        setattr(dealer, name, facts[name])
    if "contact_phone_index" in changed:
        dealer.contact_phone_sealed = seal(rules.checked_phone(command.contact_phone or ""))
    if command.price_group_codes is not None:
        wanted = groups_named(command.price_group_codes, groups.ids)
        if wanted != groups.members[dealer.pk]:
            groups.members[dealer.pk] = wanted
            changed += ("price_groups",)
    if changed:
        dealer.search_text = rules.search_text(dealer.code, dealer.name, dealer.short_name, dealer.uscc)
        dealer.name_key = name_key(dealer.name)
    return changed


def _facts(command: ChangeDealer, dealer: Dealer) -> Iterable[tuple[str, str | list[str]]]:
    """The command's facts in one form, by the field they belong to."""
    if command.name is not None:
        yield "name", _name(command.name)
    if command.short_name is not None:
        yield "short_name", normalised(command.short_name)[:40]
    if command.region_code is not None:
        yield "region_code", _region(command.region_code, dealer)
    if command.channel is not None:
        yield "channel", _channel(command.channel)
    if command.contact_name is not None:
        yield "contact_name", normalised(command.contact_name)[:60]
    if command.contact_phone is not None:
        phone = rules.checked_phone(command.contact_phone)
        # Sealing the same number twice gives two texts: the blind index says whether it is another one.
        yield "contact_phone_index", blind_index(phone, PHONE_INDEX) if phone else ""
    if command.labels is not None:
        yield "labels", rules.checked_labels(command.labels)


def _name(text: str) -> str:
    name = normalised(text)
    if not 0 < len(name) <= 160:
        raise errors.NameMissing(field="name")
    return name


def _channel(code: str) -> str:
    if code not in set(rules.Channel):
        raise errors.ChannelUnknown(field="channel", value=code[:40])
    return code


def _region(code: str, dealer: Dealer) -> str:
    if not code and dealer.requires_uscc:
        raise errors.RegionMissing(field="region_code")
    if code and code != regions.COUNTRY:
        regions.region(code)
    return code


def write(changes: Sequence[tuple[Dealer, tuple[str, ...]]], actor: Actor, groups: Groups) -> None:
    """Write changed rows in a few statements and tell of each. Inside an act that holds the tree."""
    for dealer, _ in changes:
        dealer.version += 1
    Dealer.objects.bulk_update([dealer for dealer, _ in changes], _WRITTEN, batch_size=500)
    regrouped = [dealer.pk for dealer, fields in changes if "price_groups" in fields]
    if regrouped:
        _Member.objects.filter(dealer_id__in=regrouped).delete()
        _Member.objects.bulk_create(
            _Member(dealer_id=one, pricegroup_id=group_id) for one in regrouped for group_id in groups.members[one]
        )
    ledger.describe_parties(
        [ledger.PartyFacts(one.pk, one.name, one.path, one.region_code) for one, fields in changes if _TOLD & {*fields}]
    )
    for dealer, fields in changes:
        record(
            kind=DEALER_CHANGED,
            aggregate_type=DEALER,
            aggregate_id=dealer.code,
            version=dealer.version,
            actor=actor,
            payload={"dealer_id": dealer.pk, "fields": sorted(fields), "region": dealer.region_code},
            seller_id=dealer.supplier_id or dealer.pk,
            buyer_id=dealer.pk,
        )
