"""The order pad: paste, type, scan; refused lines stay; nothing typed is lost; totals at once."""

import pytest

from ordering.orders.selectors import pad_of
from ordering.orders.services import (
    MendAside,
    mend_aside,
)
from ordering.promotions.rules.policies import Gift
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.policies import make_policy
from tests.frontend.storefront.conftest import Opens, statements
from tests.frontend.storefront.pads import HTMX, kept, lying, many_products, paste


def test_a_typed_line_with_pinyin_initials_goes_into_the_cart(cast: Cast, buyer: HostClient) -> None:
    paste(buyer, "xhzc 2")
    assert lying(cast) == {cast.skus[2].code: 2}


def test_initials_and_parts_of_names_do_in_a_block_too(cast: Cast, buyer: HostClient) -> None:
    """As for one typed line; letters no product begins with stay, and mending the figure alone is enough."""
    paste(buyer, "xhzc 2\nxhqq 1\n珍藏 -3")
    assert lying(cast) == {cast.skus[2].code: 2}
    assert [line.term for line in pad_of(cast.buyer_c1).asides] == ["xhqq", "珍藏"]
    mend_aside(actor=cast.buyer_c1, command=MendAside(int(kept(cast, 1)), quantity=5))
    assert lying(cast) == {cast.skus[2].code: 7}


def test_pasted_rows_of_a_spreadsheet_are_priced_with_the_dealers_own_ladder(cast: Cast, buyer: HostClient) -> None:
    text = paste(buyer, f"{cast.skus[1].code}\t10\n{cast.skus[3].code}\t5箱")
    assert "¥17,000.00" in text  # ten cases at the second step
    assert "¥18,800.00" in text


def test_a_scanned_barcode_adds_one_case_each_time(cast: Cast, buyer: HostClient) -> None:
    paste(buyer, cast.skus[1].gtin13)
    paste(buyer, cast.skus[1].gtin14)
    assert lying(cast) == {cast.skus[1].code: 2}


def test_a_bottles_code_of_goods_sold_by_the_case_says_that_a_case_was_added(cast: Cast, buyer: HostClient) -> None:
    for code, is_told in ((cast.skus[1].gtin13, True), (cast.skus[1].gtin14, False), (cast.skus[3].gtin13, False)):
        text = buyer.post("/pad/scan/code/", {"code": code}, HTTP_HX_REQUEST="true").content.decode()
        assert ("只按整箱卖，已加一整箱" in text) == is_told


def test_a_line_without_enough_stock_stays_with_its_way_out(cast: Cast, buyer: HostClient) -> None:
    text = paste(buyer, f"{cast.skus[2].code} 7\n{cast.skus[1].code} 1")
    assert "库存不足" in text
    assert "改为 2 箱" in text
    assert "¥1,780.00" in text
    assert lying(cast)[cast.skus[2].code] == 7
    buyer.post("/pad/line/", {"sku": cast.skus[2].code, "unit": "CASE", "quantity": "2", "new_unit": "CASE"})
    assert lying(cast)[cast.skus[2].code] == 2


def test_an_unknown_line_is_kept_as_typed_and_can_be_dropped(cast: Cast, buyer: HostClient) -> None:
    text = paste(buyer, "完全不存在的东西 9箱")
    assert "完全不存在的东西" in text
    assert lying(cast) == {}
    assert "完全不存在的东西" in buyer.get("/pad/").content.decode()
    buyer.post("/pad/aside/", {"id": kept(cast), "act": "drop"})
    assert "完全不存在的东西" not in buyer.get("/pad/").content.decode()


def test_a_misspelled_line_offers_the_nearest_product(cast: Cast, buyer: HostClient) -> None:
    text = paste(buyer, "杏禾珍葬 52度 2箱")
    assert "就是它" in text
    buyer.post("/pad/aside/", {"id": kept(cast), "act": "take", "sku": cast.skus[2].code})
    assert lying(cast) == {cast.skus[2].code: 2}


