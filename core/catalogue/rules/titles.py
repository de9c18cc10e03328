"""Free-text titles of goods (``53度500ml*6瓶``) → attributes. Catalogues mislabel: a person confirms the guesses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.kernel.text import N_, normalised

_NUMBER = r"\d+(?:\.\d+)?"
_TIMES = r"[*×xX✕╳✖]"
_ABV = re.compile(
    r"(?<![\d.])(?:酒精度[:：]?)?(\d{2}(?:\.\d{1,2})?)\s*(?:度|[°º˚](?!\s*C)|%\s*(?:\(?v/?v\)?|vol)?\.?|vol)",
    re.IGNORECASE,
)
_VOLUME = re.compile(rf"(?<![\d.])({_NUMBER})\s*(ml|毫升|cl|升|l)(?![a-z])", re.IGNORECASE)
_JIN = re.compile(r"(?<![\d.])(半|一|二|两|三|五|十|\d{1,2})斤装?")
_UNIT = r"瓶|支|罐|坛|壶|只|盒|提|套|箱|件"
_FACTOR = re.compile(
    rf"\s*{_TIMES}\s*(\d{{1,3}})(?!\d|\s*(?:ml|毫升))\s*({_UNIT})?装?(?:\s*/\s*({_UNIT}))?(?:整箱)?", re.IGNORECASE
)
_BEFORE = re.compile(rf"(?<![\d.])(?:1\s*{_TIMES}\s*)?(\d{{1,3}})\s*({_UNIT})?\s*{_TIMES}\s*$")
_LONE = re.compile(rf"(?<![\dA-Za-z.])(?:1\s*)?{_TIMES}\s*(\d{{1,2}})(?!\d)\s*(?:瓶|支)?(?:\s*/\s*(?:箱|件))?")
_PER_CASE = re.compile(
    r"(?:整箱|一箱|每箱|1箱)?\s*[*×xX]?\s*(?<!\d)(\d{1,3}|十二|[双两二四六八十])\s*(瓶|支|罐|只|盒)(?:装|(?:\s*/\s*(箱|件|盒|提)))?(?:整箱)?"
)
_GIFT = re.compile(r"礼盒|礼品盒|双支|双瓶|对酒")
_DIGITS = {
    "半": 0.5,
    "一": 1,
    "双": 2,
    "两": 2,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "八": 8,
    "十": 10,
    "十二": 12,
}
_BOXES = {"盒", "提", "套"}
_CASES = {"箱", "件"}
_JIN_ML = 500
_EDGE = " \t-–—_*×/\\,,、;；:：|·.()[]{}（）【】「」"


@dataclass(frozen=True, slots=True)
class Guess:
    """A value that must be confirmed against the label. ``field`` names an attribute; ``reason`` is a msgid."""

    field: str
    value: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class ParsedTitle:
    """What a title says: tenths of %vol, ml, bottles a case, bottles a gift box; None where it says nothing.

    An attribute named in ``guesses`` holds the likeliest value only.
    """

    name: str
    abv_tenths: int | None = None
    volume_ml: int | None = None
    bottles_per_case: int | None = None
    inner_pack: int | None = None
    guesses: tuple[Guess, ...] = ()


_SEVERAL_STRENGTHS = N_("The title names several strengths.")
_SEVERAL_VOLUMES = N_("The title names several volumes.")
_ROUNDED = N_("The strength was rounded to one decimal.")
_FROM_JIN = N_("The volume was reckoned from jin at 500 ml.")
_TWO_FACTORS = N_("Two pack figures were multiplied: bottles in a box by boxes in a case.")
_BOXES_OF_ONE = N_("The figure counts boxes: is there one bottle in each?")
_BOX_ONLY = N_("The figure may be the bottles of a gift box, not of a case.")
_CASES_ORDERED = N_("The figure counts cases, not bottles in a case.")
_LONE_FIGURE = N_("A figure after “×” away from the volume was read as the bottles in a case.")


@dataclass(frozen=True, slots=True)
class _Found:
    """One attribute's reading and the part of the title it used up."""

    span: tuple[int, int] | None
    value: int | None = None
    inner: int | None = None
    guess: Guess | None = None


def parse_title(title: str) -> ParsedTitle:
    """Read strength, volume and pack out of ``title``; what is left is the name.

    Understands 度 ° %vol, ml 毫升 L 升 斤, ``500ml*6``, ``6*500ml``, ``1*6``, ``6瓶/箱``, gift boxes and full-width
    digits. Never raises; what is ambiguous comes back among ``guesses``.
    """
    text = normalised(title)
    strength = _strength(text)
    volume = _volume(text)
    pack = _pack(text, volume.span)
    found = [one for one in (strength, volume, pack) if one.span is not None]
    return ParsedTitle(
        name=_rest(text, [one.span for one in found if one.span is not None]),
        abv_tenths=strength.value,
        volume_ml=volume.value,
        bottles_per_case=pack.value,
        inner_pack=pack.inner,
        guesses=tuple(one.guess for one in found if one.guess is not None),
    )


