"""Price lists opened and changed, and the rules for prices, through the API."""

from tests.api.calling import Api
from tests.cast import Cast


def test_a_derived_list_is_opened_and_changed(cast: Cast) -> None:
    api = Api(cast, cast.pricing)
    said = {"code": "KA", "name": "商超", "scope": "NATIONAL", "channel": "KA", "parent": "NAT", "factor_ppm": 950_000}
    made = api.post("price-lists", said, 201)
    assert (made["parent"], made["factor_ppm"], made["kind"], made["version"]) == ("NAT", 950_000, "SALE", 1)
    changed = api.put("price-lists/KA", {"round_to": 100, "round_mode": "UP", "version": 1})
    assert (changed["round_to"], changed["round_mode"], changed["version"]) == (100, "UP", 2)
    assert api.put("price-lists/KA", {"is_active": False, "version": 1}, 409)["code"] == "conflict.version"
    refused = api.put("price-lists/NAT", {"parent": "KA"}, 422)
    assert refused["code"] == "price_list.derived_loop"
    listed = {one["code"]: one for one in api.get("price-lists")["items"]}
    assert listed["KA"]["channel"] == "KA"
    api.put("price-lists/C1-NAT", {"name": "别家"}, 404)


def test_rules_for_prices(cast: Cast) -> None:
    api = Api(cast, cast.admin)
    assert api.get("price-settings")["choice"] == "FIRST_LIST"
    assert api.put("price-settings", {"choice": "LOWEST", "version": 1})["version"] == 2
    assert api.put("price-settings", {"choice": "CHEAP"}, 422)["code"] == "pricing_settings.choice"
    Api(cast, cast.pricing).put("price-settings", {"choice": "FIRST_LIST"}, 403)
    assert Api(cast, cast.pricing).get("price-settings")["choice"] == "LOWEST"
    assert Api(cast, cast.buyer_c1).get("price-settings", status=403)["code"] == "actor.not_permitted"
