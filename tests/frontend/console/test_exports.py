"""Every list as a file: what the page shows and no more, told in the audit trail, harmless, written once."""

import csv
import io
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core.db.acts import public
from core.events.models import Event
from core.files.models import StoredFile
from core.files.selectors import open_file
from core.jobs import services as jobs
from core.jobs.exports import ask_export, known_exports
from core.jobs.models import Job
from core.kernel import clock
from core.kernel.actor import Actor, Side
from core.kernel.errors import Missing, NotPermitted
from ordering.orders.models import Order
from ordering.pricing.models import PriceList
from tenants.access.models import Seat
from tenants.brands.models import Brand
from tests.cast import Cast
from tests.clients import HostClient, signed_in
from tests.frontend.console.conftest import Opens, confirmed, placed
from tests.tenants.access.offers import lent

BRAND_LISTS = sorted(listed.name for listed in known_exports() if listed.side is Side.BRAND)
NEEDED = {"statement": {"dealer": "C1"}, "prices": {"list": "CITY"}}


@pytest.fixture(autouse=True)
def _worker(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that finds the people of the cast on their seats."""
    people = [cast.actor(key) for key in cast.seats]
    monkeypatch.setattr(jobs, "actor_of_seat", {actor.seat_id: actor for actor in people}.get)


def taken_out(actor: Actor, name: str, *, form: str = "csv", language: str = "zh-hans", **asked: str) -> Job:
    """The job of an export, run to its end."""
    job = ask_export(actor=actor, name=name, asked=asked, as_csv=form == "csv", language=language, zone="Asia/Shanghai")
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def content_of(job: Job) -> bytes:
    """The file a job made."""
    assert job.result_file_id, job.failures
    with open_file(StoredFile.objects.get(pk=job.result_file_id)) as content:
        return content.read()


def rows_of(job: Job) -> list[dict[str, str]]:
    """Its rows, where it is csv."""
    return list(csv.DictReader(io.StringIO(content_of(job).decode("utf-8-sig"))))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("name", BRAND_LISTS)
def test_every_list_of_the_console_goes_out(cast: Cast, name: str, form: str) -> None:
    confirmed(cast)
    job = taken_out(cast.admin, name, form=form, **NEEDED.get(name, {}))
    assert (job.status, job.failures) == ("DONE", [])
    content = content_of(job)
    if form == "xlsx":
        sheet = load_workbook(io.BytesIO(content)).active
        assert sheet is not None and sheet.max_row == job.result["rows"] + 1
    else:
        assert len(rows_of(job)) == job.result["rows"] == job.done
    told = Event.objects.get(kind="jobs.list_exported.v1")
    assert (told.aggregate_id, told.payload["rows"], told.seat_id) == (name, job.result["rows"], cast.admin.seat_id)


def test_the_file_is_offered_where_it_says_that_it_is_done(cast: Cast, desk: HostClient) -> None:
    job = taken_out(cast.admin, "dealers")
    page = desk.get(f"/console/jobs/{job.pk}/").content.decode()
    told = page[page.index('class="notice" data-tone="good"') :]
    assert f'href="/api/v1/jobs/{job.pk}/file"' in told[:900]
    assert "去看列表" not in page


def test_a_file_holds_what_the_page_shows(cast: Cast, desk: HostClient) -> None:
    first, second = placed(cast), confirmed(cast)
    for query in ({}, {"view": "approve"}, {"view": "ship"}, {"q": second}, {"q": "没有这样的"}):
        page = desk.get("/console/orders/", query).content.decode()
        shown = {number for number in (first, second) if f"/console/orders/{number}/" in page}
        assert {row["订单号"] for row in rows_of(taken_out(cast.admin, "orders", **query))} == shown
    (row,) = rows_of(taken_out(cast.admin, "orders", q=first))
    order = Order.objects.get(number=first)
    assert (row["应付"], row["币种"], row["瓶数"]) == (f"{order.total / 100:.2f}", "CNY", str(order.bottles))
    lines = rows_of(taken_out(cast.admin, "order_lines", q=first))
    assert sum(round(float(line["金额"]) * 100) for line in lines) == order.total


def test_a_limited_seat_takes_out_its_own_alone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    placed(cast)
    limited = replace(cast.admin, scope=replace(cast.admin.scope, regions=("510000",)))
    monkeypatch.setattr(jobs, "actor_of_seat", {limited.seat_id: limited}.get)
    assert rows_of(taken_out(limited, "orders")) == []
    assert "C1" not in {row["经销商编码"] for row in rows_of(taken_out(limited, "dealers"))}


def test_a_seat_of_some_lines_takes_out_no_sums_of_whole_orders(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    placed(cast)
    limited = replace(cast.admin, scope=replace(cast.admin.scope, product_lines=(cast.skus[1].product_line.code,)))
    monkeypatch.setattr(jobs, "actor_of_seat", {limited.seat_id: limited}.get)
    (row,) = rows_of(taken_out(limited, "orders"))
    assert "应付" not in row
    assert len(rows_of(taken_out(limited, "order_lines"))) >= 1


def test_who_lost_the_right_meanwhile_gets_no_file(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    job = ask_export(actor=cast.admin, name="seats", asked={}, as_csv=True, language="en", zone="Asia/Shanghai")
    weaker = replace(cast.admin, codes=cast.admin.codes - {"access.read"})
    monkeypatch.setattr(jobs, "actor_of_seat", {weaker.seat_id: weaker}.get)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.result_file_id) == ("FAILED", None)
    assert not Event.objects.filter(kind="jobs.list_exported.v1").exists()


def test_what_the_seat_may_not_read_it_may_not_take_out(cast: Cast, as_: Opens) -> None:
    with pytest.raises(NotPermitted):
        taken_out(cast.actor("warehouse"), "accounts")
    with pytest.raises(Missing):
        taken_out(cast.buyer_c1, "audit")
    assert as_("warehouse").post("/console/export/accounts/", {"as": "csv"}).status_code == 403
    assert as_("admin").post("/console/export/nothing/", {"as": "csv"}).status_code == 404


def test_a_second_click_asks_for_nothing_new(cast: Cast, desk: HostClient) -> None:
    first = desk.post("/console/export/orders/?view=ship", {"as": "csv"})
    assert desk.post("/console/export/orders/?view=ship", {"as": "csv"})["Location"] == first["Location"]
    assert desk.post("/console/export/orders/?view=road", {"as": "csv"})["Location"] != first["Location"]
    assert Job.objects.count() == 2


def test_a_worker_that_goes_on_for_a_dead_one_finds_the_file(cast: Cast) -> None:
    job = taken_out(cast.admin, "orders")
    Job.objects.filter(pk=job.pk).update(status="QUEUED")
    jobs.run(job.pk)
    again = Job.objects.get(pk=job.pk)
    assert (again.status, again.result_file_id, again.result) == ("DONE", job.result_file_id, job.result)
    assert Event.objects.filter(kind="jobs.list_exported.v1").count() == 1


def test_a_file_speaks_the_language_it_was_asked_in(cast: Cast) -> None:
    placed(cast)
    (row,) = rows_of(taken_out(cast.admin, "orders", language="en"))
    assert {"Order number", "Payable", "Dealer name"} <= row.keys()
    assert row["State of the order"] == "Submitted"


def test_nothing_in_a_file_is_run_as_a_formula(cast: Cast) -> None:
    placed(cast)
    Order.objects.update(buyer_reference="=1+1")
    for form in ("csv", "xlsx"):
        content = content_of(taken_out(cast.admin, "orders", form=form))
        if form == "csv":
            assert "'=1+1" in content.decode("utf-8-sig")
        else:
            sheet = load_workbook(io.BytesIO(content)).active
            assert sheet is not None
            assert "'=1+1" in {cell.value for row in sheet.iter_rows() for cell in row}


def test_the_statements_do_not_grow_with_the_rows(cast: Cast) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as counted:
            taken_out(cast.admin, "order_lines")
        return len(counted)

    placed(cast)
    one = statements()
    for _ in range(3):
        placed(cast, (1, 3), (3, 2))
    assert statements() == one


def test_what_a_job_made_is_as_secret_as_the_right_to_start_it(cast: Cast) -> None:
    """The warehouse reads jobs, not prices: neither the job nor its file, by no door; a pricing colleague both."""
    assert cast.warehouse.can("jobs.read") and not cast.warehouse.can("prices.read")
    job = taken_out(cast.pricing, "prices", **NEEDED["prices"])
    doors = (f"/console/jobs/{job.pk}/", f"/api/v1/jobs/{job.pk}", f"/api/v1/jobs/{job.pk}/file")
    stranger, colleague = (signed_in(cast.portal, cast.seats[key]) for key in ("warehouse", "admin"))
    assert [stranger.get(door).status_code for door in doors] == [404, 404, 404]
    assert str(job.pk) not in stranger.get("/console/jobs/").content.decode()
    assert [colleague.get(door).status_code for door in doors] == [200, 200, 200]
    assert {each.get(f"/files/{job.result_file_id}/").status_code for each in (stranger, colleague)} == {404}
    assert signed_in(cast.portal, cast.seats["pricing"]).get(f"/files/{job.result_file_id}/").status_code == 200


def test_a_read_only_portal_still_gives_out_its_lists(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = replace(cast.admin, is_read_only=True)
    monkeypatch.setattr(jobs, "actor_of_seat", {reader.seat_id: reader}.get)
    confirmed(cast)
    assert taken_out(reader, "orders").status == "DONE"


def test_the_trail_of_the_portal_is_what_its_page_shows(cast: Cast, desk: HostClient) -> None:
    confirmed(cast)
    with public():
        slug = Brand.objects.get(schema_name=cast.admin.brand_schema).slug
        facts = {"aggregate_type": "brand", "aggregate_id": slug, "at": clock.now()}
        Event.objects.create(kind="brands.domain_added.v1", **facts)
    page = desk.get("/console/audit/?room=portal").context["rows"]
    rows = list(csv.reader(io.StringIO(content_of(taken_out(cast.admin, "audit", room="portal")).decode("utf-8-sig"))))
    assert len(page) == len(rows) - 1 == 1
    assert page[0][1] in rows[1]


def test_who_can_do_what_goes_out_with_its_reasons(cast: Cast) -> None:
    delegation = lent(cast, "finance", "warehouse", "ledger.read")
    Seat.objects.filter(pk=cast.seats["rep"].pk).update(person_name="=cmd|'/c calc'!A1")
    rows = rows_of(taken_out(cast.admin, "rights"))
    assert ("仓储主管", "ledger.read", "品牌财务") in {(row["名称"], row["编码"], row["代办对象"]) for row in rows}
    assert any(row["名称"].startswith("'=cmd") for row in rows)
    (until,) = {row["至"] for row in rows if row["代办对象"]}
    assert until == f"{delegation.until_at.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M}"


def test_rights_go_out_as_the_page_narrows_them(cast: Cast) -> None:
    rows = rows_of(taken_out(cast.admin, "rights", by="permission", code="ledger.read"))
    assert {row["编码"] for row in rows} == {"ledger.read"}
    assert {row["名称"] for row in rows} >= {"品牌财务"}
    assert "产品经理" not in {row["名称"] for row in rows}
    dealers = rows_of(taken_out(cast.admin, "rights", side="dealer", q="泉城"))
    assert dealers and all("泉城" in row["名称"] + row["单位"] for row in dealers)
    assert rows_of(taken_out(cast.admin, "rights", side="nobody", by="permission", code="no.such"))


def test_the_rights_of_many_cost_as_many_statements_as_those_of_few(cast: Cast) -> None:
    def statements(**asked: str) -> int:
        with CaptureQueriesContext(connection) as counted:
            taken_out(cast.admin, "rights", **asked)
        return len(counted)

    assert statements(q="仓储主管") == statements()


def test_a_factor_is_told_to_its_last_millionth(cast: Cast) -> None:
    PriceList.objects.filter(pk=cast.city.pk).update(parent_id=cast.national.pk, factor_ppm=1_234_567)
    factors = {row["编码"]: row["系数"] for row in rows_of(taken_out(cast.admin, "price_lists"))}
    assert factors["CITY"] == "123.4567 %"
