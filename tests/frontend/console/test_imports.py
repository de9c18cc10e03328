"""The pages of imports: what they read is told by the reader, the file to fill in, a run that took nothing."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.ledger.models import Journal
from core.catalogue.models import Sku
from core.catalogue.resources import import_guide
from core.catalogue.services import SaveLine, save_line
from core.files.models import StoredFile
from core.files.rules import Purpose
from core.files.selectors import open_file
from core.files.services import store
from core.jobs import services as jobs
from core.jobs.batches import start_batch
from core.jobs.errors import BatchElsewhere
from core.jobs.models import Job
from core.jobs.running import RunningJob, ShownRow
from core.kernel import clock
from core.kernel.actor import Scope
from dms.stock import resources as stock
from dms.stock.models import Movement
from tests.cast import Cast
from tests.clients import HostClient
from tests.frontend.console.conftest import Opens


@pytest.mark.parametrize("slug", ["products", "dealers", "count"])
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_page_leads_to_a_file_to_fill_in(desk: HostClient, slug: str, ending: str) -> None:
    page = desk.get(f"/console/import/{slug}/")
    links = {part for entry in page.context["templates"] for part in entry[1:] if f"/{ending}/" in part}
    assert links
    for link in links:
        assert link.replace("&", "&amp;") in page.content.decode()
        answer = desk.get(link)
        assert answer.status_code == 200
        assert f".{ending}" in answer["Content-Disposition"] or "filename*" in answer["Content-Disposition"]


def test_the_page_tells_every_heading_the_reader_knows(desk: HostClient) -> None:
    page = desk.get("/console/import/products/").content.decode()
    for column in import_guide():
        assert all(heading in page for heading in column.headings)
    assert "代码" in page


def test_a_stranger_ending_is_not_found(desk: HostClient) -> None:
    assert desk.get("/console/import/products/template/pdf/").status_code == 404
    assert desk.get("/console/import/nothing/template/csv/").status_code == 404


@pytest.mark.parametrize("is_dry_run", [True, False])
def test_a_run_that_took_nothing_does_not_say_done(cast: Cast, desk: HostClient, is_dry_run: bool) -> None:
    failures = [{"row": 2, "code": "x", "text": "x", "fields": {}, "remedy": ""}]
    job = Job.objects.create(
        kind="dealers.import",
        seat_id=cast.admin.seat_id,
        dealer_id=cast.admin.dealer_id,
        status="DONE_WITH_ERRORS",
        total=1,
        failed=1,
        failures=failures,
        is_dry_run=is_dry_run,
        created_at=clock.now(),
    )
    page = desk.get(f"/console/jobs/{job.pk}/").content.decode()
    assert ("没有一行可以导入" if is_dry_run else "一行也没有导入") in page
    assert "部分完成" not in page
    assert "部分完成" not in desk.get("/console/jobs/").content.decode().split("<tbody>")[1]


PRODUCTS = """货号,品名,香型,系列,度数,容量,箱规
FJ-QX-530-0475-NV-12,玻汾,清香,青花系列,53,475,12
FJ-QX-520-0500-NV-06,53度 750ml*6 瓶（矛盾）,清香,青花系列,52,500,6
FJ-QX-420-0500-NV-06,汾酒,清香,青花系列,42,500,6
53,坏行,清香,青花系列,53,500,6
"""


def previewed(desk: HostClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Job]:
    """The page and job of a dry run over one good row, two in doubt and a bad one."""
    monkeypatch.setattr(jobs, "actor_of_seat", {cast.admin.seat_id: cast.admin}.get)
    save_line(actor=cast.admin, command=SaveLine("QH", "青花系列"))
    text = PRODUCTS.replace("汾酒,清香,青花系列,42", "汾酒,清香,青花线,42")
    page = desk.post("/console/import/products/", {"file": SimpleUploadedFile("商品.csv", text.encode())})
    job = Job.objects.get()
    jobs.run(job.pk)
    return str(page["Location"]), job


def test_rows_in_doubt_are_written_only_where_they_are_ticked(
    cast: Cast, desk: HostClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Sku.objects.count()
    address, job = previewed(desk, cast, monkeypatch)
    shown = desk.get(address)
    assert [row.row for row in shown.context["doubts"]] == [3, 4]
    assert "部分完成" not in shown.content.decode() and "待确认写入" in shown.content.decode()
    assert "待确认写入" in desk.get("/console/jobs/").content.decode().split("<tbody>")[1]
    ran = desk.post(f"{address}confirm/", {"row": ["4", "x", "9" * 5000]})
    again = desk.post(f"{address}confirm/", {"all": "1"})
    assert ran["Location"] == again["Location"] != address, "a second click finds the run"
    run = Job.objects.exclude(pk=job.pk).get()
    jobs.run(run.pk)
    assert Sku.objects.count() == before + 2
    assert not Sku.objects.filter(code="FJ-QX-520-0500-NV-06").exists()
    over = desk.get(address)
    assert (over.context["may_confirm"], over.context["run_id"]) == (False, run.pk)
    assert "待确认写入" not in desk.get("/console/jobs/").content.decode().split("<tbody>")[1]


def test_a_preview_of_doubts_alone_asks_for_a_tick(
    cast: Cast, desk: HostClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, job = previewed(desk, cast, monkeypatch)
    Job.objects.filter(pk=job.pk).update(result={"confirm": 2, "new": 0, "changed": 0})
    assert desk.post(f"{address}confirm/")["Location"] == address
    assert "请勾选" in desk.get(address).content.decode()
    assert desk.post(f"{address}confirm/", {"all": "1"})["Location"] != address


STOCK = "商品编码,瓶数,批次\r\n{0},7,甲\r\n没有的,5,乙\r\n{0},-3,丙\r\n"


def counted(desk: HostClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page of a dry run over a count of three rows, two of them wrong, run to its end."""
    monkeypatch.setattr(jobs, "actor_of_seat", {cast.admin.seat_id: cast.admin}.get)
    upload = SimpleUploadedFile("盘点.csv", STOCK.format(cast.skus[1].code).encode())
    page = desk.post("/console/import/count/", {"warehouse": "W1", "file": upload})
    assert page.status_code == 302, page.content.decode()
    jobs.run(Job.objects.get().pk)
    return str(page["Location"])


