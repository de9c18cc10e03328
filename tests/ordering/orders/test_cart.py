"""The cart: one DRAFT a seat and seller; it may hold what cannot be ordered yet, and becomes the order itself."""

import pytest

from core.events.models import Event
from core.kernel.errors import NotPermitted
from core.kernel.quantity import MAX_BOTTLES, Unit
from ordering.orders.models import Order, OrderLine
from ordering.orders.selectors import cart_of, cart_size, check_lines, orders_visible_to
from ordering.orders.services import (
    AddToCart,
    CartLine,
    PlaceOrder,
    SaveCart,
    SetInCart,
    add_to_cart,
    clear_cart,
    place_order,
    save_cart,
    set_in_cart,
)
from tests.cast import Cast
from tests.factories.wide import make_many_skus
from tests.ordering.watching import refused, refused_by_line, statements


def lines(cast: Cast, *wishes: tuple[int, int]) -> tuple[CartLine, ...]:
    """Cart lines by SKU number and quantity."""
    return tuple(CartLine(cast.skus[number].code, quantity) for number, quantity in wishes)


def lying(cast: Cast) -> list[tuple[str, str, int]]:
    """What lies in C1's cart."""
    return [(item.sku_code, item.unit.value, item.quantity) for item in cart_of(cast.buyer_c1).items]


def test_saving_replaces_everything(cast: Cast) -> None:
    save_cart(actor=cast.buyer_c1, command=SaveCart(lines(cast, (1, 5), (2, 1))))
    cart = save_cart(actor=cast.buyer_c1, command=SaveCart(lines(cast, (3, 2)), note="快"))
    assert [(item.line_no, item.sku_code, item.bottles) for item in cart.items] == [(1, cast.skus[3].code, 24)]
    assert (cart.note, cart.version) == ("快", 2)
    assert Order.objects.get().status == "DRAFT"
    assert not Event.objects.exists()


def test_the_same_goods_in_the_same_unit_add_up(cast: Cast) -> None:
    save_cart(actor=cast.buyer_c1, command=SaveCart(lines(cast, (3, 2), (1, 1), (3, 1))))
    add_to_cart(
        actor=cast.buyer_c1,
        command=AddToCart((*lines(cast, (2, 9), (1, 4)), CartLine(cast.skus[3].code, 5, Unit.BOTTLE))),
    )
    codes = {number: cast.skus[number].code for number in cast.skus}
    assert lying(cast) == [
        (codes[3], "CASE", 3),
        (codes[1], "CASE", 5),
        (codes[2], "CASE", 9),
        (codes[3], "BOTTLE", 5),
    ]


def test_one_line_is_set_switched_and_taken_out(cast: Cast) -> None:
    code = cast.skus[3].code
    save_cart(actor=cast.buyer_c1, command=SaveCart(lines(cast, (1, 1), (3, 2))))
    set_in_cart(actor=cast.buyer_c1, command=SetInCart(code, Unit.CASE, 7))
    assert lying(cast)[1] == (code, "CASE", 7)
    set_in_cart(actor=cast.buyer_c1, command=SetInCart(code, Unit.CASE, 30, new_unit=Unit.BOTTLE))
    assert lying(cast)[1] == (code, "BOTTLE", 30)
    set_in_cart(actor=cast.buyer_c1, command=SetInCart(code, Unit.CASE, 1))
    assert lying(cast)[2] == (code, "CASE", 1)
    set_in_cart(actor=cast.buyer_c1, command=SetInCart(code, Unit.BOTTLE, 0))
    set_in_cart(actor=cast.buyer_c1, command=SetInCart(cast.skus[1].code, None, 0))
    assert lying(cast) == [(code, "CASE", 1)]
    set_in_cart(actor=cast.buyer_c1, command=SetInCart(code, None, 0))
    assert not Order.objects.exists()


def test_what_cannot_be_ordered_may_lie_there(cast: Cast) -> None:
    cart = save_cart(actor=cast.buyer_c1, command=SaveCart(lines(cast, (2, 500), (5, 1), (6, 1))))
    checked = check_lines(actor=cast.buyer_c1, lines=cart.asked())
    assert [{fault.code for fault in line.faults} for line in checked.lines] == [
        {"stock.insufficient"},
        {"price.missing"},
        {"order.not_on_shelf"},
    ]


