"""Shopping lists: kept by a seat, used by its house, filled into the cart at today's prices."""

import pytest

from core.events.models import Event
from core.kernel.actor import Actor
from core.kernel.errors import Missing, NotPermitted, VersionConflict
from core.kernel.quantity import MAX_BOTTLES, Unit
from ordering.lists.errors import ListEmpty, NameInvalid, NameTaken, NotYours, TooManyListLines, TooManyLists
from ordering.lists.models import ShoppingList, ShoppingListLine
from ordering.lists.rules import MOST_LINES, MOST_LISTS
from ordering.lists.selectors import ListFilter, list_detail, lists_visible_to
from ordering.lists.services import ChangeList, MakeList, change_list, delete_list, make_list, put_in_list, use_list
from ordering.orders.errors import QuantityInvalid, SkuUnknown
from ordering.orders.selectors import cart_of
from ordering.orders.services import CartLine
from tests.cast import Cast
from tests.factories.wide import make_many_skus
from tests.ordering.watching import refused_by_line, statements


def lines(cast: Cast, *wishes: tuple[int, int]) -> tuple[CartLine, ...]:
    """Lines by SKU number and quantity."""
    return tuple(CartLine(cast.skus[number].code, quantity) for number, quantity in wishes)


def kept(cast: Cast, actor: Actor, name: str = "开门红", *, is_shared: bool = False) -> ShoppingList:
    """A list with two lines."""
    return make_list(actor=actor, command=MakeList(name, lines(cast, (1, 10), (2, 3)), is_shared))


def held(actor: Actor, row: ShoppingList) -> list[tuple[str, str, int]]:
    """What stands on it."""
    return [(line.sku_code, line.unit.value, line.quantity) for line in list_detail(actor, row.pk).lines]


def test_a_list_keeps_goods_and_quantities_under_a_name(cast: Cast) -> None:
    row = kept(cast, cast.buyer_c1)
    assert held(cast.buyer_c1, row) == [(cast.skus[1].code, "CASE", 10), (cast.skus[2].code, "CASE", 3)]
    assert (row.name, row.line_count, row.owner_name) == ("开门红", 2, "采购员乙")
    assert Event.objects.get().payload == {"name": "开门红", "is_shared": False, "lines": 2}


def test_quantities_are_set_not_added_so_twice_is_once(cast: Cast) -> None:
    row = kept(cast, cast.buyer_c1)
    wish = (CartLine(cast.skus[2].code, 8), CartLine(cast.skus[3].code, 5, Unit.BOTTLE), CartLine(cast.skus[1].code, 0))
    for _again in range(2):
        put_in_list(actor=cast.buyer_c1, list_id=row.pk, lines=wish)
    assert held(cast.buyer_c1, row) == [(cast.skus[2].code, "CASE", 8), (cast.skus[3].code, "BOTTLE", 5)]
    row.refresh_from_db()
    assert (row.version, row.line_count) == (2, 2)


def test_colleagues_use_what_is_shared_and_change_nothing(cast: Cast) -> None:
    row = kept(cast, cast.buyer_c1)
    assert not lists_visible_to(cast.admin_c1).exists()
    change_list(actor=cast.buyer_c1, command=ChangeList(row.pk, 1, "开门红", True))
    assert [one.name for one in lists_visible_to(cast.admin_c1)] == ["开门红"]
    cart, _left_out = use_list(actor=cast.admin_c1, list_id=row.pk)
    assert [item.quantity for item in cart.items] == [10, 3]
    for verb in (
        lambda: put_in_list(actor=cast.admin_c1, list_id=row.pk, lines=lines(cast, (1, 1))),
        lambda: change_list(actor=cast.admin_c1, command=ChangeList(row.pk, 2, "我的", True)),
        lambda: delete_list(actor=cast.admin_c1, list_id=row.pk),
    ):
        with pytest.raises(NotYours):
            verb()
    assert ShoppingList.objects.get().name == "开门红"


@pytest.mark.parametrize("who", ["buyer_c2", "buyer_p1", "buyer_t1"])
def test_another_house_never_sees_a_shared_list(cast: Cast, who: str) -> None:
    row = kept(cast, cast.buyer_c1, is_shared=True)
    stranger: Actor = getattr(cast, who)
    assert not lists_visible_to(stranger).exists()
    for verb in (
        lambda: list_detail(stranger, row.pk),
        lambda: use_list(actor=stranger, list_id=row.pk),
        lambda: put_in_list(actor=stranger, list_id=row.pk, lines=()),
        lambda: delete_list(actor=stranger, list_id=row.pk),
        lambda: change_list(actor=stranger, command=ChangeList(row.pk, 1, "x", False)),
    ):
        with pytest.raises(Missing):
            verb()


def test_a_seat_limited_to_a_line_sees_that_line_alone(cast: Cast) -> None:
    light = cast.light()
    row = make_list(
        actor=cast.buyer_c1,
        command=MakeList("全部", (CartLine(light.code, 2), *lines(cast, (1, 5))), is_shared=True),
    )
    cast.seat_limited()
    limited = cast.buyer_c1_light
    assert [line.sku_code for line in list_detail(limited, row.pk).lines] == [light.code]
    assert [vars(row)["shown_lines"] for row in lists_visible_to(limited)] == [1]
    assert [item.sku_code for item in use_list(actor=limited, list_id=row.pk)[0].items] == [light.code]


