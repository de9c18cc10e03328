"""Market quotes and traced prices, for programs."""

from core.kernel import clock
from dms.sellthrough.models import MarketQuote
from ordering.promotions.rules.policies import PercentOff
from tests.api.calling import Api
from tests.cast import Cast
from tests.factories.policies import make_policy


def one(cast: Cast, **more: object) -> dict[str, object]:
    """A quote of a bottle in Jinan."""
    heard = {"sku": cast.skus[1].code, "region": "370100", "day": "2026-01-12", "unit": "BOTTLE", "amount": "850.00"}
    return {**heard, **more}


def test_quotes_are_recorded_once_and_read_back(cast: Cast) -> None:
    api = Api(cast, cast.pricing)
    body = {"quotes": [one(cast, source="批发市场"), one(cast, region="CN", unit="CASE", amount="5100.00")]}
    assert api.post("market-quotes", body, 201, key="once") == {"written": 2, "same": 0}
    assert api.post("market-quotes", body, 201, key="once") == {"written": 2, "same": 0}
    assert api.post("market-quotes", body, 201) == {"written": 0, "same": 2}
    items = api.get("market-quotes?region=370000")["items"]
    assert [(row["region"], row["source"], row["amount"]["amount"]) for row in items] == [
        ("370100", "批发市场", "850.00")
    ]
    latest = api.get(f"market-quotes/latest?sku={cast.skus[1].code}&region=370102&region=510100")["items"]
    assert {row["asked_region"]: row["bottle"]["amount"] for row in latest} == {"370102": "850.00", "510100": "850.00"}


def test_a_correction_and_a_withdrawal_leave_what_was_written(cast: Cast) -> None:
    api = Api(cast, cast.pricing)
    api.post("market-quotes", {"quotes": [one(cast)]}, 201)
    api.post("market-quotes", {"quotes": [one(cast, amount="840.00")]}, 201)
    old, new = MarketQuote.objects.order_by("id").values_list("id", flat=True)
    assert api.post(f"market-quotes/{old}/withdrawal", {}, 409)["code"] == "market.corrected"
    api.post(f"market-quotes/{new}/withdrawal", {})
    assert api.get("market-quotes")["items"] == []
    every = api.get("market-quotes?corrected=true")["items"]
    assert [(row["amount"] and row["amount"]["amount"], row["is_corrected"]) for row in every] == [
        (None, False),
        ("840.00", True),
        ("850.00", True),
    ]
    api.post("market-quotes/999999/withdrawal", {}, 404)


def test_bad_rows_and_filters_are_refused_by_line_and_field(cast: Cast) -> None:
    api = Api(cast, cast.pricing)
    told = api.post("market-quotes", {"quotes": [one(cast), one(cast, region="999999", day="2027-01-01")]}, 422)
    assert {(fault["line"], fault["code"]) for fault in told["errors"]} == {
        (2, "region.unknown"),
        (2, "market.day_ahead"),
    }
    for row in ({"amount": 850}, {"unit": "BOX"}, {"day": "1.1.2026"}, {"currency": "XXX"}, {"colour": "red"}):
        api.post("market-quotes", {"quotes": [one(cast, **row)]}, 422)
    api.post("market-quotes", {"quotes": []}, 422)
    for query in ("since=x", "corrected=maybe", "colour=red", "after=!"):
        api.get(f"market-quotes?{query}", 422)
    api.get("market-quotes?region=xx")
    api.get("market-quotes/latest?region=xx")
    assert not MarketQuote.objects.exists()


def test_dealers_have_no_market_quotes(cast: Cast) -> None:
    api = Api(cast, cast.admin_c1)
    api.get("market-quotes", 403)
    api.get("market-quotes/latest", 403)
    api.post("market-quotes", {"quotes": [one(cast)]}, 403)


