"""Addresses of dealers from a spreadsheet: new, changed, the default, errors by row, constant statements."""

import pytest

from core.jobs.models import Job, JobRow
from core.kernel.errors import NotPermitted
from core.vault.services import unseal
from dms.dealers.models import Address
from dms.dealers.resources.addresses import import_template
from dms.dealers.rules import Delivery
from dms.dealers.services.importing_addresses import AddressRow, import_addresses
from tests.cast import Cast
from tests.dms.sheets import counts, csv, faults, imported, xlsx
from tests.ordering.watching import statements

HEAD = ("经销商编码", "标签", "收货人", "收货电话", "收货地址", "默认")


class Run:
    """Imports of the administrator."""

    def __init__(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cast, self.monkeypatch = cast, monkeypatch

    def __call__(self, content: bytes, *, is_dry_run: bool = False, seat: str = "admin") -> Job:
        return imported(
            self.monkeypatch, self.cast.actor(seat), "dealers.import_addresses", content, is_dry_run=is_dry_run
        )


@pytest.fixture
def run(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Run:
    Address.objects.all().delete()
    return Run(cast, monkeypatch)


@pytest.mark.parametrize("form", ["xlsx", "utf-8-sig", "gb18030"])
def test_new_addresses_come_in_and_the_first_is_the_default(run: Run, form: str) -> None:
    code = run.cast.c1.code
    rows = (
        HEAD,
        (code, "东库", "王库管", "13900000001", "山东省济南市历下区泉城路 1 号", None),
        (code, "西库", "李库管", None, "山东省济南市市中区经七路 9 号", None),
    )
    job = run(xlsx(*rows) if form == "xlsx" else csv(*rows, encoding=form))
    assert (job.status, counts(job), faults(job)) == ("DONE", {"new": 2}, [])
    first, second = Address.objects.filter(dealer=run.cast.c1).order_by("pk")
    assert (first.label, first.is_default, unseal(first.phone_sealed)) == ("东库", True, "13900000001")
    assert (second.region_code, second.is_default) == ("370103", False)


def test_the_same_line_is_changed_and_the_default_moves(run: Run) -> None:
    code = run.cast.c1.code
    run(csv(HEAD, (code, "甲", "王", "", "一号", ""), (code, "乙", "王", "", "二号", "")))
    rows = (HEAD, (code, "", "李", "", "一号", ""), (code, "", "", "", "二号", "是"))
    tried = run(csv(*rows), is_dry_run=True)
    shown = [(row.fate, row.said["changes"]) for row in JobRow.objects.filter(job=tried).order_by("row")]
    assert shown == [("changed", {"recipient": ["王", "李"]}), ("changed", {"is_default": ["", "✓"]})]
    job = run(csv(*rows))
    assert counts(job) == {"changed": 2}
    stand = set(Address.objects.filter(dealer=run.cast.c1).values_list("line", "label", "recipient", "is_default"))
    assert stand == {("一号", "甲", "李", False), ("二号", "乙", "王", True)}
    assert counts(run(csv(*rows))) == {"same": 2}


def test_a_flagged_row_beats_the_default_that_stands(run: Run) -> None:
    code = run.cast.c1.code
    run(csv(HEAD, (code, "甲", "王", "", "一号", "")))
    run(csv(HEAD, (code, "乙", "王", "", "二号", "是"), (code, "", "李", "", "一号", "")))
    assert Address.objects.get(dealer=run.cast.c1, is_default=True).line == "二号"


def test_bad_rows_are_told_and_good_ones_come_in(run: Run) -> None:
    code = run.cast.c1.code
    job = run(
        xlsx(
            HEAD,
            ("NO-SUCH", "", "王", None, "一号", None),
            (code, "", "王", "12", "一号", None),
            (code, "", "王", None, None, None),
            (code, "", "王", None, "二号", "也许"),
            (code, "", "王" * 61, None, "三号", None),
            (run.cast.root.code, "", "王", None, "四号", None),
            (code, "", "王", None, "五号", None),
            (code, "", "李", None, "五号", None),
        )
    )
    assert faults(job) == [
        (2, "dealers.unknown"),
        (3, "dealers.phone_invalid"),
        (4, "dealers.address_invalid"),
        (5, "dealers.flag_unread"),
        (6, "dealers.address_invalid"),
        (7, "dealers.unknown"),
        (9, "dealers.row_twice"),
    ]
    assert (job.status, job.done, Address.objects.count()) == ("DONE_WITH_ERRORS", 1, 1)


def test_who_may_not_import_dealers_imports_no_addresses(run: Run) -> None:
    table = csv(HEAD, (run.cast.c1.code, "", "王", "", "一号", ""))
    with pytest.raises(NotPermitted):
        run(table, seat="admin_c1")
    assert not Address.objects.exists()


@pytest.mark.parametrize("is_csv", [True, False])
def test_the_template_is_read_again(run: Run, is_csv: bool) -> None:
    assert faults(run(import_template(is_csv=is_csv).content, is_dry_run=True)) == [(2, "dealers.unknown")]


def test_statements_do_not_grow_with_rows(run: Run) -> None:
    counted = []
    for count in (1, 300):
        rows = [AddressRow(run.cast.c1.code, Delivery("", "王", "", "", f"{count}-{n} 号")) for n in range(count)]
        with statements() as seen:
            import_addresses(actor=run.cast.admin, rows=rows)
        counted.append(len(seen))
    assert counted[0] + 1 >= counted[1]  # the first one moves a default
