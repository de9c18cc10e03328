"""Goods, prices, stock, dealers, accounts and jobs through the API."""

import re
from typing import Any

from billing.ledger.models import Party
from billing.ledger.services import PayIn, pay_in
from core.files.models import StoredFile
from core.files.rules import Type
from core.files.services import keep_produced
from core.jobs.models import Job
from core.kernel import clock
from tests.api.calling import Api, document
from tests.cast import Cast
from tests.clients import visitor
from tests.ordering.watching import statements, world


def test_a_dealer_sees_own_prices_and_nobody_else_s(cast: Cast) -> None:
    found = Api(cast, cast.buyer_c1).get("catalogue/skus?page=1")
    prices = {one["code"]: one["price"] for one in found["items"]}
    assert prices[cast.skus[1].code] == {"amount": "1780.00", "currency": "CNY"}
    assert prices[cast.skus[5].code] is None
    assert cast.skus[6].code not in prices
    assert (found["total"], found["page"]) == (5, 1)
    ladder = next(one["ladder"] for one in found["items"] if one["code"] == cast.skus[1].code)
    assert [(step["from"], step["price"]["amount"]) for step in ladder] == [(1, "1780.00"), (10, "1700.00")]
    other = Api(cast, cast.buyer_c2).get(f"catalogue/skus/{cast.skus[1].code}")
    assert other["price"]["amount"] == "1680.00"


def test_the_brand_s_staff_sees_goods_without_a_price(cast: Cast) -> None:
    found = Api(cast, cast.product).get("catalogue/skus")
    assert {one["price"] for one in found["items"]} == {None}
    assert cast.skus[6].code in {one["code"] for one in found["items"]}
    Api(cast, cast.product).get("catalogue/skus/NONE", 404)
    Api(cast, cast.buyer_c1).get("catalogue/skus/NONE", 404)


def test_fifty_skus_cost_six_statements(cast: Cast) -> None:
    buyer = Api(cast, cast.buyer_c1)
    buyer.get("catalogue/skus")
    with statements() as seen:
        buyer.get("catalogue/skus")
    assert len(seen) <= 6


def test_a_misspelt_filter_is_refused(cast: Cast) -> None:
    refused = Api(cast, cast.buyer_c1).get("catalogue/skus?arom=NX&abv=53%25", 422)
    assert {fault["field"] for fault in refused["errors"]} == {"arom", "abv"}


def test_prices_are_put_and_read_by_their_seller_only(cast: Cast) -> None:
    desk = Api(cast, cast.pricing)
    assert {one["code"] for one in desk.get("price-lists")["items"]} == {"NAT", "CITY", "C2"}
    change: dict[str, Any] = {"sku": cast.skus[5].code, "unit": "CASE", "amount": "99.50"}
    assert desk.put("price-lists/NAT/entries", {"changes": [change]})["written"] == 1
    assert desk.put("price-lists/NAT/entries", {"changes": [change]})["written"] == 0
    rows = {one["sku"]: one["prices"] for one in desk.get("price-lists/NAT/entries")["items"]}
    assert rows[cast.skus[5].code][0]["price"] == {"amount": "99.50", "currency": "CNY"}
    for wrong in (99.5, "99.505", "9e9", "-", "abc"):
        desk.put("price-lists/NAT/entries", {"changes": [change | {"amount": wrong}]}, 422)
    desk.get("price-lists/C1-NAT/entries", 404)
    desk.put("price-lists/C1-NAT/entries", {"changes": [change]}, 404)
    Api(cast, cast.buyer_c1).put("price-lists/NAT/entries", {"changes": [change]}, 404)
    Api(cast, cast.warehouse).get("price-lists", 403)


