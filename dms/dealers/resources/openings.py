"""What dealers owed and had paid when their accounts began, from a spreadsheet: booked by the ledger, once each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext

from billing.ledger.permissions import Permission
from billing.ledger.services.openings import OpenBalance, OpenBalances, Opened, open_balances
from core.db.scopes import dealers_within
from core.files.columns import Cells, Columns, Reading, Text, column
from core.files.guides import GuideColumn, TemplateFile, guide_of, template_file
from core.files.tables import Cell, TableRow
from core.jobs.importing import SAME, Change, Judged, Source, SourceRow, import_rows, refuse_twice
from core.jobs.registry import RunningJob, job_kind
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.money import Money, money_text
from core.kernel.text import N_, normalised
from dms.dealers import errors
from dms.dealers.models import Dealer
from dms.dealers.resources.dealers import COLUMNS as OF_DEALERS
from dms.dealers.resources.dealers import Day, Days
from dms.dealers.selectors import brand_currency

BATCH = 2_000
COLUMNS: Mapping[str, Sequence[str]] = {
    "code": OF_DEALERS["code"],
    "credit_limit": OF_DEALERS["credit_limit"],
    "terms_days": OF_DEALERS["terms_days"],
    "receivable": ("期初应收", "期初欠款", "应收余额", "欠款", "应收", "opening receivable", "receivable"),
    "prepayment": ("期初预收", "期初余额", "预收余额", "预付款", "预收", "opening prepayment", "prepayment"),
    "due_on": ("到期日", "应收到期日", "due", "due on"),
}
LABELS: Mapping[str, str] = {
    "code": N_("Dealer code"),
    "credit_limit": N_("Credit limit"),
    "terms_days": N_("Terms (days)"),
    "receivable": N_("Opening receivable"),
    "prepayment": N_("Opening prepayment"),
    "due_on": N_("Due on"),
}
REQUIRED = frozenset({"code"})
_OF_FIELDS: Mapping[str, str] = {**LABELS, "buyer_dealer_id": LABELS["code"]}


class Sum(Reading):
    """An amount in the currency of the brand's book, as minor units; None where the cell is empty."""

    currency = "CNY"

    def clean(self, value: str, row: Cells | None = None, **options: object) -> int | None:
        """Minor units. Raises ``NotMoney``."""
        return Money.parse(value, self.currency).amount if value else None


class Terms(Days):
    """A number of days; None where the cell is empty."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> int | None:  # type: ignore[override]  # an empty cell leaves the term alone
        """Days. Raises ``DaysUnread``."""
        return super().clean(value, row) if value else None


class OpeningColumns(Columns):
    """The columns of a file of opening balances."""

    code = column("code", Text())
    credit_limit = column("credit_limit", Sum())
    terms_days = column("terms_days", Terms())
    receivable = column("receivable", Sum())
    prepayment = column("prepayment", Sum())
    due_on = column("due_on", Day())


def import_guide() -> tuple[GuideColumn, ...]:
    """The columns an import reads, as the reader knows them."""
    return guide_of(COLUMNS, LABELS, required=REQUIRED)


def import_template(*, is_csv: bool) -> TemplateFile:
    """A table to fill in, with one account as an example."""
    example: dict[str, Cell] = {"code": "DEMO-001", "credit_limit": "100000.00", "terms_days": 30, "receivable": "0.00"}
    return template_file(import_guide(), [example], name=gettext("openings-template"), is_csv=is_csv)


@dataclass(slots=True)
class Reader:
    """Reads rows of one file; ``seen``: in which row a dealer stood."""

    columns: OpeningColumns = field(default_factory=OpeningColumns)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)

    def __call__(self, line: TableRow, cells: Mapping[str, str]) -> SourceRow[tuple[str, OpenBalance]]:
        """The row with the dealer and what its account begins with, or what is wrong with it."""
        said, faults = self.columns.read(cells)
        row = SourceRow[tuple[str, OpenBalance]](line.number, cells["code"], faults=faults)
        if faults:
            return row
        code = normalised(str(said.pop("code")))
        other = refuse_twice(self.seen, (code,), line.number)
        if other is not None:
            faults.append(errors.RowTwice(field="code", value=code[:40], other=other))
            return row
        figures = {**said, "receivable": said["receivable"] or 0, "prepayment": said["prepayment"] or 0}
        row.command = (code, OpenBalance(0, **figures))  # type: ignore[arg-type]  # the columns are its fields
        return row


@job_kind("dealers.import_openings", permission=Permission.SET_LIMIT)
def import_file(job: RunningJob, actor: Actor) -> None:
    """Read the file in pieces and let the ledger book each. Parameters: ``on``, the day the balances stand on."""
    currency = brand_currency()
    read = Reader()
    for name in ("credit_limit", "receivable", "prepayment"):
        read.columns.fields[name].widget.currency = currency
    on = date.fromisoformat(str(job.parameters["on"])) if job.parameters.get("on") else clock.business_day()

    def write(rows: Sequence[tuple[str, OpenBalance]], _number: str) -> Judged:
        return _booked(actor, rows, OpenBalances((), on, currency), is_dry_run=job.is_dry_run)

    import_rows(job, Source(COLUMNS, ("code",), _OF_FIELDS, BATCH, read), write)


def _booked(
    actor: Actor, rows: Sequence[tuple[str, OpenBalance]], command: OpenBalances, *, is_dry_run: bool
) -> Judged:
    """Find the dealers the codes name and let the ledger judge and book the rest."""
    codes = [code for code, _ in rows]
    known = Dealer.objects.filter(dealers_within(actor), code__in=codes, parent__isnull=False)
    dealers = dict(known.values_list("code", "pk"))
    places = [place for place, (code, _) in enumerate(rows, start=1) if code in dealers]
    faults: list[DomainError] = [
        errors.DealerUnknown(line=place, field="code", value=code[:40])
        for place, (code, _) in enumerate(rows, start=1)
        if code not in dealers
    ]
    asked = tuple(replace(rows[place - 1][1], buyer_dealer_id=dealers[rows[place - 1][0]]) for place in places)
    opened, refused = open_balances(actor=actor, command=replace(command, rows=asked), is_dry_run=is_dry_run)
    for fault in refused:
        fault.line = places[(fault.line or 1) - 1]
    judged = {places[place - 1]: (one, asked[place - 1]) for place, one in opened.items()}
    return Judged(
        {place: _fate(one, row) for place, (one, row) in judged.items()},
        {place: _changes(one, row, command.currency) for place, (one, row) in judged.items()},
        [*faults, *refused],
    )


def _fate(one: Opened, row: OpenBalance) -> str:
    return SAME if one.is_same else "new" if row.is_booked else "changed"


def _changes(one: Opened, row: OpenBalance, currency: str) -> dict[str, Change]:
    """Old and new in words of money; a term that stays is left out."""
    said: dict[str, Change] = {}
    if row.credit_limit not in (None, one.before_limit):
        said["credit_limit"] = (money_text(one.before_limit, currency), money_text(row.credit_limit or 0, currency))
    if row.terms_days not in (None, one.before_days):
        said["terms_days"] = (one.before_days, row.terms_days)
    for name, amount in (("receivable", row.receivable), ("prepayment", row.prepayment)):
        if amount:
            said[name] = (None, money_text(amount, currency))
    return said