def test_the_preview_shows_old_beside_new_and_is_narrowed(
    cast: Cast, desk: HostClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = counted(desk, cast, monkeypatch)
    page = desk.get(address)
    assert [(row.row, row.fate) for row in page.context["preview"]] == [(2, "new"), (3, "failed"), (4, "failed")]
    assert [(one.before, one.after) for one in page.context["preview"][0].changes] == [("", "7")]
    refused = desk.get(f"{address}?fate=failed").context["preview"]
    assert [row.code for row in refused] == ["没有的", cast.skus[1].code]
    assert [row.row for row in desk.get(f"{address}?q=没有").context["preview"]] == [3]


def test_the_failed_rows_come_back_to_be_mended_and_uploaded_again(
    cast: Cast, desk: HostClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(desk, cast, monkeypatch)
    job = Job.objects.get()
    assert job.result_file_id is not None
    with open_file(StoredFile.objects.get(pk=job.result_file_id)) as content:
        text = content.read().decode("utf-8-sig")
    head, *rows = text.splitlines()
    assert head.startswith("商品编码,瓶数,批次,") and len(rows) == 2
    assert "没有的,5,乙" in rows[0] and "找不到商品" in rows[0]
    mended = text.replace("没有的,5", f"{cast.skus[2].code},5").replace("'-3", "3").replace("-3", "3")
    page = desk.post(
        "/console/import/count/", {"warehouse": "W1", "file": SimpleUploadedFile("改好.csv", mended.encode())}
    )
    again = Job.objects.exclude(pk=job.pk).get()
    jobs.run(again.pk)
    again.refresh_from_db()
    assert (page.status_code, again.status, again.result["new"]) == (302, "DONE", 2)


def test_a_resumed_import_counts_the_whole(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stock, "BATCH", 1)
    monkeypatch.setattr(jobs, "actor_of_seat", {cast.admin.seat_id: cast.admin}.get)
    rows = "".join(f"{cast.skus[number].code},{number},春\r\n" for number in (1, 2, 3))
    upload = store(
        actor=cast.admin, upload=BytesIO(f"商品编码,瓶数,批次\r\n{rows}".encode()), name="a.csv", purpose=Purpose.IMPORT
    )
    job = jobs.start(actor=cast.admin, kind="stock.count", parameters={"warehouse": "W1"}, source_file_id=upload.pk)

    class Killed(BaseException):
        """What a kill looks like from inside."""

    def dies(self: RunningJob, rows: Iterable[ShownRow]) -> None:
        if self.cursor == 1:
            raise Killed
        assert list(rows) == []

    with monkeypatch.context() as killed, pytest.raises(Killed):
        killed.setattr(RunningJob, "show", dies)
        jobs.run(job.pk)
    Job.objects.update(heartbeat_at=clock.now() - timedelta(hours=1))
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.done, job.result["new"], job.runs) == ("DONE", 3, 3, 2)
    assert Movement.objects.filter(stock__batch="春").count() == 3


def sent(client: HostClient, slug: str, content: str, **said: str) -> Any:
    """What the upload of a table answers."""
    upload = SimpleUploadedFile(f"{slug}.csv", content.encode(), "text/csv")
    return client.post(f"/console/import/{slug}/", {"file": upload, **said})


def test_the_day_of_opening_balances_is_chosen(cast: Cast, as_: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    finance, actor = as_("finance"), cast.actor("finance")
    monkeypatch.setattr(jobs, "actor_of_seat", {actor.seat_id: actor}.get)
    today = clock.business_day()
    assert f'value="{today}"' in finance.get("/console/import/openings/").content.decode()
    table = f"经销商编码,期初应收\n{cast.c1.code},100\n"
    for bad in ((today + timedelta(days=1)).isoformat(), "", "gestern", "0001-01-01"):
        assert sent(finance, "openings", table, on=bad).status_code == 422, bad
    assert not Job.objects.exists()
    day = today - timedelta(days=12)
    preview = sent(finance, "openings", table, on=day.isoformat())
    job = Job.objects.get()
    jobs.run(job.pk)
    assert f"{day}" in finance.get(preview["Location"]).content.decode()
    finance.post(f"/console/jobs/{job.pk}/confirm/")
    jobs.run(Job.objects.get(is_dry_run=False).pk)
    assert Journal.objects.get(kind="OPENING").booked_on == day


def test_the_pages_of_dealers_lead_to_the_imports_one_may_do(cast: Cast, as_: Opens) -> None:
    may = {
        "admin": {"dealers", "addresses", "openings"},
        "finance": {"openings"},
        "sales_admin": set(),
    }
    for key, slugs in may.items():
        page = as_(key).get("/console/dealers/").content.decode()
        assert {slug for slug in may["admin"] if f'href="/console/import/{slug}/"' in page} == slugs, key
        facts = as_(key).get(f"/console/dealers/code/{cast.c1.code}/").content.decode()
        assert ('href="/console/import/addresses/"' in facts) is ("addresses" in slugs), key
        account = as_(key).get(f"/console/dealers/code/{cast.c1.code}/?tab=account").content.decode()
        assert ('href="/console/import/openings/"' in account) is ("openings" in slugs), key
    assert 'action="/console/export/accounts/' in as_("finance").get("/console/dealers/").content.decode()
    assert as_("sales_admin").get("/console/import/openings/").status_code == 403


def uploaded(desk: HostClient, text: str, batch: str, **said: str) -> Any:
    """A count sent in under a batch number."""
    upload = SimpleUploadedFile("盘点.csv", text.encode())
    return desk.post("/console/import/count/", {"warehouse": "W1", "file": upload, "batch": batch, **said}, follow=True)


def test_a_file_is_imported_once_under_its_batch_number(
    cast: Cast, desk: HostClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "actor_of_seat", {cast.admin.seat_id: cast.admin}.get)
    text = f"商品编码,瓶数\r\n{cast.skus[1].code},590\r\n"
    page = uploaded(desk, text, "pd-11.23")
    assert "批次 PD-11.23" in page.content.decode()
    tried = Job.objects.get()
    jobs.run(tried.pk)
    jobs.run(jobs.confirm(actor=cast.admin, job_id=tried.pk).pk)
    assert Movement.objects.filter(kind="COUNT").count() == 1
    again = uploaded(desk, text, "PD-11.23")
    assert "未重复处理" in again.content.decode()
    assert Job.objects.count() == 2
    other = uploaded(desk, text.replace("590", "580"), "PD-11.23")
    assert other.status_code == 422
    assert "已导入过另一个文件（盘点.csv）" in other.content.decode()
    assert Job.objects.count() == 2


def test_rows_refused_under_a_number_come_in_under_a_new_one(
    cast: Cast, desk: HostClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "actor_of_seat", {cast.admin.seat_id: cast.admin}.get)
    text = f"商品编码,瓶数\r\n{cast.skus[1].code},590\r\nNEU-1,5\r\n"
    uploaded(desk, text, "PD-7")
    jobs.run(Job.objects.get().pk)
    jobs.run(jobs.confirm(actor=cast.admin, job_id=Job.objects.get().pk).pk)
    Sku.objects.filter(pk=cast.skus[2].pk).update(code="NEU-1")
    assert "当时有 1 行未通过" in uploaded(desk, text, "PD-7").content.decode()
    assert Job.objects.count() == 2
    assert "未重复处理" not in uploaded(desk, text, "PD-8").content.decode()
    tried = Job.objects.get(parameters__batch="PD-8")
    jobs.run(tried.pk)
    jobs.run(jobs.confirm(actor=cast.admin, job_id=tried.pk).pk)
    assert Movement.objects.filter(kind="COUNT").count() == 2


def test_a_number_is_the_houses_also_where_the_run_is_nobodys_business(cast: Cast, desk: HostClient) -> None:
    uploaded(desk, f"商品编码,瓶数\r\n{cast.skus[1].code},590\r\n", "PD-9")
    Job.objects.update(is_dry_run=False, status="DONE", kind="catalogue.import_products")
    within = replace(cast.product, scope=Scope(product_lines=("LIGHT",)))
    upload = store(actor=within, upload=BytesIO("编码\r\n1\r\n".encode()), name="b.csv", purpose=Purpose.IMPORT)
    with pytest.raises(BatchElsewhere):
        start_batch(
            actor=within, kind="catalogue.import_products", batch="pd-9", parameters={}, source_file_id=upload.pk
        )
    assert Job.objects.count() == 1


def test_a_run_that_was_stopped_may_be_begun_again_under_its_number(cast: Cast, desk: HostClient) -> None:
    text = f"商品编码,瓶数\r\n{cast.skus[1].code},590\r\n"
    uploaded(desk, text, "PD-2")
    Job.objects.update(is_dry_run=False, status="CANCELLED")
    assert "未重复处理" not in uploaded(desk, text, "PD-2").content.decode()
    assert Job.objects.count() == 2


@pytest.mark.parametrize("batch", ["a b", "../x", "批次一", "x" * 41, "a\x00b", "=1"])
def test_an_odd_batch_number_is_told_at_its_field(cast: Cast, desk: HostClient, batch: str) -> None:
    page = uploaded(desk, "商品编码,瓶数\r\nX,1\r\n", batch)
    assert page.status_code == 422
    assert page.context["form"].errors["batch"]
    assert not Job.objects.exists()


def test_who_leaves_the_number_empty_gets_one(cast: Cast, desk: HostClient) -> None:
    uploaded(desk, "商品编码,瓶数\r\nX,1\r\n", "")
    number = str(Job.objects.get().parameters["batch"])
    assert len(number) == 15
    assert number in desk.get(f"/console/jobs/{Job.objects.get().pk}/").content.decode()
