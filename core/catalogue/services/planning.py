"""What a bulk save would do, row by row, before anything is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from functools import lru_cache

from core.catalogue.errors import (
    AromaUnknown,
    FamilyDisagrees,
    NotBaijiu,
    ProductOfAnother,
    RowRepeated,
    SpuCodeFormat,
    ValueMissing,
)
from core.catalogue.rules import Advice, Aroma, aroma_of
from core.catalogue.selectors import BrandRules, brand_rules
from core.catalogue.services.checks import SkuFacts, checked, choice, plain_text
from core.catalogue.services.commands import SkuRow
from core.catalogue.services.families import PACKAGINGS, is_flavoured_as_baijiu, standard_advice
from core.catalogue.services.known import Family, Known, Stored, known
from core.catalogue.services.relations import (
    barcode_fault,
    bottle_advice,
    bottles_by_barcode,
    identity_faults,
    owners_of_case_barcodes,
)
from core.kernel.actor import Scope
from core.kernel.errors import DomainError, Field, OutOfScope
from core.kernel.text import normalised

EVERYTHING = Scope()
"""No limit: what the product itself plans."""
NEEDED = ("name", "abv_tenths", "volume_ml", "bottles_per_case")
_OWN = tuple(one.name for one in fields(SkuFacts) if one.name not in {"code", "aroma", "picture_file_id"})
OF_FAMILY = ("aroma", "line", "producer_name", "exec_standard", "packaging", "category", "age_basis")
"""What a row says of its family rather than of the SKU."""
_CHOICES = {
    "packaging": PACKAGINGS,
    "category": ("BAIJIU", "SPIRIT", "OTHER"),
    "age_basis": ("NONE", "NAME", "BLEND", "BOTTLE_AGED"),
}
_LIMITS = {"line": 60, "producer_name": 120, "exec_standard": 40, "spu_name": 120}


class Fate(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    FAILED = "failed"


@dataclass(slots=True)
class PlannedRow:
    """One row and what would become of it. ``changes`` holds old and new by field; empty on a new SKU."""

    source: SkuRow
    facts: SkuFacts | None = None
    stored: Stored | None = None
    family: Family | None = None
    faults: list[DomainError] = field(default_factory=list)
    advice: list[Advice] = field(default_factory=list)
    changes: dict[str, tuple[Field, Field]] = field(default_factory=dict)

    @property
    def fate(self) -> Fate:
        """What the row would do."""
        if self.faults:
            return Fate.FAILED
        if self.stored is None:
            return Fate.NEW
        return Fate.CHANGED if self.changes else Fate.SAME


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """Every row's fate and what stands above them."""

    rows: tuple[PlannedRow, ...]
    known: Known

    @property
    def faults(self) -> list[DomainError]:
        """All hard faults, each with its row as line."""
        return [fault for row in self.rows for fault in row.faults]


def plan_rows(rows: Sequence[SkuRow], scope: Scope = EVERYTHING) -> BulkPlan:
    """Hold ``rows`` against each other, the brand's rules and what is stored; reads only, some few queries.

    A row about a product line outside ``scope``, before or after, fails as ``OutOfScope`` and shows nothing stored.
    Rows that fail do not hold the others back: the caller decides whether all or the good ones are written.
    """
    rules = brand_rules()
    there = known(rows)
    planned = [PlannedRow(source=row) for row in rows]
    first_rows: dict[str, int] = {}
    for row in planned:
        _plan(row, there, rules, first_rows)
        if row.family is not None and not _is_inside(row.family, there, scope):
            row.faults, row.facts, row.advice, row.changes = [OutOfScope(field="line")], None, [], {}
    _relate(planned)
    for row in planned:
        for fault in row.faults:
            fault.line = row.source.row
    return BulkPlan(tuple(planned), there)


def _is_inside(family: Family, there: Known, scope: Scope) -> bool:
    """Whether the family's line, as it was and as it would be, is one of the seat's."""
    lines = {family.line, there.lines_before.get(family.code, family.line)} - {""}
    return all(scope.covers_line(line) for line in lines)


