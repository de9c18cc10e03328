"""A house's own stock: what it sees, below what it wants to hear, what it finds, what it takes out."""

import re

import pytest

from core.catalogue.models import Sku
from core.kernel.pinyin import first_letters
from dms.stock import services
from dms.stock.models import Movement, Stock, StockThreshold
from dms.stock.services import Counted, CountStock
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.goods import make_stock, make_warehouse
from tests.frontend.storefront.conftest import Opens, statements


@pytest.fixture
def keeper(as_: Opens) -> HostClient:
    """Whoever heads C1."""
    return as_("admin_c1")


def page(client: HostClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def free(cast: Cast) -> int:
    return Stock.objects.get(owner=cast.c1, sku=cast.skus[1]).on_hand


def found(client: HostClient, cast: Cast, **said: str) -> int:
    """Tell what lies there, on the page as it is now; its status."""
    path = f"/stock/{cast.skus[1].code}/"
    shown = page(client, path)
    place, number = re.search(r'<option value="(\d+\.\d+)"', shown), re.search(r'name="number" value="([^"]+)"', shown)
    assert place and number
    return client.post(path, {"place": place[1], "number": number[1], **said}).status_code


def test_a_house_sees_its_own_stock_and_nobody_elses(cast: Cast, keeper: HostClient) -> None:
    make_stock(make_warehouse(cast.c2, "D-C2", "别家仓"), cast.skus[3], 24)
    shown = page(keeper, "/stock/")
    assert cast.skus[1].name in shown
    assert cast.skus[3].code not in shown
    assert cast.skus[2].code not in shown, "what the brand has"
    assert "暂无此商品" in page(keeper, f"/stock/{cast.skus[3].code}/")


def test_a_threshold_for_what_is_ticked_is_told_on_the_first_page_and_in_the_list(
    cast: Cast, keeper: HostClient
) -> None:
    code = cast.skus[1].code
    assert "低于预警线" not in page(keeper, "/").partition('id="h-alerts"')[2]
    keeper.post("/stock/", {"sku": code, "below": "20", "unit": "CASE"})
    assert StockThreshold.objects.get().bottles == 120
    assert code in page(keeper, "/stock/?only=alerts")
    assert f'/stock/{code}/"' in page(keeper, "/").partition('id="h-alerts"')[2]
    assert services.check_thresholds() == 1
    keeper.post(f"/stock/{code}/", {"sku": code, "below": "", "unit": "CASE"})
    assert not StockThreshold.objects.exists()


def test_what_has_run_out_stands_among_the_alerts_too(cast: Cast, keeper: HostClient) -> None:
    code = cast.skus[1].code
    keeper.post("/stock/", {"sku": code, "below": "1", "unit": "BOTTLE"})
    services.count_stock(actor=cast.actor("admin_c1"), command=CountStock("D-C1", (Counted(code, 0),)))
    assert code in page(keeper, "/stock/?only=alerts")
    assert code not in page(keeper, "/stock/?only=low")


def test_what_was_found_is_booked_once_however_often_it_is_sent(cast: Cast, keeper: HostClient) -> None:
    path = f"/stock/{cast.skus[1].code}/"
    stock = Stock.objects.get(owner=cast.c1, sku=cast.skus[1])
    said = {"place": f"{stock.pk}.60", "number": "ST-ABCDEF012345", "cases": "8", "bottles": "3", "reason": "线下卖出"}
    assert [keeper.post(path, said).status_code for _ in range(2)] == [302, 302]
    assert free(cast) == 51
    moved = Movement.objects.get(stock=stock, kind="COUNT")
    assert (moved.bottles, moved.reason) == (-9, "线下卖出")
    assert "线下卖出" in page(keeper, path)


def test_what_moved_since_the_page_was_shown_stays_moved(cast: Cast, keeper: HostClient) -> None:
    stock = Stock.objects.get(owner=cast.c1, sku=cast.skus[1])
    admin = cast.actor("admin_c1")
    services.count_stock(actor=admin, command=CountStock("D-C1", (Counted(cast.skus[1].code, 48),)))
    said = {"place": f"{stock.pk}.60", "number": "ST-1", "cases": "9"}
    assert keeper.post(f"/stock/{cast.skus[1].code}/", said).status_code == 302
    assert free(cast) == 42


def test_the_place_stays_chosen_where_something_moved_before_a_refusal(cast: Cast, keeper: HostClient) -> None:
    path, stock = f"/stock/{cast.skus[1].code}/", Stock.objects.get(owner=cast.c1, sku=cast.skus[1])
    make_stock(make_warehouse(cast.c1, "D-C1-A", "泉城一仓"), cast.skus[1], 12)
    services.count_stock(actor=cast.actor("admin_c1"), command=CountStock("D-C1", (Counted(cast.skus[1].code, 48),)))
    answer = keeper.post(path, {"place": f"{stock.pk}.60", "number": "ST-3", "cases": "-1"})
    assert answer.status_code == 422
    assert f'<option value="{stock.pk}.60" selected>' in answer.content.decode()


def test_a_page_the_browser_kept_can_be_sent_once_more(cast: Cast, keeper: HostClient) -> None:
    path, stock = f"/stock/{cast.skus[1].code}/", Stock.objects.get(owner=cast.c1, sku=cast.skus[1])
    said = {"place": f"{stock.pk}.60", "number": "ST-4", "cases": "9"}
    assert keeper.post(path, said).status_code == 302
    answer = keeper.post(path, {**said, "cases": "7"})
    shown = answer.content.decode()
    number = re.search(r'name="number" value="([^"]+)"', shown)
    assert (answer.status_code, "ST-4" in shown, free(cast)) == (422, True, 54)
    assert number
    assert number[1] != "ST-4"
    assert f'<option value="{stock.pk}.54" selected>' in shown, "counted against the books with the first count in them"
    assert keeper.post(path, {"place": f"{stock.pk}.54", "number": number[1], "cases": "7"}).status_code == 302
    assert free(cast) == 42


@pytest.mark.parametrize("typed", ["-3", "viele", "99999999999"])
def test_a_refused_threshold_stays_where_it_was_typed(cast: Cast, keeper: HostClient, typed: str) -> None:
    code = cast.skus[1].code
    answer = keeper.post(f"/stock/{code}/", {"sku": code, "below": typed, "unit": "BOTTLE"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    field = re.search(r'<input[^>]*name="below"[^>]*>', shown)
    assert field
    assert f'value="{typed}"' in field[0]
    assert "aria-invalid" in field[0]
    assert '<option value="BOTTLE" selected>' in shown
    assert shown.count('class="field__error"') == 1, "what was found is another form"
    assert re.search(r'name="below"[^>]* pattern="', page(keeper, "/stock/")), "a browser keeps the dialog open"
    assert not StockThreshold.objects.exists()


def test_it_is_searched_as_everywhere(cast: Cast, keeper: HostClient) -> None:
    sku = cast.skus[1]
    Sku.objects.filter(pk=sku.pk).update(name_en="Plain Daqu")
    sound = "".join(first_letters(sku.name))
    for text in ("lain daq", sound, sku.name[:2], sku.code[3:8].lower(), sku.gtin13):
        assert sku.code in page(keeper, f"/stock/?q={text}"), text
    for text in ("zzzq", "'", "%26|!("):
        assert f'href="/stock/{sku.code}/"' not in page(keeper, f"/stock/?q={text}"), text


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"cases": "-1"},
        {"cases": "1.5"},
        {"bottles": "九"},
        {"cases": "9" * 30},
        {"cases": "1", "place": "0.0"},
        {"cases": "1", "place": "x"},
        {"cases": "1", "number": ""},
        {"cases": "1", "number": "N" * 40},
        {"cases": "1", "reason": "长" * 201},
    ],
)
def test_refuses_what_it_cannot_read_and_changes_nothing(cast: Cast, keeper: HostClient, said: dict[str, str]) -> None:
    assert found(keeper, cast, **said) == 422
    assert free(cast) == 60


