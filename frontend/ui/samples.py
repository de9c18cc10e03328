"""Sample values of the living component page: the handbook's worked order, on its fixed day."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.ui.shapes import (
    Chip,
    Crumb,
    FiveStatuses,
    NavItem,
    OrderFlow,
    Pager,
    Portal,
    PriceTrace,
    TraceStep,
    Way,
)

INSTANT = datetime(2026, 1, 12, 6, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SampleDrawing:
    """A drawn bottle."""

    shape: str
    aroma_class: str
    label: tuple[str, ...]
    abv_text: str


@dataclass(frozen=True, slots=True)
class SampleProduct:
    """A card of the catalogue. Amounts in fen."""

    name: str
    spec: str
    drawing: SampleDrawing
    price_fen: int
    bottle_fen: int
    free_cases: int
    cases: int


@dataclass(frozen=True, slots=True)
class SampleOrder:
    """A row of the order list."""

    dealer: str
    number: str
    statuses: FiveStatuses
    bottles: int
    per_case: int
    total_fen: int


@dataclass(frozen=True, slots=True)
class SampleActor:
    """Who is signed in."""

    person_name: str
    dealer_name: str
    organisation_name: str


class SampleForm(forms.Form):
    """One field of every sort."""

    receiver = forms.CharField(label=_("Receiver"), help_text=_("The driver calls this person"), max_length=60)
    licence = forms.CharField(label=_("Food business licence"), max_length=16)
    cases = forms.IntegerField(label=_("Cases"), min_value=1)
    delivery = forms.ChoiceField(
        label=_("Delivery"), choices=[("brand", _("By the brand")), ("own", _("Collected by the dealer"))]
    )
    payment = forms.ChoiceField(
        label=_("Pay with"),
        widget=forms.RadioSelect,
        choices=[("prepay", _("Prepaid balance")), ("credit", _("Credit line"))],
    )
    remark = forms.CharField(label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    proof = forms.FileField(label=_("Proof of payment"), required=False)
    agreed = forms.BooleanField(label=_("Tell me when the goods leave"), required=False)

    def clean_licence(self) -> str:
        """The check the living page shows as an error."""
        number = str(self.cleaned_data["licence"])
        if len(number) != 16:
            raise forms.ValidationError(_("One digit is missing: JY and 14 digits are needed"))
        return number


PORTAL = Portal(name="杏禾酒业", seal="杏", home_url="/styleguide/")
ACTOR = SampleActor(person_name="李敏", dealer_name="济南泉鑫糖酒有限公司", organisation_name="济南泉鑫糖酒有限公司")

PRODUCTS = (
    SampleProduct(
        "水晶剑",
        "浓香 · 52度 500ml×6",
        SampleDrawing("flask", "nx", ("水", "晶", "剑"), "52%vol"),
        188100,
        31350,
        640,
        100,
    ),
    SampleProduct(
        "国密", "董香 · 54度 500ml×6", SampleDrawing("jar", "dx", ("国", "密"), "54%vol"), 358800, 59800, 7, 12
    ),
    SampleProduct(
        "陈酿", "固液法 · 42度 500ml×12", SampleDrawing("bare", "gy", ("陈", "酿"), "42%vol"), 20990, 1749, 0, 0
    ),
    SampleProduct(
        "青花二十",
        "清香 · 53度 500ml×6",
        SampleDrawing("vase", "qx", ("青", "花", "汾"), "53%vol"),
        223200,
        37200,
        80,
        0,
    ),
    SampleProduct(
        "飞天", "酱香 · 53度 500ml×6", SampleDrawing("cylinder", "jx", ("飞", "天"), "53%vol"), 701400, 116900, 12, 0
    ),
)

MOVING = FiveStatuses("CONFIRMED", "FUNDED", "PART_SHIPPED", "ISSUED_PART", "OPEN")
ORDERS = (
    SampleOrder(
        "济南泉鑫糖酒有限公司",
        "SO20260112-0037",
        FiveStatuses("APPROVING", "FUNDED", "NONE", "NONE", "OPEN"),
        1998,
        6,
        30938782,
    ),
    SampleOrder(
        "烟台芝罘佳酿商行",
        "SO20260112-0036",
        FiveStatuses("APPROVED", "UNPAID", "NONE", "NONE", "OPEN"),
        507,
        6,
        4233600,
    ),
    SampleOrder("潍坊鸢都商贸有限公司", "SO20260112-0021", MOVING, 432, 6, 6350400),
    SampleOrder(
        "成都锦江酒业有限公司",
        "SO20260112-0002",
        FiveStatuses("COMPLETED", "FUNDED", "RECEIVED", "ISSUED_FULL", "SETTLED"),
        396,
        6,
        9475200,
    ),
    SampleOrder(
        "徐州彭城酒业有限公司",
        "SO20260112-0001",
        FiveStatuses("CANCELLED", "REFUNDED", "NONE", "NONE", "OPEN"),
        3,
        6,
        -500000,
    ),
)


def flow() -> OrderFlow:
    """The worked order on its way."""
    return OrderFlow(
        statuses=MOVING,
        notes={"order": "01-12 15:20", "payment": "¥309,387.82", "fulfilment": "213 / 333"},
        next_step=str(_("sign for truck 1")),
        next_owner=str(_("your warehouse")),
        next_hint=str(_("Expected 2026-01-14 10:30; breakage can be reported within 48 hours of signing.")),
        next_url="/styleguide/",
        next_label=str(_("Sign for it")),
        next_icon="truck",
    )


def trace() -> PriceTrace:
    """Line 1 of the worked order."""
    return PriceTrace(
        title="水晶剑 · 100",
        steps=(
            TraceStep(str(_("City price 1,980.00 × 100")), 19800000, str(_("Price list v11, Jinan, since 2026-01-01"))),
            TraceStep(str(_("Limited-time discount −5 %")), -990000, str(_("Until 2026-01-20 24:00"))),
            TraceStep(str(_("Share of the threshold discount")), -408771, str(_("5,000 off from 230,000, by amount"))),
            TraceStep(str(_("Rebate used")), -1472098, str(_("Rebate pool 35,000.00, at most 23,332.18"))),
        ),
        total_fen=16929131,
    )


def chips() -> list[Chip]:
    """Filters of a list."""
    return [
        Chip(str(_("Today")), "/styleguide/?day=today", is_current=True, count=14),
        Chip(str(_("To approve")), "/styleguide/?to=approve", count=6),
        Chip("山东", "/styleguide/", is_removable=True),
    ]


def ways() -> list[Way]:
    """Ways out of a refusal."""
    return [
        Way(str(_("Change to 7 cases")), "/styleguide/", method="post", fields=(("cases", "7"),)),
        Way(str(_("Tell me when it arrives")), "/styleguide/"),
    ]


def navigation(*, is_console: bool) -> list[NavItem]:
    """A storefront's or a console's navigation."""
    here = "/styleguide/"
    if not is_console:
        return [
            NavItem(str(_("Home")), here, "home"),
            NavItem(str(_("Products")), here, "grid"),
            NavItem(str(_("Quick order")), here, "bolt", phone_label=str(_("Order now")), is_current=True),
            NavItem(str(_("Orders")), here, "receipt"),
            NavItem(str(_("Account statement")), here, "wallet"),
        ]
    sales, channel = str(_("Sales")), str(_("Channel"))
    return [
        NavItem(str(_("Workbench")), here, "home", is_current=True),
        NavItem(str(_("Orders")), here, "receipt", count=14, group=sales),
        NavItem(str(_("Shipping")), here, "truck", count=23, group=sales),
        NavItem(str(_("Dealers")), here, "users", group=channel),
        NavItem(str(_("Territories")), here, "tree", count=2, group=channel),
    ]


def crumbs() -> list[Crumb]:
    """A path."""
    return [Crumb(str(_("Orders")), "/styleguide/"), Crumb("SO20260112-0037")]


PAGER = Pager(number=3, page_count=9, total=214, first=51, last=75)
