"""The words a table of policies says for codes, and what it reads for them: both languages, whoever wrote the table."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import cache

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, override

from core.catalogue.rules import AROMA_NAMES
from core.files.columns import Cells, Reading
from core.files.tables import without_guard
from core.kernel.text import N_, normalised
from dms.dealers.rules import CHANNEL_WORDS, TIER_WORDS
from ordering.promotions.errors import FieldUnread
from ordering.promotions.rules.facts import FLAGS, NO, YES

KINDS: Mapping[str, str] = {
    "PERCENT_OFF": N_("Limited-time discount"),
    "FIXED_PRICE": N_("Special price for a time"),
    "LADDER": N_("Volume steps"),
    "BUNDLE": N_("Bundle"),
    "GIFT": N_("Gift with purchase"),
    "REBATE_OFFSET": N_("Pay by rebate"),
}
_UNITS: Mapping[str, str] = {"CASE": N_("case"), "BOTTLE": N_("bottle")}
_MEASURES: Mapping[str, str] = {
    "CASES": N_("cases"),
    "AMOUNT": N_("amount of money"),
    "SKUS": N_("different products"),
}
_YES_NO: Mapping[str, str] = {YES: N_("yes"), NO: N_("not so")}
WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": KINDS,
    "unit": _UNITS,
    "measure": _MEASURES,
    "tiers": {code.value: words for code, words in TIER_WORDS.items()},
    "channels": {code.value: words for code, words in CHANNEL_WORDS.items()},
    "aromas": {code.value: words for code, words in AROMA_NAMES.items()},
    **dict.fromkeys(FLAGS, _YES_NO),
}
"""By column, the msgid of each code it may hold."""
_INSTANTS = ("starts_at", "ends_at")
_ALSO: Mapping[str, str] = {
    **dict.fromkeys(("坎级", "满减", "坎级优惠", "坎级/满减", "ladder"), "LADDER"),
    **dict.fromkeys(("特价", "秒杀"), "FIXED_PRICE"),
    **dict.fromkeys(("折扣", "直降", "限时直降"), "PERCENT_OFF"),
    **dict.fromkeys(("买赠", "满赠", "goodsforfree"), "GIFT"),
    **dict.fromkeys(("组合优惠", "套餐"), "BUNDLE"),
    **dict.fromkeys(("返利抵扣",), "REBATE_OFFSET"),
    **dict.fromkeys(("件", "整箱"), "CASE"),
    "箱数": "CASES",
    "支": "BOTTLE",
    **dict.fromkeys(("y", "✓"), YES),
    **dict.fromkeys(("n", "×"), NO),
}
"""What people write besides, without blanks, whatever the column."""
APART = re.compile(r"[,，、;；\n\t]+")


def in_words(column: str, fact: str) -> str:
    """A fact of ``rules.facts`` as the present language and zone say it; what is no code stays as it is."""
    if fact and column in _INSTANTS:
        return _day(datetime.fromisoformat(fact), is_end=column == "ends_at")
    words = WORDS.get(column)
    if not fact or words is None:
        return fact
    return ", ".join(gettext(words[code]) if code in words else code for code in fact.split(", "))


def _day(instant: datetime, *, is_end: bool) -> str:
    """A day where it begins there, or for an end the day that ends there; else day and hour."""
    local = timezone.localtime(instant)
    if local.time() == time(0):
        return (local.date() - timedelta(days=is_end)).isoformat()
    return local.replace(tzinfo=None).isoformat(" ", "auto" if local.second or local.microsecond else "minutes")


class Coded(Reading):
    """A cell of one code, by its word in any language of the product; empty stays empty."""

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def clean(self, value: str, row: Cells | None = None, **options: object) -> str:
        """The code. Raises ``FieldUnread``."""
        word = _plain(value)
        if not word:
            return ""
        known = _codes(self.column)
        code = known.get(word) or (_ALSO.get(word) if _ALSO.get(word) in known.values() else None)
        if code is None:
            raise FieldUnread(value=value[:40])
        return code


class SeveralCoded(Coded):
    """Several of them in one cell."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> Sequence[str]:  # type: ignore[override]  # a list, where one code is a text
        """The codes. Raises ``FieldUnread``."""
        return [super(SeveralCoded, self).clean(word, row) for word in parted(value)]


class Codes(Reading):
    """Codes as they stand, apart by commas or lines."""

    def clean(self, value: str, row: Cells | None = None, **options: object) -> Sequence[str]:
        """The codes."""
        return parted(value)


def parted(value: str) -> list[str]:
    """What stands in a cell of several, without what is empty."""
    return [word for word in map(normalised, APART.split(without_guard(value))) if word]


@cache
def _codes(column: str) -> Mapping[str, str]:
    """Code by what people write for it: itself, and its word in each language."""
    known = {code.casefold(): code for code in WORDS[column]}
    for language, _name in settings.LANGUAGES:
        with override(language):
            known |= {_plain(gettext(words)): code for code, words in WORDS[column].items()}
    return known


def _plain(word: str) -> str:
    return normalised(word).casefold().replace(" ", "")
