"""What the lines of the walls name: whose document an address is tried with, and what is sent to it."""

from dms.territories.models import Grant
from tests.walls.registry import DEALERS, those_with
from tests.walls.world import World

BUYERS = those_with("orders.place", of=DEALERS)
HOUSE_HEADS = those_with("access.edit", of=DEALERS)
SKU = "XH-QX-530-0500-Y20-06"
EDITORS = those_with("catalogue.edit")


def waiting_c1(world: World) -> object:
    """C1's order that waits for the brand."""
    return world.waiting["c1"]


def confirmed_c1(world: World) -> object:
    """C1's order that is on its way."""
    return world.confirmed["c1"]


def shipment_c1(world: World) -> object:
    """C1's shipment."""
    return world.shipments["c1"]


def address_c1(world: World) -> object:
    """Where C1 takes goods in."""
    return world.addresses["c1"]


def waiting_t1(world: World) -> object:
    """T1's order, which C1 sells."""
    return world.waiting["t1"]


def job_c1(world: World) -> object:
    """A file C1's administrator asked for."""
    return world.jobs["admin_c1"]


def own_job(world: World) -> object:
    """A job of the brand's product people."""
    return world.jobs["product"]


def waiting_paper(world: World) -> object:
    """C1's food permit that waits to be verified."""
    return world.papers["c1"].pk


def waiting_scan(world: World) -> object:
    """Its scan."""
    return world.papers["c1"].file_ids[0]


def sc_maker(world: World) -> object:
    """The producer whose SC licence waits to be verified."""
    return world.makers[0].pk


def sc_scan(world: World) -> object:
    """Its scan."""
    return world.makers[0].sc_file_ids[0]


def own_file(world: World) -> object:
    """A file of the brand's product people."""
    return world.files["product"]


def shown_picture(world: World) -> object:
    """A picture of a product, which its whole portal sees."""
    return world.files["picture"]


def thumb_side(_world: World) -> object:
    """The side of the smallest size."""
    return 160


def own_token(world: World) -> object:
    """A token of the administrator."""
    return world.tokens["admin"]


def token_c1(world: World) -> object:
    """A token of C1's administrator."""
    return world.tokens["admin_c1"]


def own_view(world: World) -> object:
    """A list's view the administrator keeps."""
    return world.views["admin"]


def view_c1(world: World) -> object:
    """A list's view C1's administrator keeps."""
    return world.views["admin_c1"]


def list_c1(world: World) -> object:
    """The shopping list C1's purchaser keeps for itself."""
    return world.lists["buyer_c1"]


def notice_c1(world: World) -> object:
    """The notice for the city dealers of C1's ground."""
    return world.notices["c1"]


def policy_root(world: World) -> object:
    """A draft of a policy of the brand's."""
    return world.policy


def coupon_root(world: World) -> object:
    """Its coupon."""
    return world.coupon


def new_policy(_: World) -> dict[str, object]:
    """A policy for everybody."""
    days = {"starts_at": "2026-02-01T00:00:00+08:00", "ends_at": "2026-03-01T00:00:00+08:00"}
    terms = {"name": "开春直降", "audience": days, "reward": {"kind": "PERCENT_OFF", "off_bp": 300}}
    return {"code": "SPRING", "terms": terms}


def changed_policy(world: World) -> dict[str, object]:
    """Other terms of the draft."""
    return {"terms": new_policy(world)["terms"], "version": 1}


def market_quote(world: World) -> object:
    """What the brand's goods fetch in Jinan."""
    return world.quote


def one_quote(_: World) -> dict[str, object]:
    """A quote nobody has heard yet."""
    heard = {"sku": SKU, "region": "370200", "day": "2026-01-10", "unit": "BOTTLE", "amount": "300.00"}
    return {"quotes": [heard]}


def own_invitation(world: World) -> object:
    """A seat the administrator offered."""
    return world.invitations["admin"]


def invitation_c1(world: World) -> object:
    """A seat C1's administrator offered."""
    return world.invitations["admin_c1"]


def stand_in_c1(world: World) -> object:
    """Who stands in for C1's finance."""
    return world.stand_ins["finance_c1"]


def seat_of_buyer_c1(world: World) -> object:
    """The seat of C1's purchaser."""
    return world.cast.seats["buyer_c1"].pk


def own_host(world: World) -> object:
    """A host the brand has claimed."""
    return world.host


def seat_of_rep(world: World) -> object:
    """The representative's seat."""
    return world.cast.seats["rep"].pk


def own_count(world: World) -> object:
    """A stock count of the brand's."""
    return world.stock_papers["count"]


def own_transfer(world: World) -> object:
    """A transfer between two of the brand's warehouses."""
    return world.stock_papers["transfer"]


def sku(_: World) -> object:
    """A product on the shelf."""
    return SKU


def dealer_c1(_: World) -> object:
    """C1's code."""
    return "C1"


def dealer_t1(_: World) -> object:
    """T1's code."""
    return "T1"


def grant_c1(world: World) -> object:
    """A grant of C1, found in its own brand wherever the walk stands."""
    with world.cast.portal.inside():
        return Grant.objects.filter(dealer=world.cast.c1).values_list("pk", flat=True).first()


def zone(world: World) -> object:
    """A zone of the brand."""
    return world.zone


def supply_t1(world: World) -> object:
    """A change of T1's supplier that has not begun."""
    return world.supply


def family(_: World) -> object:
    """The family of the product."""
    return SKU.lower()


def one_case(_: World) -> dict[str, object]:
    """One case of it, as JSON."""
    return {"lines": [{"sku": SKU, "quantity": 1}]}


def new_dealer(_: World) -> dict[str, object]:
    """A dealer nobody has yet."""
    return {"code": "N1", "name": "新商贸", "tier": "CITY", "region": "370300", "parent": "ROOT"}


def new_grant(_: World) -> dict[str, object]:
    """Ground nobody holds yet, for C2."""
    return {"dealer": "C2", "region": "370300"}


def new_address(_: World) -> dict[str, object]:
    """Where goods may go too."""
    return {"recipient": "赵收货", "phone": "13800000009", "region": "370102", "line": "经十路 9 号"}


def new_words(_: World) -> dict[str, object]:
    """A notice nobody has written yet."""
    return {"title": "到货", "body": "新酒已到总仓。"}


def bottles_in_w1(_: World) -> dict[str, object]:
    """Some bottles at the brand's warehouse."""
    return {"warehouse": "W1", "reason": "盘点", "lines": [{"sku": SKU, "bottles": 6}]}


def one_view(_: World) -> dict[str, object]:
    """A list's filters under a name."""
    return {"list": "orders", "name": "本周", "query": "status=SUBMITTED", "next": "/"}


def from_w1(_: World) -> dict[str, object]:
    """Some bottles out of the brand's warehouse."""
    return {"from": "W1", "to": "W1", "lines": [{"sku": SKU, "bottles": 6}]}