def test_who_may_not_order_keeps_no_lists(cast: Cast) -> None:
    for who in ("finance_c1", "warehouse_c1", "finance"):
        with pytest.raises(NotPermitted):
            kept(cast, getattr(cast, who))
    with pytest.raises(Missing):
        kept(cast, cast.rep)
    assert not ShoppingList.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "长" * 41])
def test_a_name_is_needed(cast: Cast, name: str) -> None:
    with pytest.raises(NameInvalid):
        kept(cast, cast.buyer_c1, name)


def test_the_same_name_twice_is_refused_and_nothing_changes(cast: Cast) -> None:
    first = kept(cast, cast.buyer_c1)
    other = kept(cast, cast.buyer_c1, "中秋")
    with pytest.raises(NameTaken):
        kept(cast, cast.buyer_c1, " 开门红 ")
    with pytest.raises(NameTaken):
        change_list(actor=cast.buyer_c1, command=ChangeList(other.pk, 1, "开门红", True))
    assert set(ShoppingList.objects.values_list("pk", "name")) == {(first.pk, "开门红"), (other.pk, "中秋")}
    assert kept(cast, cast.admin_c1).name == "开门红"


def test_two_windows_rename_one_list(cast: Cast) -> None:
    row = kept(cast, cast.buyer_c1)
    change_list(actor=cast.buyer_c1, command=ChangeList(row.pk, 1, "春节", False))
    with pytest.raises(VersionConflict):
        change_list(actor=cast.buyer_c1, command=ChangeList(row.pk, 1, "元宵", False))
    assert change_list(actor=cast.buyer_c1, command=ChangeList(row.pk, 1, "春节", False)).version == 2


def test_bad_lines_are_told_by_line_and_nothing_is_written(cast: Cast) -> None:
    wish = (CartLine("NO-SUCH", 1), CartLine(cast.skus[1].code, MAX_BOTTLES), CartLine(cast.skus[2].code, -1))
    with refused_by_line({1: {SkuUnknown.code}, 2: {QuantityInvalid.code}, 3: {QuantityInvalid.code}}):
        make_list(actor=cast.buyer_c1, command=MakeList("坏", wish))
    assert not ShoppingList.objects.exists()


def test_a_list_is_no_longer_than_an_order_and_a_seat_keeps_fifty(cast: Cast) -> None:
    skus = make_many_skus(cast.skus[1], MOST_LINES + 1)
    with pytest.raises(TooManyListLines):
        make_list(actor=cast.buyer_c1, command=MakeList("长", tuple(CartLine(sku.code, 1) for sku in skus)))
    for number in range(MOST_LISTS):
        make_list(actor=cast.buyer_c1, command=MakeList(f"清单{number}"))
    with pytest.raises(TooManyLists):
        make_list(actor=cast.buyer_c1, command=MakeList("再一张"))
    assert ShoppingList.objects.count() == MOST_LISTS


def test_what_left_the_shelf_is_left_out_and_named(cast: Cast) -> None:
    row = kept(cast, cast.buyer_c1)
    type(cast.skus[2]).objects.filter(pk=cast.skus[2].pk).update(status="OFF")
    cart, left_out = use_list(actor=cast.buyer_c1, list_id=row.pk)
    assert [item.sku_code for item in cart.items] == [cast.skus[1].code]
    assert left_out == (cast.skus[2].name,)
    type(cast.skus[1]).objects.filter(pk=cast.skus[1].pk).update(status="OFF")
    with pytest.raises(ListEmpty):
        use_list(actor=cast.buyer_c1, list_id=row.pk)


def test_using_a_list_adds_to_the_cart(cast: Cast) -> None:
    row = kept(cast, cast.buyer_c1)
    use_list(actor=cast.buyer_c1, list_id=row.pk)
    use_list(actor=cast.buyer_c1, list_id=row.pk)
    assert [item.quantity for item in cart_of(cast.buyer_c1).items] == [20, 6]
    row.refresh_from_db()
    assert row.used_at is not None


def test_deleting_takes_its_lines(cast: Cast) -> None:
    row = kept(cast, cast.buyer_c1)
    delete_list(actor=cast.buyer_c1, list_id=row.pk)
    assert not ShoppingListLine.objects.exists()
    with pytest.raises(Missing):
        delete_list(actor=cast.buyer_c1, list_id=row.pk)


def test_filters_of_the_page(cast: Cast) -> None:
    kept(cast, cast.buyer_c1, "开门红")
    kept(cast, cast.admin_c1, "中秋", is_shared=True)

    def names(**asked: str) -> list[str]:
        return [row.name for row in lists_visible_to(cast.buyer_c1, ListFilter.of(asked))]

    assert names() == ["开门红", "中秋"]
    assert names(whose="own") == ["开门红"]
    assert names(whose="shared") == ["中秋"]
    assert names(q="中") == ["中秋"]
    assert names(q="%", whose="<b>") == []


def test_a_long_list_costs_no_more_statements(cast: Cast) -> None:
    skus = make_many_skus(cast.skus[1], 200)
    short = make_list(actor=cast.buyer_c1, command=MakeList("短", (CartLine(skus[0].code, 1),)))
    with statements() as few:
        make_list(actor=cast.buyer_c1, command=MakeList("一", (CartLine(skus[0].code, 1),)))
        list_detail(cast.buyer_c1, short.pk)
    with statements() as many:
        row = make_list(actor=cast.buyer_c1, command=MakeList("多", tuple(CartLine(sku.code, 1) for sku in skus)))
        list_detail(cast.buyer_c1, row.pk)
    assert len(many) == len(few)
