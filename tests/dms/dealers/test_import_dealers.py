"""Dealers from a spreadsheet: dry run, errors by row, guesses confirmed, known dealers changed."""

import pytest
from django.utils.translation import override

from billing.ledger.models import TradingAccount
from core.db.acts import public
from core.events.models import Event
from core.jobs import services as jobs
from core.jobs.models import Job, JobRow
from core.jobs.selectors import failure_lines
from core.vault.services import unseal
from dms.dealers import services
from dms.dealers.models import Address, Credential, Dealer
from dms.dealers.resources import COLUMNS, import_guide, import_template
from dms.dealers.services import ChangeDealer, SavePriceGroup
from tenants.organisations.models import Organisation
from tests.cast import Cast
from tests.dms.sheets import counts, csv, faults, imported, xlsx

USCC = "91350100M000100Y43"
HEAD = (
    "经销商编码",
    "经销商名称",
    "层级",
    "上级编码",
    "行政区划",
    "统一社会信用代码",
    "联系人",
    "联系电话",
    "授信额度(元)",
    "账期",
    "食品经营许可证",
    "许可证有效期至",
    "收货地址",
    "状态",
)
GOOD = (
    "D001",
    "泰山酒业有限公司",
    "市代",
    "P1",
    "370900",
    USCC,
    "王经理",
    13800008000,
    "1,500.50",
    30,
    "JY15308250014109",
    "2027年6月30日",
    "山东省泰安市泰山区东岳大街 8 号",
    "启用",
)


def _row(**cells: object) -> tuple[object, ...]:
    """A row that says only what is named, by heading."""
    places = {heading.removesuffix("(元)"): place for place, heading in enumerate(HEAD)}
    row: list[object] = [None] * len(HEAD)
    for name, cell in cells.items():
        row[places[name]] = cell
    return tuple(row)


