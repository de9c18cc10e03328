"""One person's windows make shopping lists at one moment: each name once, and the others are told."""

from functools import partial

import pytest

from ordering.lists.errors import NameTaken
from ordering.lists.models import ShoppingList
from ordering.lists.services import ChangeList, MakeList, change_list, make_list
from tests.races.conftest import Contest
from tests.races.test_count_against_orders import here

pytestmark = pytest.mark.races
WINDOWS = 6


@pytest.mark.parametrize("name", ["旺季", "淡季"])
def test_a_name_is_given_once(contest: Contest, name: str) -> None:
    actor, told = contest.cast.buyer_c1, list[object]()
    contest.all_at_once([here(lambda: make_list(actor=actor, command=MakeList(name)), told) for _ in range(WINDOWS)])
    assert ShoppingList.objects.filter(seat_id=actor.seat_id, name=name).count() == 1
    assert sorted(type(one).__name__ for one in told) == ["ShoppingList", *["str"] * (WINDOWS - 1)]
    assert {one for one in told if isinstance(one, str)} == {NameTaken.code}


def test_two_lists_do_not_get_one_name(contest: Contest) -> None:
    actor, told = contest.cast.buyer_c1, list[object]()
    rows = [make_list(actor=actor, command=MakeList(f"名{number}")) for number in range(WINDOWS)]
    renames = [ChangeList(row.pk, row.version, "同名", is_shared=False) for row in rows]
    contest.all_at_once([here(partial(change_list, actor=actor, command=one), told) for one in renames])
    assert ShoppingList.objects.filter(seat_id=actor.seat_id, name="同名").count() == 1
    assert [one for one in told if isinstance(one, str)] == [NameTaken.code] * (WINDOWS - 1)
