"""Opening price lists and changing what they are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from core.db.acts import act
from core.db.locks import Rank, locked, note_rank
from core.db.scopes import dealers_within
from core.events import services as events
from core.kernel import regions
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Field, Missing, OutOfScope, VersionConflict, refuse_all
from core.kernel.money import MINOR_DIGITS
from core.kernel.text import normalised
from dms.dealers.models import Dealer, PriceGroup
from dms.dealers.rules import Channel
from ordering.pricing.errors import (
    DerivedLoop,
    DerivedTooDeep,
    FactorInvalid,
    ListChannelUnknown,
    ListCodeTaken,
    ListKindUnknown,
    ListScopeIncomplete,
    ParentInOtherCurrency,
    ParentUnknown,
    RoundingUnknown,
)
from ordering.pricing.events import LIST_CHANGED, LIST_CREATED, list_created
from ordering.pricing.models import MOST_FACTOR_PPM, PriceList
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors.chains import MOST_PARENTS
from ordering.pricing.selectors.lists import lists_visible_to
from ordering.pricing.services.approval import refuse_floors, refuse_unapproved
from ordering.pricing.services.entries import refuse_wide_list

ROUND_TO = (1, 10, 100, 1000)
"""Minor units a derived price may be rounded to."""
Scope = PriceList.Scope


@dataclass(frozen=True, slots=True)
class CreateList:
    """A list of the actor's own dealer (the brand for its staff). Exactly the words its ``scope`` needs are given.

    ``region_code`` narrows GROUP, TIER and NATIONAL lists to buyers in that region, ``channel`` (empty: any) every list
    to buyers of that channel. ``parent_code`` derives it from another list: × ``factor_ppm`` (1,000,000 is 1), rounded.
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
    kind: str = PriceList.Kind.SALE.value
    channel: str = ""
    parent_code: str = ""
    factor_ppm: int = 1_000_000
    round_to: int = 1
    round_mode: str = PriceList.RoundMode.HALF_UP.value
    divides_cases: bool = False


@dataclass(frozen=True, slots=True)
class ChangeList:
    """What to change of a list (None: as it is); its code, currency, kind and scope stay.

    An empty ``parent_code`` makes it stand by itself. ``version``: the list as the actor saw it, None for any.
    """

    code: str
    name: str | None = None
    name_en: str | None = None
    channel: str | None = None
    parent_code: str | None = None
    factor_ppm: int | None = None
    round_to: int | None = None
    round_mode: str | None = None
    divides_cases: bool | None = None
    is_active: bool | None = None
    version: int | None = None


def create_list(*, actor: Actor, command: CreateList) -> PriceList:
    """Open an empty price list; records ``LIST_CREATED``.

    Raises ``ListCodeTaken``, ``ListScopeIncomplete``, what is wrong with its derivation (``DerivedTooDeep``,
    ``ParentUnknown``, ``ParentInOtherCurrency``, ``FactorInvalid``, ``RoundingUnknown``), ``NeedsRound`` for a derived
    list by a seat that may not approve, or ``OutOfScope`` where it would rule outside the seat's limits.
    """
    actor.require(Permission.EDIT)
    with act():
        listed = _described(actor, command)
        if command.parent_code:
            refuse_unapproved(actor)
            listed.parent = _parent(actor, listed, command.parent_code)
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
    made = PriceList(
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
        kind=command.kind,
        channel=command.channel,
        factor_ppm=command.factor_ppm,
        round_to=command.round_to,
        round_mode=command.round_mode,
        divides_cases=command.divides_cases,
    )
    refuse_all(_faults_of(made))
    return made


def change_list(*, actor: Actor, command: ChangeList) -> PriceList:
    """Change what a list is; one version and ``LIST_CHANGED``, or nothing at all. In force at once.

    Raises ``Missing``, ``OutOfScope``, ``VersionConflict``, ``DerivedLoop`` and what ``create_list`` raises; where
    prices need approval, a seat that may not approve changes its names only (``NeedsRound``).
    """
    actor.require(Permission.EDIT)
    with act():
        note_rank(Rank.ORDER)
        own = PriceList.objects.filter(seller_id=actor.dealer_id)
        # Under another parent all lists of the house are held (`_parent`): by id from the first, as everybody locks.
        wanted = own if command.parent_code else own.filter(code=command.code)
        rows = locked(wanted.select_related("dealer"), Rank.ORDER)
        listed = next((row for row in rows if row.code == command.code), None)
        if listed is None:
            raise Missing(list=command.code)
        _refuse_outside(actor, listed)
        if command.version is not None and command.version != listed.version:
            raise VersionConflict(version=listed.version)
        before = _facts(listed)
        _put(actor, listed, command)
        changed = {name: value for name, value in _facts(listed).items() if before[name] != value}
        if not changed:
            return listed
        if changed.keys() - {"name", "name_en"}:
            refuse_unapproved(actor)
            refuse_floors(actor, [listed.pk])
        listed.version += 1
        listed.save()
        events.record(
            kind=LIST_CHANGED,
            aggregate_type="price_list",
            aggregate_id=listed.code,
            version=listed.version,
            actor=actor,
            payload={"list": listed.code, "before": {name: before[name] for name in changed}, "after": changed},
            seller_id=listed.seller_id,
        )
    return listed


