"""Lists of papers and offers: turned by their heads, narrowed by their states."""

import re

import pytest

from dms.stock.services import AdjustStock, Counted, adjust_stock
from tests.cast import Cast
from tests.clients import HostClient
from tests.frontend.console.conftest import Opens


def test_movements_are_turned_and_leafed_through(cast: Cast, as_: Opens) -> None:
    sku = cast.skus[1].code
    for number in range(52):
        lines = (Counted(sku, 1),)
        adjust_stock(actor=cast.warehouse, command=AdjustStock("W1", lines, f"盘盈第{number:02d}次"))
    desk = as_("warehouse")

    def seen(query: str) -> list[str]:
        return re.findall(r"盘盈第(\d\d)次", desk.get(f"/console/stock/movements/{query}").content.decode())

    assert seen("")[0] == "51"
    page = desk.get("/console/stock/movements/?sort=when").content.decode()
    assert 'aria-sort="ascending"' in page
    oldest = re.findall(r"盘盈第(\d\d)次", page)
    assert oldest == sorted(oldest)
    (before,) = set(re.findall(r"before=(\d+)", page))
    assert seen(f"?sort=when&before={before}")[-1] == "51"


@pytest.mark.parametrize(("sort", "first"), [("name", "乙方"), ("-name", "甲方"), ("until", "甲方")])
def test_invitations_are_sorted(cast: Cast, desk: HostClient, sort: str, first: str) -> None:
    for name, account in (("甲方", "13912345678"), ("乙方", "13912345679")):
        form = {"name": name, "account": account, "roles": ["brand_rep"]}
        assert desk.post("/console/seats/invite/", form).status_code == 302
    text = desk.get(f"/console/seats/invitations/?sort={sort}").content.decode()
    names = re.findall(r'<th scope="row">(..)</th>', text)
    assert (set(names), names[0]) == ({"甲方", "乙方"}, first)
