"""Opening balances from a spreadsheet: a journal an account, once; terms with it; books that add up; who may."""

from datetime import timedelta

import pytest

from billing.ledger.models import Entry, Journal, TradingAccount
from billing.ledger.selectors import check_books
from billing.ledger.services.openings import OpenBalance, OpenBalances, open_balances
from core.events.models import Event
from core.jobs.models import Job, JobRow
from core.kernel import clock
from core.kernel.errors import NotPermitted
from dms.dealers.resources.openings import import_template
from tests.cast import Cast
from tests.dms.sheets import counts, csv, faults, imported, xlsx
from tests.ordering.watching import statements

HEAD = ("经销商编码", "授信额度", "账期", "期初应收", "期初预收")


class Run:
    """Imports of finance."""

    def __init__(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cast, self.monkeypatch = cast, monkeypatch
        self.c1, self.c2 = cast.c1.code, cast.c2.code

    def __call__(self, content: bytes, *, is_dry_run: bool = False, seat: str = "finance", **choices: object) -> Job:
        actor = self.cast.actor(seat)
        kind = "dealers.import_openings"
        return imported(self.monkeypatch, actor, kind, content, is_dry_run=is_dry_run, **choices)

    def account(self, code: str) -> TradingAccount:
        dealer = {self.c1: self.cast.c1, self.c2: self.cast.c2}[code]
        return TradingAccount.objects.get(
            buyer__dealer_id=dealer.pk, book__seller__dealer_id=self.cast.root.pk, currency="CNY"
        )


@pytest.fixture
def run(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Run:
    return Run(cast, monkeypatch)


@pytest.mark.parametrize("form", ["xlsx", "gb18030"])
def test_an_account_begins_with_what_was_owed_and_paid(run: Run, form: str) -> None:
    before = run.account(run.c1)
    rows = (HEAD, (run.c1, "100000.00", 45, "１２３４５.６７", "200"), (run.c2, None, None, None, "300.5"))
    job = run(xlsx(*rows) if form == "xlsx" else csv(*rows, encoding=form))
    assert (job.status, counts(job), faults(job)) == ("DONE", {"new": 2}, [])
    after = run.account(run.c1)
    assert after.receivable_balance - before.receivable_balance == 1_234_567
    assert after.prepay_balance - before.prepay_balance == 20_000
    assert (after.credit_limit, after.terms_days, after.version) == (10_000_000, 45, before.version + 1)
    journal = Journal.objects.get(kind="OPENING", document_number=f"{run.cast.root.pk}-{run.cast.c1.pk}")
    sides = list(Entry.objects.filter(journal=journal).order_by("account_code").values_list("account_code", "amount"))
    assert sides == [("1122", 1_234_567), ("2203", -20_000), ("4104", 20_000 - 1_234_567)]
    assert Entry.objects.get(journal=journal, account_code="1122").due_on == clock.business_day() + timedelta(days=45)
    assert Event.objects.filter(kind="billing.balance_opened.v1").count() == 2
    assert check_books() == []


def test_a_second_file_does_not_book_twice(run: Run) -> None:
    table = csv(HEAD, (run.c1, "50000", "", "100", ""))
    run(table)
    stands = run.account(run.c1)
    again = run(table)
    assert (again.status, counts(again)) == ("DONE", {"same": 1})
    other = run(csv(HEAD, (run.c1, "1", "", "999", "")))
    assert faults(other) == [(2, "ledger.opening_booked")]
    assert run.account(run.c1).receivable_balance == stands.receivable_balance
    assert (run.account(run.c1).credit_limit, Journal.objects.filter(kind="OPENING").count()) == (5_000_000, 1)


def test_terms_alone_may_be_set_before_and_after(run: Run) -> None:
    run(csv(HEAD, (run.c1, "50000", "", "100", "")))
    job = run(csv(HEAD, (run.c1, "60000", "", "", "")))
    assert (counts(job), run.account(run.c1).credit_limit) == ({"changed": 1}, 6_000_000)
    assert Journal.objects.filter(kind="OPENING").count() == 1
    told = Event.objects.get(kind="billing.terms_set.v1")
    assert (told.payload["before"]["credit_limit"], told.payload["after"]["credit_limit"]) == (5_000_000, 6_000_000)
    assert Event.objects.filter(kind="billing.balance_opened.v1").count() == 1


def test_other_terms_beside_a_booked_opening_are_not_called_the_same(run: Run) -> None:
    run(csv(HEAD, (run.c1, "100", "30", "5", "")))
    for is_dry_run in (True, False):
        job = run(csv(HEAD, (run.c1, "999", "30", "5", "")), is_dry_run=is_dry_run)
        assert (counts(job), faults(job)) == ({}, [(2, "ledger.opened_already")])
    assert run.account(run.c1).credit_limit == 10_000


@pytest.mark.parametrize("due", ["9999-12-31", "0001-01-01", "1900-01-01"])
def test_a_due_day_lies_within_reach(run: Run, due: str) -> None:
    rows = ((run.c1, "", "", "100", "", due), (run.c2, "", "", "100", "", ""))
    job = run(csv((*HEAD, "到期日"), *rows))
    assert (counts(job), [row for row, _ in faults(job)]) == ({"new": 1}, [2])


def test_bad_rows_are_told_and_good_ones_come_in(run: Run) -> None:
    job = run(
        xlsx(
            HEAD,
            ("NO-SUCH", None, None, "1", None),
            (run.c1, None, None, "1.234", None),
            (run.c1, None, None, "-5", None),
            (run.c2, "-1", None, "5", None),
            (run.cast.root.code, None, None, "5", None),
            (run.cast.t1.code, None, None, "5", None),
        )
    )
    assert faults(job)[:2] == [(2, "dealers.unknown"), (3, "money.not_an_amount")]
    assert dict(faults(job))[4] == "ledger.opening_invalid"
    assert dict(faults(job))[5] == "ledger.limit_invalid"
    assert (dict(faults(job))[6], dict(faults(job))[7]) == ("dealers.unknown", "ledger.account_missing")
    assert not Journal.objects.filter(kind="OPENING").exists()


def test_one_dealer_stands_once_in_a_file(run: Run) -> None:
    job = run(csv(HEAD, (run.c1, "", "", "5", ""), (run.c1, "", "", "6", "")))
    assert faults(job) == [(3, "dealers.row_twice")]


def test_a_dry_run_books_nothing_and_shows_old_beside_new(run: Run) -> None:
    before = run.account(run.c1)
    job = run(csv(HEAD, (run.c1, "123456.78", "", "100", "")), is_dry_run=True)
    said = JobRow.objects.get(job=job).said["changes"]
    assert (said["credit_limit"][1], said["receivable"]) == ("123,456.78", [None, "100.00"])
    assert run.account(run.c1).version == before.version
    assert not Journal.objects.filter(kind="OPENING").exists()


@pytest.mark.parametrize("seat", ["pricing", "warehouse", "admin_c1"])
def test_only_finance_opens_accounts(run: Run, seat: str) -> None:
    with pytest.raises(NotPermitted):
        run(csv(HEAD, (run.c1, "", "", "5", "")), seat=seat)


@pytest.mark.parametrize("is_csv", [True, False])
def test_the_template_is_read_again(run: Run, is_csv: bool) -> None:
    assert faults(run(import_template(is_csv=is_csv).content, is_dry_run=True)) == [(2, "dealers.unknown")]


def test_statements_do_not_grow_with_accounts(run: Run) -> None:
    counted = []
    for dealers in ((run.cast.c1,), (run.cast.c2, run.cast.p1)):
        rows = tuple(OpenBalance(dealer.pk, 100) for dealer in dealers)
        with statements() as seen:
            opened, refused = open_balances(
                actor=run.cast.finance, command=OpenBalances(rows, clock.business_day(), "CNY")
            )
        assert (len(opened), refused) == (len(rows), [])
        counted.append(len(seen))
    assert counted[0] == counted[1]