def test_a_quantity_no_cart_can_hold_is_told_in_its_line_with_ways_out(cast: Cast, buyer: HostClient) -> None:
    paste(buyer, f"{cast.skus[1].code} 1\n杏禾珍葬 52度 99999999箱\n{cast.skus[3].code} 99999999箱")
    answer = buyer.post("/pad/aside/", {"id": kept(cast), "act": "take", "sku": cast.skus[2].code}, follow=True)
    text = answer.content.decode()
    assert answer.redirect_chain == [("/pad/", 302)]
    assert text.count("99,999,999 太多") == 2
    assert "部分行不能通过" not in text
    assert text.count("改为 1 箱") == 2
    assert lying(cast) == {cast.skus[1].code: 1}
    buyer.post("/pad/aside/", {"id": kept(cast), "act": "quantity", "quantity": "2", "unit": "CASE"})
    assert lying(cast) == {cast.skus[1].code: 1, cast.skus[2].code: 2}


def test_pasting_what_lies_in_the_cart_says_what_was_there_and_what_came(cast: Cast, buyer: HostClient) -> None:
    paste(buyer, f"{cast.skus[1].code} 35")
    text = paste(buyer, f"{cast.skus[1].code} 2箱\n{cast.skus[3].code} 1箱\n杏禾珍葬 52度 2箱")
    assert "原 35 箱 + 2 箱" in text
    assert "其中 1 行订货车里已有" in text
    text = buyer.post(
        "/pad/aside/", {"id": kept(cast), "act": "take", "sku": cast.skus[2].code}, follow=True
    ).content.decode()
    assert text.count("原 35 箱 + 2 箱") == 1, "a line put right elsewhere does not hide it"
    buyer.post("/pad/line/", {"sku": cast.skus[1].code, "unit": "CASE", "quantity": "2"})
    assert "原 35 箱" not in buyer.get("/pad/").content.decode()


def test_a_line_whose_product_is_known_shows_it_and_a_whole_quantity(cast: Cast, buyer: HostClient) -> None:
    text = paste(buyer, f"{cast.skus[1].code} 1.5箱\n{cast.skus[1].code} -2\n杏禾珍葬 1.5箱\n🍶🍶 5")
    assert text.count("<strong>未识别的商品<") == 1
    assert text.count("改为 2 箱") == 2
    assert "此行没有商品" in text
    text = buyer.post(
        "/pad/aside/", {"id": kept(cast, 2), "act": "take", "sku": cast.skus[2].code}, follow=True
    ).content.decode()
    assert text.count("改为 2 箱") == 3
    buyer.post("/pad/aside/", {"id": kept(cast, 2), "act": "quantity", "quantity": "2", "unit": "CASE"})
    assert lying(cast) == {cast.skus[2].code: 2}


def test_a_line_without_quantity_waits_for_one(cast: Cast, buyer: HostClient) -> None:
    paste(buyer, f"{cast.skus[1].code}\n{cast.skus[2].code} 1")
    assert lying(cast) == {cast.skus[2].code: 1}
    buyer.post("/pad/aside/", {"id": kept(cast), "act": "quantity", "quantity": "３"})
    assert lying(cast) == {cast.skus[2].code: 1, cast.skus[1].code: 3}


@pytest.mark.parametrize("typed", ["<script>alert(1)</script> 3", "🍾🍾 5箱", "\u202eabc 2", "%s %(x)s 4", "\x00 1"])
def test_strange_input_is_shown_harmlessly(buyer: HostClient, typed: str) -> None:
    text = paste(buyer, typed)
    assert "<script>alert" not in text


def test_too_many_lines_are_refused_with_all_of_them_still_there(buyer: HostClient) -> None:
    typed = "\n".join(f"品{number} 1" for number in range(501))
    answer = buyer.post("/pad/lines/", {"text": typed})
    assert answer.status_code == 422
    assert "品499 1" in answer.content.decode()


def test_what_is_no_quantity_changes_nothing_and_says_so(cast: Cast, buyer: HostClient) -> None:
    paste(buyer, f"{cast.skus[1].code} 4")
    answer = buyer.post("/pad/line/", {"sku": cast.skus[1].code, "unit": "CASE", "quantity": "-4<b>"})
    assert answer.status_code == 422
    assert "-4&lt;b&gt;" in answer.content.decode()
    assert lying(cast) == {cast.skus[1].code: 4}


