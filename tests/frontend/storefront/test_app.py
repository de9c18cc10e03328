"""The portal as an app: what phones ask for without a person, what a device may keep, lists that arrive late."""

import json
import re

import pytest

from core.catalogue.models import Sku
from ordering.orders.selectors import cart_of, pad_of
from tests.cast import Cast
from tests.clients import HostClient, visitor
from tests.frontend.storefront.conftest import Opens, statements
from tests.frontend.storefront.pads import HTMX, lying, many_products
from tests.portals import CHISHUI, XINGHE


def facts_of(source: str) -> dict[str, object]:
    """What the server tells the worker."""
    found = re.match(r"const FACTS = (\{.*\});\n", source)
    assert found is not None
    facts: dict[str, object] = json.loads(found[1])
    return facts


def test_the_manifest_names_the_brand_and_draws_its_seal(cast: Cast) -> None:
    anybody = visitor(XINGHE)
    answer = anybody.get("/manifest.webmanifest")
    found = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert (found["name"], found["short_name"], found["start_url"]) == ("杏禾酒业订货", "杏禾酒业", "/?from=app")
    assert {one["purpose"] for one in found["icons"]} == {"any", "maskable"}
    for one in found["icons"]:
        drawn = anybody.get(one["src"])
        assert drawn["Content-Type"].startswith("image/svg+xml")
        assert ">杏<" in drawn.content.decode()
    assert json.loads(visitor(CHISHUI).get("/manifest.webmanifest").content)["name"] != found["name"]


def test_the_worker_is_made_anew_for_another_language_and_keeps_the_shell_only(cast: Cast) -> None:
    anybody = visitor(XINGHE)
    answer = anybody.get("/sw.js")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/javascript; charset=utf-8", "no-cache")
    facts = facts_of(answer.content.decode())
    assert facts["offline"] == "/offline/?language=zh-hans"
    files = facts["files"]
    assert isinstance(files, list)
    assert all(str(one).startswith(("/static/", "/theme.css")) for one in files)
    assert any("js/shelf" in str(one) for one in files), "modules that modules import go with them"
    assert facts == facts_of(anybody.get("/sw.js").content.decode())
    anybody.cookies["jm_language"] = "en"
    assert facts_of(anybody.get("/sw.js").content.decode())["version"] != facts["version"]


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "没有网络"), ("en", "No connection"), ("<b>", "没有网络")])
def test_the_kept_page_knows_nobody(cast: Cast, as_: Opens, language: str, words: str) -> None:
    text = as_("buyer_c1").get("/offline/", {"language": language}).content.decode()
    assert words in text
    assert "采购员乙" not in text
    assert "X-CSRFToken" not in text
    assert "csrfmiddlewaretoken" not in text
    assert "¥" not in text


def test_a_device_learns_names_and_no_prices_with_constant_statements(cast: Cast, buyer: HostClient) -> None:
    buyer.get("/pad/goods/")  # brand and seat are remembered from here on
    with statements() as few:
        found = buyer.get("/pad/goods/").json()
    assert found["seat"] == str(cast.seats["buyer_c1"].pk)
    one = next(row for row in found["goods"] if row["code"] == cast.skus[1].code)
    assert (one["gtin13"], one["bottles_per_case"]) == (cast.skus[1].gtin13, cast.skus[1].bottles_per_case)
    assert not {"price", "amount", "unit_price"} & one.keys()
    many_products(cast, 50)
    with statements() as many:
        assert len(buyer.get("/pad/goods/").json()["goods"]) > 50
    assert len(many) == len(few)


