"""Shopping lists from a spreadsheet: set, not added; new names make lists; errors by row; one's own lists alone."""

from collections.abc import Callable

import pytest

from core.events.models import Event
from core.jobs.models import Job, JobRow
from core.kernel.actor import Actor
from core.kernel.errors import NotPermitted
from ordering.lists import resources, rules
from ordering.lists.models import ShoppingList, ShoppingListLine
from ordering.lists.services import ListRow, MakeList, import_lines, make_list
from ordering.orders.services import CartLine
from tests.cast import Cast
from tests.dms.sheets import counts, csv, faults, imported, xlsx
from tests.factories.wide import make_many_skus
from tests.ordering.watching import statements

HEAD = ("清单名称", "商品编码", "单位", "数量")
Runs = Callable[..., Job]


@pytest.fixture
def run(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """Imports of the house's administrator, who may upload files by every door."""

    def do(content: bytes, *, is_dry_run: bool = False, **said: object) -> Job:
        return imported(monkeypatch, cast.actor("admin_c1"), resources.IMPORT, content, is_dry_run=is_dry_run, **said)

    return do


def held(actor: Actor) -> dict[str, list[tuple[str, str, int]]]:
    """What the seat's lists hold, by name."""
    found: dict[str, list[tuple[str, str, int]]] = {}
    rows = ShoppingListLine.objects.filter(shopping_list__seat_id=actor.seat_id).order_by("position")
    for name, code, unit, quantity in rows.values_list("shopping_list__name", "sku__code", "unit", "quantity"):
        found.setdefault(name, []).append((code, unit, quantity))
    return found


@pytest.mark.parametrize("form", ["xlsx", "gb18030", "utf-8"])
def test_a_file_makes_lists_and_sets_quantities(cast: Cast, run: Runs, form: str) -> None:
    actor, (one, two) = cast.actor("admin_c1"), (cast.skus[1].code, cast.skus[2].code)
    make_list(actor=actor, command=MakeList("开门红", (CartLine(one, 10), CartLine(two, 3)), is_shared=True))
    rows = (
        HEAD,
        ("开门红", one, "箱", "１２"),
        ("开门红", two, "件", 0),
        ("周末", two, "瓶", "6.0"),
        ("周末", one, None, 2),
    )
    content = xlsx(*rows) if form == "xlsx" else csv(*rows, encoding=form)
    preview = run(content, is_dry_run=True)
    assert (preview.status, counts(preview)) == ("DONE", {"new": 2, "changed": 2})
    assert held(actor) == {"开门红": [(one, "CASE", 10), (two, "CASE", 3)]}
    said = JobRow.objects.get(job=preview, row=2).said
    assert (said["name"], said["changes"]["quantity"]) == ("开门红", [10, 12])
    for again in range(2):
        job = run(content)
        assert (job.status, faults(job)) == ("DONE", [])
        assert counts(job) == ({"same": 4} if again else {"new": 2, "changed": 2})
        assert held(actor) == {"开门红": [(one, "CASE", 12)], "周末": [(two, "BOTTLE", 6), (one, "CASE", 2)]}
    kept = ShoppingList.objects.get(name="开门红")
    assert (kept.is_shared, kept.version, kept.line_count) == (True, 2, 1)
    assert Event.objects.filter(kind="ordering.list_changed.v1").count() == 1


def test_rows_without_a_list_go_to_the_one_that_was_named(cast: Cast, run: Runs) -> None:
    content = csv(("商品编码", "数量"), (cast.skus[1].code, 5))
    assert faults(run(content)) == [(2, "list.name")]
    assert run(content, list="开业").status == "DONE"
    assert held(cast.actor("admin_c1")) == {"开业": [(cast.skus[1].code, "CASE", 5)]}


def test_bad_rows_are_told_by_row_and_good_ones_done(cast: Cast, run: Runs) -> None:
    one = cast.skus[1].code
    rows = [
        ("周末", one, "箱", 5),
        ("周末", one, "箱", 6),
        ("周末", "6.9E+12", "箱", 1),
        ("周末", "NO-SUCH", "箱", 1),
        ("周末", cast.skus[2].code, "打", 1),
        ("周末", cast.skus[2].code, "箱", "若干"),
        ("周末", cast.skus[2].code, "箱", -1),
        ("周末", cast.skus[2].code, "箱", 999_999_999),
        ("长" * 41, cast.skus[2].code, "箱", 1),
        ("周末", one, "", 7),
    ]
    job = run(csv(HEAD, *rows))
    assert job.status == "DONE_WITH_ERRORS"
    assert faults(job) == [
        (3, "list.line_twice"),
        (4, "price.code_mangled"),
        (5, "order.sku_unknown"),
        (6, "price.unit_unread"),
        (7, "list.quantity_unread"),
        (8, "list.quantity_unread"),
        (9, "list.quantity_unread"),
        (10, "list.name"),
        (11, "list.line_twice"),
    ]
    assert held(cast.actor("admin_c1")) == {"周末": [(one, "CASE", 5)]}
    assert job.result_file_id is not None


def test_a_colleagues_list_of_the_name_stays_as_it_is(cast: Cast, run: Runs) -> None:
    make_list(actor=cast.buyer_c1, command=MakeList("周末", (CartLine(cast.skus[1].code, 1),), is_shared=True))
    run(csv(HEAD, ("周末", cast.skus[1].code, "箱", 9)))
    assert held(cast.buyer_c1) == {"周末": [(cast.skus[1].code, "CASE", 1)]}
    assert held(cast.actor("admin_c1")) == {"周末": [(cast.skus[1].code, "CASE", 9)]}


def test_no_more_lists_or_lines_than_a_seat_keeps(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ordering.lists.services.MOST_LISTS", 2)
    monkeypatch.setattr("ordering.lists.services.MOST_LINES", 2)
    codes = [cast.skus[number].code for number in (1, 2, 3)]
    rows = [ListRow("甲", CartLine(code, 1)) for code in codes]
    rows += [ListRow(name, CartLine(codes[0], 1)) for name in ("乙", "丙")]
    for is_dry_run in (True, False):
        judged = import_lines(actor=cast.buyer_c1, rows=rows, is_dry_run=is_dry_run)
        assert [(fault.line, fault.code) for fault in judged.faults] == [
            (3, "list.too_many_lines"),
            (5, "list.too_many"),
        ]
        assert set(judged.fates) == {1, 2, 4}
    assert {name: len(lines) for name, lines in held(cast.buyer_c1).items()} == {"甲": 2, "乙": 1}


def test_who_may_not_order_takes_in_no_lists(cast: Cast) -> None:
    rows = [ListRow("甲", CartLine(cast.skus[1].code, 1))]
    with pytest.raises(NotPermitted):
        import_lines(actor=cast.actor("finance_c1"), rows=rows)
    assert not ShoppingList.objects.exists()


def test_a_long_file_costs_no_more_statements_than_a_short_one(cast: Cast) -> None:
    skus = make_many_skus(cast.skus[1], 60)

    def asked(number: int, name: str) -> int:
        rows = [ListRow(name, CartLine(sku.code, 1)) for sku in skus[:number]]
        with statements() as seen:
            judged = import_lines(actor=cast.buyer_c1, rows=rows)
        assert len(judged.fates) == number
        return len(seen)

    make_list(actor=cast.buyer_c1, command=MakeList("旧"))
    assert asked(1, "短") == asked(60, "长")
    assert rules.MOST_LINES >= 60
