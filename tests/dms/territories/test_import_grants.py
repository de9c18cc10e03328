"""Grants from a spreadsheet: dry run, errors by row, repeatable, and out again the same."""

import pytest

from core.jobs.exports import known_exports
from core.jobs.models import Job
from core.kernel.actor import Side
from dms.territories.models import Grant
from dms.territories.resources import COLUMNS, import_guide, import_template
from tests.cast import Cast
from tests.dms.sheets import counts, csv, faults, imported, xlsx
from tests.dms.territories.conftest import Gives

HEAD = (
    "经销商编码",
    "授权区域",
    "自定义区域",
    "产品线",
    "单品编码",
    "渠道",
    "授权方式",
    "优先级",
    "生效日期",
    "截止日期",
    "合同号",
)


def _row(dealer: str, region: object = "", **cells: object) -> tuple[object, ...]:
    row = dict.fromkeys(HEAD, "") | {"经销商编码": dealer, "授权区域": region, **cells}
    return tuple(row[name] for name in HEAD)


@pytest.fixture
def run(cast: Cast, give: Gives, monkeypatch: pytest.MonkeyPatch) -> "Run":
    return Run(cast, monkeypatch)


class Run:
    """Imports as the brand's administrator, on a map nobody holds anything of."""

    def __init__(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cast, self.monkeypatch = cast, monkeypatch

    def __call__(self, content: bytes, *, is_dry_run: bool = False) -> Job:
        return imported(self.monkeypatch, self.cast.admin, "territories.import", content, is_dry_run=is_dry_run)


GOOD = (
    _row(
        "C1",
        "山东省济南市",
        授权方式="独家",
        渠道="流通、餐饮",
        生效日期="2026年2月1日",
        截止日期="2027/2/1",
        合同号="HT-1",
    ),
    _row("P1", "370000", 授权方式="独家授权", 截止日期="长期"),
    _row("C2", "", 自定义区域="HT", 渠道="全渠道", 优先级="2"),
    _row("ROOT", "全国", 授权方式="厂家保留", 渠道="KA"),
)


@pytest.mark.parametrize("form", ["xlsx", "utf-8-sig", "gb18030"])
def test_a_clean_table_comes_in_whole(run: Run, high_tech: str, form: str) -> None:
    """The child stands before the parent its ground rests on, and both come in."""
    content = xlsx(HEAD, *GOOD) if form == "xlsx" else csv(HEAD, *GOOD, encoding=form)
    dry = run(content, is_dry_run=True)
    assert (counts(dry), faults(dry), Grant.objects.count()) == ({"new": 4}, [], 0)
    job = run(content)
    assert (counts(job), faults(job)) == ({"new": 4}, [])
    first = Grant.objects.get(dealer__code="C1")
    assert (first.kind, first.channels, first.region_code) == ("EXCLUSIVE", ["HORECA", "TRADITIONAL"], "370100")
    assert (str(first.valid_from), str(first.valid_to)) == ("2026-02-01", "2027-02-01")
    assert first.carved_out_of == Grant.objects.get(dealer__code="P1")
    assert Grant.objects.get(dealer__code="C2").zone is not None


def test_repeated_it_changes_nothing(run: Run, high_tech: str) -> None:
    run(csv(HEAD, *GOOD))
    again = run(csv(HEAD, *GOOD))
    assert (counts(again), faults(again), Grant.objects.count()) == ({"same": 4}, [], 4)


def test_bad_rows_are_told_and_the_others_done(run: Run) -> None:
    sku = run.cast.skus[1].code
    rows = (
        _row("C2", "370200", 单品编码=f"{sku} NO-SUCH"),
        _row("C2", "北京市市辖区某某"),
        _row("NO", "370200"),
        _row("C2", "370200", 授权方式="买断"),
        _row("C2", "370200", 生效日期="明天"),
        _row("C2", "370200", 渠道="电商"),
        _row("C2", "370200", 优先级="第一"),
        _row("C2", "370200", 授权方式="独家"),
        _row("P1", "370202", 授权方式="独家"),
        _row("C1", "370100"),
    )
    job = run(xlsx(HEAD, *rows))
    assert faults(job) == [
        (2, "territories.sku_unknown"),
        (3, "territories.region_unread"),
        (4, "territories.dealer_unknown"),
        (5, "territories.cell_unread"),
        (6, "territories.cell_unread"),
        (7, "territories.nationwide_channel"),
        (8, "territories.priority_invalid"),
        (10, "territories.conflict"),
        (11, "territories.outside_parent"),
    ]
    assert [row.dealer.code for row in Grant.objects.all()] == ["C2"]


def test_the_template_is_read_by_its_own_reader(run: Run) -> None:
    assert {column.field for column in import_guide()} == set(COLUMNS)
    for is_csv in (True, False):
        job = run(import_template(is_csv=is_csv).content, is_dry_run=True)
        assert faults(job) == [(2, "territories.dealer_unknown")]


def test_what_goes_out_comes_in_again(run: Run, high_tech: str) -> None:
    run(csv(HEAD, *GOOD, _row("C2", "370203", 单品编码=f"{run.cast.skus[1].code} {run.cast.skus[2].code}")))
    listed = next(one for one in known_exports() if (one.name, one.side) == ("grants", Side.BRAND))
    found = listed.question(run.cast.admin, {"state": "ALL"})
    heads = [column.heading for column in listed.columns()]
    table = [[("" if cell is None else str(cell)) for cell in row] for row in found.rows]  # type: ignore[union-attr]  # rows of our own hand
    job = run(xlsx(heads, *table), is_dry_run=True)
    assert (counts(job), faults(job)) == ({"same": 5}, [])
