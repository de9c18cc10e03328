"""Products and price lists: edited by forms, refused by field and by cell, nothing typed lost."""

from datetime import timedelta

import pytest

from core.catalogue.models import Producer, Sku, Spu
from core.kernel import clock
from ordering.pricing.models import PriceEntry, PriceList
from tests.cast import Cast
from tests.clients import HostClient
from tests.frontend.console.conftest import Opens


@pytest.fixture(autouse=True)
def _family_codes_as_people_write_them(cast: Cast) -> None:
    for family in Spu.objects.all():
        family.code = family.code.upper()
        family.save(update_fields=["code"])


def typed(client: HostClient, path: str) -> dict[str, str]:
    """The values of a page's form as a browser would send them back."""
    form = client.get(path).context["form"]
    found = {name: form[name].value() for name in form.fields}
    return {name: str(value) for name, value in found.items() if value not in (None, False)}


def test_takes_products_off_the_shelf_together(cast: Cast, desk: HostClient) -> None:
    codes = [cast.skus[1].code, cast.skus[2].code]
    assert desk.post("/console/products/?status=ON", {"sku": codes, "to": "OFF"}).status_code == 302
    assert Sku.objects.filter(code__in=codes, status="OFF").count() == 2


def test_a_baijiu_without_licence_is_refused_on_the_shelf(cast: Cast, desk: HostClient) -> None:
    sku = cast.skus[6]
    Producer.objects.update(sc_no="")
    answer = desk.post("/console/products/", {"sku": [sku.code], "to": "ON"})
    assert answer.status_code == 422
    assert sku.code in answer.content.decode()
    assert Sku.objects.get(pk=sku.pk).status == "OFF"


def test_edits_a_product_and_says_what_is_unusual(cast: Cast, desk: HostClient) -> None:
    path = f"/console/products/code/{cast.skus[1].code}/"
    said = typed(desk, path) | {"name": "杏禾青花二十", "order_multiple": "２"}
    assert desk.post(path, said).status_code == 302
    sku = Sku.objects.get(pk=cast.skus[1].pk)
    assert (sku.name, sku.order_multiple) == ("杏禾青花二十", 2)


def test_a_wrong_barcode_is_told_beside_its_field(cast: Cast, desk: HostClient) -> None:
    path = f"/console/products/code/{cast.skus[1].code}/"
    said = typed(desk, path) | {"name": "改过的名字", "gtin13": "6901234567890", "abv_tenths": "九十"}
    answer = desk.post(path, said)
    assert answer.status_code == 422
    assert "改过的名字" in answer.content.decode()
    assert answer.context["form"]["abv_tenths"].errors
    said["abv_tenths"] = "53"
    answer = desk.post(path, said)
    assert answer.context["form"]["gtin13"].errors
    assert Sku.objects.get(pk=cast.skus[1].pk).name == cast.skus[1].name


def test_a_stale_editor_is_told(cast: Cast, desk: HostClient) -> None:
    path = f"/console/products/code/{cast.skus[1].code}/"
    said = typed(desk, path)
    assert desk.post(path, said | {"name": "甲改的"}).status_code == 302
    late = desk.post(path, said | {"name": "乙改的"})
    assert late.status_code == 422
    assert "乙改的" in late.content.decode()
    assert Sku.objects.get(pk=cast.skus[1].pk).name == "甲改的"


def test_makes_a_family_and_a_product_of_it(cast: Cast, desk: HostClient) -> None:
    said = typed(desk, "/console/products/families/new/")
    said |= {"code": "XH-NEW", "name": "杏禾新酒", "line_code": "CLASSIC", "aroma": "QX"}
    assert desk.post("/console/products/families/new/", said).status_code == 302
    assert Spu.objects.filter(code="XH-NEW").exists()
    sku = typed(desk, "/console/products/new/?family=XH-NEW") | {
        "code": "XH-QX-450-0500-NV-06",
        "spu_code": "XH-NEW",
        "name": "杏禾新酒 45度",
        "abv_tenths": "45",
        "volume_ml": "500",
        "bottles_per_case": "6",
    }
    answer = desk.post("/console/products/new/", sku)
    assert answer.status_code == 302, answer.context["form"].errors
    assert Sku.objects.get(code="XH-QX-450-0500-NV-06").abv_tenths == 450


def test_a_reader_sees_facts_without_a_form(cast: Cast, as_: Opens) -> None:
    html = as_("rep").get(f"/console/products/code/{cast.skus[1].code}/").content.decode()
    assert 'name="gtin13"' not in html
    assert cast.skus[1].gtin13 in html


def cell(cast: Cast, number: int, unit: str = "CASE", step: int = 1) -> str:
    """Name of a cell's input."""
    return f"p:{cast.skus[number].code}:{unit}:{step}"


def test_saves_the_cells_that_changed(cast: Cast, desk: HostClient) -> None:
    page = desk.get("/console/prices/list/CITY/").content.decode()
    assert f'name="{cell(cast, 1)}" value="1780.00"' in page
    said = {"version": "1", cell(cast, 1): "￥1,790.00", cell(cast, 1, step=10): "1700.00", cell(cast, 2): "１080"}
    answer = desk.post("/console/prices/list/CITY/", said)
    assert answer["Location"] == "/console/prices/list/CITY/?changed=1"
    entries = PriceEntry.objects.filter(price_list__code="CITY", sku=cast.skus[1], min_quantity=1)
    assert entries.order_by("valid_from", "id").latest("valid_from").amount == 179_000
    assert PriceEntry.objects.filter(price_list__code="CITY", sku=cast.skus[2]).count() == 1
    assert 'data-mark="edit"' in desk.get(answer["Location"]).content.decode()


