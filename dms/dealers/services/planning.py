"""What speaks for and against new dealers, judged before anything is written."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from core.kernel import clock
from core.kernel.actor import Scope
from core.kernel.errors import DomainError, OutOfScope
from core.kernel.text import normalised
from dms.dealers import errors, rules
from dms.dealers.models import Dealer, PriceGroup
from dms.dealers.rules import Delivery, Licence, LicenceType, Tier

MOST_GROUPS = 20
"""Price groups of one dealer."""
UNNAMED = "—"
"""Stands for a dealer that is not the seat's to see."""


@dataclass(frozen=True, slots=True)
class CreateDealer:
    """A new dealer. ``parent_code`` empty: below the brand. ``supplier_code`` empty: a terminal buys from its parent,
    everyone else from the brand. ``credit_limit`` minor units of ``currency`` (empty: the supplier's book).

    ``licences`` come beside the business licence, which ``uscc`` itself is. ``activates``: ACTIVE at once.
    """

    code: str
    name: str
    tier: str
    region_code: str = ""
    parent_code: str = ""
    supplier_code: str = ""
    channel: str = rules.Channel.TRADITIONAL
    price_groups: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    short_name: str = ""
    uscc: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    credit_limit: int = 0
    terms_days: int = 0
    currency: str = ""
    addresses: tuple[Delivery, ...] = ()
    licences: tuple[Licence, ...] = ()
    organisation_id: UUID | None = None
    requires_uscc: bool = True
    is_placeholder: bool = False
    activates: bool = False


@dataclass(slots=True)
class Seedling:
    """A new dealer that nothing speaks against, with whom it hangs below and buys from."""

    command: CreateDealer
    judged: rules.Judged
    licences: tuple[Licence, ...]
    addresses: tuple[Delivery, ...]
    parent: "Node"
    supplier: "Node"
    group_ids: tuple[int, ...]
    labels: list[str]
    node: "Node"


@dataclass(slots=True)
class Node:
    """A dealer as far as its place in the tree goes; ``id`` 0 until it is planted.

    ``is_inside``: the seat that plants may hang others below it or let them buy from it.
    """

    code: str
    tier: str
    id: int = 0
    path: str = ""
    party_id: int = 0
    is_inside: bool = True


@dataclass(slots=True)
class Plan:
    """Seedlings and, by line, what speaks against the others."""

    seedlings: list[Seedling] = field(default_factory=list)
    faults: list[DomainError] = field(default_factory=list)


@dataclass(slots=True)
class _Ground:
    """What is there already, as far as the commands touch it."""

    root: Node
    nodes: dict[str, Node]
    all_codes: Mapping[str, str]
    holders: dict[str, str]
    groups: Mapping[str, int]
    scope: Scope


def plan(commands: Sequence[CreateDealer], scope: Scope) -> Plan:
    """Judge the commands against what is there and against each other. Reads only: a dry run stops here.

    Whoever is limited by ``scope`` plants inside it only: below the brand or a dealer inside, in a region inside.
    """
    ground = _survey(scope)
    made = Plan()
    for line, command in enumerate(commands, start=1):
        _judge(line, command, ground, made)
    return made


def _survey(scope: Scope) -> _Ground:
    rows = Dealer.objects.values_list("code", "tier", "id", "path", "party_id", "uscc", "region_code")
    nodes = {
        row[0]: Node(
            *(row[0], row[1], row[2], row[3], row[4] or 0),
            is_inside=row[1] == Tier.BRAND or scope.covers_dealer(path=row[3], region_code=row[6]),
        )
        for row in rows
    }
    return _Ground(
        root=next(node for node in nodes.values() if node.tier == Tier.BRAND),
        nodes=nodes,
        all_codes={rules.without_zeros(code): code for code, node in nodes.items() if node.is_inside},
        holders={row[5]: row[0] if nodes[row[0]].is_inside else UNNAMED for row in rows if row[5]},
        groups=dict(PriceGroup.objects.values_list("code", "id")),
        scope=scope,
    )


