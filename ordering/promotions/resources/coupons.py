"""Coupons from a spreadsheet: a row a code, given to a dealer or to whoever names it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext

from core.files.columns import Columns, Text, column
from core.files.guides import GuideColumn, TemplateFile, guide_of, template_file
from core.files.tables import Cell, TableRow
from core.jobs.importing import Judged, Source, SourceRow, import_rows, refuse_twice
from core.jobs.registry import RunningJob, job_kind
from core.kernel.actor import Actor
from core.kernel.text import N_, normalised
from ordering.promotions import errors, services
from ordering.promotions.permissions import Permission
from ordering.promotions.resources.reading import Instant, Whole
from ordering.promotions.services import CouponAsk, CouponRow

IMPORT = "promotions.import_coupons"
BATCH = 1_000
COLUMNS: Mapping[str, Sequence[str]] = {
    "code": ("优惠券", "优惠券编码", "券码", "coupon", "coupon code"),
    "policy": ("政策编码", "政策代码", "policy code"),
    "dealer": ("经销商编码", "客户编码", "dealer code"),
    "most_uses": ("可用次数", "总次数", "uses at most"),
    "most_each": ("每家可用次数", "uses of one dealer at most"),
    "ends_at": ("截止日", "最后一天", "截止日期", "last day"),
}
LABELS: Mapping[str, str] = {
    "code": N_("Coupon"),
    "policy": N_("Policy code"),
    "dealer": N_("Dealer code"),
    "most_uses": N_("Uses at most"),
    "most_each": N_("Uses of one dealer at most"),
    "ends_at": N_("Last day"),
}
"""By field, the heading that is asked for: those of the list that is taken out."""
REQUIRED = frozenset({"code", "policy"})


class CouponColumns(Columns):
    """The columns of a file of coupons."""

    code = column("code", Text())
    policy = column("policy", Text())
    dealer = column("dealer", Text())
    most_uses = column("most_uses", Whole())
    most_each = column("most_each", Whole())
    ends_at = column("ends_at", Instant(is_end=True))


def import_guide() -> tuple[GuideColumn, ...]:
    """The columns an import reads, as the reader knows them."""
    return guide_of(COLUMNS, LABELS, required=REQUIRED)


def import_template(*, is_csv: bool) -> TemplateFile:
    """A table to fill in, with one coupon as an example."""
    example: dict[str, Cell] = {
        "code": "DEMO-600",
        "policy": "DEMO-COUPON",
        "dealer": "DEMO-001",
        "most_uses": 1,
        "ends_at": "2026-09-30",
    }
    return template_file(import_guide(), [example], name=gettext("coupons-template"), is_csv=is_csv)


@dataclass(slots=True)
class Reader:
    """Reads rows of one file; ``seen``: where a code stood."""

    columns: CouponColumns = field(default_factory=CouponColumns)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)

    def __call__(self, line: TableRow, cells: Mapping[str, str]) -> SourceRow[CouponRow]:
        """The row with the coupon it asks for, or what is wrong with it."""
        said, faults = self.columns.read(cells)
        code = normalised(str(said.get("code", ""))).upper()
        row = SourceRow[CouponRow](line.number, code, name=cells["dealer"], faults=faults)
        faults += [errors.FieldMissing(field=name) for name in sorted(REQUIRED) if not cells[name]]
        if not faults and (other := refuse_twice(self.seen, (code,), line.number)) is not None:
            faults.append(errors.CouponTwice(field="code", coupon=code[:30], other=other))
        if not faults:
            most_uses, most_each = said["most_uses"], said["most_each"]
            row.command = CouponRow(
                normalised(str(said["policy"])).upper(),
                CouponAsk(
                    code,
                    normalised(str(said["dealer"])),
                    most_uses if isinstance(most_uses, int) else None,
                    most_each if isinstance(most_each, int) else None,
                    datetime.fromisoformat(ends_at) if (ends_at := str(said["ends_at"])) else None,
                ),
            )
        return row


@job_kind(IMPORT, permission=Permission.WRITE)
def import_file(job: RunningJob, actor: Actor) -> None:
    """Read the file in pieces and hand each to the verb; what stands already is not given again."""

    def write(rows: Sequence[CouponRow], _number: str) -> Judged:
        return services.import_coupons(actor=actor, rows=rows, is_dry_run=job.is_dry_run)

    import_rows(job, Source(COLUMNS, ("code", "policy"), LABELS, BATCH, Reader()), write)
