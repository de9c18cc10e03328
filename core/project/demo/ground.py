"""What makes a demo brand's map worth a look: carve-outs, zones, key accounts, slices of time, a moved outlet."""

from dataclasses import replace
from datetime import timedelta

from core.kernel import clock
from core.project.demo.world import World
from dms.territories import services as territories
from dms.territories.services import ChangeGrant, ChangeSupply, GrantTerritory, RenewGrant, SaveZone

ZONES = {
    "xinghe": (
        SaveZone("JN-GX", "济南高新区", ("370102", "370112"), name_en="Jinan High-Tech Zone"),
        SaveZone("DG-SSH", "莞深前沿片区", ("441900", "440306"), name_en="Dongguan–Shenzhen frontier"),
    ),
    "chishui": (SaveZone("GA-XQ", "贵安新区", ("520111", "520181", "520402"), name_en="Gui'an New Area"),),
}
GRANTS = {
    "xinghe": (
        # Carved out of what the city's dealer holds alone.
        GrantTerritory("SD12", "370211", "QC", kind="EXCLUSIVE", contract_number="HT-SD12-QC"),
        GrantTerritory("SD11", "370114", "GP", ("HORECA",), "EXCLUSIVE", contract_number="HT-SD11-CY"),
        # The development zone is one dealer's for enterprise customers.
        GrantTerritory("SD11", zone_code="JN-GX", channels=("GROUP_BUY",), contract_number="HT-SD11-TG"),
        # Two share a county; the first is offered first.
        GrantTerritory("HA11", "410105", "GP", priority=1, contract_number="HT-HA11-GP"),
        GrantTerritory("HA03", "410105", "GP", priority=2, contract_number="HT-HA03-GP"),
        # Key accounts over several regions are the brand's own.
        GrantTerritory("ROOT", "CN", "GH", ("KA",), "RESERVED"),
    ),
    "chishui": (
        GrantTerritory("GZ11", "520382", "JC", kind="EXCLUSIVE", contract_number="HT-GZ11-JC"),
        GrantTerritory("GZ02", zone_code="GA-XQ", channels=("GROUP_BUY",), contract_number="HT-GZ02-GA"),
        GrantTerritory("ROOT", "CN", "HG", ("KA",), "RESERVED"),
    ),
}
YEARLY = {"xinghe": ("GD02", "440600", "QH"), "chishui": ("FJ02", "350500", "XJ")}
"""A dealer with a neighbouring city on trial: ended, renewed, then changed. Dealer, division, line."""
MOVED = {"xinghe": ("SD24", "SD11"), "chishui": ("GZ22", "ROOT")}
"""An outlet that goes over to another supplier."""


def draw_map(world: World) -> None:
    """Everything beside the plain grants. The clock stands at the world's first day."""
    slug = world.brand.slug
    for zone in ZONES[slug]:
        territories.save_zone(actor=world.system, command=zone)
    for command in GRANTS[slug]:
        if command.dealer_code in world.ids:
            territories.grant(actor=world.system, command=command)
    _try_out(world)
    outlet, supplier = MOVED[slug]
    if outlet in world.ids and supplier in world.ids:
        day = clock.business_day() + timedelta(days=150)
        moved = ChangeSupply(outlet, supplier, effective_on=day, reason="片区调整，就近配送")
        territories.change_supply(actor=world.system, command=moved)


def _try_out(world: World) -> None:
    """A city given for a season, renewed for a year, and wider from the coming month on."""
    dealer, region, line = YEARLY[world.brand.slug]
    if dealer not in world.ids:
        return
    today = clock.business_day()
    trial = GrantTerritory(dealer, region, line, ("TRADITIONAL",), contract_number=f"HT-{dealer}-试")
    first = territories.grant(actor=world.system, command=replace(trial, valid_to=today + timedelta(days=60)))
    renewal = RenewGrant(first.pk, today + timedelta(days=425), f"HT-{dealer}-续")
    second = territories.renew_grant(actor=world.system, command=renewal)
    wider = ChangeGrant(second.pk, today + timedelta(days=140), channels=("TRADITIONAL", "HORECA"))
    territories.change_grant(actor=world.system, command=wider)
