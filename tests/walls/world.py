"""Two brands with the same cast, each house with documents of its own and a mark on them that no stranger may read."""

from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from uuid import UUID

from PIL import Image

from core.catalogue.models import Producer
from core.catalogue.services import add_picture
from core.files.rules import Purpose
from core.files.services import store
from core.jobs.models import Job
from core.kernel import clock
from core.kernel.actor import Actor, Side
from core.kernel.quantity import Unit
from dms.dealers.models import Credential
from dms.dealers.rules import Delivery
from dms.dealers.services import SaveAddress, save_address
from dms.notices.services import WriteNotice, publish_notice, write_notice
from dms.sellthrough.models import MarketQuote
from dms.sellthrough.rules import Heard
from dms.sellthrough.services import record_quotes
from dms.stock.services import Counted, DraftTransfer, OpenCount, TransferStock, draft_transfer, open_count
from dms.territories.services import ChangeSupply, SaveZone, change_supply, save_zone
from ordering.fulfilment.services import Ship, ship
from ordering.lists.services import MakeList, make_list
from ordering.orders.services import Approve, CartLine, OrderedLine, PlaceOrder, approve, place_order
from ordering.promotions.services import CouponAsk, SavePolicy, give_coupons, save_policy
from ordering.rounds.services import Head, Put, PutLines, draft_round, put_lines
from tenants.access.services import Invite, Lend, SaveView, invite, issue_token, lend_rights, make_role, save_view
from tenants.brands.services import add_domain
from tests.cast import PEOPLE, Cast
from tests.factories.goods import make_warehouse
from tests.factories.papers import make_firm, make_organisation, send_paper, send_producer_paper
from tests.portals import TestPortal

HOUSES = ("p1", "c1", "c2", "t1")
PERSON_OF = {"p1": "buyer_p1", "c1": "buyer_c1", "c2": "buyer_c2", "t1": "buyer_t1"}
"""Whose order it is, by house."""


def mark_of(portal: TestPortal, house: str) -> str:
    """A text that stands on the documents of one house of one brand only."""
    return f"MARK-{portal.slug}-{house}"


def paper_mark_of(portal: TestPortal, house: str) -> str:
    """A text that stands on the licences of one house: its own people and the brand read it, whatever their limits."""
    return f"PAPER-{portal.slug}-{house}"


def people_mark_of(portal: TestPortal, house: str) -> str:
    """A text that stands on the invitations, tokens and absences of one house: nobody of another house reads it."""
    return f"PEOPLE-{portal.slug}-{house}"


def notice_mark_of(portal: TestPortal, house: str) -> str:
    """A text of the brand's to the city of one house, of no product line: whoever sits in that house is told it."""
    return f"NOTICE-{portal.slug}-{house}"


def host_of(portal: TestPortal) -> str:
    """The host the brand has claimed: its own staff alone hear of it."""
    return f"order.{portal.slug}.example.com"


