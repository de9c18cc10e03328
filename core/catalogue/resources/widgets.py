"""How one cell is read as people write it, and written as people read it."""

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from import_export import widgets

from core.catalogue.errors import CellUnreadable, ChoiceUnknown, NotAWholeNumber
from core.catalogue.rules import parse_title
from core.kernel.text import N_, normalised

_NUMBER = re.compile(r"^(\d{1,12})(?:\.0+)?$")
_STRENGTH = re.compile(r"^(\d{1,2}(?:\.\d{1,2})?|0?\.\d{1,3})\s*(?:度|°|%\s*(?:vol)?\.?|vol)?$", re.IGNORECASE)
_YEARS = re.compile(r"^Y?(\d{1,2})年?(?:陈酿|陈)?$", re.IGNORECASE)
_BOTTLED = re.compile(r"^B?(\d{4})年?(?:瓶储|装瓶)?$", re.IGNORECASE)
_NO_AGE = {"", "NV", "无", "-", "—"}


class Words(widgets.Widget):
    """A text; an empty cell says nothing."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # django-import-export

    def clean(self, value: str, row: object = None, **options: Any) -> Any:
        """The text, or None."""
        return normalised(value) or None

    def render(self, value: Any, obj: object = None, **options: Any) -> str | int | None:
        """The text as it stands."""
        return value if isinstance(value, int) else value or ""


class Whole(Words):
    """A whole number with or without its unit behind it."""

    def __init__(self, *units: str, high: int = 1_000_000) -> None:
        super().__init__()
        self._units, self._high = units, high

    def clean(self, value: str, row: object = None, **options: Any) -> int | None:
        """The number. Raises ``NotAWholeNumber``."""
        text = normalised(value).casefold()
        for unit in self._units:
            text = text.removesuffix(unit).strip()
        if not text:
            return None
        hit = _NUMBER.match(text)
        if hit is None or int(hit.group(1)) > self._high:
            raise NotAWholeNumber(value=value[:40], low=0, high=self._high)
        return int(hit.group(1))


class Strength(Words):
    """53, 53度, 52.5%vol, and 0.53 as a spreadsheet keeps 53 %: tenths of %vol."""

    def clean(self, value: str, row: object = None, **options: Any) -> int | None:
        """Tenths of %vol. Raises ``CellUnreadable``."""
        text = normalised(value)
        if not text:
            return None
        hit = _STRENGTH.match(text)
        figure = Decimal(hit.group(1)) if hit else Decimal(0)
        tenths = figure * (1000 if figure < 1 else 10)
        if tenths != tenths.to_integral_value() or not tenths:
            raise CellUnreadable(value=text[:40], example="53")
        return int(tenths)

    def render(self, value: int | None, obj: object = None, **options: Any) -> str | int | None:
        """53 or 52.5."""
        if value is None:
            return None
        return value // 10 if value % 10 == 0 else f"{value // 10}.{value % 10}"


class Volume(Words):
    """500, 500ml, 0.5L: millilitres."""

    def clean(self, value: str, row: object = None, **options: Any) -> int | None:
        """Millilitres. Raises ``CellUnreadable``."""
        text = normalised(value)
        if not text:
            return None
        plain = _NUMBER.match(text)
        found = int(plain.group(1)) if plain else parse_title(text).volume_ml
        if not found:
            raise CellUnreadable(value=text[:40], example="500")
        return found


class Pack(Words):
    """6, 6瓶, 6瓶/箱, 1*6: bottles in a case."""

    def clean(self, value: str, row: object = None, **options: Any) -> int | None:
        """Bottles. Raises ``CellUnreadable``."""
        text = normalised(value)
        if not text:
            return None
        plain = _NUMBER.match(text)
        parsed = parse_title(text)
        lone = re.match(r"^1?\s*[*x×]\s*(\d{1,3})(?:瓶|支)?(?:/箱|/件)?$", text, re.IGNORECASE)
        found = int((plain or lone).group(1)) if (plain or lone) else parsed.bottles_per_case  # type: ignore[union-attr]  # one of the two is there
        if not found:
            raise CellUnreadable(value=text[:40], example="6")
        return found


class AgeCode(Words):
    """Y20, 20年, 20: a statement; B2018: a bottling year; 无: none."""

    def clean(self, value: str, row: object = None, **options: Any) -> str | None:
        """NV, Ynn or Bnnnn; what is none of them is left for the rules to refuse."""
        text = normalised(value).upper()
        if not text:
            return None
        if text in _NO_AGE:
            return "NV"
        if hit := _YEARS.match(text):
            return f"Y{int(hit.group(1)):02d}"
        hit = _BOTTLED.match(text)
        return f"B{hit.group(1)}" if hit else text


class Barcode(Words):
    """Digits; the apostrophe and the ``.0`` a spreadsheet adds are taken off."""

    def clean(self, value: str, row: object = None, **options: Any) -> str | None:
        """The digits as text."""
        return re.sub(r"^'|\.0+$", "", normalised(value)) or None


class Choice(Words):
    """One of some words, in Chinese or English; the first of each is what the trade writes."""

    def __init__(self, words: dict[str, tuple[str, ...]]) -> None:
        super().__init__()
        self._words = words
        self._meant = {word.casefold(): choice for choice, all_words in words.items() for word in (choice, *all_words)}

    def clean(self, value: str, row: object = None, **options: Any) -> str | None:
        """The choice's code. Raises ``ChoiceUnknown``."""
        text = normalised(value)
        if not text:
            return None
        found = self._meant.get(text.casefold())
        if found is None:
            known = ", ".join(words[0] for words in self._words.values())
            raise ChoiceUnknown(value=text[:40], known=known)
        return found

    def render(self, value: str, obj: object = None, **options: Any) -> str:
        """The choice's word in the present language."""
        return gettext(CHOICE_WORDS[value]) if value in CHOICE_WORDS else value


SELLS_IN = {"CASE": ("箱", "件", "case"), "BOTTLE": ("瓶", "支", "bottle"), "BOTH": ("箱和瓶", "箱/瓶", "均可", "both")}
PACKAGINGS = {
    "BOX": ("盒装", "box"),
    "BARE": ("光瓶", "裸瓶", "bare"),
    "GIFT": ("礼盒", "gift"),
    "JAR": ("坛装", "jar"),
}
CHOICE_WORDS = {
    "CASE": N_("case"),
    "BOTTLE": N_("bottle"),
    "BOTH": N_("case and bottle"),
    "BOX": N_("boxed"),
    "BARE": N_("bare bottle"),
    "GIFT": N_("gift box"),
    "JAR": N_("jar"),
    "DRAFT": N_("draft"),
    "ON": N_("on the shelf"),
    "OFF": N_("off the shelf"),
    "DISCONTINUED": N_("discontinued"),
}
