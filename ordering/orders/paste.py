"""The order pad's paste: lines from a spreadsheet or a chat → what was meant, and how much of it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.kernel.errors import DomainError, Kind
from core.kernel.identifiers import is_valid_gtin
from core.kernel.quantity import MAX_BOTTLES, Unit
from core.kernel.text import N_, normalised

_CASE_WORDS = ("箱", "件", "cases", "case", "ctn", "cs")
_BOTTLE_WORDS = ("瓶", "支", "罐", "坛", "bottles", "bottle", "btl")
_OTHER_WORDS = ("盒", "提", "套")
_UNITS: dict[str, Unit | None] = {
    **dict.fromkeys(_CASE_WORDS, Unit.CASE),
    **dict.fromkeys(_BOTTLE_WORDS, Unit.BOTTLE),
    **dict.fromkeys(_OTHER_WORDS, None),
}
_UNIT = "|".join(_UNITS)
_HAN_DIGITS = {
    "半": Decimal("0.5"),
    **{han: Decimal(value) for value, han in enumerate("零一二三四五六七八九")},
    "两": Decimal(2),
}
_HAN = r"[半一二两三四五六七八九十百]{1,5}"
_NUMBER = r"\d+(?:\.\d+)?"
_AMOUNT = rf"(?P<sign>(?:(?<=\s)|^)[-−+])?(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})?"
_COMPOUND = re.compile(
    rf"(?P<cases>{_NUMBER}|{_HAN})\s*(?:{'|'.join(_CASE_WORDS)})\s*[+加零又,、]?\s*"
    rf"(?P<bottles>{_NUMBER}|{_HAN})\s*(?:{'|'.join(_BOTTLE_WORDS)})",
    re.IGNORECASE,
)
_ONLY_AMOUNT = re.compile(rf"^{_AMOUNT}$", re.IGNORECASE)
_AT_END = re.compile(rf"(?:(?<=[\s:=*×xX])|(?=[-−+]?{_NUMBER}\s*(?:{_UNIT})$)){_AMOUNT}$", re.IGNORECASE)
_HAN_AT_START = re.compile(rf"^(?P<number>{_HAN})(?P<unit>{_UNIT})\s*(?=\S)")
_HAN_AT_END = re.compile(rf"(?P<number>{_HAN})(?P<unit>{_UNIT})$")
_AT_START = re.compile(
    rf"^(?P<sign>[-−+])?(?P<number>{_NUMBER})(?:\s*(?P<unit>{_UNIT})\s*|\s+)[:*×]?\s*(?=\S)", re.IGNORECASE
)
_PACK_BEFORE = re.compile(r"(?:ml|毫升|l|升)\s*[*×xX]\s*$", re.IGNORECASE)
_TIMES = re.compile(r"(?:(?<=\s)|(?<=[\u4e00-\u9fff]))[xX]$")
_TIMES_GLUED = re.compile(r"(?<![A-Za-z])[xX]$")
"""A multiplication sign behind the goods, apart from the number and glued to it: 西凤x5, 青禾20x5; not VSOPX 5."""
_BARE_NUMBER = re.compile(rf"\d{{1,3}}|{_NUMBER}\s*(?:{_UNIT})", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<![\w.\-])(-?[1-9]\d{0,2}(?:,\d{3})+)(?![\d,])")
_LIST_MARK = re.compile(r"^\(?\d{1,3}(?:[、)]|\.(?!\d))\s*")
_EDGE = " \t,;:|=*×\"'“”‘’。.!?、"
_CODE = re.compile(r"^[A-Za-z]{2,4}-[A-Za-z0-9-]{5,}$")
_TOTALS = re.compile(r"^(?:合计|总计|小计|total)\b", re.IGNORECASE)
_QUOTED_NUMBER = re.compile(r'"\s*(-?\d{1,3}(?:,\d{3})+(?:\.\d+)?)\s*"')
_PICTURES = {"So", "Sk", "Mn", "Me"}
_KEPT_SYMBOLS = "°"
_MAX_LINE = 400
_MAX_TERM = 200

_HEADINGS = {
    "code": "编码 商品编码 商品代码 货号 条码 条形码 商品条码 sku skucode code productcode itemcode barcode gtin ean",
    "name": "商品 商品名称 名称 品名 产品 产品名称 name product productname item",
    "quantity": "数量 订货数量 订购数量 订货量 qty quantity",
    "cases": "箱数 件数 数量(箱) 数量(件) cases",
    "bottles": "瓶数 数量(瓶) bottles",
    "unit": "单位 unit",
    "other": "序号 no no. # 规格 单价 价格 金额 备注 度数 香型 price amount spec note",
}
_COLUMNS = {word: role for role, words in _HEADINGS.items() for word in words.split()}


class TooManyLines(DomainError):
    """More lines than one paste may have."""

    code = "paste.too_many_lines"
    kind = Kind.INVALID
    text = N_("%(count)s lines were pasted; the order pad takes %(limit)s at a time. Take some out, paste them after.")


class PasteProblem(DomainError):
    """One pasted line cannot be read; ``code`` says why."""

    code = "paste.unreadable"
    kind = Kind.INVALID
    text = N_("This line cannot be read.")


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One demand of one pasted line. ``number`` is its 1-based place in the paste, blank lines counted.

    ``term`` is a code, barcode or name to look up; ``unit`` None when the line names none. With a ``problem`` there is
    no quantity. ``12 箱 3 瓶`` gives two of them with the same number: cases and bottles.
    """

    number: int
    raw: str
    term: str
    quantity: int | None
    unit: Unit | None
    problem: DomainError | None