def test_who_may_not_count_sees_no_form_and_books_nothing(cast: Cast, as_: Opens) -> None:
    path = f"/stock/{cast.skus[1].code}/"
    client = as_("warehouse_c1")
    assert 'name="place"' not in page(client, path)
    stock = Stock.objects.get(owner=cast.c1, sku=cast.skus[1])
    said = {"place": f"{stock.pk}.60", "number": "ST-2", "cases": "1"}
    assert client.post(path, said).status_code in (403, 422)
    assert free(cast) == 60


def test_only_who_does_not_order_has_it_in_the_bar_and_everybody_below_me(as_: Opens) -> None:
    assert 'href="/stock/"' in page(as_("warehouse_c1"), "/orders/")
    assert 'href="/stock/"' not in page(as_("buyer_c1"), "/orders/")
    assert 'href="/stock/"' in page(as_("buyer_c1"), "/me/")
    assert 'href="/stock/"' not in page(as_("finance_c1"), "/me/")


def test_the_list_costs_the_same_for_many_products(cast: Cast, keeper: HostClient) -> None:
    def cost() -> int:
        page(keeper, "/stock/")
        with statements() as seen:
            page(keeper, "/stock/")
        return len(seen)

    few = cost()
    place = make_warehouse(cast.c1, "D-C1-2", "泉城二仓")
    for number in (2, 3, 4, 5):
        make_stock(place, cast.skus[number], 12)
    assert cost() == few <= 8
