"""Products and price lists: edited by forms, refused by field and by cell, nothing typed lost."""

import pytest

from core.catalogue.models import Producer, Sku, Spu
from ordering.pricing.models import PriceList
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


def test_opens_a_list(cast: Cast, desk: HostClient) -> None:
    said = {
        "code": "PROV",
        "name": "省级价",
        "scope": "TIER",
        "tier": "PROVINCIAL",
        "currency": "CNY",
        "dealer_code": "x",
        "kind": "SALE",
        "round_to": "1",
        "round_mode": "HALF_UP",
    }
    assert desk.post("/console/prices/new/", said).status_code == 302
    assert PriceList.objects.get(code="PROV").tier == "PROVINCIAL"
    again = desk.post("/console/prices/new/", said)
    assert again.status_code == 422
    assert "省级价" in again.content.decode()