@dataclass(frozen=True, slots=True)
class _Amount:
    value: Decimal
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class _Reading:
    """A line taken apart: the words to look up and the amounts said beside them."""

    term: str
    amounts: tuple[_Amount, ...]


def parse_paste(text: str, *, max_lines: int = 500) -> tuple[PastedLine, ...]:
    """Read every line of ``text``: tabs, commas or spaces; quantity before or after; header and total rows skipped.

    A line that cannot be ordered as it stands carries its ``problem``. Raises ``TooManyLines`` above ``max_lines``
    lines with content.
    """
    rows = [(number, raw) for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), start=1) if raw.strip()]
    if len(rows) > 2 * max_lines:  # no need to read it all to know
        raise TooManyLines(count=len(rows), limit=max_lines)
    columns: dict[str, int] = {}
    readings: list[tuple[int, str, _Reading]] = []
    for number, raw in rows:
        cells = _cells(raw[:_MAX_LINE])
        if roles := _header(cells):
            columns = roles
        elif any(cells) and not _TOTALS.match(next(filter(None, cells))) and not _is_left_blank(cells, columns):
            readings.append((number, raw, _by_columns(cells, columns) or _by_looks(cells)))
    if len(readings) > max_lines:
        raise TooManyLines(count=len(readings), limit=max_lines)
    return tuple(line for number, raw, reading in readings for line in _lines_of(number, raw, reading))


def _cells(raw: str) -> list[str]:
    """The line's cells, separated by tabs, else by commas and the like; at least one.

    Full-width forms are folded, emoji and control characters dropped, thousands separators closed up.
    """
    cells = [_cleaned(cell) for cell in raw.split("\t")]
    if len(cells) == 1:
        cells = re.split(r"[,;|]", cells[0])
    return [cell.strip(" \"'“”") for cell in cells]


def _cleaned(cell: str) -> str:
    kept = "".join(ch for ch in normalised(cell) if unicodedata.category(ch) not in _PICTURES or ch in _KEPT_SYMBOLS)
    quoted = _QUOTED_NUMBER.sub(lambda hit: hit.group(1).replace(",", ""), kept)
    return _THOUSANDS.sub(lambda hit: hit.group().replace(",", ""), quoted)