def _refuse_outside(actor: Actor, listed: PriceList) -> None:
    """Raises ``Missing`` or ``OutOfScope`` for a list that rules outside the seat's limits."""
    if listed.dealer is None:
        refuse_wide_list(actor, listed.region_code, unseen=Missing(list=listed.code))
    elif not actor.scope.covers_dealer(path=listed.dealer.path, region_code=listed.dealer.region_code):
        raise Missing(list=listed.code)


_PLAIN = ("channel", "factor_ppm", "round_to", "round_mode", "divides_cases", "is_active")


def _facts(listed: PriceList) -> dict[str, Field]:
    facts: dict[str, Field] = {name: getattr(listed, name) for name in ("name", "name_en", *_PLAIN)}
    return {**facts, "parent": listed.parent.code if listed.parent else ""}


def _put(actor: Actor, listed: PriceList, command: ChangeList) -> None:
    """Put the command's facts onto the row in memory; raises what is wrong with them."""
    if command.name is not None:
        listed.name = normalised(command.name)[:80] or listed.name
    if command.name_en is not None:
        listed.name_en = normalised(command.name_en)[:80]
    for name in _PLAIN:
        value = getattr(command, name)
        if value is not None:
            setattr(listed, name, value)
    refuse_all(_faults_of(listed))
    if command.parent_code is not None and command.parent_code != (listed.parent.code if listed.parent else ""):
        listed.parent = _parent(actor, listed, command.parent_code) if command.parent_code else None


def _faults_of(listed: PriceList) -> Iterator[DomainError]:
    if listed.kind not in PriceList.Kind.values:
        yield ListKindUnknown(field="kind", value=listed.kind[:20])
    if listed.channel and listed.channel not in set(Channel):
        yield ListChannelUnknown(field="channel", value=listed.channel[:20])
    if not 1 <= listed.factor_ppm <= MOST_FACTOR_PPM:
        yield FactorInvalid(field="factor_ppm")
    if listed.round_to not in ROUND_TO or listed.round_mode not in PriceList.RoundMode.values:
        yield RoundingUnknown(field="round_to")


def _parent(actor: Actor, listed: PriceList, code: str) -> PriceList:
    """The list of that code as the parent of ``listed``. All lists of the house are held: two changes make no loop."""
    rows = locked(PriceList.objects.filter(seller_id=actor.dealer_id), Rank.ORDER)
    seen = set(lists_visible_to(actor).values_list("pk", flat=True))
    parent = next((row for row in rows if row.code == code and row.pk in seen), None)
    if parent is None:
        raise ParentUnknown(field="parent_code", list=code[:30])
    if parent.currency != listed.currency:
        raise ParentInOtherCurrency(field="parent_code", list=parent.code, currency=parent.currency)
    parents = {row.pk: row.parent_id for row in rows}
    above = _above(parent.pk, parents)
    if listed.pk in (parent.pk, *above):  # a new list has no pk yet
        raise DerivedLoop(field="parent_code", list=parent.code)
    below = max(
        (len(_above(pk, parents, until=listed.pk)) for pk in parents if listed.pk in _above(pk, parents)), default=0
    )
    if len(above) + 1 + below > MOST_PARENTS:
        raise DerivedTooDeep(field="parent_code", most=MOST_PARENTS)
    return parent


def _above(list_id: int, parents: Mapping[int, int | None], *, until: int | None = None) -> list[int]:
    """The lists above one, the nearest first, ``until`` included."""
    found: list[int] = []
    at = parents[list_id]
    while at is not None and at not in found:
        found.append(at)
        at = parents[at] if at != until else None
    return found
