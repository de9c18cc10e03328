"""The desk's other acts: by batch, the rest, the carrier, notes, many at once; printed papers, facts of then."""

from typing import Any

import pytest

from core.db.acts import act as transaction
from dms.stock import services as stock
from dms.stock.models import Stock
from dms.stock.selectors import open_reservations
from dms.territories.models import Grant
from dms.territories.services import GrantTerritory, grant
from ordering.fulfilment.models import Shipment
from ordering.fulfilment.services import Ship, Wish, ship
from ordering.orders.models import Order, OrderingSettings, StaffNote
from ordering.orders.selectors.then import stood_then
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.goods import make_warehouse
from tests.frontend.console.conftest import HTMX, Opens, confirmed, placed
from tests.ordering.watching import statements

LIST = {"HX-Request": "true", "HX-Target": "desk-list"}


def order(number: str) -> Order:
    """The row as it stands."""
    return Order.objects.get(number=number)


def act(client: HostClient, number: str, do: str, **said: str) -> Any:
    """Send one of the desk's forms."""
    return client.post(f"/console/orders/{number}/", {"act": do, "version": str(order(number).version), **said})


def sent(cast: Cast, *wishes: tuple[int, int]) -> str:
    """A confirmed order of which a part has left."""
    number = confirmed(cast, (1, 5), (3, 2))
    ship(actor=cast.warehouse, command=Ship(number, "W1", tuple(Wish(*wish) for wish in wishes or ((1, 6),)), "顺丰"))
    return number


def test_goods_are_put_row_by_row_where_a_quantity_was_changed(cast: Cast, desk: HostClient) -> None:
    number = confirmed(cast, (1, 5))
    with transaction():
        second = make_warehouse(cast.root, "W2", "济南仓")
        arrivals = [stock.Arrival(cast.skus[1].pk, 24, "B1")]
        stock.receive(
            owner_id=cast.root.pk,
            warehouse_id=second.pk,
            lines=arrivals,
            document_type="TEST",
            document_number="B",
            actor=None,
        )
    html = desk.get(f"/console/orders/{number}/?do=allocate").content.decode()
    assert "货齐" in html
    assert "缺 1 行" in html
    row = Stock.objects.get(warehouse=second)
    fields = {f"c-1-{row.pk}": "2", f"b-1-{row.pk}": "1"}
    assert act(desk, number, "allocate", warehouse="", **fields).status_code == 302
    kept = {one.warehouse_id: one.bottles for one in open_reservations(document_type="ORDER", document_number=number)}
    assert kept == {cast.w1.pk: 17, second.pk: 13}
    refused = act(desk, number, "allocate", warehouse="*", **{f"c-1-{row.pk}": "5"})
    assert refused.status_code == 422
    assert "该处只有" in refused.content.decode()


def test_the_rest_is_closed_with_the_buyers_consent(cast: Cast, desk: HostClient, as_: Opens) -> None:
    number = sent(cast)
    assert act(desk, number, "close", consent="", reason="缺货").status_code == 422
    assert order(number).status == "CONFIRMED"
    assert act(desk, number, "close", consent="王女士 电话", reason="缺货").status_code == 302
    html = desk.get(f"/console/orders/{number}/").content.decode()
    assert order(number).status == "CLOSED_SHORT"
    assert "不再发货" in html
    assert "王女士 电话" in html
    buyers = as_("buyer_c1").get(f"/orders/{number}/").content.decode()
    assert "剩余部分已短交关闭" in buyers
    assert "王女士" not in buyers


def test_the_carrier_is_changed_after_the_truck_has_left(cast: Cast, desk: HostClient) -> None:
    number = sent(cast)
    shipment = Shipment.objects.get(order__number=number)
    form = desk.get(f"/console/orders/{number}/?do=carrier:{shipment.number}").content.decode()
    assert 'value="顺丰"' in form
    assert act(desk, number, "carrier", shipment=shipment.number, carrier="德邦", tracking="DB1").status_code == 302
    shipment.refresh_from_db()
    assert (shipment.carrier, shipment.tracking_number) == ("德邦", "DB1")
    assert "顺丰 → 德邦 DB1" in desk.get(f"/console/orders/{number}/").content.decode()


def test_a_note_is_seen_by_colleagues_and_by_no_buyer(cast: Cast, desk: HostClient, as_: Opens) -> None:
    number = placed(cast)
    assert act(desk, number, "note", text=" ").status_code == 422
    assert act(desk, number, "note", text="周五打款").status_code == 302
    assert StaffNote.objects.get().person_name == "管理员"
    assert "周五打款" in as_("finance").get(f"/console/orders/{number}/").content.decode()
    assert "周五打款" not in as_("buyer_c1").get(f"/orders/{number}/").content.decode()


def test_usual_reasons_and_own_words_reach_the_buyer(cast: Cast, desk: HostClient) -> None:
    number = placed(cast)
    assert act(desk, number, "reject", usual="1", reason="下周到货").status_code == 302
    assert order(number).decision_reason == "暂时缺货,请稍后重新下单 · 下周到货"


def test_many_ship_at_once_and_each_tells_what_became_of_it(cast: Cast, desk: HostClient) -> None:
    ready, waits = confirmed(cast, (3, 1)), placed(cast, (3, 1))
    ticks = [f"{one}:{order(one).version}" for one in (ready, waits)]
    answer = desk.post("/console/orders/", {"act": "ship", "number": ticks}, headers=LIST)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "<html" not in html
    assert 'id="desk-told"' in html
    assert Shipment.objects.get(order__number=ready).number in html
    assert "提交了此单" in html
    again = desk.post("/console/orders/", {"act": "ship", "number": ticks[:1]})
    assert "您 已于" in again.content.decode()
    assert Shipment.objects.count() == 1


