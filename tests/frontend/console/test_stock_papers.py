"""The papers of the warehouse on their pages: figures that are none, and fields nobody typed."""

import pytest

from dms.stock import services
from dms.stock.models import Transfer
from dms.stock.services import Counted, DraftTransfer, OpenCount, OpenWarehouse, TransferStock
from tests.cast import Cast
from tests.clients import HostClient


def _on_the_road(cast: Cast) -> Transfer:
    services.open_warehouse(actor=cast.admin, command=OpenWarehouse("W2", "二仓"))
    goods = TransferStock("W1", "W2", (Counted(cast.skus[1].code, 60),))
    return services.dispatch_transfer(actor=cast.admin, command=DraftTransfer(goods))


@pytest.mark.parametrize("typed", ["5.5", "abc", "-3", "1O", "9" * 10, "9" * 5000])
def test_a_typo_at_receiving_is_told_and_nothing_comes_in(cast: Cast, desk: HostClient, typed: str) -> None:
    transfer = _on_the_road(cast)
    page = desk.post(f"/console/stock/transfers/{transfer.number}/", {"act": "receive", "bottles-1": typed})
    transfer.refresh_from_db()
    assert (page.status_code, transfer.status) == (422, "SENT")
    assert 'role="alert"' in page.content.decode() or "notice" in page.content.decode()


def test_what_was_typed_is_what_came_in(cast: Cast, desk: HostClient) -> None:
    transfer = _on_the_road(cast)
    desk.post(f"/console/stock/transfers/{transfer.number}/", {"act": "receive", "cases-1": "9", "bottles-1": "5"})
    assert list(transfer.lines.values_list("received", flat=True)) == [59]


@pytest.mark.parametrize("figure", ["9" * 18, "9" * 25, "9" * 5000, "٣", "-1", ""])
def test_fields_nobody_typed_break_nothing(cast: Cast, desk: HostClient, figure: str) -> None:
    number = services.open_count(actor=cast.admin, command=OpenCount("W1")).number
    posts = (
        (f"/console/stock/counts/{number}/", {"act": "enter", f"was-{figure}": "", f"cases-{figure}": "1"}),
        ("/console/stock/transfer/", {"act": "save", "rows": figure}),
        ("/console/stock/warehouses/W1/", {"act": "save", "name": "x", "kind": "FACTORY", "version": figure}),
        ("/console/products/duplicates/settle/", {"query": f"?page={figure}\r\nX: y"}),
    )
    for path, said in posts:
        assert desk.post(path, said).status_code < 500, path
    assert desk.get("/console/stock/movements/", {"before": figure}).status_code == 200


def test_what_is_no_quantity_on_a_sheet_is_told_by_the_products_name(cast: Cast, desk: HostClient) -> None:
    number = services.open_count(actor=cast.admin, command=OpenCount("W1")).number
    path = f"/console/stock/counts/{number}/"
    line = desk.get(path).context["rows"][0].line
    page = desk.post(path, {"act": "enter", f"was-{line.line_id}": "", f"cases-{line.line_id}": "abc"})
    assert page.status_code == 422
    assert f"{line.sku_name}：“abc”不是有效数量" in page.content.decode()


def test_a_scanned_case_is_told_by_name_and_in_cases(cast: Cast, desk: HostClient) -> None:
    number = services.open_count(actor=cast.admin, command=OpenCount("W1")).number
    path = f"/console/stock/counts/{number}/"
    sku = cast.skus[1]
    page = desk.get(desk.post(path, {"act": "scan", "code": sku.code, "unit": "CASE"})["Location"])
    assert f"{sku.name}：已加 1 箱" in page.content.decode()


def test_a_lack_of_stock_is_told_in_cases(cast: Cast, desk: HostClient) -> None:
    services.open_warehouse(actor=cast.admin, command=OpenWarehouse("W2", "二仓"))
    said = {"act": "at_once", "from_code": "W1", "to_code": "W2", "reason": "调", "rows": "1"}
    page = desk.post("/console/stock/transfer/", {**said, "sku-0": cast.skus[1].code, "cases-0": "99999"})
    assert page.status_code == 422
    assert "需 99,999 箱，可用 " in page.content.decode()
