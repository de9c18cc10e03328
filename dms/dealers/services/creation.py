"""New nodes of the channel tree: the brand as its root, dealers by ones and by thousands."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from billing.ledger import services as ledger
from core.db import sql
from core.db.acts import act
from core.db.locks import Rank, note_rank
from core.events.services import record
from core.kernel import clock, regions
from core.kernel.actor import Actor
from core.kernel.errors import NotPermitted, Refusal, refuse_all
from core.kernel.sorting import name_key
from core.kernel.text import normalised
from core.vault.services import blind_index, seal
from dms.dealers import errors, rules
from dms.dealers.events import DEALER, DEALER_CREATED
from dms.dealers.models import Address, Credential, Dealer
from dms.dealers.permissions import Permission
from dms.dealers.rules import Status, Tier
from dms.dealers.services.firms import tell_uses
from dms.dealers.services.planning import CreateDealer, Seedling, plan
from dms.dealers.services.supplying import currencies_of

PHONE_INDEX = "dealers.contact_phone"
_TREE_LOCK = "SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext('dealers.tree'))"
_NEW_IDS = """
SELECT nextval(pg_get_serial_sequence('dealers_dealer', 'id')) FROM generate_series(1, %(count)s)
"""


def lock_tree() -> None:
    """One at a time may change who hangs where: what is checked stays true until commit."""
    note_rank(Rank.KEY)
    sql.rows(_TREE_LOCK, {})


def create_root(
    *, code: str, name: str, region_code: str, organisation_id: UUID | None = None, currency: str = "CNY"
) -> Dealer:
    """Plant the channel tree of a new brand: its root, the root's party and book. An act of the platform."""
    if region_code:
        regions.region(region_code)
    with act():
        lock_tree()
        ((dealer_id,),) = sql.rows(_NEW_IDS, {"count": 1})
        facts = ledger.PartyFacts(dealer_id, name, f"/{dealer_id}/", region_code)
        party_id = ledger.open_parties([facts])[dealer_id]
        ledger.open_book(seller_party_id=party_id, currency=currency)
        root = Dealer.objects.create(
            id=dealer_id,
            code=code,
            name=name,
            tier=Tier.BRAND.value,
            path=f"/{dealer_id}/",
            status=Status.ACTIVE.value,
            region_code=region_code,
            party_id=party_id,
            organisation_id=organisation_id,
            search_text=rules.search_text(code, name),
            name_key=name_key(name),
            created_at=clock.now(),
        )
        _tell(root, actor=None)
        return root


def create_dealer(*, actor: Actor, command: CreateDealer) -> Dealer:
    """Create one dealer with its party and its account with its supplier. Raises what is wrong, all of it."""
    try:
        return create_dealers(actor=actor, commands=[command])[0]
    except Refusal as refusal:
        for fault in refusal.faults:
            fault.line = None
        refuse_all(refusal.faults)
        raise


def create_dealers(*, actor: Actor, commands: Sequence[CreateDealer]) -> tuple[Dealer, ...]:
    """Create many dealers, all or none, in a handful of statements; a parent may stand before its child.

    Raises one refusal with every fault, ``line`` being the 1-based place of the command.
    """
    actor.require(Permission.EDIT)
    if not actor.is_brand_staff:
        raise NotPermitted(permission=Permission.EDIT)
    with act():
        lock_tree()
        planted = plan(commands, actor.scope)
        refuse_all(planted.faults)
        return plant(planted.seedlings, actor)


