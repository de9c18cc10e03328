"""Commands with the usual values, and what a refusal says."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest

from core.catalogue.services import SaveSku, SkuRow
from core.kernel.errors import DomainError

T = TypeVar("T")
QINGHUA = SaveSku(
    code="FJ-QX-530-0500-Y20-06",
    spu_code="FJ-QH20",
    name="青花汾酒20",
    abv_tenths=530,
    volume_ml=500,
    bottles_per_case=6,
    age_code="Y20",
    gtin13="6901234567892",
    gtin14="16901234567899",
)
ROW = SkuRow(
    row=2,
    code="FJ-QX-530-0500-Y20-06",
    name="青花汾酒20",
    aroma="清香型",
    abv_tenths=530,
    volume_ml=500,
    bottles_per_case=6,
    age_code="Y20",
    line="青花系列",
    producer_name="山西杏花村汾酒厂股份有限公司",
)


def sku(**changes: object) -> SaveSku:
    """青花汾酒20 with other values."""
    return replace(QINGHUA, **changes)  # type: ignore[arg-type]  # the caller names fields of SaveSku


def row(number: int, **changes: object) -> SkuRow:
    """A bulk row of 青花汾酒20 with other values."""
    return replace(ROW, row=number, **changes)  # type: ignore[arg-type]  # the caller names fields of SkuRow


def refused(call: Callable[[], T]) -> list[tuple[int | None, str | None, str]]:
    """Line, field and code of every fault of a refusal."""
    with pytest.raises(DomainError) as refusal:
        call()
    return [(fault.line, fault.field, fault.code) for fault in refusal.value.problems()]
