"""Pages for people, cursors for programs."""

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue.models import ProductLine
from core.web.paging import NotACursor, limit_of, page_number, page_of, slice_of
from tests.portals import TestPortal

ask = RequestFactory().get


@pytest.mark.parametrize(
    ("given", "meant"),
    [("1", 1), ("7", 7), ("0", 1), ("-3", 1), ("x", 1), ("", 1), ("９", 1), ("9" * 30, 2000), ("9" * 5000, 2000)],
)
def test_reads_the_page_number_kindly(given: str, meant: int) -> None:
    assert page_number(ask("/", {"page": given})) == meant


@pytest.mark.parametrize(("given", "meant"), [("10", 10), ("0", 1), ("999", 200), ("x", 50), ("", 50)])
def test_keeps_the_limit_in_bounds(given: str, meant: int) -> None:
    assert limit_of(ask("/", {"limit": given})) == meant


@given(count=st.integers(0, 130), number=st.integers(1, 4))
def test_a_page_holds_its_rows_and_knows_whether_more_follow(count: int, number: int) -> None:
    rows = list(range(count))
    page = page_of(rows, ask("/", {"page": str(number)}))
    assert page.rows == rows[(number - 1) * 50 : number * 50]
    assert page.has_next is (count > number * 50)
    assert (page.first, page.last) == ((page.rows[0] + 1, page.rows[-1] + 1) if page.rows else (0, 0))


def test_slices_neither_skip_nor_repeat_with_equal_keys(xinghe: TestPortal) -> None:
    for number in range(23):
        ProductLine.objects.create(code=f"L{number:02}", name="线", position=number % 3)
    rows = ProductLine.objects.values("id", "position", "code")
    seen: list[int] = []
    after = ""
    for _ in range(10):
        part = slice_of(rows, ask("/", {"after": after, "limit": "5"}), order=("-position", "id"))
        seen += [row["id"] for row in part.rows]
        after = part.next_cursor
        if not after:
            break
    assert seen == list(ProductLine.objects.order_by("-position", "id").values_list("id", flat=True))


@pytest.mark.parametrize("cursor", ["x", "!!!", "WzFd", "eyJhIjoxfQ", "W1tdLFtdXQ", "WyJ4IiwieSJd"])
def test_refuses_a_cursor_it_did_not_give_out(xinghe: TestPortal, cursor: str) -> None:
    rows = ProductLine.objects.values("id", "position")
    with pytest.raises(NotACursor):
        slice_of(rows, ask("/", {"after": cursor}), order=("position", "id"))
