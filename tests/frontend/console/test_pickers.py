"""Codes and divisions are chosen from a list or written as a name; nobody has to know them by heart."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import override

from core.catalogue.models import Sku
from dms.dealers.models import Dealer
from dms.stock.models import Movement
from frontend.console.charts import curve
from frontend.console.forms.access import RegionsField
from frontend.console.forms.pickers import CodeField, RegionField, offered_regions
from ordering.pricing.models import PriceList
from tests.cast import Cast
from tests.clients import HostClient
from tests.frontend.console.conftest import HTMX, confirmed
from tests.frontend.console.test_budgets import cost, grow

NEW_DEALER = {"code": "C9", "name": "德州新商贸", "tier": "CITY", "channel": "TRADITIONAL"}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("山东省济南市历下区", "370102"),
        ("济南", "370100"),
        ("山东 济南市", "370100"),
        ("３７０１００", "370100"),
        ("999999", "999999"),
        ("全国", "CN"),
        ("cn", "CN"),
    ],
)
def test_a_division_is_read_by_name_or_code(said: str, code: str) -> None:
    assert RegionField(with_country=True).clean(said) == code


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Lixia District, Jinan, Shandong", "370102"),
        ("jinan,shandong", "370100"),
        ("Xi’an", "610100"),
        ("Jilin", "220000"),
        ("Jilin, Jilin", "220200"),
        ("山西省", "140000"),
        ("Shaanxi", "610000"),
    ],
)
def test_a_division_is_read_in_english_too(said: str, code: str) -> None:
    assert RegionField().clean(said) == code


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("Jinan, Shandong; Qingdao, Shandong", ("370100", "370200")),
        ("山东省济南市,370200、德州市", ("370100", "370200", "371400")),
        ("Jinan, Shanxi", None),
        ("Jinan, Shandong, 370200", None),
        ("山东省济南市, Qingdao", None),
    ],
)
def test_several_divisions_are_not_mixed_up_with_what_they_lie_in(said: str, codes: tuple[str, ...] | None) -> None:
    """A city with its province is one limit: read as two it would open the whole province to a seat."""
    if codes is None:
        with pytest.raises(ValidationError):
            RegionsField().clean(said)
    else:
        assert RegionsField().clean(said) == codes
        with override("en"):
            assert RegionsField().clean(RegionsField().prepare_value(codes)) == codes


def test_readers_of_english_see_divisions_in_english(cast: Cast, desk: HostClient) -> None:
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert '<option value="Jinan, Shandong">370100</option>' in desk.get("/console/dealers/new/").content.decode()
    page = desk.get("/console/settings/").content.decode()
    assert "Inner Mongolia" in page
    assert "内蒙古" not in page


@pytest.mark.parametrize("said", ["朝阳区", "不知道", "CN"])
def test_a_name_of_several_or_no_divisions_is_refused(cast: Cast, desk: HostClient, said: str) -> None:
    refused = desk.post("/console/dealers/new/", NEW_DEALER | {"region_code": said})
    assert refused.status_code == 422
    assert "对不上唯一的行政区划" in refused.content.decode()
    assert f'value="{said}"' in refused.content.decode()


def test_every_offered_division_leads_to_its_code() -> None:
    field = RegionField()
    for language in ("zh-hans", "en"):
        with override(language):
            assert [name for name, code in offered_regions() if field.clean(name) != code] == []
            assert [code for name, code in offered_regions() if field.prepare_value(code) != name] == []


def test_a_name_that_one_code_bears_is_read_as_that_code() -> None:
    field = CodeField(limit=20)
    field.offer([("C1", "泉城名酒"), ("C2", "东岳"), ("C3", "东岳")])
    assert [field.clean(said) for said in ("泉城名酒", "c1", "东岳", "C8")] == ["C1", "C1", "东岳", "C8"]


def test_a_dealer_is_set_up_below_one_chosen_from_the_list(cast: Cast, desk: HostClient) -> None:
    page = desk.get("/console/dealers/new/").content.decode()
    assert 'list="id_parent_code_list"' in page
    assert f'<option value="C1">{cast.c1.name}</option>' in page
    assert '<option value="山东省济南市">370100</option>' in page
    said = NEW_DEALER | {"tier": "TERMINAL", "region_code": "济南市历下区", "parent_code": cast.c1.name}
    assert desk.post("/console/dealers/new/", said).status_code == 302
    made = Dealer.objects.get(code="C9")
    assert (made.parent_id, made.region_code) == (cast.c1.pk, "370102")


def test_a_product_is_chosen_by_its_name(cast: Cast, desk: HostClient) -> None:
    sku = cast.skus[1]
    page = desk.get("/console/stock/adjust/").content.decode()
    assert f'<option value="{sku.code}">{sku.name}</option>' in page
    assert '<legend class="field__label">类型</legend>' in page
    said = {"warehouse": "W1", "sku_code": sku.name, "sign": "-", "cases": "1", "reason": "破损"}
    assert desk.post("/console/stock/adjust/", said).status_code == 302
    assert Movement.objects.filter(stock__sku=sku, reason="破损").exists()


def test_a_list_of_one_dealer_is_opened_by_its_name(cast: Cast, desk: HostClient) -> None:
    said = {"code": "C1-X", "name": "泉城特价", "scope": "DEALER", "dealer_code": cast.c1.name, "currency": "CNY"}
    said |= {"kind": "SALE", "round_to": "1", "round_mode": "HALF_UP"}
    assert desk.post("/console/prices/new/", said | {"region_code": "全国"}).status_code == 302
    assert PriceList.objects.get(code="C1-X").dealer_id == cast.c1.pk


@pytest.mark.parametrize(
    "path",
    ["dealers/new/", "prices/new/", "stock/adjust/", "stock/transfer/", "seats/invite/?side=dealer"]
    + [f"dealers/code/C1/{tab}" for tab in ("", "?tab=stock", "?tab=grants")],
)
def test_a_form_costs_the_same_for_many_choices(cast: Cast, desk: HostClient, path: str) -> None:
    few = cost(desk, path)
    grow(cast)
    assert cost(desk, path) == few


def test_the_file_of_a_dealer_shows_its_stock(cast: Cast, desk: HostClient) -> None:
    page = desk.get("/console/dealers/code/C1/?tab=stock").content.decode()
    assert cast.skus[1].code in page
    assert "10 箱" in page
    assert "没有库存记录" in desk.get("/console/dealers/code/T1/?tab=stock").content.decode()


def test_readers_of_english_see_english_names(cast: Cast, desk: HostClient) -> None:
    Sku.objects.filter(pk=cast.skus[1].pk).update(name_en="Spring Reserve")
    assert "Spring Reserve" not in desk.get("/console/products/").content.decode()
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = desk.get("/console/products/").content.decode()
    assert "Spring Reserve" in page
    assert cast.skus[3].name in page, "without an English name the own one stands"


def test_the_scale_of_the_chart_counts_as_its_reader_does() -> None:
    days = [(date(2026, 1, 1), 400_000_000, "")]
    with override("zh-hans"):
        assert [line.label for line in curve(days).lines] == ["0", "100万", "200万", "300万", "400万"]
    with override("en"):
        assert [line.label for line in curve(days).lines] == ["0", "1M", "2M", "3M", "4M"]


def test_the_week_that_runs_is_drawn_apart() -> None:
    weeks = [(date(2026, 1, 5) + timedelta(weeks=n), 100_00 * (3 - n), "") for n in range(3)]
    whole, running = curve(weeks), curve(weeks, is_running=True)
    assert (len(whole.line.split()), whole.running) == (3, "")
    assert len(running.line.split()) == 2
    assert running.running.split() == whole.line.split()[1:]


def test_a_truck_too_full_is_refused_in_cases(cast: Cast, desk: HostClient) -> None:
    number = confirmed(cast, (1, 2))
    said = {"act": "ship", "warehouse": "W1", "c-1": "999", "b-1": ""}
    refused = desk.post(f"/console/orders/{number}/", said, headers=HTMX)
    assert refused.status_code == 422
    assert "本仓只为该订单锁货 2 箱" in refused.content.decode()


def test_an_open_act_is_not_offered_again_beside_its_form(cast: Cast, desk: HostClient) -> None:
    number = confirmed(cast, (1, 2))
    assert 'data-key="s"' in desk.get(f"/console/orders/{number}/").content.decode()
    assert 'data-key="s"' not in desk.get(f"/console/orders/{number}/?do=ship").content.decode()