def _judge(line: int, command: CreateDealer, ground: _Ground, made: Plan) -> None:
    judged = rules.judge(
        rules.Facts(
            command.code,
            command.name,
            command.tier,
            command.region_code,
            command.channel,
            command.uscc,
            command.contact_phone,
            command.credit_limit,
            command.terms_days,
            command.requires_uscc,
        )
    )
    faults = [*judged.faults, *_collisions(judged, ground), *_activation(command, judged)]
    licences, addresses, paper_faults = _papers(command, judged.uscc)
    parent, supplier = _family(command, ground, faults)
    group_ids, labels = _marks(command, ground, faults)
    if parent is not None and not _is_inside(command, parent, ground.scope):
        faults.append(OutOfScope(field="region_code"))
    faults += paper_faults
    if faults or parent is None or supplier is None:
        for fault in faults:
            fault.line = line
        made.faults += faults
        return
    node = Node(judged.dealer_code, command.tier)
    ground.nodes[node.code] = node
    if judged.uscc:
        ground.holders[judged.uscc] = node.code
    made.seedlings.append(Seedling(command, judged, licences, addresses, parent, supplier, group_ids, labels, node))


def _marks(command: CreateDealer, ground: _Ground, faults: list[DomainError]) -> tuple[tuple[int, ...], list[str]]:
    """Its price groups and labels; adds what is wrong with them to ``faults``."""
    try:
        return groups_named(command.price_groups, ground.groups), rules.checked_labels(command.labels)
    except DomainError as fault:
        faults.append(fault)
        return (), []


def groups_named(codes: Collection[str], groups: Mapping[str, int]) -> tuple[int, ...]:
    """Ids of the price groups of these codes, none twice. Raises ``PriceGroupUnknown``, ``TooManyGroups``."""
    wanted = list(dict.fromkeys(normalised(code) for code in codes if code.strip()))
    if len(wanted) > MOST_GROUPS:
        raise errors.TooManyGroups(field="price_groups", most=MOST_GROUPS)
    for code in wanted:
        if code not in groups:
            raise errors.PriceGroupUnknown(field="price_groups", value=code[:40])
    return tuple(sorted(groups[code] for code in wanted))


def _is_inside(command: CreateDealer, parent: Node, scope: Scope) -> bool:
    """Whether the new dealer would lie inside; below a dealer that is new too, the subtree is its."""
    is_below = not scope.subtree or scope.subtree in parent.path or not parent.id
    return is_below and scope.covers_region(command.region_code)


def _collisions(judged: rules.Judged, ground: _Ground) -> Iterable[DomainError]:
    if judged.dealer_code in ground.nodes:
        yield errors.DealerCodeTaken(field="code", value=judged.dealer_code)
    if judged.uscc in ground.holders:
        yield errors.UsccTaken(field="uscc", value=judged.uscc, dealer=ground.holders[judged.uscc])


def _activation(command: CreateDealer, judged: rules.Judged) -> Iterable[DomainError]:
    has_wrong_number = any(fault.field == "uscc" for fault in judged.faults)
    if command.activates and command.requires_uscc and not judged.uscc and not has_wrong_number:
        yield errors.UsccMissing(field="uscc")


def _papers(command: CreateDealer, number: str) -> tuple[tuple[Licence, ...], tuple[Delivery, ...], list[DomainError]]:
    faults: list[DomainError] = []
    licences = [Licence(LicenceType.BUSINESS, number, clock.business_day())] if number else []
    addresses = []
    for licence in command.licences:
        try:
            licences.append(rules.checked_licence(licence))
        except DomainError as fault:
            fault.field = "licence"
            faults.append(fault)
    for address in command.addresses:
        try:
            addresses.append(rules.checked_address(address))
        except DomainError as fault:
            fault.field = "address"
            faults.append(fault)
    return tuple(licences), tuple(addresses), faults


def _family(command: CreateDealer, ground: _Ground, faults: list[DomainError]) -> tuple[Node | None, Node | None]:
    """Parent and supplier; adds what is wrong with them to ``faults``."""
    parent = _find(command.parent_code, ground, "parent_code", faults) if command.parent_code else ground.root
    is_tier_known = command.tier in set(Tier) - {Tier.BRAND}
    if parent is not None and is_tier_known and not rules.may_hang_below(command.tier, parent.tier):
        faults.append(errors.TierTooHigh(field="tier", value=parent.code))
    if command.supplier_code:
        return parent, _find(command.supplier_code, ground, "supplier_code", faults)
    return parent, parent if command.tier == Tier.TERMINAL else ground.root


def _find(code: str, ground: _Ground, name: str, faults: list[DomainError]) -> Node | None:
    wanted = normalised(code)
    node = ground.nodes.get(wanted)
    if node is None or not node.is_inside:
        meant = ground.all_codes.get(rules.without_zeros(wanted)) if wanted.isdigit() else None
        faults.append(
            errors.LostZeros(field=name, value=wanted[:40], meant=meant)
            if meant
            else errors.ParentUnknown(field=name, value=wanted[:40])
        )
    return node
