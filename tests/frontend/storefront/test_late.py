"""The pad of a device without a connection: what it keeps, and what arrives once."""

import json

import pytest

from ordering.orders.services import undo_pad
from tests.cast import Cast
from tests.clients import HostClient
from tests.frontend.storefront.conftest import Opens, statements
from tests.frontend.storefront.pads import lying, many_products, paste


def sent(cast: Cast, buyer: HostClient, rows: list[list[object]], key: str = "late-1") -> str:
    form = {"lines": json.dumps(rows), "key": key, "seat": str(cast.seats["buyer_c1"].pk)}
    answer = buyer.post("/pad/sent/", form)
    assert answer.status_code == 200, answer.content
    told: str = answer.json()["told"]
    return told


def test_the_device_keeps_the_pad_with_its_prices_in_words(cast: Cast, buyer: HostClient) -> None:
    paste(buyer, f"{cast.skus[1].code} 4\n{cast.skus[3].code} 2\n没有这个品 3")
    answer = buyer.get("/pad/kept/")
    found = answer.json()
    assert answer["Cache-Control"] == "private, no-store"
    assert found["seat"] == str(cast.seats["buyer_c1"].pk)
    first = next(row for row in found["lines"] if row["sku"] == cast.skus[1].code)
    assert (first["quantity"], first["unit"], first["name"]) == (4, "CASE", cast.skus[1].name)
    assert first["price"].startswith("¥")
    assert found["total"].startswith("¥")
    assert [row["quantity"] for row in found["lines"] if not row["sku"]] == [3], "a line to mend is read only"


def test_keeping_it_takes_the_same_statements_for_many_lines(cast: Cast, buyer: HostClient) -> None:
    paste(buyer, f"{cast.skus[1].code} 4")
    buyer.get("/pad/kept/")
    with statements() as few:
        buyer.get("/pad/kept/")
    paste(buyer, "\n".join(f"{code} 1" for code in many_products(cast, 40)))
    with statements() as many:
        assert len(buyer.get("/pad/kept/").json()["lines"]) == 41
    assert len(many) <= len(few) + 1
    assert not [one for one in many if "funded_until" in one], "what it does not show is not asked for"


def test_changes_of_the_device_arrive_once(cast: Cast, buyer: HostClient) -> None:
    one, three = cast.skus[1].code, cast.skus[3].code
    paste(buyer, f"{one} 4\n{three} 2")
    rows: list[list[object]] = [[one, "CASE", 4, 9], [three, "CASE", 2, 0]]
    assert "离线修改的 2 行已保存" in sent(cast, buyer, rows)
    assert lying(cast) == {one: 9}
    buyer.post("/pad/line/", {"sku": one, "unit": "CASE", "quantity": "4"})
    sent(cast, buyer, rows)
    assert lying(cast) == {one: 4}, "the same key again does nothing"


def test_what_was_changed_elsewhere_since_stays(cast: Cast, buyer: HostClient) -> None:
    one, three = cast.skus[1].code, cast.skus[3].code
    paste(buyer, f"{one} 5\n{three} 2")
    told = sent(cast, buyer, [[one, "CASE", 4, 9], [three, "CASE", 2, 3], ["XH-NIL", "CASE", 1, 2]])
    assert lying(cast) == {one: 5, three: 3}
    assert "2 行之后又改过" in told
    undo_pad(actor=cast.buyer_c1)
    assert lying(cast) == {one: 5, three: 2}


def test_several_lines_are_taken_back_together(cast: Cast, buyer: HostClient) -> None:
    one, three = cast.skus[1].code, cast.skus[3].code
    paste(buyer, f"{one} 4\n{three} 2")
    sent(cast, buyer, [[one, "CASE", 4, 9], [three, "CASE", 2, 0]])
    assert "撤销：修改 2 行" in buyer.get("/pad/").content.decode()
    buyer.post("/pad/undo/")
    assert lying(cast) == {one: 4, three: 2}


@pytest.mark.parametrize(
    "text", ["", "{", "7", "[[1]]", '[["A","CASE",-1,"x"]]', '[["A","CASE",1,-4]]', "\x00", "null"]
)
def test_anything_else_is_refused(cast: Cast, buyer: HostClient, text: str) -> None:
    paste(buyer, f"{cast.skus[1].code} 4")
    form = {"lines": text, "key": "late-2", "seat": str(cast.seats["buyer_c1"].pk)}
    assert buyer.post("/pad/sent/", form).status_code == 422
    assert lying(cast) == {cast.skus[1].code: 4}


def test_another_seat_sends_nothing(cast: Cast, as_: Opens) -> None:
    form = {"lines": "[]", "key": "late-3", "seat": str(cast.seats["buyer_c1"].pk)}
    assert as_("admin_c1").post("/pad/sent/", form).status_code == 409