def test_all_that_fit_can_be_meant_and_nothing_ticked_is_told(cast: Cast, desk: HostClient) -> None:
    numbers = [placed(cast, (3, 1)) for _ in range(3)]
    answer = desk.post("/console/orders/?view=approve", {"act": "approve", "matching": "1"})
    assert answer.status_code == 200
    assert {order(number).status for number in numbers} == {"CONFIRMED"}
    assert desk.post("/console/orders/", {"act": "approve"}).status_code == 422


def test_ticked_orders_lead_to_their_papers(cast: Cast, desk: HostClient) -> None:
    number = sent(cast)
    answer = desk.post("/console/orders/", {"act": "picking", "number": [f"{number}:3"]})
    assert answer["Location"] == f"/console/print/picking/?number={number}"
    html = desk.get(answer["Location"]).content.decode()
    assert "4 箱" in html
    assert '<svg viewBox="0 0' in html
    by_htmx = desk.post("/console/orders/", {"act": "delivery", "number": [number]}, headers=LIST)
    assert by_htmx["HX-Redirect"] == f"/console/print/delivery/?number={number}"


def test_a_delivery_note_tells_no_amount_unless_the_brand_wants_it(cast: Cast, desk: HostClient) -> None:
    number = sent(cast)
    path = f"/console/print/delivery/?number={number}"
    html = desk.get(path).content.decode()
    assert "1 箱" in html
    assert "¥" not in html.split('class="slip"')[1].split("</article>")[0]
    OrderingSettings.objects.update(shows_prices_on_notes=True)
    assert "¥1,780.00" in desk.get(path).content.decode()


@pytest.mark.parametrize("kind", ["picking", "delivery"])
def test_papers_cost_the_same_for_one_order_and_for_many(cast: Cast, desk: HostClient, kind: str) -> None:
    numbers = [sent(cast) for _ in range(5)]
    counted = []
    for asked in (numbers[:1], numbers):
        path = f"/console/print/{kind}/?" + "&".join(f"number={one}" for one in asked)
        desk.get(path)
        with statements() as seen:
            assert desk.get(path).status_code == 200
        counted.append(len(seen))
    assert counted[0] == counted[1] <= 8


def test_papers_tell_what_was_left_out(cast: Cast, desk: HostClient, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [sent(cast), sent(cast)]
    monkeypatch.setattr("frontend.console.views.orders.MOST_AT_ONCE", 1)
    asked = desk.post("/console/orders/", {"act": "delivery", "number": [f"{one}:1" for one in numbers]})
    assert asked.status_code == 302
    assert "请再次提交" in desk.get(asked.headers["Location"]).content.decode()
    monkeypatch.setattr("frontend.console.views.slips.MOST_PAPERS", 1)
    assert "请另行打印" in desk.get(f"/console/print/delivery/?number={numbers[0]}").content.decode()


def test_papers_and_grants_of_the_day_stand_where_asked_for(cast: Cast, desk: HostClient) -> None:
    number = placed(cast)
    html = desk.get(f"/console/orders/{number}/?show=then", headers=HTMX).content.decode()
    assert "2026-01-12 当日资质与授权" in html
    assert "有效" in html
    assert "当日资质与授权" not in desk.get(f"/console/orders/{number}/", headers=HTMX).content.decode()


def test_papers_and_grants_are_for_whoever_reads_them_elsewhere(cast: Cast, as_: Opens) -> None:
    path = f"/console/orders/{placed(cast)}/"
    for asked in (path, f"{path}?show=then"):
        html = as_("warehouse").get(asked, headers=HTMX).content.decode()
        assert "h-then" not in html
        assert "show=then" not in html


def test_what_was_granted_by_product_is_granted_then_too(cast: Cast) -> None:
    Grant.objects.all().delete()
    for dealer, region in (("P1", "370000"), ("C1", "370100")):
        grant(actor=cast.admin, command=GrantTerritory(dealer, region, sku_codes=(cast.skus[1].code,)))
    assert stood_then(order(placed(cast, (1, 1)))).outside == ()


def test_whoever_comes_second_is_told_who_was_first(cast: Cast, desk: HostClient) -> None:
    number = placed(cast)
    version = str(order(number).version)
    order_path = f"/console/orders/{number}/"
    desk.post(order_path, {"act": "approve", "version": version})
    again = desk.post(order_path, {"act": "reject", "version": version, "usual": "1"}, headers=HTMX)
    html = again.content.decode()
    assert again.status_code == 422
    assert "您 已于 2026-01-12 10:00 批准此单。" in html
    assert "hx-swap-oob" in html


def test_papers_carry_bars_only_for_products_with_a_barcode(cast: Cast, desk: HostClient) -> None:
    number = sent(cast)
    for paper in ("picking", "delivery"):
        html = desk.get(f"/console/print/{paper}/?number={number}").content.decode()
        named = sum(html.count(f'<span class="code">{cast.skus[sku].gtin13}</span>') for sku in (1, 3))
        assert html.count('class="ean"') == named > 0
    type(cast.skus[1]).objects.update(gtin13="", gtin14="")
    assert 'class="ean"' not in desk.get(f"/console/print/delivery/?number={number}").content.decode()
