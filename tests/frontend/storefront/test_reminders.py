"""A product that is out of stock offers to tell when it is back; what one waits for stands under “Me”."""

from dms.stock.models import Warehouse
from ordering.lists.models import Reminder
from tests.cast import Cast
from tests.clients import HostClient


def test_a_sold_out_product_offers_it_and_it_can_be_taken_off(cast: Cast, buyer: HostClient) -> None:
    sku = cast.skus[1]
    page = f"/products/{sku.code}/"
    assert "到货提醒我" not in buyer.get(page).content.decode(), "there is stock"
    Warehouse.objects.filter(owner=cast.root).update(is_active=False)
    assert "到货提醒我" in buyer.get(page).content.decode()
    assert f"{sku.name} 到货时提醒我" in buyer.get("/products/").content.decode()
    answer = buyer.post("/me/reminders/set/", {"sku": sku.code, "next": page})
    assert answer["Location"] == page
    assert "已登记到货提醒" in buyer.get(page).content.decode()
    listed = buyer.get("/me/reminders/").content.decode()
    assert sku.name in listed
    assert 'href="/me/reminders/"' in buyer.get("/me/").content.decode()
    buyer.post("/me/reminders/set/", {"sku": sku.code, "drop": "1"})
    assert Reminder.objects.count() == 0
    assert "没有到货提醒" in buyer.get("/me/reminders/").content.decode()


def test_a_strange_code_and_a_strange_way_back_do_nothing(cast: Cast, buyer: HostClient) -> None:
    for way in ("https://evil.example/", "//evil.example/x", "\\\\evil.example", "pad/"):
        answer = buyer.post("/me/reminders/set/", {"sku": cast.skus[1].code, "next": way})
        assert answer["Location"] == "/me/reminders/"
    buyer.post("/me/reminders/set/", {"sku": "\x00"})
    assert Reminder.objects.count() == 1
