"""The cast stands as rows, for speed. Here the same world is made through the verbs, and both must be alike."""

from datetime import timedelta
from typing import Any

from billing.ledger.models import Book, TradingAccount
from billing.ledger.selectors import check_books
from core.catalogue.models import Sku
from core.catalogue.services import (
    ChangeShelfState,
    SaveLine,
    SaveProducer,
    SaveSku,
    SaveSpu,
    change_shelf_state,
    save_line,
    save_producer,
    save_sku,
    save_spu,
)
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.identifiers import gtin14_of_case, mod11_10, uscc_check_character
from core.kernel.quantity import Unit
from dms.dealers.models import Credential, Dealer
from dms.dealers.rules import Delivery, Licence
from dms.dealers.selectors import check_tree
from dms.dealers.services import CreateDealer, create_dealer, create_root
from dms.stock.models import Stock, Warehouse
from dms.stock.selectors import check_stock
from dms.stock.services import Counted, CountStock, OpenWarehouse, count_stock, open_warehouse
from dms.territories.models import Grant
from dms.territories.services import GrantTerritory, grant
from ordering.pricing.models import PriceEntry
from ordering.pricing.services import CreateList, PriceChange, SetPrices, create_list, set_prices
from tenants.access.actors import system_actor
from tests.cast import SKUS, Cast
from tests.conftest import TODAY
from tests.factories.channel import LONG_AGO
from tests.factories.prices import SINCE
from tests.portals import TestPortal

DEALERS = (
    ("P1", "齐鲁酒业", "PROVINCIAL", "370000", "ROOT", 50_000_000),
    ("C1", "泉城名酒", "CITY", "370100", "P1", 10_000_000),
    ("C2", "胶州湾酒行", "CITY", "370200", "ROOT", 2_000_000),
    ("T1", "历下烟酒店", "TERMINAL", "370102", "C1", 500_000),
)


def by_verbs(name: str) -> None:
    """The cast's world through the verbs, on the eve of the year its prices begin in."""
    root = create_root(code="ROOT", name=name, region_code="140100")
    brand = system_actor("t_chishui", root.pk, root.name)
    for code, called, tier, region, parent, limit in DEALERS:
        _dealer(brand, code, called, tier, region, parent, limit)
    _goods(brand)
    c1 = Dealer.objects.get(code="C1")
    dealer = Actor(
        person_id=brand.person_id,
        person_name="泉城老板",
        seat_id=brand.seat_id,
        side=brand.side,
        dealer_id=c1.pk,
        dealer_name=c1.name,
        codes=brand.codes,
        brand_schema=brand.brand_schema,
    )
    _stock(brand, "W1", "总仓", Warehouse.Kind.FACTORY, {n: facts.stock for n, facts in enumerate(SKUS, start=1)})
    _stock(dealer, "D-C1", "泉城仓", Warehouse.Kind.DEALER, {1: 60})
    _prices(brand, dealer)


def _dealer(brand: Actor, code: str, name: str, tier: str, region: str, parent: str, limit: int) -> None:
    permit, company = f"1{region}000001", f"91{region}MA3C0RT7X"
    command = CreateDealer(
        code=code,
        name=name,
        tier=tier,
        region_code=region,
        parent_code=parent,
        credit_limit=limit,
        uscc=company + uscc_check_character(company),
        licences=(Licence("JY", f"JY{permit}{mod11_10(permit)}", LONG_AGO),),
        addresses=(Delivery("总仓", "收货人", "", region, "工业路 1 号", is_default=True),),
        activates=True,
    )
    create_dealer(actor=brand, command=command)
    grant(actor=brand, command=GrantTerritory(code, region, valid_from=LONG_AGO))


def _goods(brand: Actor) -> None:
    save_line(actor=brand, command=SaveLine("CLASSIC", "经典系列"))
    save_producer(
        actor=brand, command=SaveProducer("示例酒业股份有限公司", sc_no="SC11552038220099", region_code="520382")
    )
    for facts in SKUS:
        code, name = facts.code.format("XH"), facts.name.format("", "杏禾")
        _, aroma, abv, volume, age, _, *edition = code.split("-")
        save_spu(actor=brand, command=SaveSpu(code, name, "CLASSIC", aroma, producer_name="示例酒业股份有限公司"))
        command = SaveSku(
            code=code,
            spu_code=code,
            name=name,
            abv_tenths=int(abv),
            volume_ml=int(volume),
            bottles_per_case=facts.per_case,
            age_code=age,
            edition="".join(edition),
            gtin13=facts.gtin13,
            gtin14=gtin14_of_case(facts.gtin13),
            sells_in=facts.sells_in,
        )
        save_sku(actor=brand, command=command)
        change_shelf_state(actor=brand, command=ChangeShelfState((code,), "ON"))
        if facts.status != Sku.Status.ON:
            change_shelf_state(actor=brand, command=ChangeShelfState((code,), facts.status))