def test_wrong_cells_are_marked_and_nothing_is_saved(cast: Cast, desk: HostClient) -> None:
    before = PriceEntry.objects.count()
    said = {"version": "1", cell(cast, 1): "1.234", cell(cast, 2): "-5", cell(cast, 3): "便宜", cell(cast, 4): "30"}
    answer = desk.post("/console/prices/list/CITY/", said)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert html.count('aria-invalid="true"') == 3
    for value in ("1.234", "-5", "便宜", "30"):
        assert f'value="{value}"' in html
    assert PriceEntry.objects.count() == before


def test_an_emptied_cell_ends_its_price(cast: Cast, desk: HostClient) -> None:
    assert desk.post("/console/prices/list/CITY/", {"version": "1", cell(cast, 2): ""}).status_code == 302
    newest = PriceEntry.objects.filter(price_list__code="CITY", sku=cast.skus[2]).latest("valid_from")
    assert newest.amount is None


def test_prices_of_a_coming_day_begin_on_it(cast: Cast, desk: HostClient) -> None:
    day = clock.business_day() + timedelta(days=20)
    path = f"/console/prices/list/CITY/?at={day}"
    assert desk.post(path, {"version": "1", cell(cast, 1): "1800"}).status_code == 302
    entry = PriceEntry.objects.get(price_list__code="CITY", sku=cast.skus[1], amount=180_000)
    assert entry.valid_from == clock.start_of_day(day)
    assert f"{day} 起" in desk.get("/console/prices/list/CITY/").content.decode()


def test_a_day_that_is_over_cannot_be_edited(cast: Cast, desk: HostClient) -> None:
    html = desk.get("/console/prices/list/CITY/?at=2026-01-01").content.decode()
    assert 'name="version"' not in html or "data-before" not in html


def test_somebody_elses_change_in_between_is_told(cast: Cast, desk: HostClient) -> None:
    assert desk.post("/console/prices/list/CITY/", {"version": "1", cell(cast, 1): "1791"}).status_code == 302
    late = desk.post("/console/prices/list/CITY/", {"version": "1", cell(cast, 1): "1792"})
    assert late.status_code == 422
    assert 'value="1792"' in late.content.decode()


def test_two_tabs_that_touch_other_cells_both_save(cast: Cast, desk: HostClient) -> None:
    path = "/console/prices/list/CITY/"
    shown = desk.get(path).context["shown"]
    one = {"version": "1", "shown": shown, cell(cast, 1): "1791", cell(cast, 2): "1080.00"}
    other = {"version": "1", "shown": shown, cell(cast, 1): "1780.00", cell(cast, 2): "1079"}
    assert desk.post(path, one).status_code == 302
    assert desk.post(path, other).status_code == 302
    html = desk.get(path).content.decode()
    assert f'name="{cell(cast, 1)}" value="1791.00"' in html
    assert f'name="{cell(cast, 2)}" value="1079.00"' in html


def test_the_same_cell_in_two_tabs_is_asked_about_and_the_rest_kept(cast: Cast, desk: HostClient) -> None:
    path = "/console/prices/list/CITY/"
    shown = desk.get(path).context["shown"]
    assert desk.post(path, {"shown": shown, cell(cast, 1): "1791"}).status_code == 302
    late = desk.post(path, {"shown": shown, cell(cast, 1): "1792", cell(cast, 2): "1079"})
    html = late.content.decode()
    assert late.status_code == 422
    assert "¥1,791.00" in html
    assert "¥1,792.00" in html
    assert 'value="1792"' in html
    assert 'value="1079"' in html
    again = {"shown": late.context["shown"], cell(cast, 1): "1792", cell(cast, 2): "1079"}
    assert desk.post(path, again).status_code == 302


def test_a_ladder_that_rises_or_a_leap_is_asked_about_first(cast: Cast, desk: HostClient) -> None:
    path = "/console/prices/list/CITY/"
    before = PriceEntry.objects.count()
    said = {"shown": desk.get(path).context["shown"], cell(cast, 1, step=50): "5000", cell(cast, 2): "99999"}
    asked = desk.post(path, said)
    assert asked.status_code == 422
    assert dict(asked.context["doubts"]).keys() == {cell(cast, 1, step=50), cell(cast, 2)}
    assert asked.content.decode().count('data-mark="warn"') >= 2
    assert PriceEntry.objects.count() == before
    meant = asked.context["meant"]
    other = desk.post(path, said | {"meant": meant, cell(cast, 2): "99998"})
    assert dict(other.context["doubts"]).keys() == {cell(cast, 2)}
    assert desk.post(path, said | {"meant": meant}).status_code == 302
    assert PriceEntry.objects.count() == before + 2


def test_adds_a_step_and_opens_a_list(cast: Cast, desk: HostClient) -> None:
    assert cell(cast, 1, step=50) in desk.get("/console/prices/list/CITY/?unit=CASE&from=50").content.decode()
    said = {
        "code": "PROV",
        "name": "省级价",
        "scope": "TIER",
        "tier": "PROVINCIAL",
        "currency": "CNY",
        "dealer_code": "x",
    }
    assert desk.post("/console/prices/new/", said).status_code == 302
    assert PriceList.objects.get(code="PROV").tier == "PROVINCIAL"
    again = desk.post("/console/prices/new/", said)
    assert again.status_code == 422
    assert "省级价" in again.content.decode()


def test_another_sellers_list_is_not_there(cast: Cast, desk: HostClient) -> None:
    assert desk.get("/console/prices/list/C1-NAT/").status_code == 404
    assert "C1-NAT" not in desk.get("/console/prices/").content.decode()