def test_a_price_is_traced_with_its_chain_and_history(cast: Cast) -> None:
    api = Api(cast, cast.pricing)
    found = api.get(f"dealers/C1/price-trace/{cast.skus[1].code}?quantity=10&day=2026-01-12")
    assert (found["price"]["amount"], found["from"], found["unit"], found["refusal"]) == ("1700.00", 10, "CASE", None)
    assert [(row["list"], row["verdict"]) for row in found["chain"]] == [("CITY", "WINS"), ("NAT", "OUTRANKED")]
    assert (found["entry"]["list"], len(found["history"]), found["course"][0]["price"]["amount"]) == (
        "CITY",
        1,
        "1700.00",
    )
    none = api.get(f"dealers/C1/price-trace/{cast.skus[5].code}")
    assert (none["price"], none["refusal"], none["entry"]) == (None, "price.missing", None)
    for query in ("quantity=0", "unit=BOX", "day=x", "at=now"):
        api.get(f"dealers/C1/price-trace/{cast.skus[1].code}?{query}", 422)
    api.get(f"dealers/T1/price-trace/{cast.skus[1].code}", 404)
    api.get("dealers/C1/price-trace/NO-SUCH", 404)


def test_a_dealer_traces_its_customers_prices_and_not_its_own(cast: Cast) -> None:
    api = Api(cast, cast.admin_c1)
    found = api.get(f"dealers/T1/price-trace/{cast.skus[1].code}")
    assert [row["list"] for row in found["chain"]] == ["C1-NAT"]
    api.get(f"dealers/C1/price-trace/{cast.skus[1].code}", 404)


def test_landed_prices_of_tiers_and_of_one_dealer(cast: Cast) -> None:
    api, code = Api(cast, cast.pricing), cast.skus[1].code
    make_policy(cast.root, "TEN", PercentOff(1_000))
    tiers = {one["tier"]: one for one in api.get(f"landed-prices/{code}?quantity=10&region=370100")["items"]}
    city = tiers["CITY"]["net"]
    assert (city["price_list"], city["listed"]["amount"], city["payable"]["amount"]) == ("CITY", "17000.00", "15300.00")
    assert (city["landed"]["amount"], city["landed_bottle"]["amount"]) == ("1530.00", "255.00")
    assert [(step["stage"], step["policy"], step["off"]["amount"]) for step in city["steps"]] == [
        ("FLASH", "TEN", "1700.00")
    ]
    (own,) = api.get(f"landed-prices/{code}?dealer=C1&quantity=1")["items"]
    assert (own["buyer"], own["tier"]) == (cast.c1.name, "CITY")
    unpriced = api.get(f"landed-prices/{cast.skus[5].code}")["items"]
    assert {(one["net"], one["refusal"]) for one in unpriced} == {(None, "price.missing")}
    api.get("landed-prices/NONE", 404)
    api.get(f"landed-prices/{code}?quantity=0", 422)
    Api(cast, cast.buyer_c1).get(f"landed-prices/{code}", 403)


def test_inversions_are_told_by_ratio(cast: Cast) -> None:
    api = Api(cast, cast.pricing)
    day = clock.business_day().isoformat()
    api.post("market-quotes", {"quotes": [one(cast, day=day, amount="200.00")]}, 201)
    (found,) = api.get("market-inversions?cases=1")["items"]
    assert (found["quote_bottle"]["amount"], found["is_inverted"], found["region"]) == ("200.00", True, "370100")
    assert api.get("market-inversions?cases=1&region=370200")["items"] == []
    api.get("market-inversions?tier=MOON", 422)


def test_price_groups_are_made_ordered_and_kept_from_dealers(cast: Cast) -> None:
    api = Api(cast, cast.admin)
    before = [one["code"] for one in api.get("price-groups")["items"]]
    made = api.put("price-groups/KA", {"name": "大客户", "dealers": ["C1"]})
    assert (made["code"], made["name"]) == ("KA", "大客户")
    assert cast.c1.price_groups.filter(code="KA").exists()
    wanted = ["KA", *before]
    assert [one["code"] for one in api.put("price-groups", {"codes": wanted})["items"]] == wanted
    api.put("price-groups", {"codes": ["KA", "NONE"]}, 422)
    Api(cast, cast.admin_c1).get("price-groups", 403)
