"""The order pad: paste, type, scan; refused lines stay; nothing typed is lost; totals at once."""

from datetime import timedelta

import pytest

from core.catalogue.models import Sku
from core.kernel import clock
from core.kernel.quantity import Unit
from ordering.orders.errors import NothingToUndo
from ordering.orders.selectors import Cart, cart_of, pad_of
from ordering.orders.services import (
    CartLine,
    MendAside,
    PlaceOrder,
    SaveCart,
    mend_aside,
    paste_into_pad,
    place_order,
    save_cart,
    set_aside,
    undo_pad,
)
from tests.cast import Cast
from tests.clients import HostClient
from tests.frontend.storefront.conftest import Opens, statements

HTMX = {"hx-request": "true"}


def lying(cast: Cast, key: str = "buyer_c1") -> dict[str, int]:
    cart: Cart = cart_of(cast.actor(key))
    return {item.sku_code: item.quantity for item in cart.items}


def kept(cast: Cast, place: int = 0, key: str = "buyer_c1") -> str:
    """Id of a line kept beside the cart, the oldest first."""
    return str(pad_of(cast.actor(key)).asides[place].id)


def paste(client: HostClient, text: str, headers: dict[str, str] | None = None) -> str:
    answer = client.post("/pad/lines/", {"text": text}, follow=True, headers=headers)
    assert answer.status_code == 200, answer.content.decode()[:3000]
    return str(answer.content.decode())


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


def test_nothing_to_order_does_not_lead_to_the_checkout(buyer: HostClient) -> None:
    assert buyer.post("/pad/checkout/")["Location"] == "/pad/"


def test_the_pad_of_a_colleague_is_another(cast: Cast, buyer: HostClient, as_: Opens) -> None:
    paste(buyer, f"{cast.skus[1].code} 4\n没有这个 3")
    text = as_("admin_c1").get("/pad/").content.decode()
    assert "没有这个" not in text
    assert lying(cast, "admin_c1") == {}


def test_emptying_the_pad_can_be_taken_back(cast: Cast, buyer: HostClient) -> None:
    paste(buyer, f"{cast.skus[1].code} 4\n{cast.skus[3].code} 2\n没有这个 3")
    before = buyer.get("/pad/").content.decode()
    text = buyer.post("/pad/clear/", follow=True).content.decode()
    assert lying(cast) == {}
    assert "没有这个" not in text
    assert "撤销：清空 3 行" in text
    text = buyer.post("/pad/undo/", follow=True).content.decode()
    assert list(lying(cast).items()) == [(cast.skus[1].code, 4), (cast.skus[3].code, 2)]
    assert "没有这个" in text
    assert text.count('class="pad__line"') == before.count('class="pad__line"') == 3
    assert "没有可以撤销的了" in buyer.post("/pad/undo/").content.decode(), "once"


def test_a_paste_is_taken_back_and_leaves_alone_what_was_set_since(cast: Cast, buyer: HostClient) -> None:
    paste(buyer, f"{cast.skus[1].code} 4")
    paste(buyer, f"{cast.skus[1].code} 2\n{cast.skus[3].code} 5\n没有这个 3\n杏禾珍葬 52度 2箱")
    buyer.post("/pad/aside/", {"id": kept(cast, 1), "act": "take", "sku": cast.skus[2].code})
    buyer.post("/pad/line/", {"sku": cast.skus[4].code, "unit": "CASE", "quantity": "1"})
    assert len(lying(cast)) == 4
    buyer.post("/pad/undo/")
    assert lying(cast) == {cast.skus[1].code: 4, cast.skus[4].code: 1}
    assert pad_of(cast.actor("buyer_c1")).asides == ()


def test_a_removed_line_comes_back_to_its_place(cast: Cast, buyer: HostClient) -> None:
    paste(buyer, f"{cast.skus[1].code} 4\n{cast.skus[2].code} 1\n{cast.skus[3].code} 2")
    buyer.post("/pad/line/", {"sku": cast.skus[2].code, "unit": "CASE", "quantity": "0"})
    assert list(lying(cast)) == [cast.skus[1].code, cast.skus[3].code]
    buyer.post("/pad/undo/")
    assert list(lying(cast)) == [cast.skus[1].code, cast.skus[2].code, cast.skus[3].code]


