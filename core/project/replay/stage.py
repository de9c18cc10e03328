"""The brand a file is replayed into: it sells by bottle, in dollars, to stores that are no Chinese firms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from core.catalogue import services as catalogue
from core.db.acts import brand_schema, public
from core.kernel.actor import Actor, Side
from core.project.replay.files import FileStore
from core.project.replay.goods import PREFIX
from core.project.replay.report import Kind, Report
from dms.dealers import services as dealers
from dms.dealers.models import Dealer
from dms.stock import services as stock
from dms.stock.models import Warehouse
from ordering.orders import services as orders
from ordering.pricing import services as pricing
from ordering.pricing.models import PriceList
from tenants.access.actors import system_actor
from tenants.brands.models import Brand
from tenants.brands.rules import schema_of
from tenants.brands.services import create_brand

CURRENCY = "USD"
ROOT, WAREHOUSE, PRICE_LIST = "STATE", "MAIN", "STATE"
CREDIT_LIMIT = 10**12
"""Cents: the state is paid by bank draft and refuses nobody; an account must cover what is replayed."""
SECOND_PERSON = UUID(int=1)
"""Who approves: another than who places, as the rules want."""


class NotOurs(Exception):
    """A brand of this name exists that no replay has made."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Who acts in a replay."""

    schema: str
    clerk: Actor
    approver: Actor

    def store(self, dealer_id: int, name: str) -> Actor:
        """The product signing for a store."""
        return replace(self.clerk, dealer_id=dealer_id, dealer_name=name, side=Side.DEALER)


def open_stage(slug: str) -> Stage:
    """The brand with root, rules, warehouse and price list; what is there already stays. Raises ``NotOurs``."""
    schema = schema_of(slug)
    with public():
        brand = Brand.objects.filter(slug=slug).first()
    if brand is not None and brand.currency != CURRENCY:
        raise NotOurs(slug)
    if brand is None or brand.state == Brand.State.PROVISIONING:
        create_brand(
            slug=slug,
            name=f"{slug.capitalize()} Wholesale",
            name_en=f"{slug.capitalize()} Wholesale",
            currency=CURRENCY,
            language="en",
            time_zone="America/Chicago",
        )
    with brand_schema(schema):
        root = Dealer.objects.filter(tier=Dealer.Tier.BRAND).first()
        if root is None:
            root = dealers.create_root(code=ROOT, name="State warehouse", region_code="", currency=CURRENCY)
        elif root.code != ROOT:
            raise NotOurs(slug)
        clerk = system_actor(schema, root.pk, root.name, name="Replay")
        _set_rules(clerk)
    return Stage(schema, clerk, replace(clerk, person_id=SECOND_PERSON, person_name="Replay approval"))


def _set_rules(clerk: Actor) -> None:
    if PriceList.objects.filter(code=PRICE_LIST, seller_id=clerk.dealer_id).exists():
        return
    catalogue.save_settings(
        actor=clerk,
        command=catalogue.SaveSettings(
            code_prefixes=(PREFIX,),
            abv_tenths_min=0,
            abv_tenths_max=1000,
            bottles_per_case_max=99,
            requires_sc_licence=False,
        ),
    )
    orders.change_settings(
        actor=clerk,
        command=orders.ChangeSettings(
            minimum_amount=0, auto_approve_up_to=0, tax_rate_bp=0, requires_licence=False, requires_grant=False
        ),
    )
    if not Warehouse.objects.filter(code=WAREHOUSE).exists():
        stock.open_warehouse(actor=clerk, command=stock.OpenWarehouse(WAREHOUSE, "Main warehouse"))
    # Made last: it tells the next replay that all of this is there.
    command = pricing.CreateList(PRICE_LIST, "State price list", PriceList.Scope.NATIONAL, currency=CURRENCY)
    pricing.create_list(actor=clerk, command=command)


def save_stores(stage: Stage, stores: Sequence[FileStore], wanted: frozenset[str], report: Report) -> dict[str, Actor]:
    """Make the stores of ``wanted`` that are not there; the one who signs, by store."""
    there = frozenset(Dealer.objects.filter(code__in=wanted).values_list("code", flat=True))
    described = {store.store: store for store in stores}
    for number in sorted(wanted - described.keys()):
        report.note(Kind.PLACEHOLDER_STORE, "stores", 0, number, "a store the store file does not describe")
    commands = [_command(number, described.get(number)) for number in sorted(wanted - there)]
    if commands:
        dealers.create_dealers(actor=stage.clerk, commands=commands)
    found = Dealer.objects.filter(code__in=wanted).values_list("code", "id", "name")
    return {code: stage.store(dealer_id, name) for code, dealer_id, name in found}


def _command(number: str, store: FileStore | None) -> dealers.CreateDealer:
    addresses: tuple[dealers.Delivery, ...] = ()
    if store is not None and store.address:
        line = f"{store.address}, {store.city}"
        addresses = (dealers.Delivery("Store", store.name[:60], "", "", line[:200], is_default=True),)
    return dealers.CreateDealer(
        code=number,
        name=store.name if store is not None else f"Store {number}",
        tier="TERMINAL",
        credit_limit=CREDIT_LIMIT,
        terms_days=10,
        currency=CURRENCY,
        addresses=addresses,
        requires_uscc=False,
        is_placeholder=store is None,
        activates=True,
    )