def _plan(row: PlannedRow, there: Known, rules: BrandRules, first_rows: dict[str, int]) -> None:
    code = normalised(row.source.code).upper()
    other = first_rows.setdefault(code, row.source.row)
    if code and other != row.source.row:
        row.faults.append(RowRepeated(field="code", value=code[:60], other=other))
        return
    row.stored = there.skus.get(code)
    said, faults = _said_of_family(row.source)
    row.faults += faults
    row.family = _family(row, there, code, said)
    missing = [name for name in NEEDED if row.stored is None and getattr(row.source, name) is None]
    row.faults += [ValueMissing(field=name) for name in missing]
    if row.family is None or missing:
        return
    found = checked(_facts(row, code), rules)
    row.facts = found.facts
    row.faults += found.faults
    row.advice += [*found.advice, *standard_advice(row.family.exec_standard, row.family.aroma)]
    if row.stored is not None:
        row.faults += identity_faults(row.stored.facts, found.facts, status=row.stored.status)
        row.changes |= _changes(row.stored.facts, found.facts)


def _facts(row: PlannedRow, code: str) -> SkuFacts:
    """The row's own words over what is stored, over the defaults."""
    said = {name: getattr(row.source, name) for name in _OWN if getattr(row.source, name) is not None}
    aroma = row.family.aroma if row.family else Aroma.OT
    if row.stored is not None:
        return replace(row.stored.facts, **said, aroma=aroma)
    return SkuFacts(code=code, aroma=aroma, **said)


def _changes(before: SkuFacts, after: SkuFacts) -> dict[str, tuple[Field, Field]]:
    return {
        name: (getattr(before, name), getattr(after, name))
        for name in (*_OWN, "aroma")
        if getattr(before, name) != getattr(after, name)
    }


def _said_of_family(source: SkuRow) -> tuple[dict[str, str], list[DomainError]]:
    """What the row says of its family, cleaned; what it does not say is left out."""
    said: dict[str, str] = {}
    faults: list[DomainError] = []
    for name in (*OF_FAMILY, "spu_name"):
        value = getattr(source, name)
        if value is None or not normalised(value):
            continue
        try:
            said[name] = _cleaned(name, value)
        except DomainError as fault:
            faults.append(fault)
    return said, faults


@lru_cache(maxsize=4_096)
def _cleaned(name: str, value: str) -> str:
    """One word about a family: thousands of rows say the same."""
    if name in _CHOICES:
        return choice(value, name, _CHOICES[name])
    if name == "aroma":
        aroma = aroma_of(value)
        if aroma is None:
            raise AromaUnknown(field="aroma", value=value[:20])
        return aroma.value
    return plain_text(value, name, limit=_LIMITS[name])


def _family(row: PlannedRow, there: Known, code: str, said: dict[str, str]) -> Family | None:
    """The family the row belongs to, with what the row says of it; None when that cannot be known."""
    spu_code = normalised(row.source.spu_code or "").upper()
    if spu_code and not spu_code.replace("-", "").isalnum():
        row.faults.append(SpuCodeFormat(field="spu_code", value=spu_code[:40]))
        return None
    name = said.get("spu_name") or normalised(row.source.name or "")
    if row.stored is not None:
        family = there.families[row.stored.spu_code]
        if spu_code and spu_code != family.code:
            row.faults.append(ProductOfAnother(field="spu_code", before=family.code))
            return None
    else:
        found = there.family(code=spu_code, name=name, line=said.get("line", ""))
        if found is None:
            missing = [one for one in ("aroma", "line") if one not in said]
            row.faults += [ValueMissing(field=one) for one in missing if getattr(row.source, one) is None]
            if missing or not name:
                return None
            found = there.new_family(code=spu_code, name=name[:120], prefix=code.split("-")[0])
        family = found
    row.faults += _told(row, family, there, said)
    return family


def _told(row: PlannedRow, family: Family, there: Known, said: dict[str, str]) -> Iterator[DomainError]:
    """Write down what the row says of its family; two rows may not say different things."""
    for name in OF_FAMILY:
        if name not in said:
            continue
        value = there.line_code(said[name]) if name == "line" else said[name]
        first = family.told.setdefault(name, (value, row.source.row))
        if first[0] != value:
            yield FamilyDisagrees(field=name, first=first[0], other=first[1], value=said[name])
            continue
        if getattr(family, name) != value:
            row.changes[name] = (getattr(family, name) or None, value)
            setattr(family, name, value)
    if is_flavoured_as_baijiu(family.name, family.exec_standard, family.category):
        yield NotBaijiu(field="category")


def _relate(planned: Sequence[PlannedRow]) -> None:
    """Barcodes against each other and against what is stored."""
    whole = [(row, row.facts) for row in planned if row.facts is not None]
    skus = [facts for _, facts in whole]
    owners, bottles = owners_of_case_barcodes(skus), bottles_by_barcode(skus)
    for row, facts in whole:
        taken = barcode_fault(facts, owners)
        if taken:
            row.faults.append(taken)
        row.advice += bottle_advice(facts, bottles)
