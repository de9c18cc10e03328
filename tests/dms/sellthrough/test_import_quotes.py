"""Market quotes from a spreadsheet: read as people write them, dry run, errors by row, the same batch twice."""

import pytest

from core.jobs.models import Job, JobRow
from core.kernel.errors import NotPermitted
from dms.sellthrough.models import MarketQuote
from dms.sellthrough.resources import import_guide, import_template
from tests.cast import Cast
from tests.dms.sheets import counts, csv, faults, imported, xlsx

HEAD = ("商品编码", "区域", "日期", "单位", "批价", "来源")


@pytest.fixture
def code(cast: Cast) -> str:
    return cast.skus[1].code


class Run:
    def __init__(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cast, self.monkeypatch = cast, monkeypatch

    def __call__(self, content: bytes, *, is_dry_run: bool = False, **choices: object) -> Job:
        actor = self.cast.pricing
        return imported(self.monkeypatch, actor, "market.import", content, is_dry_run=is_dry_run, **choices)


@pytest.fixture
def run(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Run:
    return Run(cast, monkeypatch)


@pytest.mark.parametrize("form", ["xlsx", "utf-8", "gb18030"])
def test_names_and_digits_days_and_units_are_read(run: Run, code: str, form: str) -> None:
    rows = (
        HEAD,
        (code, "济南市", "2026-01-12", "瓶", "850.00", "批发市场"),
        (code, "370200", "2026/1/5", "箱", "5,100", None)
        if form == "xlsx"
        else (code, "370200", "2026/1/5", "箱", "5100", ""),
        (code, "全国", "2026年1月3日", "bottle", "¥849.5", ""),
    )
    job = run(xlsx(*rows) if form == "xlsx" else csv(*rows, encoding=form))
    assert (job.status, job.done, faults(job)) == ("DONE", 3, [])
    found = MarketQuote.objects.order_by("id").values_list("region_code", "unit", "amount", "source")
    assert list(found) == [
        ("370100", "BOTTLE", 85_000, "批发市场"),
        ("370200", "CASE", 510_000, ""),
        ("CN", "BOTTLE", 84_950, ""),
    ]


def test_bad_rows_are_told_and_good_ones_come_in(run: Run, code: str) -> None:
    good = (code, "370100", "2026-01-12", "瓶", "850", "")
    job = run(
        xlsx(
            HEAD,
            good,
            ("NO-SUCH", *good[1:]),
            (code, "某地", *good[2:]),
            (code, "", *good[2:]),
            (code, "370200", "昨天", "瓶", "850", ""),
            (code, "370200", "2027-01-01", "瓶", "850", ""),
            (code, "370200", "2026-01-12", "", "850", ""),
            (code, "370200", "2026-01-12", "桶", "850", ""),
            (code, "370200", "2026-01-12", "瓶", "", ""),
            (code, "370200", "2026-01-12", "瓶", "850.123", ""),
            (code, "370200", "2026-01-12", "瓶", "0", ""),
            good,
            ("6.9E+12", *good[1:]),
        )
    )
    assert job.done == 1
    assert [fault for _row, fault in faults(job)] == [
        "market.sku_unknown",
        "market.region_unread",
        "market.region_unsaid",
        "market.day_unread",
        "market.day_ahead",
        "market.unit_unsaid",
        "market.unit_unread",
        "market.amount_unsaid",
        "money.not_an_amount",
        "market.not_positive",
        "market.row_twice",
        "market.code_mangled",
    ]


def test_a_dry_run_shows_old_beside_new_and_writes_nothing(run: Run, code: str) -> None:
    run(csv(HEAD, (code, "370100", "2026-01-12", "瓶", "850", "")))
    dry = run(
        csv(
            HEAD,
            (code, "370100", "2026-01-12", "瓶", "840", ""),
            (code, "370100", "2026-01-11", "瓶", "845", ""),
        ),
        is_dry_run=True,
    )
    assert counts(dry) == {"changed": 1, "new": 1}
    shown = {row.row: row.said["changes"]["amount"] for row in JobRow.objects.filter(job=dry)}
    assert shown == {2: ["850.00", "840.00"], 3: [None, "845.00"]}
    assert MarketQuote.objects.count() == 1


def test_the_same_batch_is_taken_in_once_and_not_with_other_figures(run: Run, code: str) -> None:
    first = csv(HEAD, (code, "370100", "2026-01-12", "瓶", "850", ""))
    run(first, batch="W03")
    run(csv(HEAD, (code, "370100", "2026-01-12", "瓶", "840", "")), batch="W04")
    again = run(first, batch="W03")
    assert (counts(again), MarketQuote.objects.count()) == ({"same": 1}, 2)
    other = run(csv(HEAD, (code, "370100", "2026-01-12", "瓶", "1", "")), batch="W03")
    assert other.status == "FAILED"
    assert MarketQuote.objects.count() == 2


def test_back_takes_a_quote_back(run: Run, code: str) -> None:
    run(csv(HEAD, (code, "370100", "2026-01-12", "瓶", "850", "")))
    job = run(csv(HEAD, (code, "370100", "2026-01-12", "瓶", "撤回", "")))
    assert counts(job) == {"changed": 1}
    assert MarketQuote.objects.order_by("-id").values_list("amount", flat=True).first() is None


def test_the_template_is_a_table_the_import_reads(run: Run, code: str) -> None:
    template = import_template(is_csv=True)
    assert template.name.endswith(".csv")
    job = run(template.content.replace(b"DEMO-001", code.encode()))
    assert (job.done, faults(job)) == (1, [])
    assert [one.field for one in import_guide() if one.is_required][:2] == ["sku_code", "region_code"]


def test_a_rep_may_write_but_not_import(cast: Cast, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    with pytest.raises(NotPermitted):
        imported(monkeypatch, cast.rep, "market.import", csv(HEAD, (code, "CN", "2026-01-12", "瓶", "1", "")))