def test_a_line_set_to_something_else_since_is_not_taken_back(cast: Cast, buyer: HostClient) -> None:
    paste(buyer, f"{cast.skus[1].code} 5")
    paste(buyer, f"{cast.skus[1].code} 10\n{cast.skus[3].code} 2")
    buyer.post("/pad/line/", {"sku": cast.skus[1].code, "unit": "CASE", "quantity": "40"})
    text = buyer.post("/pad/undo/", follow=True).content.decode()
    assert lying(cast) == {cast.skus[1].code: 40}
    assert "已撤销，1 行恢复原样。 1 行之后又改过，保持不变。" in text


def test_what_was_ordered_is_not_laid_into_the_next_cart(cast: Cast, buyer: HostClient) -> None:
    paste(buyer, f"{cast.skus[1].code} 5")
    paste(buyer, f"{cast.skus[1].code} 10")
    with clock.at(clock.now() + timedelta(minutes=1)):
        place_order(actor=cast.buyer_c1, command=PlaceOrder())
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert pad_of(cast.buyer_c1).last is None
        with pytest.raises(NothingToUndo):
            undo_pad(actor=cast.buyer_c1)
        paste_into_pad(actor=cast.buyer_c1, text=f"{cast.skus[3].code} 2")
        undo_pad(actor=cast.buyer_c1)
    assert lying(cast) == {}


def test_a_line_mended_late_does_not_open_its_paste_again(cast: Cast, buyer: HostClient) -> None:
    actor = cast.buyer_c1
    with clock.at(clock.now() - timedelta(minutes=10)):
        paste_into_pad(actor=actor, text=f"{cast.skus[1].code} 5\n没有这个 4箱\n也没有这个 6箱")
    mend_aside(actor=actor, command=MendAside(int(kept(cast)), sku_code=cast.skus[3].code))
    with clock.at(clock.now() + timedelta(minutes=6)):
        mend_aside(actor=actor, command=MendAside(int(kept(cast)), sku_code=cast.skus[4].code))
        with pytest.raises(NothingToUndo):
            undo_pad(actor=actor)
    assert lying(cast) == {cast.skus[1].code: 5, cast.skus[3].code: 4, cast.skus[4].code: 6}


def test_what_is_set_aside_twice_adds_up(cast: Cast) -> None:
    actor, code = cast.buyer_c1, cast.skus[1].code
    for quantity in (10, 20):
        save_cart(actor=actor, command=SaveCart((CartLine(code, quantity),)))
        set_aside(actor=actor, keys=[(code, Unit.CASE)])
    (one,) = pad_of(actor).asides
    assert (one.term, one.quantity, lying(cast)) == (code, 30, {})


def test_ordering_again_keeps_the_note_and_the_rest_and_twice_is_once(cast: Cast, buyer: HostClient) -> None:
    actor, (a, b) = cast.buyer_c1, (cast.skus[1].code, cast.skus[3].code)
    save_cart(actor=actor, command=SaveCart((CartLine(a, 5),)))
    number = place_order(actor=actor, command=PlaceOrder()).number
    save_cart(actor=actor, command=SaveCart((CartLine(a, 9), CartLine(b, 2)), note="请周五送"))
    for _ in range(2):
        buyer.post(f"/orders/{number}/again/")
    assert list(lying(cast).items()) == [(b, 2), (a, 5)]
    assert cart_of(actor).note == "请周五送"


def test_after_a_quarter_of_an_hour_nothing_is_taken_back(cast: Cast, buyer: HostClient) -> None:
    with clock.at(clock.now() - timedelta(minutes=16)):
        paste_into_pad(actor=cast.actor("buyer_c1"), text=f"{cast.skus[1].code} 4")
    with pytest.raises(NothingToUndo):
        undo_pad(actor=cast.actor("buyer_c1"))
    assert lying(cast) == {cast.skus[1].code: 4}


def test_all_bad_lines_go_at_once(cast: Cast, buyer: HostClient) -> None:
    paste(buyer, f"{cast.skus[1].code} 4\n{cast.skus[2].code} 700\n没有这个 3\n{cast.skus[3].code} 1.5")
    text = buyer.post("/pad/bad/", follow=True).content.decode()
    assert "移除了 3 行" in text
    assert lying(cast) == {cast.skus[1].code: 4}
    buyer.post("/pad/undo/")
    assert lying(cast) == {cast.skus[1].code: 4, cast.skus[2].code: 700}
    assert len(pad_of(cast.actor("buyer_c1")).asides) == 2