def test_stock_is_the_house_s_own(cast: Cast) -> None:
    store = Api(cast, cast.warehouse)
    rows = {one["sku"]: one for one in store.get("stock")["items"]}
    assert rows[cast.skus[1].code]["free"] == 600
    lines = [{"sku": cast.skus[1].code, "bottles": 590}]
    count = {"warehouse": "W1", "lines": lines, "reason": "月盘"}
    assert store.post("stock/counts", count, 201)["changed"] == 1
    adjust = {"warehouse": "W1", "lines": [{"sku": cast.skus[1].code, "bottles": -6}], "reason": "破损"}
    store.post("stock/adjustments", adjust, 201)
    assert store.get(f"stock?q={cast.skus[1].code}")["items"][0]["on_hand"] == 584
    store.post("stock/adjustments", adjust | {"reason": ""}, 422)
    buyer, before = Api(cast, cast.buyer_c1), world()
    store.post("stock/counts", count | {"warehouse": "D-C1"}, 404)
    buyer.post("stock/counts", count, 403)
    store.post("stock/transfers", {"from": "W1", "to": "D-C1", "lines": lines}, 404)
    assert world() == before


def test_dealers_are_seen_down_the_tree_only(cast: Cast) -> None:
    staff = Api(cast, cast.sales_admin)
    assert {one["code"] for one in staff.get("dealers")["items"]} == {"P1", "C1", "C2", "T1"}
    assert staff.get("dealers?below=P1&limit=1")["next"]
    assert staff.get("dealers/T1")["parent"] == "C1"
    own = Api(cast, cast.admin_c1, codes=("orders.read",))
    own.get("dealers", 403)
    body = {"code": "N1", "name": "新城名酒", "tier": "CITY", "region": "370200", "uscc": "91370200MA3CXXXX0X"}
    refused = Api(cast, cast.admin).post("dealers", body, 422)
    assert refused["errors"]
    made = Api(cast, cast.admin).post("dealers", {key: body[key] for key in body if key != "uscc"}, 201)
    assert (made["code"], made["status"]) == ("N1", "DRAFT")
    staff.post("dealers", body, 403)
    staff.get("dealers/NONE", 404)


def test_an_import_becomes_a_job(cast: Cast) -> None:
    desk = Api(cast, cast.product)
    table = "编码,名称\n,\n".encode("utf-8-sig")

    def send(key: str, status: int, **more: str) -> dict[str, Any]:
        from django.core.files.uploadedfile import SimpleUploadedFile

        sent = {"file": SimpleUploadedFile("goods.csv", table, "text/csv"), "is_dry_run": "true", **more}
        answer = desk.client.post("/api/v1/catalogue/imports", sent, headers={**desk.headers, "idempotency-key": key})
        assert answer.status_code == status, answer.content
        return dict(answer.json())

    job = send("k", 202)
    assert send("k", 202)["id"] == job["id"]
    read = desk.get(f"jobs/{job['id']}")
    assert read["kind"] == "catalogue.import_products"
    Api(cast, cast.buyer_c1).get(f"jobs/{job['id']}", 404)
    kept = StoredFile.objects.count()
    assert send("k2", 422, colour="red")["errors"][0]["field"] == "colour"
    desk.post("catalogue/imports", {}, 415)
    Api(cast, cast.buyer_c1).post("catalogue/imports", {}, 403)
    assert StoredFile.objects.count() == kept


def test_a_statement_is_asked_for_by_code_where_names_repeat(cast: Cast) -> None:
    pay_in(actor=cast.finance, command=PayIn(cast.c2.pk, 5_000, "BANK-1"))
    finance = Api(cast, cast.finance)
    assert len(finance.get(f"account/statement?buyer={cast.c2.name}")["rows"]) == 1
    Party.objects.filter(dealer_id__in=[cast.c1.pk, cast.c2.pk]).update(name="德州新名酒")
    refused = finance.get("account/statement?buyer=德州新名酒", 422)
    assert (refused["errors"][0]["code"], refused["errors"][0]["field"]) == ("ledger.buyer_ambiguous", "buyer")
    assert [len(finance.get(f"dealers/{code}/statement")["rows"]) for code in ("C1", "C2")] == [0, 1]
    assert finance.get("dealers/C2/statement?until=2020-01-31")["until"] == "2020-01-31"
    finance.get("dealers/NONE/statement", 404)
    Api(cast, cast.admin_c1).get("dealers/C2/statement", 404)
    Api(cast, cast.rep).get("dealers/C2/statement", 403)