def test_nonsense_is_refused_by_line(cast: Cast) -> None:
    save_cart(actor=cast.buyer_c1, command=SaveCart(lines(cast, (1, 1))))
    wishes = (*lines(cast, (1, 1), (1, 0), (1, -2), (1, MAX_BOTTLES)), CartLine("XH-NO-SUCH", 1))
    with refused_by_line(
        {2: {"order.quantity"}, 3: {"order.quantity"}, 4: {"order.quantity"}, 5: {"order.sku_unknown"}}
    ):
        save_cart(actor=cast.buyer_c1, command=SaveCart(wishes))


def test_a_cart_changed_in_another_window_is_a_conflict(cast: Cast) -> None:
    save_cart(actor=cast.buyer_c1, command=SaveCart(lines(cast, (1, 1)), version=0))
    with refused("conflict.version"):
        save_cart(actor=cast.buyer_c1, command=SaveCart(lines(cast, (1, 2)), version=0))
    save_cart(actor=cast.buyer_c1, command=SaveCart(lines(cast, (1, 2)), version=1))


def test_carts_are_the_seats_own_and_on_no_list(cast: Cast) -> None:
    save_cart(actor=cast.buyer_c1, command=SaveCart(lines(cast, (1, 1), (3, 1))))
    assert cart_size(cast.buyer_c1) == 2
    assert cart_size(cast.admin_c1) == 0
    assert cart_of(cast.buyer_c2).items == ()
    for key in ("buyer_c1", "sales_admin"):
        assert not orders_visible_to(cast.actor(key)).exists()
    with pytest.raises(NotPermitted):
        cart_of(cast.finance_c1)


def test_the_cart_becomes_the_order(cast: Cast) -> None:
    save_cart(actor=cast.buyer_c1, command=SaveCart(lines(cast, (1, 10), (3, 1))))
    draft = Order.objects.get()
    with statements() as seen:
        placed = place_order(actor=cast.buyer_c1, command=PlaceOrder(note="急"))
    assert len(seen) == 12
    order = Order.objects.get()
    assert (order.pk, order.number, order.status, order.version) == (draft.pk, placed.number, "SUBMITTED", 2)
    assert (order.created_at, order.note, order.total) == (draft.created_at, "急", 1_736_000)
    assert list(OrderLine.objects.order_by("line_no").values_list("amount", flat=True)) == [1_700_000, 36_000]
    assert cart_of(cast.buyer_c1).items == ()
    save_cart(actor=cast.buyer_c1, command=SaveCart(lines(cast, (2, 1))))
    assert Order.objects.count() == 2


def test_a_cart_is_placed_once(cast: Cast) -> None:
    save_cart(actor=cast.buyer_c1, command=SaveCart(lines(cast, (1, 1))))
    place_order(actor=cast.buyer_c1, command=PlaceOrder())
    with refused("order.cart_empty"):
        place_order(actor=cast.buyer_c1, command=PlaceOrder())


def test_a_refused_cart_stays_as_it_was(cast: Cast) -> None:
    save_cart(actor=cast.buyer_c1, command=SaveCart(lines(cast, (1, 1), (2, 5))))
    with refused_by_line({2: {"stock.insufficient"}}):
        place_order(actor=cast.buyer_c1, command=PlaceOrder())
    assert len(lying(cast)) == 2


def test_clearing_leaves_nothing(cast: Cast) -> None:
    clear_cart(actor=cast.buyer_c1)
    save_cart(actor=cast.buyer_c1, command=SaveCart(lines(cast, (1, 1))))
    clear_cart(actor=cast.buyer_c1)
    assert not Order.objects.exists()
    assert not OrderLine.objects.exists()


def test_the_same_statements_for_one_and_five_hundred_lines(cast: Cast) -> None:
    skus = make_many_skus(cast.skus[1], 500)
    counts = []
    for size in (1, 500):
        with statements() as seen:
            save_cart(actor=cast.buyer_c1, command=SaveCart(tuple(CartLine(sku.code, 1) for sku in skus[:size])))
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8
    with statements() as seen:
        cart_size(cast.buyer_c1)
    assert len(seen) == 1