@pytest.fixture
def run(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> "Run":
    return Run(cast, monkeypatch)


class Run:
    """Imports as the brand's administrator."""

    def __init__(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cast, self.monkeypatch = cast, monkeypatch

    def __call__(self, content: bytes, *, is_dry_run: bool = False, **choices: object) -> Job:
        return imported(self.monkeypatch, self.cast.admin, "dealers.import", content, is_dry_run=is_dry_run, **choices)


@pytest.mark.parametrize("form", ["xlsx", "utf-8-sig", "gb18030"])
def test_a_clean_table_comes_in_whole(run: Run, form: str) -> None:
    rows = (HEAD, tuple(str(cell).replace(",", "") for cell in GOOD)) if form != "xlsx" else (HEAD, GOOD)
    job = run(xlsx(*rows) if form == "xlsx" else csv(*rows, encoding=form))
    assert (job.status, job.total, job.done, job.failed, counts(job)) == ("DONE", 1, 1, 0, {"new": 1})
    dealer = Dealer.objects.get(code="D001")
    assert (dealer.tier, dealer.parent_id, dealer.region_code) == ("CITY", run.cast.p1.pk, "370900")
    assert (dealer.status, dealer.uscc, unseal(dealer.contact_phone_sealed)) == ("ACTIVE", USCC, "13800008000")
    account = TradingAccount.objects.get(buyer=dealer.party)
    assert (account.credit_limit, account.terms_days) == (150_050, 30)
    assert str(Credential.objects.get(dealer=dealer, type="JY").valid_to) == "2027-06-30"
    address = Address.objects.get(dealer=dealer)
    assert (address.region_code, address.recipient, address.is_default) == ("370902", "王经理", True)
    with public():
        firm = Organisation.objects.get(uscc=USCC)
        assert firm.name == "泰山酒业有限公司"
    assert dealer.organisation_id == firm.pk


def test_children_may_stand_above_their_parents(run: Run) -> None:
    child = _row(经销商编码="D003", 经销商名称="岱岳酒行", 层级="终端", 上级编码="D002", 行政区划="370911")
    parent = _row(经销商编码="D002", 经销商名称="泰安酒业", 层级="县代", 上级编码="P1", 行政区划="370911")
    job = run(xlsx(HEAD, child, parent))
    assert faults(job) == []
    made = {dealer.code: dealer for dealer in Dealer.objects.filter(code__startswith="D00")}
    assert made["D003"].parent_id == made["D003"].supplier_id == made["D002"].pk


def test_bad_rows_are_told_and_good_ones_come_in(run: Run) -> None:
    base = {"经销商名称": "某酒业", "层级": "市代", "行政区划": "370900"}
    table = xlsx(
        ("经销商导入模板",),
        HEAD,
        GOOD,
        _row(**base, 经销商编码="D002", 统一社会信用代码="91350100M000100Y44"),
        _row(**base, 经销商编码="D003", 上级编码="NO"),
        _row(**{**base, "行政区划": "419000"}, 经销商编码="D004"),
        _row(**{**base, "层级": "皇帝"}, 经销商编码="D005"),
        _row(**base, 经销商编码="D006", 联系电话="1.38E+10"),
        _row(**base, 经销商编码="D007", 授信额度="很多"),
        _row(**base, 经销商编码="D008", 授信额度="-1"),
        _row(**base, 经销商编码="D009", 许可证有效期至="不知道", 食品经营许可证="JY15308250014109"),
        _row(**base, 经销商编码="D001"),
        _row(**base, 经销商编码="D010", 统一社会信用代码=USCC),
        _row(**base, 经销商编码="D011", 食品经营许可证="JY15308250014108"),
        _row(**base, 经销商编码="D012", 状态="睡觉"),
        _row(**{**base, "行政区划": "火星"}, 经销商编码="D013"),
        _row(**base, 经销商编码="D014", 状态="启用"),
        _row(**base, 经销商编码="'=1+1"),
        _row(**base, 经销商编码="D015", 账期="一周"),
    )
    job = run(table)
    assert faults(job) == [
        (4, "identifier.uscc_check_digit"),
        (5, "dealers.parent_unknown"),
        (6, "region.unknown"),
        (7, "dealers.tier_unknown"),
        (8, "dealers.number_mangled"),
        (9, "money.not_an_amount"),
        (10, "dealers.limit_invalid"),
        (11, "dealers.day_unread"),
        (12, "dealers.row_twice"),
        (13, "dealers.uscc_taken"),
        (14, "identifier.licence_check_digit"),
        (15, "dealers.status_unread"),
        (16, "dealers.region_unread"),
        (17, "dealers.uscc_missing"),
        (18, "dealers.code_invalid"),
        (19, "dealers.days_unread"),
    ]
    assert (job.status, job.done, job.failed) == ("DONE_WITH_ERRORS", 1, 16)
    assert list(Dealer.objects.filter(code__startswith="D").values_list("code", flat=True)) == ["D001"]


def test_a_dry_run_writes_nothing_and_says_what_would_be(run: Run) -> None:
    before = list(Dealer.objects.order_by("pk").values())
    known = _row(经销商编码="C2", 经销商名称="胶州湾新酒行")
    job = run(xlsx(HEAD, GOOD, known, _row(经销商编码="C1"), _row(经销商编码="D9")), is_dry_run=True)
    assert counts(job) == {"new": 1, "changed": 1, "same": 1}
    rows = {row.row: row for row in JobRow.objects.filter(job=job)}
    assert {(row.row, row.code, row.fate) for row in rows.values()} == {
        (2, "D001", "new"),
        (3, "C2", "changed"),
        (5, "D9", "failed"),
    }
    assert rows[3].said["changes"] == {"name": ["胶州湾酒行", "胶州湾新酒行"]}
    assert {row for row, _ in faults(job)} == {5}
    assert list(Dealer.objects.order_by("pk").values()) == before
    assert not Event.objects.exists()
    with public():
        assert not Organisation.objects.exists()


def test_a_division_read_from_words_is_confirmed_first(run: Run) -> None:
    rows = (
        HEAD,
        _row(经销商编码="D001", 经销商名称="东莞酒行", 层级="市代", 行政区划="广东省东莞市南城街道"),
        _row(经销商编码="D002", 经销商名称="济源酒行", 层级="市代", 收货地址="河南省济源市沁园路 1 号", 联系人="李"),
    )
    dry = run(xlsx(*rows), is_dry_run=True)
    assert counts(dry) == {"confirm": 2}
    assert JobRow.objects.filter(job=dry).order_by("row")[0].said["guess"] == "广东省东莞市南城街道 → 广东省东莞市"
    assert faults(run(xlsx(*rows))) == [(2, "dealers.region_guessed"), (3, "dealers.region_guessed")]
    assert not Dealer.objects.filter(code__startswith="D00").exists()
    half = run(xlsx(*rows), confirmed=True, answers={"3": True})
    assert (counts(half), faults(half)) == ({"confirm": 1}, [(2, "dealers.region_guessed")])
    assert counts(run(xlsx(*rows), accept_guesses=True)) == {"confirm": 1, "same": 1}
    assert dict(Dealer.objects.filter(code__startswith="D00").values_list("code", "region_code")) == {
        "D001": "441900",
        "D002": "419001",
    }


def test_known_dealers_are_changed_where_the_file_says_something(run: Run) -> None:
    services.save_price_group(actor=run.cast.admin, command=SavePriceGroup("VIP", "战略客户"))
    Dealer.objects.filter(code="C2").update(channel="HORECA")
    services.save_price_group(actor=run.cast.admin, command=SavePriceGroup("AREA", "样板市场"))
    head = ("编码", "名称", "价格组", "标签", "统一社会信用代码")
    job = run(xlsx(head, ("C2", "胶东名酒", "VIP、AREA", "样板,新客", USCC), ("P1", None, None, None, None)))
    assert counts(job) == {"changed": 1, "same": 1}
    dealer = Dealer.objects.get(code="C2")
    assert (dealer.name, dealer.channel, dealer.uscc) == ("胶东名酒", "HORECA", USCC)
    assert set(dealer.price_groups.values_list("code", flat=True)) == {"VIP", "AREA"}
    assert dealer.labels == ["新客", "样板"]
    assert Credential.objects.filter(dealer=dealer, number=USCC).exists()
    assert (run.cast.c2.version, dealer.version) == (1, 2)
    assert counts(run(xlsx(head, ("C2", "胶东名酒", "AREA/VIP", "新客", USCC)))) == {"changed": 1}
    assert counts(run(xlsx(head, ("C2", "胶东名酒", "VIP;AREA", None, USCC)))) == {"same": 1}


def test_what_moved_since_the_preview_is_not_overwritten_unseen(run: Run) -> None:
    head, admin = ("编码", "名称", "联系人", "渠道"), run.cast.admin
    rows = (("C1", "泉城新名", None, None), ("C2", None, "胡经理", None), ("P1", run.cast.p1.name, None, "HORECA"))
    dry = run(xlsx(head, *rows), is_dry_run=True)
    assert counts(dry) == {"changed": 3}
    services.change_dealer(actor=admin, command=ChangeDealer("C1", name="别人改的名"))
    services.change_dealer(actor=admin, command=ChangeDealer("C2", name="不相干的改动"))
    services.change_dealer(actor=admin, command=ChangeDealer("P1", name="预览时相同"))
    job = jobs.confirm(actor=admin, job_id=dry.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert faults(job) == [(2, "jobs.changed_since_preview"), (4, "jobs.changed_since_preview")]
    assert counts(job) == {"changed": 1}
    names = {dealer.code: (dealer.name, dealer.contact_name) for dealer in Dealer.objects.filter(code__in=["C1", "C2"])}
    assert names["C1"][0] == "别人改的名"
    assert names["C2"] == ("不相干的改动", "胡经理")


def test_what_the_preview_refused_or_called_new_does_not_come_in_unseen(run: Run) -> None:
    dry = run(
        xlsx(HEAD, GOOD, _row(经销商编码="D002", 经销商名称="新户", 层级="县代", 上级编码="D009")), is_dry_run=True
    )
    assert faults(dry)[0][0] == 3
    run(xlsx(HEAD, ("D001", "别人先建", *GOOD[2:]), ("D009", "上级", "市代", "P1", "370900", *(None,) * 9)))
    job = jobs.confirm(actor=run.cast.admin, job_id=dry.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert faults(job) == [(2, "jobs.changed_since_preview"), (3, "jobs.refused_in_preview")]
    assert Dealer.objects.get(code="D001").name == "别人先建"
    assert not Dealer.objects.filter(code="D002").exists()


def test_a_file_moves_nobody_and_sets_no_known_limit(run: Run) -> None:
    Dealer.objects.filter(code="C1").update(uscc="91350100M000100Y43")
    before = list(Dealer.objects.order_by("pk").values())
    told = [
        (_row(经销商编码="C2", 层级="县代"), "dealers.cannot_move"),
        (_row(经销商编码="C2", 上级编码="P1"), "dealers.cannot_move"),
        (_row(经销商编码="C2", 授信额度="1"), "dealers.limit_by_finance"),
        (_row(经销商编码="C2", 统一社会信用代码=USCC), "dealers.uscc_taken"),
        (_row(经销商编码="C1", 统一社会信用代码="91530825MA6NNGD40E"), "identifier.uscc_check_digit"),
        (_row(经销商编码="ROOT", 经销商名称="x"), "dealers.code_taken"),
    ]
    for row, code in told:
        assert faults(run(xlsx(HEAD, row))) == [(2, code)]
    assert list(Dealer.objects.order_by("pk").values()) == before


def test_a_fault_names_its_column_and_the_row_it_repeats(run: Run) -> None:
    base = {"经销商名称": "某酒业", "行政区划": "370900"}
    bad, twice = _row(**base, 经销商编码="D001", 层级="皇帝"), _row(**base, 经销商编码="D001", 层级="市代")
    job = run(xlsx(HEAD, bad, twice))
    with override("zh-hans"):
        first, second = (line.text for line in failure_lines(job))
    assert (first.split("：")[0], second) == ("级别", "经销商编码：“D001”在第 2 行已经出现过，两行只留一行。")
    assert job.took_nothing


@pytest.mark.parametrize(("language", "is_csv"), [("zh-hans", False), ("zh-hans", True), ("en", False)])
def test_the_template_imports_without_a_fault(run: Run, language: str, is_csv: bool) -> None:
    with override(language):
        made = import_template(is_csv=is_csv)
        labels = {column.label for column in import_guide()}
    job = run(made.content, is_dry_run=True)
    assert (job.status, job.failures, counts(job)) == ("DONE", [], {"new": 1})
    assert len(labels) == len(COLUMNS)


def test_a_table_without_codes_is_no_dealer_table(run: Run) -> None:
    job = run(xlsx(("甲", "乙"), (1, 2)))
    assert (job.status, [failure["code"] for failure in job.failures]) == ("FAILED", ["files.head_missing"])


def test_a_thousand_come_in_quickly_and_a_batch_done_again_changes_nothing(run: Run) -> None:
    rows = [
        _row(经销商编码=f"T{n:04d}", 经销商名称=f"烟酒店{n}", 层级="终端", 行政区划="370102", 上级编码="C1")
        for n in range(1100)
    ]
    assert counts(run(xlsx(HEAD, *rows))) == {"new": 1100}
    assert counts(run(xlsx(HEAD, *rows))) == {"same": 1100}
    assert Dealer.objects.filter(supplier=run.cast.c1).count() == 1101