def _stock(actor: Actor, code: str, name: str, kind: str, bottles: dict[int, int]) -> None:
    region = Dealer.objects.get(pk=actor.dealer_id).region_code
    open_warehouse(actor=actor, command=OpenWarehouse(code, name, kind, region))
    lines = tuple(Counted(SKUS[n - 1].code.format("XH"), count) for n, count in bottles.items() if count)
    count_stock(actor=actor, command=CountStock(code, lines, reason="期初"))


def _prices(brand: Actor, dealer: Actor) -> None:
    def sells(actor: Actor, code: str, prices: dict[tuple[int, Unit, int], int], **scope: Any) -> None:
        create_list(actor=actor, command=CreateList(code, code, **{"scope": "NATIONAL", **scope}))
        changes = tuple(
            PriceChange(SKUS[n - 1].code.format("XH"), unit, amount, quantity, SINCE)
            for (n, unit, quantity), amount in prices.items()
        )
        set_prices(actor=actor, command=SetPrices(code, changes))

    case = Unit.CASE
    national = {(n, case, 1): a for n, a in {1: 198_000, 2: 120_000, 3: 36_000, 4: 28_800, 6: 66_000}.items()}
    sells(brand, "NAT", {**national, (3, Unit.BOTTLE, 1): 3_200})
    city = {(1, case, 1): 178_000, (1, case, 10): 170_000, (2, case, 1): 108_000}
    sells(brand, "CITY", city, scope="TIER", tier="CITY")
    sells(brand, "C2", {(1, case, 1): 168_000}, scope="DEALER", dealer_code="C2")
    sells(dealer, "C1-NAT", {(1, case, 1): 208_000})


def facts() -> dict[str, list[tuple[Any, ...]]]:
    """What the rows say, by the words people use and without ids or instants."""
    dealers = ("code", "name", "tier", "parent__code", "supplier__code", "status", "region_code", "channel")
    skus = ("code", "name", "spu__name", "product_line__code", "aroma", "abv_tenths", "volume_ml", "bottles_per_case")
    return {
        "dealers": list(Dealer.objects.order_by("code").values_list(*dealers)),
        "papers": list(Credential.objects.order_by("dealer__code", "type").values_list("dealer__code", "type")),
        "ground": list(Grant.objects.order_by("dealer__code").values_list("dealer__code", "region_code", "channels")),
        "books": list(
            Book.objects.filter(accounts__isnull=False)
            .distinct()
            .values_list("seller__name", "currency")
            .order_by("seller__name")
        ),
        "accounts": list(
            TradingAccount.objects.order_by("buyer__name").values_list(
                "book__seller__name", "buyer__name", "currency", "credit_limit", "prepay_balance"
            )
        ),
        "skus": list(Sku.objects.order_by("code").values_list(*skus, "gtin13", "gtin14", "sells_in", "status")),
        "search": list(Sku.objects.order_by("code").values_list("code", "search", "search_grams")),
        "places": list(Warehouse.objects.order_by("code").values_list("code", "kind", "owner__code", "region_code")),
        "stock": list(
            Stock.objects.filter(on_hand__gt=0)
            .order_by("warehouse__code", "sku__code")
            .values_list("warehouse__code", "sku__code", "owner__code", "on_hand", "reserved")
        ),
        "prices": list(
            PriceEntry.objects.order_by("price_list__code", "sku__code", "unit", "min_quantity").values_list(
                "price_list__seller__code",
                "price_list__code",
                "price_list__scope",
                "price_list__tier",
                "price_list__dealer__code",
                "sku__code",
                "unit",
                "min_quantity",
                "amount",
                "valid_from",
            )
        ),
    }


def test_the_cast_is_what_the_verbs_would_have_made(cast: Cast, chishui: TestPortal) -> None:
    rows = facts()
    with chishui.inside(), clock.at(min(SINCE, TODAY) - timedelta(hours=1)):
        by_verbs(cast.portal.name)
        made = facts()
    for name, wanted in made.items():
        assert rows[name] == wanted, name


def test_the_cast_keeps_every_invariant(cast: Cast) -> None:
    assert (check_books(), check_stock(), check_tree()) == ([], [], [])
