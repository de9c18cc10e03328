"""Every page and resource of a brand's host that needs no name costs the same statements for few rows and for many."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

import tests.walls.pages  # noqa: F401 - fills the registry
from core.db.acts import act
from core.jobs.models import Job
from core.kernel import clock
from core.kernel.quantity import Unit
from dms.dealers.models import Dealer
from dms.notices.services import WriteNotice, publish_notice, write_notice
from dms.sellthrough.rules import Heard
from dms.sellthrough.services import record_quotes
from dms.stock.services import (
    Counted,
    DraftTransfer,
    OpenCount,
    OpenWarehouse,
    SetThresholds,
    ThresholdLine,
    TransferStock,
    draft_transfer,
    open_count,
    open_warehouse,
    set_thresholds,
)
from dms.territories.services import GrantTerritory, SaveZone, grant, save_zone
from ordering.lists.services import MakeList, make_list
from ordering.orders.services import CartLine
from ordering.pricing.services import PriceChange, SetPrices, set_prices
from ordering.rounds.services import Head, draft_round
from tenants.access.services import issue_token, make_role
from tests.cast import Cast
from tests.clients import HostClient, signed_in
from tests.factories.channel import DealerFacts, make_dealer
from tests.factories.goods import make_stock
from tests.frontend.console.conftest import placed
from tests.frontend.console.test_budgets import grow
from tests.ordering.watching import statements
from tests.walls.registry import CELLS, Cell

WARDS = ("370202", "370203", "370211", "370212", "370213", "370214", "370215", "370281", "370283", "370285")
"""Divisions of Qingdao, one a round of growing."""
FIRST = ("admin", "admin_c1")
"""Who looks, where they may: they see most."""
CACHE = 1
"""A page may meet a cache that has just run out: one statement, whatever there is to show."""
FORMS = {
    *(f"console:{name}" for name in ("adjust", "invite", "lend", "look", "look_preview", "look_preview_css")),
    *(
        f"console:new_{name}"
        for name in ("count", "dealer", "family", "grant", "list", "notice", "product", "promotion")
    ),
    *(f"console:new_{name}" for name in ("quotes", "role", "round", "transfer", "warehouse", "zone")),
    *(f"storefront:{name}" for name in ("checkout", "invite", "lend", "lists_import", "new_address", "scan")),
}
"""They show no rows."""
ELSEWHERE = {"console:shipping"}
"""They lead on to another page."""
ANSWERED = (200, 286)
"""A tray with nothing under way says so, and that it need not be asked again."""
SEEN_BY = {"storefront:home": "admin_c1"}
"""The brand's own people are led to their desk from there."""
NAMED = {"console:list_versions": ("CITY",)}
"""Lists that belong to one thing."""
LISTS = {
    cell.name: cell
    for cell in CELLS
    if cell.method == "GET"
    and (not cell.ids or cell.name in NAMED)
    and cell.name.startswith(("api_", "console:", "storefront:"))
    and cell.name not in FORMS
}


def more(cast: Cast, rounds: range) -> None:
    """One more of everything a house of the brand keeps a list of, each round."""
    admin, sku = cast.admin, cast.skus[1].code
    for place in rounds:
        row = write_notice(actor=admin, command=WriteNotice(f"通知{place}", "内容"))
        publish_notice(actor=admin, notice_id=row.pk, version=row.version)
        code = open_warehouse(actor=admin, command=OpenWarehouse(f"X{place}", f"仓{place}")).code
        draft_transfer(actor=admin, command=DraftTransfer(TransferStock("W1", code, (Counted(sku, 6),))))
        open_count(actor=admin, command=OpenCount("W1"))
        zone = save_zone(actor=admin, command=SaveZone(f"Z{place}", f"区{place}", (WARDS[place],))).code
        with act():
            facts = DealerFacts(f"O{place}", f"店{place}", Dealer.Tier.TERMINAL, "370202", 1000)
            make_dealer(facts, parent=cast.c2, supplier=cast.c2)
        grant(actor=admin, command=GrantTerritory("C2", "", zone_code=zone, kind="SHARED", channels=("KA",)))
        make_list(actor=cast.actor("admin_c1"), command=MakeList(f"清单{place}", (CartLine(sku, 1),)))
        day = clock.business_day() - timedelta(days=place)
        record_quotes(actor=admin, rows=[Heard(cast.skus[1 + place % 5].code, "370100", day, Unit.BOTTLE, 30_000)])
        price = PriceChange(sku, Unit.CASE, 150_000 + 1_000 * place, is_meant=True)
        set_prices(actor=cast.pricing, command=SetPrices("CITY", (price,)))
        draft_round(actor=cast.pricing, head=Head(f"调价{place}", clock.now() + timedelta(days=30)))
        make_role(actor=admin, name=f"岗{place}", side=admin.side, codes=["catalogue.read"])
        for key in FIRST:
            actor = cast.actor(key)
            issue_token(actor=actor, seat_id=actor.seat_id, name=f"程序{place}", codes=(), days=1)
            seat = {"seat_id": actor.seat_id, "person_id": actor.person_id, "dealer_id": actor.dealer_id}
            Job.objects.create(kind="dealers.import", status="DONE", created_at=clock.now(), **seat)
    keep_more_stock(cast, rounds)


def keep_more_stock(cast: Cast, rounds: range) -> None:
    """C1 has one product more each of the first rounds and wants to hear of it; so does the brand."""
    wanted = [cast.skus[2 + place] for place in rounds if place < 4]
    with act():
        for sku in wanted:
            make_stock(cast.d_c1, sku, 6)
    lines = tuple(ThresholdLine(sku.code, 9_000) for sku in wanted)
    for key in FIRST:
        set_thresholds(actor=cast.actor(key), command=SetThresholds(lines))


def costs(cast: Cast) -> dict[str, tuple[int, int]]:
    """Status and statements of the second look at each, by name."""
    clients = dict[str, HostClient]()
    found = {}
    for name, cell in LISTS.items():
        key = viewer(cell)
        client = clients.setdefault(key, signed_in(cast.portal, cast.seats[key]))
        path = reverse(name, settings.URLCONF_BRAND, args=NAMED.get(name))
        client.get(path)
        with statements() as seen:
            answer = client.get(path)
        found[name] = (answer.status_code, len(seen))
    return found


def viewer(cell: Cell) -> str:
    """The seat that looks."""
    return SEEN_BY.get(cell.name) or next((key for key in FIRST if key in cell.who), cell.who[0])


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_no_list_asks_more_for_many_rows(cast: Cast) -> None:
    placed(cast, (3, 1))
    more(cast, range(1))
    few = costs(cast)
    more(cast, range(1, len(WARDS)))
    grow(cast)
    many = costs(cast)
    looks = few.items() | many.items()
    assert {name: status for name, (status, _cost) in looks if status not in ANSWERED and name not in ELSEWHERE} == {}
    grown = {name: (cost, many[name][1]) for name, (_status, cost) in few.items() if many[name][1] > cost + CACHE}
    assert not grown, "nine more rows of a list cost no statement more"


def test_what_is_left_out_is_there() -> None:
    """A name that is gone leaves out nothing: it may come back as a list."""
    names = {cell.name for cell in CELLS if cell.method == "GET" and not cell.ids}
    assert {*FORMS, *ELSEWHERE} <= names