@dataclass
class World:
    """One brand's part of the world: numbers of documents by house."""

    cast: Cast
    waiting: dict[str, str] = field(default_factory=dict)
    confirmed: dict[str, str] = field(default_factory=dict)
    shipments: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, UUID] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    views: dict[str, UUID] = field(default_factory=dict)
    files: dict[str, UUID] = field(default_factory=dict)
    invitations: dict[str, UUID] = field(default_factory=dict)
    stand_ins: dict[str, UUID] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    papers: dict[str, Credential] = field(default_factory=dict)
    lists: dict[str, int] = field(default_factory=dict)
    notices: dict[str, int] = field(default_factory=dict)
    rounds: dict[str, str] = field(default_factory=dict)
    policy: str = ""
    coupon: str = ""
    addresses: dict[str, int] = field(default_factory=dict)
    stock_papers: dict[str, str] = field(default_factory=dict)
    host: str = ""
    zone: str = ""
    supply: int = 0
    quote: int = 0
    makers: list[Producer] = field(default_factory=list)

    @classmethod
    def build(cls, cast: Cast) -> "World":
        """Two orders a house: one waits for approval, one is confirmed and shipped. Inside its schema."""
        world = cls(cast)
        drawn = SaveZone("HT", "高新区", ("370102", "370202"))
        world.zone = save_zone(actor=cast.admin, command=drawn).code
        goes_over = ChangeSupply("T1", "ROOT", effective_on=clock.business_day() + timedelta(days=30))
        world.supply = change_supply(actor=cast.admin, command=goes_over).pk
        world.host = add_domain(actor=None, slug=cast.portal.slug, host=host_of(cast.portal)).domain
        for house in HOUSES:
            world.waiting[house] = world._placed(house, 1)
            world.confirmed[house] = world._placed(house, 1)
            world._send(house)
        for seat in ("admin", "product", "admin_c1"):
            world._leave_traces(seat)
        world._show_picture()
        world._offer_seats()
        world._keep_list("buyer_c1")
        world._keep_address("admin_c1")
        world._tell_houses()
        world._hear_quote()
        world._plan_policy()
        world._count_stock()
        world._plan_prices()
        world._send_papers()
        return world

    def marks_hidden_from(self, actor: Actor) -> list[str]:
        """Marks the actor may read nowhere: of houses they neither are, buy from nor sell to."""
        cast, portal = self.cast, self.cast.portal
        own = {house for house in HOUSES if getattr(cast, house).pk == actor.dealer_id}
        sells_to = {house for house in HOUSES if getattr(cast, house).supplier_id == actor.dealer_id}
        buys_from = {
            house for house in HOUSES for one in own if getattr(cast, one).supplier_id == getattr(cast, house).pk
        }
        hidden = [mark_of(portal, house) for house in HOUSES if house not in own | sells_to]
        if actor.is_brand_staff:
            return hidden
        papers = [paper_mark_of(portal, house) for house in HOUSES if house not in own]
        people = [people_mark_of(portal, house) for house in ("root", "c1") if house not in own]
        notices = [] if "c1" in own else [notice_mark_of(portal, "c1")]
        names = [name for name, house, _ in PEOPLE.values() if house in {*HOUSES} - own - sells_to - buys_from]
        return [*hidden, *papers, *people, *notices, *names, host_of(portal)]

    @staticmethod
    def marks_of(portal: TestPortal) -> list[str]:
        """Everything that stands in one brand only: nobody of another brand reads any of it."""
        people = [people_mark_of(portal, house) for house in ("root", "c1")]
        of_houses = [mark(portal, house) for mark in (mark_of, paper_mark_of) for house in HOUSES]
        return [*of_houses, *people, notice_mark_of(portal, "c1"), host_of(portal)]

    def _offer_seats(self) -> None:
        """An invitation a side, a role of the brand's own, and stand-ins in both houses."""
        cast = self.cast
        for key, side, role in (("admin", Side.BRAND, "brand_rep"), ("admin_c1", Side.DEALER, "dealer_finance")):
            actor = cast.actor(key)
            mark = people_mark_of(cast.portal, PEOPLE[key][1])
            offer = Invite("13900000001", mark, side, actor.dealer_id, actor.dealer_name, [role])
            self.invitations[key] = invite(actor=actor, command=offer)[0].pk
        own = make_role(actor=cast.admin, name="查价", side=Side.BRAND, codes=["catalogue.read"])
        self.roles["admin"] = own.code
        for giver, receiver, code in (
            ("finance", "warehouse", "ledger.read"),
            ("finance_c1", "warehouse_c1", "ledger.read"),
        ):
            seats, now = cast.seats, clock.now()
            mark = people_mark_of(cast.portal, PEOPLE[giver][1])
            absence = Lend(
                seats[giver].pk, seats[receiver].pk, [code], now + timedelta(days=1), now + timedelta(days=2), mark
            )
            self.stand_ins[giver] = lend_rights(actor=cast.actor(giver), command=absence).pk

    def _send_papers(self) -> None:
        """A permit of every house and of the producer waits to be verified; the firms are the same in both brands."""
        for house in HOUSES:
            dealer = make_firm(getattr(self.cast, house))
            actor = self.cast.actor("admin_c1" if house == "c1" else "admin")
            self.papers[house] = send_paper(actor, dealer.code, scope=paper_mark_of(self.cast.portal, house))
        Producer.objects.update(organisation_id=make_organisation("P").pk)
        self.makers.append(send_producer_paper(self.cast.product))

    def _show_picture(self) -> None:
        """A product with a picture, drawn in its sizes."""
        upload = BytesIO()
        Image.new("RGB", (400, 500), "#234f8e").save(upload, "JPEG")
        code = self.cast.skus[1].code
        self.files["picture"] = add_picture(
            actor=self.cast.product, sku_code=code, upload=upload, name="瓶.jpg"
        ).file_id

    def _leave_traces(self, key: str) -> None:
        """A finished dry run, a file, a saved view and a token of one seat."""
        actor = self.cast.actor(key)
        upload = BytesIO("编码,数量\nA,1\n".encode())
        self.files[key] = store(actor=actor, upload=upload, name="盘点.csv", purpose=Purpose.IMPORT).pk
        self.jobs[key] = Job.objects.create(
            kind="catalogue.import_products" if actor.is_brand_staff else "lists.dealer.orders",
            status=Job.Status.DONE,
            is_dry_run=actor.is_brand_staff,
            seat_id=actor.seat_id,
            person_id=actor.person_id,
            dealer_id=actor.dealer_id,
            result_file_id=self.files[key],
            created_at=clock.now(),
        ).pk
        view = SaveView("orders", "山东", "q=370000")
        self.views[key] = save_view(actor=actor, command=view).pk
        mark = people_mark_of(self.cast.portal, PEOPLE[key][1])
        self.tokens[key] = issue_token(actor=actor, seat_id=actor.seat_id, name=mark, codes=(), days=1)[0].key

    def _tell_houses(self) -> None:
        """A notice for C1's city alone."""
        words = WriteNotice(
            "济南通知", notice_mark_of(self.cast.portal, "c1"), tiers=("CITY",), region_codes=("370100",)
        )
        row = write_notice(actor=self.cast.admin, command=words)
        self.notices["c1"] = publish_notice(actor=self.cast.admin, notice_id=row.pk, version=1).pk

    def _plan_policy(self) -> None:
        """A draft of a policy that is the brand's alone, with a coupon."""
        now, name = clock.now(), mark_of(self.cast.portal, "root")
        audience = {
            "starts_at": now.isoformat(),
            "ends_at": (now + timedelta(days=30)).isoformat(),
            "needs_coupon": True,
        }
        terms = {"name": name, "audience": audience, "reward": {"kind": "PERCENT_OFF", "off_bp": 500}}
        self.policy = save_policy(actor=self.cast.pricing, command=SavePolicy("WALL", terms)).code
        asked = [CouponAsk(f"COUPON-{self.cast.portal.slug}")]
        (given,) = give_coupons(actor=self.cast.pricing, policy_code=self.policy, coupons=asked)
        self.coupon = given.code

    def _hear_quote(self) -> None:
        """What a product fetches in C1's city."""
        heard = Heard(self.cast.skus[1].code, "370100", clock.business_day(), Unit.BOTTLE, 30_000)
        record_quotes(actor=self.cast.admin, rows=[heard])
        self.quote = MarketQuote.objects.values_list("pk", flat=True).get()

    def _plan_prices(self) -> None:
        """A draft of new prices that is the brand's alone."""
        actor, code = self.cast.pricing, self.cast.skus[1].code
        title = mark_of(self.cast.portal, "root")
        row = draft_round(actor=actor, head=Head(title, clock.now() + timedelta(days=30)))
        puts = (Put("NAT", code, Unit.CASE, 210_000),)
        self.rounds["root"] = put_lines(actor=actor, command=PutLines(row.number, row.version, puts)).number

    def _count_stock(self) -> None:
        """A sheet of the brand's that is being counted, and a transfer between two of its warehouses."""
        sheet = OpenCount("W1", (self.cast.skus[1].code,), mark_of(self.cast.portal, "root"))
        self.stock_papers["count"] = open_count(actor=self.cast.warehouse, command=sheet).number
        make_warehouse(self.cast.root, "W9", "调拨仓")
        goods = TransferStock("W1", "W9", (Counted(self.cast.skus[1].code, 6),), mark_of(self.cast.portal, "root"))
        drafted = draft_transfer(actor=self.cast.warehouse, command=DraftTransfer(goods))
        self.stock_papers["transfer"] = drafted.number

    def _keep_list(self, key: str) -> None:
        """A shopping list that is nobody else's business."""
        mark = people_mark_of(self.cast.portal, PEOPLE[key][1])
        kept = MakeList(mark, (CartLine(self.cast.skus[1].code, 2),))
        self.lists[key] = make_list(actor=self.cast.actor(key), command=kept).pk

    def _keep_address(self, key: str) -> None:
        """A further place where a house takes goods in."""
        actor, (_name, house, _role) = self.cast.actor(key), PEOPLE[key]
        dealer = getattr(self.cast, house)
        where = Delivery(
            people_mark_of(self.cast.portal, house), "收货人", "13900000002", dealer.region_code, "路 1 号"
        )
        self.addresses[house] = save_address(actor=actor, command=SaveAddress(dealer.code, where)).pk

    def _placed(self, house: str, cases: int) -> str:
        mark = mark_of(self.cast.portal, house)
        lines = (OrderedLine(self.cast.skus[1].code, cases),)
        command = PlaceOrder(lines=lines, note=mark, buyer_reference=mark)
        return place_order(actor=self.cast.actor(PERSON_OF[house]), command=command).number

    def _send(self, house: str) -> None:
        is_sold_by_c1 = house == "t1"
        decider = self.cast.actor("admin_c1" if is_sold_by_c1 else "sales_admin")
        sender = self.cast.actor("admin_c1" if is_sold_by_c1 else "warehouse")
        place = self.cast.d_c1 if is_sold_by_c1 else self.cast.w1
        approve(actor=decider, command=Approve(self.confirmed[house]))
        sent = ship(
            actor=sender,
            command=Ship(self.confirmed[house], place.code, carrier=mark_of(self.cast.portal, house)),
        )
        self.shipments[house] = sent.number