def _header(cells: Sequence[str]) -> dict[str, int]:
    """Roles of the columns when every word of the line is a heading, else nothing."""
    words = [cell for cell in cells if cell]
    if len(words) == 1:
        words = list(cells := words[0].split())
    roles = {place: _COLUMNS.get(cell.replace(" ", "").casefold()) for place, cell in enumerate(cells) if cell}
    if not words or None in roles.values() or all(role == "other" for role in roles.values()):
        return {}
    return {role: place for place, role in reversed(roles.items()) if role is not None}


def _is_left_blank(cells: Sequence[str], columns: dict[str, int]) -> bool:
    """Whether a row of an order sheet was not filled in: it has goods, and nothing under any heading of quantity."""
    places = [columns[role] for role in ("quantity", "cases", "bottles") if columns.get(role, len(cells)) < len(cells)]
    return bool(places) and not any(cells[place] for place in places)


def _by_columns(cells: Sequence[str], columns: dict[str, int]) -> _Reading | None:
    """Read a row by the headings above it; None where there are none or the row is shorter than they are."""

    def cell(role: str) -> str:
        place = columns.get(role)
        return cells[place] if place is not None and place < len(cells) else ""

    term = cell("code") or cell("name")
    if not term:
        return None
    found = [
        _Amount(amount.value, amount.unit or (role_unit if role_unit else _UNITS.get(cell("unit").casefold())))
        for role, role_unit in (("quantity", None), ("cases", Unit.CASE), ("bottles", Unit.BOTTLE))
        for amount in _amounts_of(cell(role))
    ]
    positive = [amount for amount in found if amount.value] or found[:1]
    return _Reading(term, tuple(positive)) if positive else None


def _by_looks(cells: Sequence[str]) -> _Reading:
    """Read a row without headings: the cell that is nothing but an amount is the quantity, the rest names the goods."""
    filled = [cell for cell in cells if cell]
    if len(filled) < 2:
        return _by_words(filled[0] if filled else "")
    place = _quantity_cell(filled)
    if place is None:
        return _by_words(" ".join(filled))
    named = [cell for cell in filled[:place] if not _is_amount(cell) or _is_barcode(cell)]
    named = named or [cell for cell in filled[place + 1 :] if not _is_amount(cell) or _is_barcode(cell)]
    exact = [cell for cell in named if _is_barcode(cell) or _CODE.match(cell)]
    amounts = _amounts_of(filled[place])
    if len(amounts) == 1 and amounts[0].unit is None and place + 1 < len(filled):
        unit = _UNITS.get(filled[place + 1].casefold())
        amounts = (_Amount(amounts[0].value, unit),)
    return _Reading(exact[0] if exact else " ".join(named), amounts)


def _quantity_cell(cells: Sequence[str]) -> int | None:
    """Which cell is the quantity: one with a unit, else the first number after the goods, else the first number."""
    numbers = [place for place, cell in enumerate(cells) if _is_amount(cell) and not _is_barcode(cell)]
    with_unit = [place for place in numbers if any(amount.unit for amount in _amounts_of(cells[place]))]
    first_words = next((place for place, cell in enumerate(cells) if place not in numbers), 0)
    after = [place for place in numbers if place > first_words]
    return next(iter(with_unit or after or numbers), None)


def _is_barcode(text: str) -> bool:
    return is_valid_gtin(text) and text.isdigit()


def _is_amount(text: str) -> bool:
    return bool(_amounts_of(text))


def _amounts_of(text: str) -> tuple[_Amount, ...]:
    """The amounts of a text that holds nothing else: ``12``, ``12箱``, ``12箱3瓶``, ``两箱``."""
    if both := _COMPOUND.fullmatch(text):
        return _compound(both)
    hit = _ONLY_AMOUNT.match(text) or _HAN_AT_END.fullmatch(text)
    return (_amount(hit),) if hit else ()