def test_a_list_of_the_device_arrives_once_in_its_own_seat(cast: Cast, buyer: HostClient, as_: Opens) -> None:
    form = {"text": f"{cast.skus[1].code} 4", "key": "d-1", "seat": str(cast.seats["buyer_c1"].pk)}
    first, second = (buyer.post("/pad/sent/", form).json() for _ in range(2))
    assert (first["is_repeated"], second["is_repeated"]) == (False, True)
    assert lying(cast) == {cast.skus[1].code: 4}
    assert as_("admin_c1").post("/pad/sent/", form).status_code == 409
    assert lying(cast, "admin_c1") == {}
    buyer.post("/pad/lines/", {"text": form["text"], "key": "d-1"})
    assert lying(cast) == {cast.skus[1].code: 4}, "the pad's own door is the same list"
    refused = buyer.post("/pad/sent/", {**form, "key": "d-2", "text": "\n".join(f"品{n} 1" for n in range(501))})
    assert refused.status_code == 422
    assert "501" in refused.json()["told"]


def test_only_the_scan_page_may_use_a_camera(cast: Cast, buyer: HostClient) -> None:
    assert "camera=(self)" in buyer.get("/pad/scan/")["Permissions-Policy"]
    for path in ("/pad/", "/checkout/", "/"):
        assert "camera=()" in buyer.get(path)["Permissions-Policy"]


def test_a_code_adds_what_carries_it_and_says_so(cast: Cast, buyer: HostClient) -> None:
    both = cast.skus[3]
    assert both.sells_in == "BOTH"
    buyer.post("/pad/scan/code/", {"code": both.gtin13}, headers=HTMX)
    buyer.post("/pad/scan/code/", {"code": both.gtin13}, headers=HTMX)
    answer = buyer.post("/pad/scan/code/", {"code": both.gtin14}, headers=HTMX)
    assert json.loads(answer["HX-Trigger"]) == {"scanned": {"tone": "good"}}
    assert "加 1 · 订货车现有 1 箱" in answer.content.decode()
    found = {(item.sku_code, item.unit.value): item.quantity for item in cart_of(cast.buyer_c1).items}
    assert found == {(both.code, "BOTTLE"): 2, (both.code, "CASE"): 1}


def test_the_same_scan_sent_twice_counts_once(cast: Cast, buyer: HostClient) -> None:
    for _ in range(2):
        buyer.post("/pad/scan/code/", {"code": cast.skus[1].gtin14, "key": "s-1"}, headers=HTMX)
    assert lying(cast) == {cast.skus[1].code: 1}


def test_an_unknown_code_is_told_and_adds_nothing(cast: Cast, buyer: HostClient) -> None:
    for code in ("6999999999997", "<b>", "", "１２３"):
        answer = buyer.post("/pad/scan/code/", {"code": code}, headers=HTMX)
        assert json.loads(answer["HX-Trigger"]) == {"scanned": {"tone": "bad"}}
        assert "没有条码为" in answer.content.decode()
        assert "<b>" not in answer.content.decode()
    assert lying(cast) == {}
    assert pad_of(cast.actor("buyer_c1")).asides == ()


def test_one_bottle_in_two_packs_is_asked_about(cast: Cast, buyer: HostClient) -> None:
    row = Sku.objects.filter(pk=cast.skus[1].pk).values().get()
    like = {name: value for name, value in row.items() if name != "id"}
    other = Sku.objects.create(**{**like, "code": "XH-QX-530-0500-Y20-12", "bottles_per_case": 12, "gtin14": ""})
    answer = buyer.post("/pad/scan/code/", {"code": cast.skus[1].gtin13}, headers=HTMX).content.decode()
    assert "是哪一种" in answer
    assert lying(cast) == {}
    buyer.post("/pad/scan/code/", {"code": cast.skus[1].gtin13, "sku": other.code}, headers=HTMX)
    assert lying(cast) == {other.code: 1}
    buyer.post("/pad/lines/", {"text": cast.skus[1].gtin13, "scan": "1"})
    assert [one.quantity for one in pad_of(cast.actor("buyer_c1")).asides] == [1], "the pad keeps it, to be told"


def test_the_page_without_a_connection_keeps_nobodys_words(cast: Cast, buyer: HostClient) -> None:
    buyer.post("/lists/", {"name": "秘密清单"})
    answer = buyer.get("/offline/")
    assert "秘密清单" not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert "public" in visitor(XINGHE).get("/offline/")["Cache-Control"]
    assert "秘密清单" in buyer.get("/lists/").content.decode(), "the word is told where it belongs"