def test_the_same_list_sent_twice_is_added_once(cast: Cast, buyer: HostClient) -> None:
    form = {"text": f"{cast.skus[1].code} 4\n没有这个 3", "key": "k-1"}
    buyer.post("/pad/lines/", form)
    assert "没有重复添加" in buyer.post("/pad/lines/", form, follow=True).content.decode()
    assert lying(cast) == {cast.skus[1].code: 4}
    assert len(pad_of(cast.actor("buyer_c1")).asides) == 1
    other = buyer.post("/pad/lines/", {**form, "text": f"{cast.skus[1].code} 9"})
    assert other.status_code == 422
    assert lying(cast) == {cast.skus[1].code: 4}


def test_what_two_windows_add_both_stands_and_is_told(cast: Cast, buyer: HostClient) -> None:
    seen = cart_of(cast.actor("buyer_c1")).mark
    paste(buyer, f"{cast.skus[1].code} 4")
    answer = buyer.post("/pad/lines/", {"text": f"{cast.skus[3].code} 1", "seen": seen}, headers=HTMX)
    assert "另一个窗口也改动了" in answer.content.decode()
    assert lying(cast) == {cast.skus[1].code: 4, cast.skus[3].code: 1}
    seen = cart_of(cast.actor("buyer_c1")).mark
    alone = buyer.post("/pad/lines/", {"text": f"{cast.skus[3].code} 1", "seen": seen}, headers=HTMX)
    assert "另一个窗口也改动了" not in alone.content.decode()


def test_one_line_set_in_two_windows_is_refused_and_shown(cast: Cast, buyer: HostClient) -> None:
    paste(buyer, f"{cast.skus[1].code} 4")
    line = {"sku": cast.skus[1].code, "unit": "CASE", "was": "4"}
    buyer.post("/pad/line/", {**line, "quantity": "7"}, headers=HTMX)
    refused = buyer.post("/pad/line/", {**line, "quantity": "5"}, headers=HTMX)
    text = refused.content.decode()
    assert refused.status_code == 409
    assert "现为 7 箱" in text
    assert "仍改为 5 箱" in text
    assert lying(cast) == {cast.skus[1].code: 7}
    again = buyer.post("/pad/line/", {**line, "quantity": "7"}, headers=HTMX)
    assert again.status_code == 200, "the same wish twice is no conflict"
    del line["was"]
    buyer.post("/pad/line/", {**line, "quantity": "5"}, headers=HTMX)
    assert lying(cast) == {cast.skus[1].code: 5}


def test_a_pad_changed_elsewhere_is_not_emptied_unseen(cast: Cast, buyer: HostClient) -> None:
    paste(buyer, f"{cast.skus[1].code} 4")
    seen = cart_of(cast.actor("buyer_c1")).mark
    paste(buyer, f"{cast.skus[3].code} 1")
    refused = buyer.post("/pad/clear/", {"seen": seen})
    assert refused.status_code == 409
    assert len(lying(cast)) == 2
    buyer.post("/pad/clear/", {"seen": cart_of(cast.actor("buyer_c1")).mark})
    assert lying(cast) == {}


def test_what_is_kept_survives_signing_in_anew_and_is_on_every_device(cast: Cast, as_: Opens) -> None:
    paste(as_("buyer_c1"), "没有这个 3")
    assert "没有这个" in as_("buyer_c1").get("/pad/").content.decode()


def many_products(cast: Cast, count: int) -> list[str]:
    """``count`` more products on the shelf, like the first, found by their codes; those codes."""
    codes = [f"XH-QX-530-0500-NV-06-N{number}" for number in range(count)]
    row = Sku.objects.filter(pk=cast.skus[1].pk).values().get()
    like = {name: value for name, value in row.items() if name != "id"}
    Sku.objects.bulk_create(
        Sku(**{**like, "code": code, "gtin13": "", "gtin14": "", "keys": [f"c{code.lower().replace('-', '')}"]})
        for code in codes
    )
    return codes


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
