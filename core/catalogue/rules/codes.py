"""The SKU code (handbook §13): ``BRAND-AROMA-ABV-ML-AGE-PACK[-EDITION]``. Descriptive only, never parsed."""

import re

from core.catalogue.rules.aroma import Aroma
from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_

SKU_CODE = re.compile(
    r"^[A-Z]{2,4}-(NX|QX|MX|JX|CX|FX|TX|JA|ZM|LB|FY|DX|XQ|GY|YT|OT)-\d{3}-\d{4}-(NV|Y\d{2}|B\d{4})-\d{2}(-[A-Z0-9]{1,6})?$",
    re.ASCII,
)
NO_AGE = "NV"


class NotASkuCode(DomainError):
    """The parts do not make a code of the trade's form."""

    code = "catalogue.sku_code_format"
    kind = Kind.INVALID
    text = N_("“%(value)s” is not an SKU code such as MT-JX-530-0500-NV-06.")


def is_sku_code(text: str) -> bool:
    """Whether ``text`` has the form of an SKU code."""
    return SKU_CODE.match(text) is not None


def sku_code(
    brand: str,
    aroma: Aroma,
    *,
    abv_tenths: int,
    volume_ml: int,
    bottles_per_case: int,
    age: str = NO_AGE,
    edition: str = "",
) -> str:
    """Build the code of a SKU. ``age`` is ``NV``, ``Ynn`` (statement) or ``Bnnnn`` (bottling year).

    Raises ``NotASkuCode`` when a part does not fit its place (a volume above 9999 ml, an edition with small letters).
    """
    parts = [brand, aroma.value, f"{abv_tenths:03d}", f"{volume_ml:04d}", age, f"{bottles_per_case:02d}"]
    code = "-".join([*parts, edition] if edition else parts)
    if not is_sku_code(code):
        raise NotASkuCode(value=code[:60], field="code")
    return code
