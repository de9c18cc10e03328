"""Organisations from a spreadsheet, as a long act of the operator's desk."""

from collections.abc import Mapping, Sequence

from core.files.tables import find_head, read_table, without_guard
from core.jobs.registry import RowFailure, RunningJob, job_kind
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.operators import Ops
from core.kernel.text import N_
from tenants.organisations.errors import KindUnread
from tenants.organisations.models import Organisation
from tenants.organisations.services import find_or_create

IMPORT = "organisations.import"
BATCH = 500
COLUMNS: Mapping[str, Sequence[str]] = {
    "uscc": ("统一社会信用代码", "信用代码", "税号", "unified social credit code", "uscc"),
    "name": ("名称", "企业名称", "公司名称", "全称", "name"),
    "kind": ("类型", "主体类型", "kind"),
}
LABELS: Mapping[str, str] = {
    "uscc": N_("Unified social credit code"),
    "name": N_("Registered name"),
    "kind": N_("Kind of organisation"),
}
KIND_WORDS: Mapping[str, str] = {
    "DISTILLERY": N_("Distillery"),
    "OPERATOR": N_("Brand operator"),
    "DEALER": N_("Dealer"),
    "OUTLET": N_("Outlet"),
    "SERVICE": N_("Service provider"),
}
_KINDS: Mapping[str, str] = {
    "酒厂": "DISTILLERY",
    "品牌运营商": "OPERATOR",
    "经销商": "DEALER",
    "终端": "OUTLET",
    "终端门店": "OUTLET",
    "服务商": "SERVICE",
    **{code.casefold(): code for code in Organisation.Kind.values},
}


@job_kind(IMPORT, permission=Ops.EDIT_ORGANISATIONS)
def import_organisations(job: RunningJob, actor: Actor) -> None:
    """Find or write down every row's organisation; what the register has already stays as it is."""
    with job.source() as stream:
        head = find_head(read_table(stream), COLUMNS, needed=("uscc", "name"))
    job.expect(len(head.below))
    rows = head.below[job.cursor :]
    for start in range(0, len(rows), BATCH):
        done = 0
        failures: list[RowFailure] = []
        for row in rows[start : start + BATCH]:
            try:
                _take(head.cells(row), is_dry_run=job.is_dry_run)
                done += 1
            except DomainError as fault:
                failures += RowFailure.of(fault, row=row.number, labels=LABELS)
        job.report(done=done, failures=failures)
    job.finish({})


def _take(cells: Mapping[str, str], *, is_dry_run: bool) -> None:
    word = cells.get("kind", "").strip().casefold() or "dealer"
    kind = _KINDS.get(word)
    if kind is None:
        raise KindUnread(value=word[:40], field="kind")
    if not is_dry_run:
        find_or_create(uscc=without_guard(cells["uscc"]), name=without_guard(cells["name"]), kind=kind)
