"""The standing world of a brand, one fixed day: 2026-01-12 10:00 in Shanghai.

Dealers: ROOT the brand · P1 provincial (370000) · C1 city (370100, below P1) · C2 city (370200, below the root)
· T1 terminal (370102, below C1). P1, C1 and C2 buy from the root, T1 buys from C1.

SKUs ``skus[1..6]`` (codes XH-… in 杏禾, CS-… in 赤水河), stock in bottles at the root's warehouse W1:

==  ========  =====  ===========  =============================  ==============================
no  per case  stock  sells in     NATIONAL fen                   TIER CITY fen
==  ========  =====  ===========  =============================  ==============================
1   6         600    CASE         198000                         178000, from 10 cases 170000
2   6         12     CASE         120000                         108000
3   12        1200   CASE/BOTTLE  36000 a case, 3200 a bottle    -
4   24        0      CASE         28800                          -
5   6         60     CASE         no price: not sellable         -
6   6         120    CASE         66000, but status OFF          -
==  ========  =====  ===========  =============================  ==============================

List C2 (scope DEALER): SKU 1 at 168000. C1's own list C1-NAT for its terminals: SKU 1 at 208000 a case, with 60 bottles
of it in C1's warehouse D-C1. Credit limits in fen: P1 50,000,000 · C1 10,000,000 · C2 2,000,000 · T1 (with C1) 500,000;
nobody has paid in.
"""

from dataclasses import dataclass, field
from typing import Any

from core.catalogue.models import Sku
from core.kernel.actor import Actor, Scope
from core.kernel.quantity import Unit
from dms.dealers.models import Dealer
from dms.stock.models import Warehouse
from ordering.pricing.models import PriceList
from tenants.access.models import Seat
from tenants.access.services import issue_token
from tests.clients import HostClient, signed_in
from tests.factories.channel import DealerFacts, make_book, make_dealer, make_root
from tests.factories.goods import SkuFacts, make_line, make_sku, make_stock, make_warehouse
from tests.factories.prices import make_list, make_price
from tests.factories.seats import actor_on, make_seat
from tests.portals import TestPortal

SKUS = (
    SkuFacts("{0}-QX-530-0500-Y20-06", "{1}青花20 53度", 6, "6901234567892", 600),
    SkuFacts("{0}-NX-520-0500-NV-06", "{1}珍藏 52度", 6, "6901234567908", 12),
    SkuFacts("{0}-QX-420-0500-NV-12", "{1}光瓶 42度", 12, "6901234567915", 1200, sells_in=Sku.SellsIn.BOTH),
    SkuFacts("{0}-QX-530-0100-NV-24", "{1}小酒 53度", 24, "6901234567922", 0),
    SkuFacts("{0}-NX-420-0500-NV-06", "{1}未定价 42度", 6, "6901234567939", 60),
    SkuFacts("{0}-JX-530-0500-NV-06-OLD", "{1}下架 53度", 6, "6901234567946", 120, status=Sku.Status.OFF),
)
PEOPLE: dict[str, tuple[str, str, str]] = {
    "admin": ("管理员", "root", "brand_admin"),
    "product": ("产品经理", "root", "brand_product"),
    "pricing": ("价格专员", "root", "brand_pricing"),
    "sales_admin": ("销售内勤", "root", "brand_sales_admin"),
    "region_manager": ("大区经理", "root", "brand_region_manager"),
    "rep": ("业务员", "root", "brand_rep"),
    "finance": ("品牌财务", "root", "brand_finance"),
    "warehouse": ("仓储主管", "root", "brand_warehouse"),
    "auditor": ("审计员", "root", "brand_auditor"),
    "buyer_p1": ("采购员甲", "p1", "dealer_buyer"),
    "admin_c1": ("泉城老板", "c1", "dealer_admin"),
    "buyer_c1": ("采购员乙", "c1", "dealer_buyer"),
    "finance_c1": ("泉城财务", "c1", "dealer_finance"),
    "warehouse_c1": ("泉城仓管", "c1", "dealer_warehouse"),
    "buyer_c2": ("采购员丙", "c2", "dealer_buyer"),
    "buyer_t1": ("店主", "t1", "dealer_admin"),
}
"""Seat → person, house, role."""


@dataclass(frozen=True, slots=True)
class Limited:
    """A seat with limits. ``twin`` is the seat of PEOPLE with the same rights and none; ``below`` names a house."""

    name: str
    twin: str
    regions: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    below: str = ""


LIMITED: dict[str, Limited] = {
    "manager_jinan": Limited("济南大区经理", "region_manager", regions=("370100",)),
    "manager_qingdao": Limited("青岛大区经理", "region_manager", regions=("370200",)),
    "admin_qingdao": Limited("青岛管理员", "admin", regions=("370200",)),
    "finance_qingdao": Limited("青岛财务", "finance", regions=("370200",)),
    "warehouse_qingdao": Limited("青岛仓管", "warehouse", regions=("370200",)),
    "rep_below_c1": Limited("泉城片区业务员", "rep", below="c1"),
    "rep_below_c2": Limited("胶州湾片区业务员", "rep", below="c2"),
    "admin_light": Limited("小酒管理员", "admin", lines=("LIGHT",)),
    "product_light": Limited("小酒产品经理", "product", lines=("LIGHT",)),
    "sales_light": Limited("小酒销售内勤", "sales_admin", lines=("LIGHT",)),
    "admin_c1_qingdao": Limited("泉城青岛片区主管", "admin_c1", regions=("370200",)),
    "buyer_c1_light": Limited("泉城小酒采购", "buyer_c1", lines=("LIGHT",)),
}
"""Seats that exist only where a test asks for them (``cast.seat_limited()``). LIGHT is the line of ``cast.light()``."""
PREFIXES = {"xinghe": "XH", "chishui": "CS"}