def test_a_program_fetches_the_file_its_job_made(cast: Cast) -> None:
    table = "行,原因\n".encode("utf-8-sig")
    house, seat_id = cast.product.dealer_id, cast.product.seat_id
    kept = keep_produced(name="a.csv", content=table, content_type=Type.CSV, dealer_id=house, seat_id=seat_id)
    facts = {"kind": "catalogue.import_products", "dealer_id": kept.dealer_id, "created_at": clock.now()}
    seat = {"seat_id": cast.product.seat_id, "person_id": cast.product.person_id}
    job = Job.objects.create(result_file_id=kept.pk, **facts, **seat)
    address = Api(cast, cast.product).get(f"jobs/{job.pk}")["result_file"]
    assert address == f"/api/v1/jobs/{job.pk}/file"
    for actor in (cast.product, cast.admin):
        api = Api(cast, actor)
        answer = api.client.get(address, headers=api.headers)
        assert (answer.status_code, answer.getvalue()) == (200, table)
    narrow = Api(cast, cast.product, codes=("catalogue.read",))
    narrow.get(f"jobs/{job.pk}/file", 404)
    Api(cast, cast.pricing).get(f"jobs/{job.pk}/file", 404)
    Api(cast, cast.admin_c1).get(f"jobs/{job.pk}/file", 404)
    bare = Job.objects.create(**facts, **seat)
    Api(cast, cast.product).get(f"jobs/{bare.pk}/file", 404)


def test_me_is_the_seat_of_the_token(cast: Cast) -> None:
    me = Api(cast, cast.buyer_c1, codes=("orders.read", "orders.place")).get("me")
    assert (me["side"], me["house"], me["is_token"]) == ("dealer", "泉城名酒", True)
    assert me["permissions"] == ["orders.place", "orders.read"]


NOBODYS = "00000000-0000-0000-0000-000000000000"


def _nobodys(name: str, told: dict[str, Any]) -> str:
    """An id nobody has, of the kind its address takes."""
    places = [one for one in told.get("parameters", ()) if (one["in"], one["name"]) == ("path", name)]
    if any(one["schema"]["type"] == "integer" for one in places):
        return "999999"
    return NOBODYS if name.endswith("_id") else "X"


def test_every_resource_wants_to_know_who_asks(cast: Cast) -> None:
    nobody = visitor(cast.portal)
    for path, methods in document()["paths"].items():
        for method, told in methods.items():
            ids = {name: _nobodys(name, told) for name in re.findall(r"\{(\w+)\}", path)}
            address = path.format(**ids)
            answer = getattr(nobody, method)(address)
            assert answer.status_code == 401, (method, path)
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["request_id"] == answer["X-Request-ID"]


def test_a_wrong_method_is_told(cast: Cast) -> None:
    refused = Api(cast, cast.buyer_c1).send("delete", "orders", 405)
    assert refused["status"] == 405


def test_a_price_that_looks_like_a_slip_is_sent_as_meant(cast: Cast) -> None:
    desk = Api(cast, cast.pricing)
    change: dict[str, Any] = {"sku": cast.skus[1].code, "unit": "CASE", "amount": "19800.00"}
    (fault,) = desk.put("price-lists/NAT/entries", {"changes": [change]}, 409)["errors"]
    assert (fault["code"], fault["line"], fault["fields"]["before"]) == ("price.leaps", 1, 198_000)
    assert desk.put("price-lists/NAT/entries", {"changes": [change | {"is_meant": True}]})["written"] == 1
    desk.put("price-lists/NAT/entries", {"changes": [change | {"is_meant": "yes"}]}, 422)