def _strength(text: str) -> _Found:
    hits = [hit for hit in _ABV.finditer(text) if 10 <= float(hit.group(1)) <= 96]
    if not hits:
        return _Found(None)
    values = {round(float(hit.group(1)) * 100) for hit in hits}
    hundredths = round(float(hits[0].group(1)) * 100)
    if len(values) > 1:
        return _Found(hits[0].span(), None, guess=Guess("abv_tenths", None, _SEVERAL_STRENGTHS))
    tenths = (hundredths + 5) // 10
    guess = Guess("abv_tenths", tenths, _ROUNDED) if hundredths % 10 else None
    return _Found(hits[0].span(), tenths, guess=guess)


def _volume(text: str) -> _Found:
    scale = {"ml": 1, "毫升": 1, "cl": 10, "l": 1000, "升": 1000}
    hits = list(_VOLUME.finditer(text))
    if hits:
        values = [round(float(hit.group(1)) * scale[hit.group(2).lower()]) for hit in hits]
        if len(set(values)) > 1:
            return _Found(hits[0].span(), None, guess=Guess("volume_ml", None, _SEVERAL_VOLUMES))
        return _Found(hits[0].span(), values[0])
    if jin := _JIN.search(text):
        count = _DIGITS.get(jin.group(1)) or float(jin.group(1))
        volume = round(count * _JIN_ML)
        return _Found(jin.span(), volume, guess=Guess("volume_ml", volume, _FROM_JIN))
    return _Found(None)


def _pack(text: str, volume_span: tuple[int, int] | None) -> _Found:
    """The pack beside the volume first (``500ml*6``, ``6*500ml``), then anywhere (``6瓶/箱``, ``1*6``)."""
    readings = (
        *((_after(text, volume_span[1]), _before(text, volume_span[0])) if volume_span else ()),
        _counted(text),
        _lone(text),
    )
    return next((reading for reading in readings if reading.span is not None), _Found(None))


def _after(text: str, start: int) -> _Found:
    factors, end = [], start
    while hit := _FACTOR.match(text, end):
        factors.append((int(hit.group(1)), hit.group(2), hit.group(3)))
        end = hit.end()
    if not factors:
        return _Found(None)
    if len(factors) > 1 and factors[-1][1] in _CASES:  # 500ml*6*2箱: two cases were ordered
        factors.pop()
    is_gift = _GIFT.search(text) is not None
    reading = _one_factor(*factors[0], is_gift=is_gift) if len(factors) == 1 else _two_factors(factors)
    return replace(reading, span=(start, end))


def _one_factor(count: int, unit: str | None, per: str | None, *, is_gift: bool) -> _Found:
    if unit in _CASES:
        return _Found(None, guess=Guess("bottles_per_case", None, _CASES_ORDERED))
    if unit in _BOXES and per is None:
        return _Found(None, count, guess=Guess("bottles_per_case", count, _BOXES_OF_ONE))
    if per in _BOXES or (is_gift and count <= 3):
        return _Found(None, count, inner=count, guess=Guess("bottles_per_case", count, _BOX_ONLY))
    return _Found(None, count)


def _two_factors(factors: list[tuple[int, str | None, str | None]]) -> _Found:
    """``500ml*2瓶*3盒`` is six bottles in boxes of two; the figure beside 盒 counts boxes, the other bottles in one."""
    (first, first_unit, first_per), (second, second_unit, _) = factors[:2]
    boxes_first = first_unit in _BOXES and first_per is None
    inner = second if boxes_first else first
    total = first * second
    if 1 in (first, second):
        return _Found(None, total)
    is_plain = len(factors) == 2 and first_unit not in _BOXES and second_unit in _BOXES
    guess = None if is_plain else Guess("bottles_per_case", total, _TWO_FACTORS)
    return _Found(None, total, inner=inner, guess=guess)


def _before(text: str, end: int) -> _Found:
    hit = _BEFORE.search(text[:end])
    if hit is None:
        return _Found(None)
    return replace(
        _one_factor(int(hit.group(1)), hit.group(2), None, is_gift=_GIFT.search(text) is not None), span=hit.span()
    )


def _counted(text: str) -> _Found:
    for hit in _PER_CASE.finditer(text):
        count = int(_DIGITS.get(hit.group(1)) or hit.group(1))
        if count:
            reading = _one_factor(count, hit.group(2), hit.group(3), is_gift=_GIFT.search(text) is not None)
            return replace(reading, span=hit.span())
    return _Found(None)


def _lone(text: str) -> _Found:
    hit = _LONE.search(text)
    if hit is None:
        return _Found(None)
    count = int(hit.group(1))
    return _Found(hit.span(), count, guess=Guess("bottles_per_case", count, _LONE_FIGURE))


def _pieces(text: str, spans: list[tuple[int, int]]) -> Iterator[str]:
    start = 0
    for low, high in sorted(spans):
        yield text[start : max(start, low)]
        start = max(start, high)
    yield text[start:]


def _rest(text: str, spans: list[tuple[int, int]]) -> str:
    """The title without the parts that were read, its brackets and separators tidied."""
    words = " ".join(piece.strip(_EDGE) for piece in _pieces(text, spans))
    words = re.sub(r"\(\s*\)|\[\s*\]|【\s*】", " ", words)
    return " ".join(words.split()).strip(_EDGE)
