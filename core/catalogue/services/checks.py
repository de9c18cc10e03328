"""Whether a product's facts may stand: hard faults by field, and advice for a second look."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from core.catalogue.errors import (
    AgeCodeFormat,
    ChoiceUnknown,
    EditionFormat,
    NotAWholeNumber,
    PrefixUnknown,
    TextNotPlain,
    TextTooLong,
    ValueMissing,
)
from core.catalogue.rules import (
    Advice,
    Aroma,
    NotASkuCode,
    SkuAttributes,
    attribute_advice,
    attribute_faults,
    is_sku_code,
    sku_code,
)
from core.catalogue.selectors import BrandRules
from core.kernel.errors import DomainError
from core.kernel.identifiers import gtin
from core.kernel.text import N_, normalised

_ORDINARY = frozenset(" .,:!?&/#%+*'\"()[]·•・-–—_~°º′″℃®™、。，：；！？（）【】《》“”‘’×|")
_WITHOUT_ORDINARY = dict.fromkeys(map(ord, _ORDINARY))
AGE_CODE = re.compile(r"^(NV|Y\d{2}|B\d{4})$", re.ASCII)
EDITION = re.compile(r"^[A-Z0-9]{0,6}$", re.ASCII)
SELLS_IN = ("CASE", "BOTTLE", "BOTH")
MOST_MULTIPLE = 10_000
MOST_GRAMS = 1_000_000


@dataclass(frozen=True, slots=True)
class SkuFacts:
    """Everything a SKU is, apart from where it stands. Strength in tenths of %vol, volume in ml."""

    code: str
    name: str
    aroma: str
    abv_tenths: int
    volume_ml: int
    bottles_per_case: int
    name_en: str = ""
    inner_pack: int = 1
    age_code: str = "NV"
    edition: str = ""
    gtin13: str = ""
    gtin14: str = ""
    sells_in: str = "CASE"
    order_multiple: int = 1
    gross_weight_g: int | None = None
    rank: int = 0
    is_placeholder: bool = False
    picture_file_id: UUID | None = None


def plain_text(value: str, field: str, *, limit: int, is_needed: bool = False) -> str:
    """``value`` with single spaces and folded full-width forms.

    Raises ``ValueMissing``, ``TextTooLong`` or, for emoji, markup and other signs of no product's name,
    ``TextNotPlain``.
    """
    text = normalised(value)
    if not text and is_needed:
        raise ValueMissing(field=field)
    if len(text) > limit:
        raise TextTooLong(field=field, limit=limit, length=len(text))
    if not text.translate(_WITHOUT_ORDINARY).isalnum():
        for sign in text:
            if sign not in _ORDINARY and unicodedata.category(sign)[0] not in "LMN":
                raise TextNotPlain(field=field, value=sign)
    return text


def choice(value: str, field: str, known: tuple[str, ...]) -> str:
    """``value`` in capitals when it is one of ``known``. Raises ``ChoiceUnknown``."""
    word = normalised(value).upper()
    if word not in known:
        raise ChoiceUnknown(field=field, value=value[:40], known=", ".join(known))
    return word


def whole_number(value: int, field: str, *, low: int, high: int) -> int:
    """``value`` when it lies in the range. Raises ``NotAWholeNumber``."""
    if not low <= value <= high:
        raise NotAWholeNumber(field=field, value=value, low=low, high=high)
    return value


def barcode(value: str, field: str) -> str:
    """The digits of a retail (``gtin13``; a GTIN-12 gets its 0) or case barcode (``gtin14``), or nothing."""
    if not normalised(value):
        return ""
    try:
        return gtin(value, 14) if field == "gtin14" else gtin(value, 12, 13).zfill(13)
    except DomainError as fault:
        fault.field = field
        raise


@dataclass(frozen=True, slots=True)
class Checked:
    """The facts as they will be written, every hard fault, every advice."""

    facts: SkuFacts
    faults: tuple[DomainError, ...]
    advice: tuple[Advice, ...]


def checked(facts: SkuFacts, rules: BrandRules) -> Checked:
    """Clean ``facts`` and hold them against the brand's rules."""
    cleaned: dict[str, str] = {}
    faults: list[DomainError] = []
    for field, clean in _CLEANERS.items():
        try:
            cleaned[field] = clean(getattr(facts, field), field)
        except DomainError as fault:
            faults.append(fault)
    facts = replace(facts, **cleaned)  # type: ignore[arg-type]  # every cleaned field is a text
    faults += _faults(facts, rules)
    return Checked(facts, tuple(faults), () if faults else tuple(_advice(facts, rules)))