@dataclass
class Cast:
    """Rows and actors by name; an actor may be used as a value without any request."""

    portal: TestPortal
    root: Dealer
    p1: Dealer
    c1: Dealer
    c2: Dealer
    t1: Dealer
    skus: dict[int, Sku]
    w1: Warehouse
    d_c1: Warehouse
    national: PriceList
    city: PriceList
    special: PriceList
    downstream: PriceList
    seats: dict[str, Seat] = field(default_factory=dict)

    @classmethod
    def build(cls, portal: TestPortal) -> "Cast":
        """Make the world inside the present schema, which is ``portal``'s."""
        root = make_root("ROOT", portal.name, "140100")
        p1 = make_dealer(
            DealerFacts("P1", "齐鲁酒业", Dealer.Tier.PROVINCIAL, "370000", 50_000_000), parent=root, supplier=root
        )
        c1 = make_dealer(
            DealerFacts("C1", "泉城名酒", Dealer.Tier.CITY, "370100", 10_000_000), parent=p1, supplier=root
        )
        c2 = make_dealer(
            DealerFacts("C2", "胶州湾酒行", Dealer.Tier.CITY, "370200", 2_000_000), parent=root, supplier=root
        )
        t1 = make_dealer(
            DealerFacts("T1", "历下烟酒店", Dealer.Tier.TERMINAL, "370102", 500_000), parent=c1, supplier=c1
        )
        for buyer, customer_of in ((p1, root), (c1, root)):
            if customer_of is root:
                make_book(buyer)
        return cls._with_goods(portal, root, p1, c1, c2, t1)

    @classmethod
    def _with_goods(cls, portal: TestPortal, root: Dealer, p1: Dealer, c1: Dealer, c2: Dealer, t1: Dealer) -> "Cast":
        w1, d_c1 = make_warehouse(root, "W1", "总仓"), make_warehouse(c1, "D-C1", "泉城仓", Warehouse.Kind.DEALER)
        skus = {}
        for number, facts in enumerate(SKUS, start=1):
            prefix, word = PREFIXES[portal.slug], portal.name[:2]
            skus[number] = make_sku(
                SkuFacts(
                    facts.code.format(prefix),
                    facts.name.format("", word),
                    facts.per_case,
                    facts.gtin13,
                    facts.stock,
                    facts.sells_in,
                    facts.status,
                )
            )
            make_stock(w1, skus[number], facts.stock)
        make_stock(d_c1, skus[1], 60)
        national = make_list(root, "NAT", "全国价")
        city = make_list(root, "CITY", "市级价", scope=PriceList.Scope.TIER, tier=Dealer.Tier.CITY)
        special = make_list(root, "C2", "胶州湾专价", scope=PriceList.Scope.DEALER, dealer=c2)
        downstream = make_list(c1, "C1-NAT", "泉城分销价")
        for number, amount in {1: 198_000, 2: 120_000, 3: 36_000, 4: 28_800, 6: 66_000}.items():
            make_price(national, skus[number], {1: amount})
        make_price(national, skus[3], {1: 3_200}, Unit.BOTTLE)
        make_price(city, skus[1], {1: 178_000, 10: 170_000})
        make_price(city, skus[2], {1: 108_000})
        make_price(special, skus[1], {1: 168_000})
        make_price(downstream, skus[1], {1: 208_000})
        cast = cls(portal, root, p1, c1, c2, t1, skus, w1, d_c1, national, city, special, downstream)
        cast._take_seats()
        return cast

    def _take_seats(self) -> None:
        for key, (name, house, role) in PEOPLE.items():
            self.seats[key] = make_seat(self.portal, name, getattr(self, house), role)

    def seat_limited(self) -> tuple[str, ...]:
        """Let the people of LIMITED sit down too; their keys."""
        for key, limited in LIMITED.items():
            _name, house, role = PEOPLE[limited.twin]
            below = getattr(self, limited.below).pk if limited.below else None
            limits = Scope(limited.regions, limited.lines, below)
            self.seats[key] = make_seat(self.portal, limited.name, getattr(self, house), role, scope=limits)
        return tuple(LIMITED)

    def light(self) -> Sku:
        """A product of a second line, LIGHT: 24 bottles a case, 240 of them in W1, 30000 fen a case for everybody."""
        code, name = f"{PREFIXES[self.portal.slug]}-QX-520-0100-NV-24", f"{self.portal.name[:2]}轻酌 52度"
        sku = make_sku(SkuFacts(code, name, 24, "6901234567953", 240), make_line("LIGHT", "小酒系列"))
        make_stock(self.w1, sku, 240)
        make_price(self.national, sku, {1: 30_000})
        return sku

    def actor(self, key: str) -> Actor:
        """The actor on the seat called ``key``."""
        return actor_on(self.portal, self.seats[key])

    def client(self, actor: Actor, **options: Any) -> HostClient:
        """A test client signed in on the brand's host, seated where ``actor`` sits."""
        return signed_in(self.portal, self._seat_of(actor), **options)

    def token(self, actor: Actor, *, codes: tuple[str, ...] = (), days: int = 30) -> str:
        """What to send after ``Bearer``: a token of the actor's seat, with all its codes unless told."""
        return issue_token(actor=actor, seat_id=actor.seat_id, name="test", codes=codes, days=days)[1]

    def _seat_of(self, actor: Actor) -> Seat:
        return next(seat for seat in self.seats.values() if seat.pk == actor.seat_id)

    def __getattr__(self, key: str) -> Actor:
        """``cast.buyer_c1`` is the actor on that seat."""
        seats = self.__dict__.get("seats", {})
        if key not in seats:
            raise AttributeError(key)
        return self.actor(key)