def test_a_stepper_sends_back_its_line_and_the_totals_only(cast: Cast, buyer: HostClient) -> None:
    paste(buyer, f"{cast.skus[1].code} 4\n{cast.skus[3].code} 1")
    line = {"sku": cast.skus[1].code, "unit": "CASE", "quantity": "10"}
    text = buyer.post("/pad/line/", line, headers=HTMX).content.decode()
    assert f'id="l-{cast.skus[1].code}-CASE"' in text
    assert f'id="l-{cast.skus[3].code}-CASE"' not in text
    assert "¥17,360.00" in text


def test_going_on_sets_the_bad_lines_aside_and_keeps_them(cast: Cast, buyer: HostClient) -> None:
    paste(buyer, f"{cast.skus[2].code} 7\n{cast.skus[1].code} 1")
    answer = buyer.post("/pad/checkout/")
    assert answer["Location"] == "/checkout/"
    assert lying(cast) == {cast.skus[1].code: 1}
    assert "珍藏" in buyer.get("/pad/").content.decode()


def test_a_line_set_aside_takes_nothing_from_the_gifts(cast: Cast, buyer: HostClient) -> None:
    make_policy(cast.root, "GIFT", Gift(1, 1, sku=cast.skus[2].code))
    text = paste(buyer, f"{cast.skus[2].code} 7\n{cast.skus[1].code} 1")
    assert "deal-gifts" in text
    assert "库存不足：应赠" not in text, "of the two cases there one is given, and the line that is short takes none"
    assert "pad/checkout/" in text
    text = paste(buyer, f"{cast.skus[1].code} 3")
    assert f"{cast.skus[2].name} 库存不足：应赠" in text, "what the good line earns is held against all there is"
    assert "还剩 2 箱" in text


def test_nothing_to_order_does_not_lead_to_the_checkout(buyer: HostClient) -> None:
    assert buyer.post("/pad/checkout/")["Location"] == "/pad/"


def test_the_pad_of_a_colleague_is_another(cast: Cast, buyer: HostClient, as_: Opens) -> None:
    paste(buyer, f"{cast.skus[1].code} 4\n没有这个 3")
    text = as_("admin_c1").get("/pad/").content.decode()
    assert "没有这个" not in text
    assert lying(cast, "admin_c1") == {}


def test_a_change_keeps_the_page_the_window_shows(cast: Cast, buyer: HostClient) -> None:
    codes = many_products(cast, 60)
    paste(buyer, "\n".join(f"{code} 1" for code in codes))
    here = {**HTMX, "hx-current-url": f"http://{cast.portal.host}/pad/?page=2"}
    text = buyer.post("/pad/line/", {"sku": codes[-1], "unit": "CASE", "quantity": "0"}, headers=here).content.decode()
    assert text.count('class="pad__line"') == 9
    assert f'id="l-{codes[50]}-CASE"' in text
    assert f'id="l-{codes[0]}-CASE"' not in text
    assert f'href="/pad/?show=bad#l-{codes[0]}-CASE"' in text, "the first bad line is on another page"


def test_one_line_and_five_hundred_cost_the_same_statements(cast: Cast, buyer: HostClient) -> None:
    codes = many_products(cast, 500)
    paste(buyer, f"{codes[0]} 1\n没有这个 1")
    with statements() as few:
        buyer.get("/pad/")
    with statements() as few_pasted:
        paste(buyer, f"{codes[0]} 1", headers=HTMX)
    paste(buyer, "\n".join(f"{code} 1" for code in codes))
    with statements() as many:
        assert buyer.get("/pad/").status_code == 200
    with statements() as many_pasted:
        paste(buyer, "\n".join(f"{code} 1" for code in codes), headers=HTMX)
    assert len(many) == len(few), "\n".join(many)
    assert len(many_pasted) == len(few_pasted), "\n".join(many_pasted)
    assert len(many) <= 14, "\n".join(many)
    assert len(many_pasted) <= 22, "\n".join(many_pasted)


def test_one_paste_tells_one_figure_and_warns_where_something_needs_a_look(cast: Cast, buyer: HostClient) -> None:
    text = paste(buyer, f"{cast.skus[1].code} 1\n没有的酒 2")
    assert "已加入 1 行。 要处理的已标出。" in text
    assert 'data-tone="warn"' in text.split('class="toast"')[1][:200]