def _code(value: str, field: str) -> str:
    code = normalised(value).upper()
    if not is_sku_code(code):
        raise NotASkuCode(field=field, value=normalised(value)[:60])
    return code


def _age_code(value: str, field: str) -> str:
    if not AGE_CODE.match(code := normalised(value).upper() or "NV"):
        raise AgeCodeFormat(field=field, value=value[:20])
    return code


def _edition(value: str, field: str) -> str:
    if not EDITION.match(edition := normalised(value).upper()):
        raise EditionFormat(field=field, value=value[:20])
    return edition


_CLEANERS: dict[str, Callable[[str, str], str]] = {
    "code": _code,
    "name": lambda value, field: plain_text(value, field, limit=160, is_needed=True),
    "name_en": lambda value, field: plain_text(value, field, limit=160),
    "age_code": _age_code,
    "edition": _edition,
    "gtin13": barcode,
    "gtin14": barcode,
    "sells_in": lambda value, field: choice(value, field, SELLS_IN),
}


def _attributes(facts: SkuFacts) -> SkuAttributes:
    return SkuAttributes(
        Aroma(facts.aroma), facts.abv_tenths, facts.volume_ml, facts.bottles_per_case, facts.inner_pack
    )


def _faults(facts: SkuFacts, rules: BrandRules) -> Iterator[DomainError]:
    yield from attribute_faults(_attributes(facts), rules.limits)
    prefix = facts.code.split("-")[0]
    if rules.code_prefixes and is_sku_code(facts.code) and prefix not in rules.code_prefixes:
        yield PrefixUnknown(field="code", value=prefix, known=", ".join(rules.code_prefixes))
    for field, value, low, high in (
        ("order_multiple", facts.order_multiple, 1, MOST_MULTIPLE),
        ("gross_weight_g", facts.gross_weight_g, 1, MOST_GRAMS),
        ("rank", facts.rank, -1_000_000, 1_000_000),
    ):
        if value is not None and not low <= value <= high:
            yield NotAWholeNumber(field=field, value=value, low=low, high=high)


def _advice(facts: SkuFacts, rules: BrandRules) -> Iterator[Advice]:
    yield from attribute_advice(_attributes(facts), rules.limits)
    described = _described(facts)
    if described and facts.code != described:
        yield Advice(
            "catalogue.code_describes_other",
            N_("By its measures the code would be %(described)s. The measures count; is the code meant?"),
            {"described": described},
        )
    if facts.gtin13 and not 690 <= int(facts.gtin13[:3]) <= 699:
        yield Advice(
            "catalogue.barcode_foreign",
            N_("Barcode %(value)s was not issued in China (690–699)."),
            {"value": facts.gtin13},
        )
    if facts.gtin13 and facts.gtin14 and facts.gtin14[1:13] != facts.gtin13[:12]:
        yield Advice(
            "catalogue.case_barcode_other",
            N_("Case barcode %(value)s is not built on the bottle's barcode."),
            {"value": facts.gtin14},
        )


def _described(facts: SkuFacts) -> str:
    """The code these measures would get, or nothing when they fit no code."""
    try:
        return sku_code(
            facts.code.split("-")[0],
            Aroma(facts.aroma),
            abv_tenths=facts.abv_tenths,
            volume_ml=facts.volume_ml,
            bottles_per_case=facts.bottles_per_case,
            age=facts.age_code,
            edition=facts.edition,
        )
    except NotASkuCode:
        return ""
