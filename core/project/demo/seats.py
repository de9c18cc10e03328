"""Seats with limits, a role of the house's own and a stand-in: what a house of some size looks like today."""

from dataclasses import dataclass
from datetime import timedelta

from core.kernel import clock
from core.kernel.actor import Scope, Side
from core.project.demo.houses import seated
from core.project.demo.people import DemoPerson, phone
from core.project.demo.world import World
from tenants.access.models import Seat
from tenants.access.services import Lend, lend_rights, make_role

OWN_ROLE, OWN_CODES = "产品线运营", ("orders.read", "fulfilment.read", "dealers.read", "stock.read", "prices.read")
"""A role the table has not: who looks after a product line reads its orders too."""
BEGAN, LASTS = timedelta(days=2), timedelta(days=45)
"""How long ago the stand-in began, and for how long it is."""


@dataclass(frozen=True, slots=True)
class LimitedPerson:
    """Somebody of the brand's staff who sees a part; ``below`` is a dealer's code. ``also``: holds the own role too.

    ``words`` say the limit in the table of accounts; without them the person is not printed.
    """

    person: DemoPerson
    regions: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    below: str = ""
    also: bool = False
    words: str = ""


LIMITED = {
    "xinghe": (
        LimitedPerson(
            DemoPerson("鲁岱宗", phone(94), "shandong@xinghe.example", "brand_region_manager"),
            regions=("370000",),
            words="only Shandong; also for 石振邦",
        ),
        LimitedPerson(DemoPerson("柴望岳", phone(95), "jinan@xinghe.example", "brand_rep"), below="SD02"),
        LimitedPerson(
            DemoPerson("温清禾", phone(96), "qinghe@xinghe.example", "brand_product"),
            lines=("QH",),
            also=True,
            words="only the line QH",
        ),
    ),
    "chishui": (
        LimitedPerson(
            DemoPerson("楚南星", phone(97), "southwest@chishui.example", "brand_region_manager"),
            regions=("510000", "520000"),
            words="only Sichuan and Guizhou",
        ),
    ),
}
STANDS_IN = {"xinghe": ("brand_region_manager", "鲁岱宗", "外派学习，由山东大区代办")}
"""Whose work is handed over (the role), to whom, why."""


def open_limited_seats(world: World) -> None:
    """The limited seats of the brand's staff, and the role of its own. On the first day."""
    own = make_role(actor=world.staff["brand_admin"], name=OWN_ROLE, side=Side.BRAND, codes=OWN_CODES)
    for one in LIMITED[world.brand.slug]:
        if not one.below or one.below in world.ids:
            also = [own.code] if one.also else []
            seated(world, one.person, Side.BRAND, "ROOT", also=also, scope=_scope(world, one))


def _scope(world: World, one: LimitedPerson) -> Scope:
    return Scope(one.regions, one.lines, world.ids[one.below] if one.below else None)


def hand_over(world: World) -> None:
    """Somebody is away: a colleague with narrower limits acts for them, from two days ago on."""
    if world.brand.slug not in STANDS_IN:
        return
    role, name, reason = STANDS_IN[world.brand.slug]
    giver = world.staff[role]
    receiver = Seat.objects.get(person_name=name, is_acting=False)
    now = clock.now()
    command = Lend(giver.seat_id, receiver.pk, (), now - BEGAN, now - BEGAN + LASTS, reason)
    with clock.at(now - BEGAN):
        lend_rights(actor=giver, command=command)
