"""What a bulk save finds stored: its SKUs, families, lines and producers, read in some few queries."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.catalogue.models import Producer, ProductLine, Sku, Spu
from core.catalogue.rules import Aroma
from core.catalogue.rules.search import sound_of
from core.catalogue.services.checks import SkuFacts
from core.catalogue.services.commands import SkuRow
from core.catalogue.services.records import FACT_NAMES
from core.kernel.text import normalised


@dataclass(frozen=True, slots=True)
class Stored:
    """A SKU as it is."""

    id: int
    version: int
    status: str
    spu_code: str
    facts: SkuFacts


@dataclass(slots=True)
class Family:
    """An SPU as it is or will be (``id`` None). ``line`` is a line's code; ``told`` what rows said, and which row."""

    code: str
    name: str
    id: int | None = None
    aroma: str = Aroma.OT.value
    line: str = ""
    producer_name: str = ""
    exec_standard: str = ""
    packaging: str = "BOX"
    category: str = "BAIJIU"
    age_basis: str = "NONE"
    told: dict[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(slots=True)
class Known:
    """Everything a plan is held against; it learns the families and lines that the rows make."""

    skus: dict[str, Stored]
    families: dict[str, Family]
    lines: dict[str, str]
    """Name by code."""
    producers: dict[str, int]
    new_lines: dict[str, str] = field(default_factory=dict)
    by_name: dict[str, list[str]] = field(default_factory=dict)
    """Codes of families by name."""
    lines_before: dict[str, str] = field(default_factory=dict)
    """Code of the line each family was in before any row spoke."""

    def family(self, *, code: str, name: str, line: str) -> Family | None:
        """The family of that code, else the one so named: in that line, where several are."""
        if code:
            return self.families.get(code)
        named = [self.families[one] for one in self.by_name.get(name, [])]
        in_line = [one for one in named if line and one.line == self._code_of_line(line)]
        return next(iter(in_line or ([] if line else named)), None)

    def new_family(self, *, code: str, name: str, prefix: str) -> Family:
        """A family to be made; without a code it gets one of the name's initials."""
        code = code or free_code(f"{prefix}-{initials(name)}"[:36], self.families)
        made = self.families[code] = Family(code=code, name=name)
        self.by_name.setdefault(name, []).append(code)
        return made

    def line_code(self, said: str) -> str:
        """The code of a line given by code or name; one that does not exist is noted down to be made."""
        found = self._code_of_line(said)
        if found:
            return found
        code = free_code(initials(said)[:16], self.lines)
        self.lines[code] = self.new_lines[code] = said
        return code

    def _code_of_line(self, said: str) -> str:
        if said.upper() in self.lines:
            return said.upper()
        return next((code for code, name in self.lines.items() if name == said), "")


def initials(name: str) -> str:
    """Capitals of a name's pinyin initials, letters and digits as they stand; ``X`` when nothing is left."""
    letters = "".join(sound_of(sign)[1] for sign in normalised(name))
    return re.sub(r"[^A-Z0-9]", "", letters.upper()) or "X"


def free_code(wanted: str, taken: dict[str, str] | dict[str, Family]) -> str:
    """``wanted``, or with the first free number behind it."""
    code, number = wanted, 1
    while code in taken:
        number += 1
        code = f"{wanted}-{number}"
    return code


def known(rows: Sequence[SkuRow]) -> Known:
    """Read what ``rows`` may touch: four queries."""
    codes = {normalised(row.code).upper() for row in rows}
    families = {row.code: row for row in _families()}
    by_name: dict[str, list[str]] = {}
    for code, family in families.items():
        by_name.setdefault(family.name, []).append(code)
    return Known(
        skus=_skus(codes),
        families=families,
        lines=dict(ProductLine.objects.order_by("position", "code").values_list("code", "name")),
        producers=dict(Producer.objects.values_list("name", "pk")),
        by_name=by_name,
        lines_before={code: family.line for code, family in families.items()},
    )


def _skus(codes: set[str]) -> dict[str, Stored]:
    found = Sku.objects.filter(code__in=codes)
    rows = found.values_list("id", "version", "status", "spu__code", *FACT_NAMES)
    return {
        facts.code: Stored(sku_id, version, status, spu_code, facts)
        for sku_id, version, status, spu_code, *values in rows
        for facts in (SkuFacts(**dict(zip(FACT_NAMES, values, strict=True))),)
    }


def _families() -> list[Family]:
    rows = Spu.objects.order_by("code").values_list(
        "code",
        "name",
        "id",
        "aroma",
        "product_line__code",
        "producer__name",
        "exec_standard",
        "packaging",
        "category",
        "age_basis",
    )
    return [Family(*row[:5], row[5] or "", *row[6:]) for row in rows]
