"""Products out as a table that comes in again unchanged."""

import csv
import io
from dataclasses import replace

import pytest

from core.catalogue.models import Sku
from core.catalogue.services import save_sku
from core.files.models import StoredFile
from core.files.selectors import open_file
from core.jobs import services as jobs
from core.jobs.exports import ask_export
from core.jobs.models import Job
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from tests.core.catalogue.goods import sku
from tests.core.catalogue.sheets import imported


@pytest.fixture
def exporter(product_manager: Actor, buyer: Actor, family: str, monkeypatch: pytest.MonkeyPatch) -> Actor:
    """May do everything; the worker finds their seat and the buyer's. There is 青花汾酒20."""
    actor = replace(product_manager, codes=product_manager.codes | {"files.upload", "jobs.read"})
    monkeypatch.setattr(jobs, "actor_of_seat", {one.seat_id: one for one in (actor, buyer)}.get)
    save_sku(actor=actor, command=sku())
    return actor


def exported(actor: Actor, *, form: str = "csv", **asked: str) -> tuple[Job, bytes]:
    job = ask_export(
        actor=actor, name="products", asked=asked, as_csv=form == "csv", language="zh-hans", zone="Asia/Shanghai"
    )
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.result_file_id
    with open_file(StoredFile.objects.get(pk=job.result_file_id)) as content:
        return job, content.read()


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("sort", ["csv", "xlsx"])
def test_what_went_out_comes_in_again_as_the_same(exporter: Actor, sort: str) -> None:
    job, content = exported(exporter, form=sort)
    assert (job.status, job.done, job.result) == ("DONE", 1, {"rows": 1})
    again = imported(exporter, content, name=f"products.{sort}")
    assert (again.status, again.result["same"], again.result["unknown_columns"]) == ("DONE", 1, [])


def test_the_table_speaks_as_the_trade_does(exporter: Actor) -> None:
    (row,) = table(exported(exporter)[1])
    assert (row["商品编码"], row["度数（%vol）"], row["箱规（瓶/箱）"]) == ("FJ-QX-530-0500-Y20-06", "53", "6")
    assert (row["产品线"], row["销售单位"], row["上架状态"]) == ("青花系列", "箱", "草稿")


def test_a_name_that_would_run_as_a_formula_is_made_harmless(exporter: Actor) -> None:
    Sku.objects.update(name="-2+3 春")
    (row,) = table(exported(exporter)[1])
    assert row["品名"] == "'-2+3 春"


def test_only_what_is_asked_for_and_may_be_seen_goes_out(exporter: Actor, buyer: Actor) -> None:
    assert table(exported(exporter, aroma="JX")[1]) == []
    assert len(table(exported(exporter, q="青花汾洒20", status="DRAFT")[1])) == 1
    with pytest.raises(Missing):
        exported(buyer)
