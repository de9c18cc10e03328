"""Prices from a spreadsheet: many lists in one file, dry run, errors by row, the same batch twice."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from core.events.models import Event
from core.jobs import services as jobs
from core.jobs.models import Job, JobRow
from core.jobs.selectors import failure_lines
from core.kernel import clock
from core.kernel.quantity import Unit
from ordering.pricing.models import PriceEntry, PriceList
from ordering.pricing.resources import import_template
from ordering.pricing.selectors import price_as_of
from ordering.pricing.services import ImportPrices, PriceRow, import_prices
from tests.cast import Cast
from tests.dms.sheets import counts, csv, faults, imported, xlsx
from tests.factories.wide import make_many_skus
from tests.ordering.watching import statements

HEAD = ("价目表", "商品编码", "单位", "起订量", "单价", "生效日期")


class Run:
    """Imports of the pricing desk."""

    def __init__(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cast, self.monkeypatch = cast, monkeypatch
        self.codes = {number: sku.code for number, sku in cast.skus.items()}

    def __call__(self, content: bytes, *, is_dry_run: bool = False, seat: str = "pricing", **choices: object) -> Job:
        actor = self.cast.actor(seat)
        return imported(self.monkeypatch, actor, "prices.import", content, is_dry_run=is_dry_run, **choices)

    def price(self, number: int, unit: str = "CASE", code: str = "NAT") -> list[int | None]:
        cells = price_as_of(actor=self.cast.pricing, list_code=code, sku_code=self.codes[number], at=clock.now())
        return [cell.amount for cell in cells if cell.unit == unit]


@pytest.fixture
def run(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Run:
    return Run(cast, monkeypatch)


@pytest.mark.parametrize("form", ["xlsx", "utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_prices_rule_from_now_on_or_from_their_day(run: Run, form: str) -> None:
    tomorrow = clock.business_day() + timedelta(days=1)
    rows = (
        HEAD,
        ("NAT", run.codes[5], "箱", None, "500.00", None),
        ("NAT", run.codes[1], "case", 1, "1990", tomorrow.isoformat()),
        ("NAT", run.codes[2], "", 1, "１２３.４５", None),
    )
    job = run(xlsx(*rows) if form == "xlsx" else csv(*rows, encoding=form))
    assert (job.status, counts(job), faults(job)) == ("DONE", {"new": 1, "changed": 2}, [])
    assert (run.price(5), run.price(1), run.price(2)) == ([50_000], [198_000], [12_345])
    later = PriceEntry.objects.get(sku=run.cast.skus[1], amount=199_000)
    assert later.valid_from == datetime(*tomorrow.timetuple()[:3], tzinfo=ZoneInfo("Asia/Shanghai"))
    kinds = list(Event.objects.order_by("kind").values_list("kind", flat=True))
    assert kinds == ["ordering.prices_changed.v1", "ordering.prices_imported.v1"]


def test_bad_rows_are_told_and_good_ones_come_in(run: Run) -> None:
    code, yesterday = run.codes[1], (clock.business_day() - timedelta(days=1)).isoformat()
    job = run(
        xlsx(
            HEAD,
            ("NAT", code, "箱", 1, "1999.999", None),
            ("NAT", code, "箱", 1, "-5", None),
            ("NAT", code, "箱", 2, "0", None),
            ("NAT", code, "箱", 1, "1e5", None),
            ("NAT", code, "箱", 1, None, None),
            ("NAT", code, "托盘", 1, "5", None),
            ("NAT", code, "箱", 0, "5", None),
            ("NAT", code, "箱", 1.5, "5", None),
            ("NAT", code, "箱", 1, "5", "31/31/2026"),
            ("NAT", code, "箱", 1, "5", yesterday),
            ("NAT", "NO-SUCH", "箱", 1, "5", None),
            ("NAT", "6.9E+12", "箱", 1, "5", None),
            ("NO-LIST", code, "箱", 1, "5", None),
            ("NAT", run.codes[2], "箱", 1, "5", None),
            ("NAT", run.codes[2], "箱", 1, "6", None),
        )
    )
    with override("en"):
        said = {line.row: line.remedy for line in failure_lines(job)}
    assert "at most 2 decimals" in said[2]
    assert said[3] == "Correct the row and import it again."
    assert faults(job) == [
        (2, "money.not_an_amount"),
        (3, "price.not_positive"),
        (4, "price.not_positive"),
        (5, "money.not_an_amount"),
        (6, "price.unsaid"),
        (7, "price.unit_unread"),
        (8, "price.step_unread"),
        (9, "price.step_unread"),
        (10, "price.day_unread"),
        (11, "price.past"),
        (12, "price.sku_unknown"),
        (13, "price.code_mangled"),
        (14, "price.list_unknown"),
        (16, "price.row_twice"),
    ]
    assert (job.status, job.done, job.failed, run.price(2)) == ("DONE_WITH_ERRORS", 1, 14, [500])


def test_two_spellings_of_one_key_are_refused_not_written_twice(run: Run) -> None:
    today = clock.business_day().isoformat()
    rows = (HEAD, ("NAT", run.codes[1], "箱", 1, "5", None), ("NAT", run.codes[1], "箱", 1, "6", today))
    job = run(csv(*rows))
    assert (faults(job), run.price(1)) == ([(3, "price.changed_twice")], [500])


def test_a_price_is_ended_in_words_only(run: Run) -> None:
    job = run(xlsx(HEAD, ("NAT", run.codes[1], "箱", 1, "结束", None)))
    assert (job.status, run.price(1)) == ("DONE", [])


def test_the_currency_must_be_the_lists(run: Run) -> None:
    head = ("price list", "sku code", "unit", "unit price", "currency")
    job = run(csv(head, ("NAT", run.codes[1], "case", "5", "USD"), ("NAT", run.codes[2], "case", "5", "cny")))
    assert (faults(job), run.price(2)) == ([(2, "price.currency")], [500])


def test_a_dry_run_writes_nothing_and_shows_old_beside_new(run: Run) -> None:
    before = list(PriceEntry.objects.order_by("pk").values())
    rows = (HEAD, ("NAT", run.codes[1], "箱", 1, "1990", None), ("NAT", run.codes[2], "箱", 1, "5", None))
    job = run(xlsx(*rows), is_dry_run=True)
    shown = [(row.row, row.fate, row.said["changes"]) for row in JobRow.objects.filter(job=job).order_by("row")]
    assert shown[0] == (2, "changed", {"amount": ["1,980.00", "1,990.00"]})
    assert (list(PriceEntry.objects.order_by("pk").values()), Event.objects.count()) == (before, 0)


def test_a_price_that_moved_since_the_preview_is_not_overwritten_unseen(run: Run) -> None:
    rows = (HEAD, ("NAT", run.codes[1], "箱", 1, "1900", None), ("NAT", run.codes[2], "箱", 1, "5", None))
    dry = run(xlsx(*rows), is_dry_run=True)
    run(xlsx(HEAD, ("NAT", run.codes[1], "箱", 1, "2080", None)))
    job = jobs.confirm(actor=run.cast.pricing, job_id=dry.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (faults(job), counts(job)) == ([(2, "price.changed_meanwhile")], {"changed": 1})
    assert (run.price(1), run.price(2)) == ([208_000], [500])


def test_two_prices_of_one_key_in_a_file_do_not_stand_in_each_others_way(run: Run) -> None:
    later = (clock.business_day() + timedelta(days=3)).isoformat()
    rows = (HEAD, ("NAT", run.codes[1], "箱", 1, "1900", None), ("NAT", run.codes[1], "箱", 1, "2000", later))
    dry = run(xlsx(*rows), is_dry_run=True)
    job = jobs.confirm(actor=run.cast.pricing, job_id=dry.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (faults(job), run.price(1)) == ([], [190_000])


def test_a_day_of_the_file_is_one_of_the_brands_zone(run: Run) -> None:
    with clock.in_zone("Europe/Berlin"):
        tomorrow = clock.business_day() + timedelta(days=1)
        run(xlsx(HEAD, ("NAT", run.codes[1], "箱", 1, "1990", tomorrow.isoformat())))
    later = PriceEntry.objects.get(sku=run.cast.skus[1], amount=199_000)
    assert later.valid_from == datetime(*tomorrow.timetuple()[:3], tzinfo=ZoneInfo("Europe/Berlin"))


def test_the_same_batch_is_taken_in_once(run: Run) -> None:
    table = xlsx(HEAD, ("NAT", run.codes[1], "箱", 1, "1990", None))
    run(table, batch="2026-01")
    run(xlsx(HEAD, ("NAT", run.codes[1], "箱", 1, "2000", None)))
    again = run(table, batch="2026-01")
    assert (again.status, counts(again), run.price(1)) == ("DONE", {"same": 1}, [200_000])
    other = run(xlsx(HEAD, ("NAT", run.codes[1], "箱", 1, "1", None)), batch="2026-01")
    assert (other.status, other.failures[0]["code"], run.price(1)) == ("FAILED", "price.batch_reused", [200_000])


def test_what_rules_already_is_the_same_whatever_day_it_names(run: Run) -> None:
    version = PriceList.objects.get(code="NAT").version
    job = run(csv(HEAD, ("NAT", run.codes[1], "箱", 1, "1,980.00".replace(",", ""), "2020-01-01 08:30")))
    assert (counts(job), PriceList.objects.get(code="NAT").version) == ({"same": 1}, version)


@pytest.mark.parametrize("seat", ["warehouse", "admin_c1"])
def test_who_may_not_set_prices_imports_none(run: Run, seat: str) -> None:
    table = xlsx(HEAD, ("NAT", run.codes[1], "箱", 1, "1990", None))
    if seat == "warehouse":
        from core.kernel.errors import NotPermitted

        with pytest.raises(NotPermitted):
            run(table, seat=seat)
    else:
        assert faults(run(table, seat=seat)) == [(2, "price.list_unknown")]
    assert run.price(1) == [198_000]


@pytest.mark.parametrize("is_csv", [True, False])
def test_the_template_is_read_again(run: Run, is_csv: bool) -> None:
    job = run(import_template(is_csv=is_csv).content, is_dry_run=True)
    assert faults(job) == [(2, "price.sku_unknown")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "files.empty"),
        (csv(("a", "b"), ("1", "2")), "files.head_missing"),
        (csv(("price list", "sku code", "unit price", "price"), ("NAT", "X", "1", "2")), "files.column_twice"),
    ],
)
def test_a_file_that_is_no_such_table(run: Run, content: bytes, code: str) -> None:
    from core.kernel.errors import DomainError

    try:
        job = run(content)
    except DomainError as refusal:
        assert refusal.code == code
    else:
        assert (job.status, job.failures[0]["code"]) == ("FAILED", code)


def test_ten_thousand_columns_and_a_formula(run: Run) -> None:
    head = (*HEAD, *(f"c{number}" for number in range(10_001)))
    job = run(csv(head, ("NAT", run.codes[1], "箱", "1", "=1+1", "")))
    assert faults(job) == [(2, "money.not_an_amount")]


def test_merged_cells_say_the_same_of_every_row(run: Run) -> None:
    import io

    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEAD, ("NAT", run.codes[1], "箱", 1, 5, None), (None, run.codes[2], "箱", 1, 6, None)):
        sheet.append(list(row))
    sheet.merge_cells("A2:A3")
    content = io.BytesIO()
    book.save(content)
    job = run(content.getvalue())
    assert (job.status, run.price(1), run.price(2)) == ("DONE", [500], [600])


def test_statements_do_not_grow_with_rows(cast: Cast) -> None:
    skus = make_many_skus(cast.skus[1], 400)
    counted = []
    for batch, codes in enumerate(([skus[0].code], [sku.code for sku in skus])):
        rows = tuple(PriceRow("NAT", code, 1_000 + batch, Unit.CASE) for code in codes)
        with statements() as seen:
            judged = import_prices(actor=cast.pricing, command=ImportPrices(f"B{batch}/1", rows))
        assert len(judged.fates) == len(rows)
        counted.append(len(seen))
    assert counted[0] == counted[1]
