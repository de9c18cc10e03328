"""Sales policies from a spreadsheet: a row a policy, every one a draft that somebody else approves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.utils.translation import gettext

from core.files.guides import GuideColumn, TemplateFile, guide_of, template_file
from core.files.tables import Cell, TableRow, without_guard
from core.jobs.importing import Judged, Source, SourceRow, import_rows, refuse_twice
from core.jobs.previews import previewed
from core.jobs.registry import RunningJob, job_kind
from core.kernel.actor import Actor
from core.kernel.errors import refuse_all
from core.kernel.money import MINOR_DIGITS
from core.kernel.text import N_, normalised
from dms.dealers.selectors import brand_currency
from ordering.promotions import errors, services
from ordering.promotions.permissions import Permission
from ordering.promotions.resources.reading import PolicyColumns, document_of
from ordering.promotions.rules.facts import REWARD_FIELDS
from ordering.promotions.services import ImportPolicies, PolicyRow, SavePolicy

IMPORT = "promotions.import_policies"
BATCH = 100
COLUMNS: Mapping[str, Sequence[str]] = {
    "code": ("政策编码", "政策代码", "编码", "policy code", "code"),
    "name": ("政策", "政策名称", "名称", "policy", "name"),
    "name_en": ("英文名", "英文名称", "english name"),
    "kind": ("政策类型", "类型", "kind of promotion", "kind"),
    "percent": ("折扣比例", "比例", "percentage"),
    "price": ("特价", "活动价", "组合价", "promotion price"),
    "unit": ("单位", "计量单位", "unit"),
    "measure": ("门槛计量", "门槛按", "steps count"),
    "steps": ("档位", "坎级", "steps"),
    "repeats": ("循环", "每满重复", "repeats"),
    "parts": ("组合内容", "组合商品", "goods of the bundle"),
    "buy": ("每满箱数", "cases to buy"),
    "give": ("赠送数量", "赠送", "given free"),
    "gift_sku": ("赠品编码", "赠品", "gift sku code"),
    "most": ("每单最多赠", "free in one order at most"),
    "starts_at": ("开始日", "有效期自", "生效日期", "开始日期", "first day", "valid from"),
    "ends_at": ("截止日", "结束日", "结束日期", "截止日期", "最后一天", "last day"),
    "tiers": ("渠道层级", "层级", "tiers"),
    "regions": ("行政区划", "区域", "divisions"),
    "channels": ("渠道", "channels"),
    "labels": ("标签", "labels"),
    "dealers": ("指定经销商", "经销商编码", "single dealers"),
    "first_order_only": ("仅限首单", "首单", "first order only"),
    "needs_coupon": ("须凭优惠券", "凭券", "需要优惠券", "only with a coupon"),
    "skus": ("单品编码", "指定商品", "商品编码", "single products"),
    "product_lines": ("产品线", "产品线编码", "product lines"),
    "aromas": ("香型", "aroma"),
    "without": ("不含这些商品", "排除商品", "but not these products"),
    "limit_amount": ("预算金额", "预算", "budget"),
    "limit_dealer_amount": ("每家预算", "每家最高金额", "budget of one dealer"),
    "limit_bottles": ("限量（瓶）", "限量", "限量瓶数", "budget in bottles"),
    "limit_dealer_bottles": ("每家最多瓶数", "每家限量瓶数", "bottles of one dealer at most"),
    "brand_share": ("厂家承担", "品牌承担", "the brand pays"),
    "group": ("互斥组", "group"),
    "rank": ("排序", "优先级", "rank"),
    "is_public": ("公开", "公开展示", "shown to everybody"),
    "tells_start": ("开始时通知", "通知经销商", "told when it begins"),
    "currency": ("币种", "货币", "currency"),
}
LABELS: Mapping[str, str] = {
    "code": N_("Policy code"),
    "name": N_("Policy"),
    "name_en": N_("English name"),
    "kind": N_("Kind of promotion"),
    "percent": N_("Percentage"),
    "price": N_("Promotion price"),
    "unit": N_("Unit"),
    "measure": N_("Steps count"),
    "steps": N_("Steps"),
    "repeats": N_("Repeats"),
    "parts": N_("Goods of the bundle"),
    "buy": N_("Cases to buy"),
    "give": N_("Given free"),
    "gift_sku": N_("Gift SKU code"),
    "most": N_("Free in one order at most"),
    "starts_at": N_("First day"),
    "ends_at": N_("Last day"),
    "tiers": N_("Tiers"),
    "regions": N_("Divisions"),
    "channels": N_("Channels"),
    "labels": N_("Labels"),
    "dealers": N_("Single dealers"),
    "first_order_only": N_("First order only"),
    "needs_coupon": N_("Only with a coupon"),
    "skus": N_("Single products"),
    "product_lines": N_("Product lines"),
    "aromas": N_("Aroma"),
    "without": N_("But not these products"),
    "limit_amount": N_("Budget"),
    "limit_dealer_amount": N_("Budget of one dealer"),
    "limit_bottles": N_("Budget in bottles"),
    "limit_dealer_bottles": N_("Bottles of one dealer at most"),
    "brand_share": N_("The brand pays"),
    "group": N_("Group"),
    "rank": N_("Rank"),
    "is_public": N_("Shown to everybody"),
    "tells_start": N_("Told when it begins"),
    "currency": N_("Currency"),
}
"""By field, the heading that is asked for: those of the list that is taken out."""
REQUIRED = frozenset({"code", "name", "kind", "starts_at", "ends_at"})
INSTANTS = ("starts_at", "ends_at")
_NOTHING: Mapping[str, str] = dict.fromkeys(COLUMNS, "")
_COLUMN_OF: Mapping[str, str] = {
    "reward.kind": "kind",
    "reward.off_bp": "percent",
    "reward.cap_bp": "percent",
    "reward.amount": "price",
    "reward.sku": "gift_sku",
    "limits.amount": "limit_amount",
    "limits.bottles": "limit_bottles",
    "limits.dealer_amount": "limit_dealer_amount",
    "limits.dealer_bottles": "limit_dealer_bottles",
    "brand_share_bp": "brand_share",
}


def column_of(place: str) -> str:
    """The column of a place of the document: ``reward.steps.2.off`` stands in ``steps``."""
    found = _COLUMN_OF.get(place)
    if found is None:
        found = place.split(".")[1] if "." in place else place
    return found if found in LABELS else "code"


def import_guide() -> tuple[GuideColumn, ...]:
    """The columns an import reads, as the reader knows them."""
    return guide_of(COLUMNS, LABELS, required=REQUIRED)


def import_template(*, is_csv: bool) -> TemplateFile:
    """A table to fill in: steps and a gift as examples."""
    days: dict[str, Cell] = {"starts_at": "2026-09-01", "ends_at": "2026-09-30", "currency": "CNY"}
    steps: dict[str, Cell] = {
        "code": "DEMO-STEPS",
        "name": gettext("Volume steps"),
        "kind": gettext("Volume steps"),
        "measure": gettext("cases"),
        "steps": "50=2%; 100=3%",
        "limit_amount": "500000.00",
    }
    gift: dict[str, Cell] = {
        "code": "DEMO-GIFT",
        "name": gettext("Gift with purchase"),
        "kind": gettext("Gift with purchase"),
        "skus": "DEMO-001",
        "buy": 10,
        "give": 1,
        "unit": gettext("case"),
    }
    rows = [{**one, **days} for one in (steps, gift)]
    return template_file(import_guide(), rows, name=gettext("promotions-template"), is_csv=is_csv)


@dataclass(slots=True)
class Reader:
    """Reads rows of one file. ``seen``: where a code stood; the number of its row."""

    currency: str
    columns: PolicyColumns = field(default_factory=PolicyColumns)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)

    def __call__(self, line: TableRow, cells: Mapping[str, str]) -> SourceRow[PolicyRow]:
        """The row with the draft it asks for, or what is wrong with the cells it has."""
        cells = {name: without_guard(cell) for name, cell in cells.items()}
        code = normalised(cells.get("code", "")).upper()
        faults = self.columns.read({**_NOTHING, **cells})[1]
        row = SourceRow[PolicyRow](line.number, code, name=cells.get("name", ""), faults=faults)
        currency = cells.get("currency", "").upper()
        if currency and currency not in MINOR_DIGITS:
            faults.append(errors.FieldUnread(field="currency", value=currency[:40]))
        if not faults and (other := refuse_twice(self.seen, (code,), line.number)) is not None:
            faults.append(errors.PolicyTwice(field="code", policy=code[:30], other=other))
        if not faults:
            row.command = PolicyRow(code, partial(self.over, code, cells))
        return row

    def over(self, code: str, cells: Mapping[str, str], facts: Mapping[str, str]) -> SavePolicy:
        """The draft the cells say; of columns the file does not have, ``facts``. Raises every fault by column.

        Another kind of promotion keeps nothing of what the old one gave.
        """
        kind = self.columns.read({**_NOTHING, **cells})[0]["kind"] if "kind" in cells else facts.get("kind")
        lost = frozenset(() if kind == facts.get("kind") else REWARD_FIELDS)
        kept = {name: fact for name, fact in facts.items() if name not in lost and name not in cells}
        whole = {**_NOTHING, **kept, **dict.fromkeys(INSTANTS, ""), **cells}
        said, faults = self.columns.read(whole)
        said |= {name: kept[name] for name in INSTANTS if name in kept}
        currency = whole["currency"].upper() or facts.get("currency") or self.currency
        refuse_all(faults)
        document, unread = document_of(said, whole, currency)
        refuse_all(unread)
        return SavePolicy(code=code, terms=document, currency=currency)


@job_kind(IMPORT, permission=Permission.WRITE)
def import_file(job: RunningJob, actor: Actor) -> None:
    """Read the file in pieces and hand each to the verb. What the preview showed otherwise waits."""
    read = Reader(brand_currency())

    def write(rows: Sequence[PolicyRow], _number: str) -> Judged:
        numbers = [read.seen[row.code,] for row in rows]
        shown = previewed(job, numbers)
        before = {place: shown[number] for place, number in enumerate(numbers, start=1)} if shown is not None else {}
        command = ImportPolicies(tuple(rows), before)
        judged = services.import_policies(actor=actor, command=command, is_dry_run=job.is_dry_run)
        for fault in judged.faults:
            fault.field = column_of(fault.field or "code")
        return judged

    import_rows(job, Source(COLUMNS, ("code", "kind"), LABELS, BATCH, read, tells_absent=True), write)
