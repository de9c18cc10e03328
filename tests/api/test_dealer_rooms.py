"""Zones, supplies, notices, thresholds and shopping lists by the interface: the same verbs as the pages."""

from core.catalogue.models import Sku
from dms.stock.models import StockThreshold
from ordering.orders.selectors import cart_of
from tests.api.calling import Api
from tests.cast import Cast
from tests.dms.territories.conftest import TODAY

LATER = TODAY.replace(month=3).isoformat()


def test_a_zone_is_drawn_drawn_anew_and_closed(cast: Cast) -> None:
    api = Api(cast, cast.admin)
    new = {"code": "JN-GX", "name": "济南高新区", "regions": ["370102"]}
    made = api.post("zones", new, 201, key="once")
    assert api.post("zones", new, 201, key="once") == made
    assert (made["regions"], made["grants"], api.get("zones/JN-GX")) == (["370102"], 0, made)
    said = {"name": "高新区", "regions": ["370102", "370112"], "version": made["version"]}
    drawn = api.post("zones/JN-GX/redrawing", said)
    assert drawn["regions"] == ["370102", "370112"]
    api.post("zones/JN-GX/redrawing", said, 409)
    assert [one["code"] for one in api.get("zones")["items"]] == ["JN-GX"]
    api.post("zones/JN-GX/closure")
    api.get("zones/JN-GX", 404)


def test_a_supplier_changes_and_is_taken_back(cast: Cast) -> None:
    api = Api(cast, cast.admin)
    made = api.post("outlets/T1/supplies", {"supplier": "ROOT", "effective_on": LATER}, 201, key="once")
    assert api.post("outlets/T1/supplies", {"supplier": "ROOT", "effective_on": LATER}, 201, key="once") == made
    assert (made["supplier"], made["has_begun"], made["product_line"]) == ("ROOT", False, None)
    assert [one["supplier"] for one in api.get("outlets/T1/supplies")["items"]] == ["ROOT", "C1"]
    assert api.post(f"supplies/{made['id']}/withdrawal", {"reason": "不变"}) == {"id": made["id"]}
    api.post(f"supplies/{made['id']}/withdrawal", status=404)
    api.post("outlets/C1/supplies", {"supplier": "ROOT"}, 422)


def test_a_grant_is_withdrawn(cast: Cast) -> None:
    api = Api(cast, cast.admin)
    made = api.post("grants", {"dealer": "C2", "region": "370300", "valid_from": LATER}, 201)
    assert api.post(f"grants/{made['id']}/withdrawal", {"reason": "未签"}) == {"id": made["id"]}
    api.get(f"grants/{made['id']}", 404)


def test_a_notice_from_draft_to_read(cast: Cast) -> None:
    api, shop = Api(cast, cast.admin), Api(cast, cast.buyer_c1)
    made = api.post("notices", {"title": "到货", "body": "新酒已到。", "tiers": ["CITY"], "tone": "GOOD"}, 201)
    assert (made["state"], shop.get("board")["items"]) == ("draft", [])
    out = api.post(f"notices/{made['id']}/publication", {"version": made["version"]})
    assert out["state"] == "live"
    (told,) = shop.get("board")["items"]
    assert (told["title"], told["read_at"]) == ("到货", None)
    shop.post(f"board/{made['id']}/reading")
    assert shop.get("board")["items"][0]["read_at"]
    (listed,) = api.get("notices?state=live")["items"]
    assert listed == api.get(f"notices/{made['id']}")
    assert listed["read_houses"] == 1
    changed = {"title": "到货了", "body": "新酒已到。", "version": out["version"], "asks_again": True}
    assert api.post(f"notices/{made['id']}/change", changed)["read_houses"] == 0
    assert api.post(f"notices/{made['id']}/withdrawal")["state"] == "withdrawn"
    shop.get("notices", 403)
    api.post("notices", {"title": "", "body": "x"}, 422)


def test_a_notice_to_single_dealers(cast: Cast) -> None:
    api = Api(cast, cast.admin)
    made = api.post("notices", {"title": "对账", "body": "请核对。", "dealers": ["C2"]}, 201)
    assert (made["dealers"], made["labels"]) == (["C2"], [])
    api.post(f"notices/{made['id']}/publication", {"version": made["version"]})
    assert Api(cast, cast.buyer_c1).get("board")["items"] == []
    assert [one["title"] for one in Api(cast, cast.buyer_c2).get("board")["items"]] == ["对账"]
    api.post("notices", {"title": "对账", "body": "请核对。", "dealers": ["C9"]}, 422)


def test_thresholds_and_what_is_low(cast: Cast) -> None:
    api, sku = Api(cast, cast.admin), cast.skus[1].code
    assert api.post("stock/thresholds", {"lines": [{"sku": sku, "bottles": 9_999_999}]}) == {"lines": 1}
    assert api.get("stock/thresholds")["items"] == [
        {"sku": sku, "warehouse": "", "bottles": 9_999_999, "is_low": False}
    ]
    found = api.get("stock/alerts?limit=5")
    assert (found["low"], [one["sku"] for one in found["items"]]) == (1, [sku])
    api.post("stock/thresholds", {"lines": [{"sku": sku, "bottles": 0}]})
    assert not StockThreshold.objects.exists()


def test_a_shopping_list_is_kept(cast: Cast) -> None:
    api, sku = Api(cast, cast.buyer_c1), cast.skus[1].code
    made = api.post("lists", {"name": "每周补货", "lines": [{"sku": sku, "quantity": 2}]}, 201)
    assert (made["lines"][0]["quantity"], made["is_own"]) == (2, True)
    more = api.post(f"lists/{made['id']}/lines", {"lines": [{"sku": cast.skus[3].code, "quantity": 1}]})
    assert [line["sku"] for line in more["lines"]] == [sku, cast.skus[3].code]
    said = {"name": "每月补货", "is_shared": True, "version": more["version"]}
    assert api.post(f"lists/{made['id']}/change", said)["name"] == "每月补货"
    assert api.get("lists?whose=own")["items"][0]["line_count"] == 2
    Api(cast, cast.buyer_c2).get(f"lists/{made['id']}", 404)
    Sku.objects.filter(pk=cast.skus[3].pk).update(status="OFF")
    used = api.post(f"lists/{made['id']}/use")
    assert used == {"lines": 1, "left_out": [cast.skus[3].name]}
    assert [(item.sku_code, item.quantity) for item in cart_of(cast.buyer_c1).items] == [(sku, 2)]
    Api(cast, cast.buyer_c2).post(f"lists/{made['id']}/use", None, 404)
    api.post(f"lists/{made['id']}/removal")
    api.get(f"lists/{made['id']}", 404)
