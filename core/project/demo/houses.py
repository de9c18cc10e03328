"""The dealers of a demo brand: their tree, papers, ground and seats."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from core.kernel import clock
from core.kernel.actor import Scope, Side
from core.kernel.brand import BrandFacts
from core.project.demo import people
from core.project.demo.channel import DemoDealer
from core.project.demo.world import World
from dms.dealers import services as dealers
from dms.territories import services as territories
from tenants.access.actors import actor_of_seat
from tenants.access.models import Seat
from tenants.access.services import open_seat
from tenants.brands.hosts import brand_in
from tenants.organisations.services import find_or_create
from tenants.people.errors import AccountTaken
from tenants.people.models import User
from tenants.people.rules import account_name
from tenants.people.selectors import person_named
from tenants.people.services import register_person

NOT_YET = "HA09"
"""A dealer whose papers are in, but who was never activated."""
SUSPENDED = "SD05"
LICENCE_ENDS_IN = {"HA03": 150, "JS11": 135, "HN11": 128}
"""Dealers whose permit ends so many days after the world's first one: soon from now."""
ONLY_LINES = {"GD04": ("GH", "QC"), "SH01": ("HG", "JC")}
"""Dealers with ground for some product lines only."""
STRATEGIC = ("KEY", "战略客户")
STRATEGIC_DEALERS = ("SD03", "GD02", "FJ02", "SC02")


def register_companies(world: World) -> dict[str, UUID]:
    """The public register's organisation of every dealer, by dealer code. Outside the brand's schema."""
    return {
        dealer.code: find_or_create(
            uscc=dealer.uscc, name=dealer.name, kind="OUTLET" if dealer.tier == "TERMINAL" else "DEALER"
        ).pk
        for dealer in world.dealers
    }


def make_dealers(world: World, companies: Mapping[str, UUID]) -> None:
    """All dealers at once, with papers and addresses."""
    day = clock.business_day()
    group = dealers.SavePriceGroup(*STRATEGIC)
    dealers.save_price_group(actor=world.system, command=group)
    commands = [_command(world, dealer, companies[dealer.code], day) for dealer in world.dealers]
    made = dealers.create_dealers(actor=world.system, commands=commands)
    world.ids.update({dealer.code: dealer.pk for dealer in made})


def _command(world: World, dealer: DemoDealer, company: UUID, day: date) -> dealers.CreateDealer:
    end = LICENCE_ENDS_IN.get(dealer.code)
    permit = dealers.Licence(
        "JY", dealer.jy_number, day - timedelta(days=400), day + timedelta(days=end) if end else None
    )
    return dealers.CreateDealer(
        code=dealer.code,
        name=dealer.name,
        tier=dealer.tier,
        region_code=dealer.region_code,
        parent_code=dealer.parent_code,
        channel=dealer.channel,
        price_groups=STRATEGIC[:1] if dealer.code in STRATEGIC_DEALERS else (),
        short_name=dealer.short_name,
        uscc=dealer.uscc,
        contact_name=dealer.contact,
        contact_phone=people.phone_of(world.brand.slug, dealer),
        credit_limit=dealer.credit_limit,
        terms_days=30 if dealer.tier in ("PROVINCIAL", "CITY") else 15,
        addresses=_addresses(world, dealer),
        licences=(permit,),
        organisation_id=company,
        activates=dealer.code != NOT_YET,
    )


def _addresses(world: World, dealer: DemoDealer) -> tuple[dealers.Delivery, ...]:
    """Everybody's own house; a bigger one has a second store."""
    phone = people.phone_of(world.brand.slug, dealer)
    house = dealers.Delivery("本部", dealer.contact, phone, dealer.county_code, dealer.street, is_default=True)
    if dealer.tier in ("COUNTY", "TERMINAL"):
        return (house,)
    store = dealers.Delivery("周转仓", f"{dealer.contact[0]}师傅", phone, dealer.county_code, "物流园区3号库")
    return (house, store)


def grant_ground(world: World) -> None:
    """Provinces and cities for one dealer alone, counties shared; the brand serves its chain customers itself."""
    for dealer in world.dealers:
        if dealer.tier == "TERMINAL" or dealer.code == NOT_YET:
            continue
        kind = "SHARED" if dealer.tier == "COUNTY" else "EXCLUSIVE"
        for line in ONLY_LINES.get(dealer.code, ("",)):
            _grant(world, dealer.code, dealer.region_code, line, kind=kind)
    for dealer in world.dealers:
        if dealer.tier == "TERMINAL" and not dealer.parent_code:
            _grant(world, "ROOT", dealer.region_code, "", channel=dealer.channel, kind="SHARED")
    _grant(world, "ROOT", "CN", "MJ", channel="ONLINE", kind="RESERVED")


def _grant(world: World, code: str, region: str, line: str, *, kind: str, channel: str = "*") -> None:
    territories.grant(
        actor=world.system,
        command=territories.GrantTerritory(
            code,
            region,
            line,
            (channel,),
            kind,
            contract_number="" if code == "ROOT" else f"HT{clock.business_day():%Y}-{code}",
        ),
    )


def take_seats(world: World) -> None:
    """Everybody gets an account and a seat; the actors of the roles and of the dealers' owners are remembered."""
    for one in people.staff(world.brand.slug):
        seat = seated(world, one, Side.BRAND, "ROOT")
        world.staff[one.role] = actor_of_seat(seat, _facts(world))
    for one in people.dealer_people(world.brand.slug, world.dealers):
        seat = seated(world, one, Side.DEALER, one.dealer_code)
        world.buyers.setdefault(one.dealer_code, actor_of_seat(seat, _facts(world)))


def _facts(world: World) -> BrandFacts:
    facts = brand_in(world.schema)
    if facts is None:
        raise RuntimeError("the brand was opened before")
    return facts


def seated(
    world: World,
    one: people.DemoPerson,
    side: Side,
    dealer_code: str,
    *,
    also: Sequence[str] = (),
    scope: Scope | None = None,
) -> Seat:
    """An account where there is none yet, and the seat; ``also`` are roles beside the person's own."""
    person = person_named(account_name(one.phone)) or _register(one)
    names = {"ROOT": world.brand.name} | {dealer.code: dealer.name for dealer in world.dealers}
    return open_seat(
        person_id=person.pk,
        person_name=one.name,
        side=side,
        dealer_id=world.ids[dealer_code],
        dealer_name=names[dealer_code],
        roles=[one.role, *also],
        scope=scope,
    )


def _register(one: people.DemoPerson) -> User:
    try:
        return register_person(name=one.name, phone=one.phone, email=one.email or None, password=people.PASSWORD)
    except AccountTaken:  # the other brand, seeded at the same moment, was quicker
        person = person_named(account_name(one.phone))
        if person is None:
            raise
        return person


def suspend_one(world: World) -> None:
    """One dealer stopped paying; today it may not order."""
    if SUSPENDED in world.ids:
        dealers.suspend(actor=world.system, code=SUSPENDED, reason="账款逾期，暂停发货")
