"""The pad taken back, or changed in two windows: nothing is lost, nothing comes twice."""

from datetime import timedelta

import pytest

from core.kernel import clock
from core.kernel.quantity import Unit
from ordering.orders.errors import NothingToUndo
from ordering.orders.selectors import cart_of, pad_of
from ordering.orders.services import (
    CartLine,
    MendAside,
    PlaceOrder,
    PutInCart,
    SaveCart,
    SetInCart,
    mend_aside,
    paste_into_pad,
    place_order,
    put_in_cart,
    save_cart,
    set_aside,
    set_in_cart,
    set_on_pad,
    undo_pad,
)
from ordering.orders.services.pads import MOST_UNDONE
from tests.cast import Cast
from tests.clients import HostClient
from tests.frontend.storefront.conftest import Opens
from tests.frontend.storefront.pads import HTMX, kept, lying, paste


def test_lines_of_one_product_that_become_one_are_told(cast: Cast, buyer: HostClient) -> None:
    code = cast.skus[1].code
    done = paste_into_pad(actor=cast.buyer_c1, text=f"{code} 4\n{code} 2\n{code} 3\n{cast.skus[3].code} 1")
    assert (done.added, done.joined, lying(cast)[code]) == (4, 2, 9)
    assert "其中 1 行与其他行是同一商品，已合并" in paste(buyer, f"{code} 1\n{code} 1", HTMX)


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
    buyer.post("/pad/undo/")
    assert lying(cast) == {}, "and the paste before it"
    assert "没有可以撤销的了" in buyer.post("/pad/undo/").content.decode()


def test_a_paste_is_taken_back_and_leaves_alone_what_was_set_since(cast: Cast, buyer: HostClient) -> None:
    paste(buyer, f"{cast.skus[1].code} 4")
    paste(buyer, f"{cast.skus[1].code} 2\n{cast.skus[3].code} 5\n没有这个 3\n杏禾珍葬 52度 2箱")
    buyer.post("/pad/aside/", {"id": kept(cast, 1), "act": "take", "sku": cast.skus[2].code})
    buyer.post("/pad/line/", {"sku": cast.skus[4].code, "unit": "CASE", "quantity": "1"})
    assert len(lying(cast)) == 4
    buyer.post("/pad/undo/")
    assert cast.skus[4].code not in lying(cast), "the last change goes first"
    put_in_cart(actor=cast.buyer_c1, command=PutInCart((CartLine(cast.skus[4].code, 1, Unit.CASE),)))
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
    set_in_cart(actor=cast.buyer_c1, command=SetInCart(cast.skus[1].code, Unit.CASE, 40))
    text = buyer.post("/pad/undo/", follow=True).content.decode()
    assert lying(cast) == {cast.skus[1].code: 40}
    assert "已撤销，1 行恢复原样。 1 行之后又改过，保持不变。" in text


def test_quantities_and_hints_are_taken_back_one_after_the_other(cast: Cast, buyer: HostClient) -> None:
    line = {"sku": cast.skus[1].code, "unit": "CASE"}
    paste(buyer, f"{cast.skus[1].code} 4\n{cast.skus[3].code} 2")
    buyer.post("/pad/line/", {**line, "quantity": "9"})
    text = buyer.post("/pad/line/", {**line, "was": "9", "quantity": "10"}, headers=HTMX).content.decode()
    assert f"撤销 {cast.skus[1].name}：9 箱 → 10 箱" in text
    assert f"撤销 {cast.skus[1].name}：4 箱 → 9 箱" in buyer.post("/pad/undo/", headers=HTMX).content.decode()
    assert lying(cast)[cast.skus[1].code] == 9
    assert "撤销：添加 2 行" in buyer.post("/pad/undo/", headers=HTMX).content.decode()
    buyer.post("/pad/undo/")
    assert lying(cast) == {}
    with pytest.raises(NothingToUndo):
        undo_pad(actor=cast.buyer_c1)


def test_a_line_switched_to_bottles_and_back_is_taken_back(cast: Cast, buyer: HostClient) -> None:
    code = cast.skus[3].code
    paste(buyer, f"{code} 2")
    text = buyer.post(
        "/pad/line/", {"sku": code, "unit": "CASE", "quantity": "5", "quantity_unit": "BOTTLE"}, headers=HTMX
    ).content.decode()
    assert f"撤销 {cast.skus[3].name}：2 箱 → 5 瓶" in text
    undo_pad(actor=cast.buyer_c1)
    assert [(item.unit, item.quantity) for item in cart_of(cast.buyer_c1).items] == [(Unit.CASE, 2)]


def test_no_more_than_so_many_changes_are_kept(cast: Cast) -> None:
    for quantity in range(1, MOST_UNDONE + 6):
        set_on_pad(actor=cast.buyer_c1, command=SetInCart(cast.skus[1].code, Unit.CASE, quantity))
    for _ in range(MOST_UNDONE):
        undo_pad(actor=cast.buyer_c1)
    assert lying(cast) == {cast.skus[1].code: 5}
    with pytest.raises(NothingToUndo):
        undo_pad(actor=cast.buyer_c1)


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
