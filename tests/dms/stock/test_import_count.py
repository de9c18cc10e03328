"""Stock counts from a spreadsheet: dry run, errors by row, barcodes, and the same batch twice."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from core.db.acts import act
from core.jobs import services as jobs
from core.jobs.errors import PreviewGone
from core.jobs.models import Job, JobRow
from core.jobs.selectors import failure_lines
from core.kernel import clock
from dms.stock import services
from dms.stock.models import Movement, Stock
from dms.stock.resources import import_template
from dms.stock.services import Demand
from tests.cast import Cast
from tests.dms.sheets import counts, csv, faults, imported, xlsx

HEAD = ("货号", "箱数", "瓶数", "批次")


class Run:
    """Counts of W1 as the warehouse's manager."""

    def __init__(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cast, self.monkeypatch = cast, monkeypatch
        self.codes = {number: sku.code for number, sku in cast.skus.items()}

    def __call__(self, content: bytes, *, is_dry_run: bool = False, seat: str = "warehouse", **choices: object) -> Job:
        asked = {"warehouse": "W1", **choices}
        actor = self.cast.actor(seat)
        return imported(self.monkeypatch, actor, "stock.count", content, is_dry_run=is_dry_run, **asked)

    def confirmed(self, dry: Job) -> Job:
        """The dry run done for real."""
        job = jobs.confirm(actor=self.cast.warehouse, job_id=dry.pk)
        jobs.run(job.pk)
        job.refresh_from_db()
        return job

    def on_hand(self, number: int, batch: str = "") -> int | None:
        rows = Stock.objects.filter(warehouse=self.cast.w1, sku=self.cast.skus[number], batch=batch)
        return rows.values_list("on_hand", flat=True).first()


@pytest.fixture
def run(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Run:
    return Run(cast, monkeypatch)


@pytest.mark.parametrize("form", ["xlsx", "utf-8", "gb18030"])
def test_cases_and_bottles_are_added_up(run: Run, form: str) -> None:
    rows = (HEAD, (run.codes[1], 98, 2, None), (run.codes[2], None, "１２", None), (run.codes[4], 1, 0, "B1"))
    job = run(xlsx(*rows) if form == "xlsx" else csv(*rows, encoding=form), reason="年末盘点")
    assert (job.status, job.done, counts(job)) == ("DONE", 3, {"changed": 1, "same": 1, "new": 1})
    assert (run.on_hand(1), run.on_hand(2), run.on_hand(4, "B1")) == (590, 12, 24)
    assert {(row.bottles, row.reason) for row in Movement.objects.filter(kind="COUNT")} == {
        (-10, "年末盘点"),
        (24, "年末盘点"),
    }


def test_products_are_found_by_barcode_of_bottle_and_case(run: Run) -> None:
    bottle, case = run.cast.skus[1].gtin13, run.cast.skus[3].gtin14
    job = run(xlsx(("条码", "数量"), (float(bottle), 30), (case, 60)))
    assert (job.status, run.on_hand(1), run.on_hand(3)) == ("DONE", 30, 60)


def test_bad_rows_are_told_and_good_ones_come_in(run: Run) -> None:
    codes = run.codes
    job = run(
        xlsx(
            HEAD,
            (codes[1], 1, None, None),
            ("NO-SUCH", 1, None, None),
            (codes[2], -1, None, None),
            (codes[2], 1.5, None, None),
            (codes[2], None, None, None),
            ("6.9E+12", 1, None, None),
            (None, 1, None, None),
            (codes[1], 2, None, None),
            (codes[3], "999999999", None, None),
            (codes[5], "很多", None, None),
            (codes[3], None, 0, None),
        )
    )
    assert faults(job) == [
        (3, "stock.sku_missing"),
        (4, "stock.quantity_invalid"),
        (5, "stock.quantity_invalid"),
        (6, "stock.quantity_missing"),
        (7, "stock.number_mangled"),
        (8, "stock.code_missing"),
        (9, "stock.row_twice"),
        (10, "stock.quantity_invalid"),
        (11, "stock.quantity_invalid"),
    ]
    assert (job.status, job.done, job.failed) == ("DONE_WITH_ERRORS", 2, 9)
    assert (run.on_hand(1), run.on_hand(2), run.on_hand(3), run.on_hand(5)) == (6, 12, 0, 60)


def test_what_is_promised_is_told_and_the_rest_counted(run: Run) -> None:
    with act():
        services.reserve(
            seller_id=run.cast.root.pk,
            document_type="ORDER",
            document_number="SO1",
            demand=[Demand(1, run.cast.skus[1].pk, 60)],
            region_code="370100",
        )
    table = xlsx(HEAD, (run.codes[1], 9, 5, None), (run.codes[2], 1, None, None))
    assert faults(run(table, is_dry_run=True)) == [(2, "stock.below_reserved")]
    assert faults(run(table)) == [(2, "stock.below_reserved")]
    assert (run.on_hand(1), run.on_hand(2)) == (600, 6)


def test_a_dry_run_writes_nothing_and_says_what_would_be(run: Run) -> None:
    before = list(Stock.objects.order_by("pk").values())
    job = run(xlsx(HEAD, (run.codes[1], 50, None, None), (run.codes[2], 2, None, None)), is_dry_run=True)
    assert counts(job) == {"changed": 1, "same": 1}
    assert [(row.row, row.fate, row.said["changes"]) for row in JobRow.objects.filter(job=job)] == [
        (2, "changed", {"bottles": [600, 300]})
    ]
    assert list(Stock.objects.order_by("pk").values()) == before


def test_what_left_after_the_preview_is_not_back_by_confirming_it(run: Run) -> None:
    """600 in the books at nine, 594 counted, 60 leave at noon: confirmed in the evening 534 lie there, not 594."""
    codes = run.codes
    dry = run(
        xlsx(HEAD, (codes[1], None, 594, None), (codes[2], 2, None, None), ("XX", 1, None, None)), is_dry_run=True
    )
    gone = tuple(services.Counted(codes[number], -6 * number) for number in (1, 2))
    services.adjust_stock(actor=run.cast.warehouse, command=services.AdjustStock("W1", gone, "出库"))
    done = run.confirmed(dry)
    assert counts(done) == {"changed": 1, "same": 1}
    assert (run.on_hand(1), run.on_hand(2)) == (588, 0)
    assert [row.bottles for row in Movement.objects.filter(kind="COUNT")] == [-6]
    assert run.confirmed(dry) == done


def test_a_row_the_preview_refused_does_not_come_in_unseen(run: Run) -> None:
    with act():
        demand = [Demand(1, run.cast.skus[1].pk, 90)]
        services.reserve(
            seller_id=run.cast.root.pk, document_type="TEST", document_number="T1", demand=demand, region_code="370102"
        )
    dry = run(xlsx(HEAD, (run.codes[1], 10, None, None)), is_dry_run=True)
    with act():
        services.release(document_type="TEST", document_number="T1")
    done = run.confirmed(dry)
    assert [failure["code"] for failure in done.failures] == ["stock.refused_before"]
    assert run.on_hand(1) == 600


def test_a_preview_that_is_forgotten_cannot_be_confirmed(run: Run) -> None:
    dry = run(xlsx(HEAD, (run.codes[1], 10, None, None)), is_dry_run=True)
    Job.objects.filter(pk=dry.pk).update(finished_at=clock.now() - timedelta(days=31))
    with pytest.raises(PreviewGone):
        jobs.confirm(actor=run.cast.warehouse, job_id=dry.pk)


def test_the_same_batch_is_booked_once(run: Run) -> None:
    table = xlsx(HEAD, (run.codes[1], 50, None, None))
    run(table, batch="2026-01")
    command = services.AdjustStock("W1", (services.Counted(run.codes[1], 6),), "找到一箱")
    services.adjust_stock(actor=run.cast.warehouse, command=command)
    again = run(table, batch="2026-01")
    assert (again.status, counts(again)) == ("DONE", {"same": 1})
    assert run.on_hand(1) == 306
    other = run(xlsx(HEAD, (run.codes[1], 40, None, None)), batch="2026-01")
    assert (other.status, other.failures[0]["code"]) == ("FAILED", "stock.batch_reused")
    assert run.on_hand(1) == 306


@pytest.mark.parametrize(("warehouse", "seat"), [("NO", "warehouse"), ("W1", "admin_c1")])
def test_a_strangers_warehouse_is_missing(run: Run, warehouse: str, seat: str) -> None:
    job = run(xlsx(HEAD, (run.codes[1], 1, None, None)), warehouse=warehouse, seat=seat)
    assert (job.status, job.failures[0]["code"]) == ("FAILED", "stock.warehouse_missing")
    assert run.on_hand(1) == 600


@pytest.mark.parametrize(("language", "is_csv"), [("zh-hans", False), ("zh-hans", True), ("en", True)])
def test_the_sheet_to_count_by_says_what_the_books_say(run: Run, language: str, is_csv: bool) -> None:
    with override(language):
        made = import_template(run.cast.actor("warehouse"), "W1", is_csv=is_csv)
    job = run(made.content, is_dry_run=True)
    assert (job.status, job.failures, set(counts(job))) == ("DONE", [], {"same"})


def test_a_fault_names_its_column(run: Run) -> None:
    job = run(xlsx(("代码", "箱数"), (run.codes[1], "很多")))
    with override("zh-hans"):
        assert [line.text.split("：")[0] for line in failure_lines(job)] == ["箱数"]
    assert job.took_nothing
