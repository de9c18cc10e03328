"""Days near the calendar's ends and numbers no column holds: read as not said or refused, never a fault of ours."""

from datetime import date

import pytest

from dms.territories.errors import DayBeyond
from dms.territories.models import OutletSupply
from dms.territories.services import ChangeSupply, change_supply
from tests.cast import Cast
from tests.clients import HostClient

FAR = ("since=0001-01-01", "until=9999-12-31", "since=9999-12-31&until=0001-01-01")
PAGES = ("orders/", "stock/movements/", "audit/", "licences/", "territories/", "prices/matrix/", "jobs/")


@pytest.mark.parametrize("path", [*PAGES, "dealers/code/C1/"])
@pytest.mark.parametrize("query", FAR)
def test_a_list_takes_them_for_not_said(cast: Cast, desk: HostClient, path: str, query: str) -> None:
    assert desk.get(f"/console/{path}?{query}").status_code == 200


@pytest.mark.parametrize("number", ["9" * 25, "9" * 4400])
def test_a_number_too_long_names_nothing(cast: Cast, desk: HostClient, number: str) -> None:
    assert desk.get(f"/console/territories/grants/new/?carve={number}").status_code in {200, 404}


def test_a_form_refuses_them_beside_the_field(cast: Cast, desk: HostClient) -> None:
    said = {"title": "放假", "body": "二月起", "tone": "info", "until_on": "9999-12-31"}
    answer = desk.post("/console/notices/new/", said)
    assert answer.status_code == 422
    assert "有效的日期" in answer.content.decode()


def test_no_outlet_goes_over_on_such_a_day(cast: Cast) -> None:
    command = ChangeSupply("T1", "C2", effective_on=date(9999, 12, 31))
    with pytest.raises(DayBeyond):
        change_supply(actor=cast.admin, command=command)
    assert not OutletSupply.objects.exists()