def plant(seedlings: Sequence[Seedling], actor: Actor) -> tuple[Dealer, ...]:
    """Write the seedlings: parties, dealers, accounts, papers, events. Inside an act that holds the tree."""
    now = clock.now()
    if not seedlings:
        return ()
    ids = sql.rows(_NEW_IDS, {"count": len(seedlings)})
    for seedling, (dealer_id,) in zip(seedlings, ids, strict=True):
        seedling.node.id = dealer_id
        seedling.node.path = f"{seedling.parent.path}{dealer_id}/"
        if len(seedling.node.path) > 200:
            raise errors.TreeTooDeep
    parties = ledger.open_parties(
        [ledger.PartyFacts(s.node.id, s.judged.name, s.node.path, s.command.region_code) for s in seedlings]
    )
    for seedling in seedlings:
        seedling.node.party_id = parties[seedling.node.id]
    dealers = Dealer.objects.bulk_create([_row(seedling, now) for seedling in seedlings], batch_size=1000)
    _join_groups(seedlings)
    _open_accounts(seedlings)
    _write_papers(seedlings)
    for dealer in dealers:
        _tell(dealer, actor)
    tell_uses([dealer.organisation_id for dealer in dealers if dealer.organisation_id], actor)
    return tuple(dealers)


def _row(seedling: Seedling, now: datetime) -> Dealer:
    command, judged = seedling.command, seedling.judged
    return Dealer(
        id=seedling.node.id,
        code=judged.dealer_code,
        name=judged.name,
        short_name=normalised(command.short_name)[:40],
        tier=command.tier,
        parent_id=seedling.parent.id,
        supplier_id=seedling.supplier.id,
        path=seedling.node.path,
        status=Status.ACTIVE.value if command.activates else Status.DRAFT.value,
        region_code=command.region_code,
        channel=command.channel,
        labels=seedling.labels,
        party_id=seedling.node.party_id,
        organisation_id=command.organisation_id,
        uscc=judged.uscc,
        contact_name=normalised(command.contact_name)[:60],
        contact_phone_sealed=seal(judged.phone),
        contact_phone_index=blind_index(judged.phone, PHONE_INDEX) if judged.phone else "",
        search_text=rules.search_text(judged.dealer_code, judged.name, command.short_name, judged.uscc),
        name_key=name_key(judged.name),
        requires_uscc=command.requires_uscc,
        is_placeholder=command.is_placeholder,
        created_at=now,
    )


def _join_groups(seedlings: Sequence[Seedling]) -> None:
    member = Dealer.price_groups.through
    member.objects.bulk_create(
        member(dealer_id=seedling.node.id, pricegroup_id=group_id)
        for seedling in seedlings
        for group_id in seedling.group_ids
    )


def _open_accounts(seedlings: Sequence[Seedling]) -> None:
    """An account with the supplier, in the currency of its book unless told; who never sold takes the brand's."""
    currencies = currencies_of({seedling.supplier.party_id for seedling in seedlings})
    ledger.open_accounts(
        openings=[
            ledger.Opening(
                seedling.supplier.party_id,
                seedling.node.party_id,
                seedling.command.currency or currencies[seedling.supplier.party_id],
                seedling.command.credit_limit,
                seedling.command.terms_days,
            )
            for seedling in seedlings
        ]
    )


def _write_papers(seedlings: Sequence[Seedling]) -> None:
    Credential.objects.bulk_create(
        Credential(
            dealer_id=seedling.node.id,
            type=licence.type,
            number=licence.number,
            scope=licence.scope,
            valid_from=licence.valid_from,
            valid_to=licence.valid_to,
        )
        for seedling in seedlings
        for licence in seedling.licences
    )
    Address.objects.bulk_create(
        Address(
            dealer_id=seedling.node.id,
            label=address.label[:40],
            recipient=address.recipient,
            phone_sealed=seal(address.phone),
            region_code=address.region_code or seedling.command.region_code,
            line=address.line,
            is_default=place == 0,
        )
        for seedling in seedlings
        for place, address in enumerate(sorted(seedling.addresses, key=lambda a: not a.is_default))
    )


def _tell(dealer: Dealer, actor: Actor | None) -> None:
    record(
        kind=DEALER_CREATED,
        aggregate_type=DEALER,
        aggregate_id=dealer.code,
        version=dealer.version,
        actor=actor,
        payload={
            "dealer_id": dealer.pk,
            "tier": dealer.tier,
            "parent_id": dealer.parent_id,
            "supplier_id": dealer.supplier_id,
            "region": dealer.region_code,
            "channel": dealer.channel,
            "status": dealer.status,
        },
        seller_id=dealer.supplier_id or dealer.pk,
        buyer_id=dealer.pk,
    )
