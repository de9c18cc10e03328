"""Saved views: one's own, in one's own order, one that opens the list; shared only by who may set up the house."""

from dataclasses import replace

import pytest

from core.events.models import Event
from core.kernel.errors import Missing, NotPermitted, ReadOnlyPortal
from tenants.access.errors import BadView, TooManyViews, ViewNameTaken
from tenants.access.models import SavedView
from tenants.access.selectors import opening_views, views_shown_to
from tenants.access.services import SaveView, change_view, move_view, remove_view, save_view, views
from tenants.access.services.views import MOST_VIEWS, canonical
from tests.cast import Cast


def names(cast: Cast, who: str = "sales_admin") -> list[str]:
    """What the seat sees above its orders."""
    return [view.name for view in views_shown_to(cast.actor(who), "orders")]


def kept(cast: Cast, name: str, query: str = "q=1", who: str = "sales_admin", **more: bool) -> SavedView:
    """A view of the orders."""
    return save_view(actor=cast.actor(who), command=SaveView("orders", name, query, **more))


def test_the_same_filters_are_the_same_text() -> None:
    assert canonical("?b=2&page=3&a=1&c=&do=ship") == canonical("a=1&b=2") == "a=1&b=2"
    assert canonical("q=%E6%B3%B8") == "q=%E6%B3%B8"


def test_a_view_is_ones_own_and_comes_back(cast: Cast) -> None:
    kept(cast, "待审", "status=SUBMITTED&page=2")
    kept(cast, "山东", "q=370000")
    assert names(cast) == ["待审", "山东"]
    assert views_shown_to(cast.actor("sales_admin"), "orders")[0].query == "status=SUBMITTED"
    assert names(cast, "admin") == names(cast, "buyer_c1") == []
    assert views_shown_to(cast.actor("sales_admin"), "dealers") == []


def test_saving_under_a_name_again_replaces_it(cast: Cast) -> None:
    first = kept(cast, "待审", "a=1")
    assert kept(cast, " 待审 ", "a=2").pk == first.pk
    assert SavedView.objects.get().query == "a=2"


def test_what_is_no_view(cast: Cast) -> None:
    for command in (
        SaveView("orders", "  ", "a=1"),
        SaveView("no list", "x", "a=1"),
        SaveView("orders", "x", f"q={'a' * 500}"),
    ):
        with pytest.raises(BadView):
            save_view(actor=cast.actor("rep"), command=command)
    assert not SavedView.objects.exists()


def test_a_list_keeps_so_many(cast: Cast) -> None:
    for number in range(MOST_VIEWS):
        kept(cast, f"第{number}个")
    with pytest.raises(TooManyViews):
        kept(cast, "再来一个")
    kept(cast, "第3个", "q=2")
    assert SavedView.objects.count() == MOST_VIEWS


def test_a_list_opens_with_one_of_them(cast: Cast) -> None:
    kept(cast, "甲", "a=1", is_default=True)
    second = kept(cast, "乙", "a=2", is_default=True)
    assert opening_views(cast.actor("sales_admin")) == {"orders": "a=2"}
    change_view(actor=cast.actor("sales_admin"), view_id=second.pk, name="乙")
    assert opening_views(cast.actor("sales_admin")) == {}


def test_names_stay_apart(cast: Cast) -> None:
    kept(cast, "甲")
    second = kept(cast, "乙")
    with pytest.raises(ViewNameTaken):
        change_view(actor=cast.actor("sales_admin"), view_id=second.pk, name="甲")
    assert change_view(actor=cast.actor("sales_admin"), view_id=second.pk, name="丙").name == "丙"


def test_they_are_put_in_order(cast: Cast) -> None:
    _, _, third = (kept(cast, name) for name in ("甲", "乙", "丙"))
    move_view(actor=cast.actor("sales_admin"), view_id=third.pk, to=0)
    assert names(cast) == ["丙", "甲", "乙"]
    move_view(actor=cast.actor("sales_admin"), view_id=third.pk, to=9)
    assert names(cast) == ["甲", "乙", "丙"]
    remove_view(actor=cast.actor("sales_admin"), view_id=SavedView.objects.get(name="乙").pk)
    assert list(SavedView.objects.order_by("position").values_list("name", "position")) == [("甲", 0), ("丙", 1)]


def test_what_is_removed_can_be_kept_again(cast: Cast) -> None:
    view = kept(cast, "甲", "a=1", is_default=True)
    gone = remove_view(actor=cast.actor("sales_admin"), view_id=view.pk)
    assert names(cast) == []
    save_view(actor=cast.actor("sales_admin"), command=gone)
    assert opening_views(cast.actor("sales_admin")) == {"orders": "a=1"}


def test_only_who_sets_up_the_house_shares(cast: Cast) -> None:
    own = kept(cast, "我的")
    with pytest.raises(NotPermitted):
        kept(cast, "大家的", is_shared=True)
    with pytest.raises(NotPermitted):
        change_view(actor=cast.actor("sales_admin"), view_id=own.pk, name="我的", is_shared=True)
    shared = kept(cast, "大家的", who="admin", is_shared=True)
    assert names(cast) == ["我的", "大家的"]
    assert names(cast, "buyer_c1") == []
    assert Event.objects.filter(kind="access.view_shared.v1", aggregate_id=str(shared.pk)).count() == 1
    change_view(actor=cast.admin, view_id=shared.pk, name="大家的")
    assert names(cast) == ["我的"]


def test_nobody_touches_anothers(cast: Cast) -> None:
    view = kept(cast, "大家的", who="admin", is_shared=True)
    actor = cast.actor("sales_admin")
    with pytest.raises(Missing):
        change_view(actor=actor, view_id=view.pk, name="x")
    with pytest.raises(Missing):
        move_view(actor=actor, view_id=view.pk, to=1)
    with pytest.raises(Missing):
        remove_view(actor=actor, view_id=view.pk)
    assert SavedView.objects.get().name == "大家的"


def test_a_closed_portal_keeps_what_it_has(cast: Cast) -> None:
    actor = replace(cast.actor("rep"), is_read_only=True)
    with pytest.raises(ReadOnlyPortal):
        save_view(actor=actor, command=SaveView("orders", "甲", "a=1"))
    assert not SavedView.objects.exists()


def test_what_the_other_browser_removed_does_not_come_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    one = save_view(actor=cast.admin, command=SaveView("orders", "旧", "a=1"))
    monkeypatch.setattr(views, "_take_turns", lambda _actor: SavedView.objects.filter(pk=one.pk).delete())
    with pytest.raises(Missing):
        change_view(actor=cast.admin, view_id=one.pk, name="新")
    assert SavedView.objects.get().name == "旧", "which fell away with the other's removal, played inside this act"


def test_a_seat_keeps_so_many_whatever_the_lists_are_called(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_OF_A_SEAT", 3)
    for number in range(3):
        save_view(actor=cast.buyer_c1, command=SaveView(f"list{number}", "旧", "a=1"))
    with pytest.raises(TooManyViews):
        save_view(actor=cast.buyer_c1, command=SaveView("list3", "旧", "a=1"))
    save_view(actor=cast.buyer_c1, command=SaveView("list0", "旧", "a=2"))