def _compound(hit: re.Match[str]) -> tuple[_Amount, ...]:
    return (_Amount(_value(hit["cases"]), Unit.CASE), _Amount(_value(hit["bottles"]), Unit.BOTTLE))


def _amount(hit: re.Match[str]) -> _Amount:
    parts = hit.groupdict()
    value = _value(parts["number"])
    unit = _UNITS.get((parts.get("unit") or "").casefold())
    return _Amount(-value if parts.get("sign") in {"-", "−"} else value, unit)


def _value(text: str) -> Decimal:
    """Digits, or Chinese numerals up to 999 (两, 十二, 一百二十)."""
    if text[0].isdigit():
        return Decimal(text)
    total, digit = Decimal(0), Decimal(0)
    for ch in text:
        if ch in "十百":
            total += (digit or 1) * (10 if ch == "十" else 100)
            digit = Decimal(0)
        else:
            digit = _HAN_DIGITS[ch]
    return total + digit


def _by_words(line: str) -> _Reading:
    """Read a line of words: an amount at its end, else at its beginning, is the quantity."""
    words = _LIST_MARK.sub("", line).strip(" ,;:。!、") if not _is_barcode(line) else line
    last = words.split()[-1] if words.split() else ""
    if not _is_barcode(last):
        hit = _COMPOUND.search(words)
        if hit and hit.end() == len(words):
            return _Reading(words[: hit.start()].strip(_EDGE), _compound(hit))
        at_end = _AT_END.search(words) or _HAN_AT_END.search(words)
        if at_end and not _PACK_BEFORE.search(words[: at_end.start()]):
            before = words[: at_end.start()]
            term = (_TIMES_GLUED if before[-1:] in "xX" else _TIMES).sub("", before.strip(_EDGE)).strip(_EDGE)
            return _Reading(term, (_amount(at_end),))
    hit = _COMPOUND.match(words)
    if hit:
        return _Reading(words[hit.end() :].strip(_EDGE), _compound(hit))
    at_start = _AT_START.match(words) or _HAN_AT_START.match(words)
    if at_start:
        return _Reading(words[at_start.end() :].strip(_EDGE), (_amount(at_start),))
    return _Reading(words.strip(_EDGE), ())


def _lines_of(number: int, raw: str, reading: _Reading) -> Iterator[PastedLine]:
    term, shown = reading.term[:_MAX_TERM], normalised(raw)[:_MAX_TERM]
    if not term or (not reading.amounts and _BARE_NUMBER.fullmatch(term)):
        yield PastedLine(number, shown, "", None, None, _problem("paste.term_missing", number))
        return
    if not reading.amounts:
        yield PastedLine(number, shown, term, None, None, _problem("paste.quantity_missing", number))
    for amount in reading.amounts:
        problem = _problem_with(amount.value, number)
        quantity = None if problem else int(amount.value)
        yield PastedLine(number, shown, term, quantity, amount.unit, problem)


_TEXTS = {
    "paste.term_missing": N_("This line names no product."),
    "paste.quantity_missing": N_("How many? Write the quantity behind the product, such as 12 cases."),
    "paste.quantity_not_positive": N_("The quantity %(value)s is not above zero."),
    "paste.quantity_not_whole": N_("The quantity %(value)s is not a whole number."),
    "paste.quantity_too_large": N_("The quantity %(value)s is too large to be meant."),
}


def _problem(code: str, number: int, value: str = "") -> PasteProblem:
    return PasteProblem(_TEXTS[code], code=code, line=number, field="quantity", value=value)


def _problem_with(value: Decimal, number: int) -> PasteProblem | None:
    shown = f"{value.normalize():f}"[:20]
    if value <= 0:
        return _problem("paste.quantity_not_positive", number, shown)
    if value != value.to_integral_value():
        return _problem("paste.quantity_not_whole", number, shown)
    if value > MAX_BOTTLES:
        return _problem("paste.quantity_too_large", number, shown)
    return None
