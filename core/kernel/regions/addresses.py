"""Addresses as people type them → the division they lie in."""

import re
from dataclasses import dataclass
from functools import cache

from core.kernel.regions.register import Level, Region, ancestors, current, everything, full_name_en, region
from core.kernel.text import normalised

_PEOPLES = (
    "蒙古|哈萨克|柯尔克孜|塔吉克|锡伯|达斡尔|维吾尔|布依|朝鲜|土家|哈尼|傈僳|拉祜|东乡|纳西|景颇|仫佬|布朗|撒拉|毛南|仡佬|阿昌|"
    "普米|鄂温克|鄂伦春|德昂|保安|裕固|独龙|赫哲|各族|(?:回|藏|苗|彝|壮|满|侗|瑶|白|傣|黎|佤|畲|水|土|羌|怒|京|各)族"
)
_AUTONOMOUS = re.compile(rf"^(.{{2,}}?)(?:(?:{_PEOPLES})族?)+自治([州县旗])$")
_PLAIN = re.compile(r"^(.{2,}?)(?:特别行政区|自治区|自治州|自治县|自治旗|地区|特区|林区|新区|省|市|盟|区|县|旗)$")
_PROVINCE_SHORT = {"450000": "广西", "540000": "西藏", "640000": "宁夏", "650000": "新疆"}
_DUMMY = re.compile(
    r"^(?:市辖区|(?:省|自治区)?直辖(?:县级)?(?:行政区划|行政单位|县)|(?:省|自治区)直辖|县(?=.)|市(?=.))"
)
_STREET = re.compile(r"^[东南西北中上下内外新老大一二三四五六七八九十]{0,2}(?:路|街|巷|道(?!县)|胡同)")
_LOCALITY = re.compile(r"^(?:大厦|广场|花园|小区|新村|新城|社区|公园|机场|火车|高速|[山湖桥镇乡村])")
_LONGEST = 16
_SCAN = 30


@dataclass(frozen=True, slots=True)
class _Match:
    """What a reading of the text found: how many characters it explains and where it ended."""

    explained: int
    place: Region | None
    in_force: bool


@cache
def _names() -> dict[str, tuple[Region, ...]]:
    """Full names and the short forms people use (恩施州, 广西, 浦东) → the divisions that may be meant."""
    found: dict[str, dict[str, Region]] = {}
    for place in everything():
        for name in {place.name, *_short_forms(place)}:
            found.setdefault(name, {})[place.code] = place
    return {name: tuple(places.values()) for name, places in found.items()}


def _short_forms(place: Region) -> tuple[str, ...]:
    if place.code in _PROVINCE_SHORT:
        return (_PROVINCE_SHORT[place.code],)
    if autonomous := _AUTONOMOUS.match(place.name):
        stem, kind = autonomous.groups()
        return stem, stem + kind
    plain = _PLAIN.match(place.name)
    return (plain.group(1),) if plain else ()


def _starts(rest: str, scope: Region | None) -> list[tuple[str, Region]]:
    """Every division below ``scope`` whose name begins ``rest``; a short form must not be the name of a street."""
    found = []
    for length in range(min(_LONGEST, len(rest)), 1, -1):
        name = rest[:length]
        for place in _names().get(name, ()):
            is_below = scope is None or any(above.code == scope.code for above in ancestors(place.code))
            if is_below and (place.name == name or not _is_street(place, rest[length:])):
                found.append((name, place))
    return found


def _is_street(place: Region, after: str) -> bool:
    """Whether a short form is only the beginning of a smaller name: 南京路, 白云大道, 朝阳公园."""
    if _STREET.match(after):
        return True
    return place.level is Level.COUNTY and _LOCALITY.match(after) is not None


def _scanned(rest: str, scope: Region) -> list[tuple[str, Region]]:
    """The first full name of a division below ``scope`` further on: ``雄安新区容城县``."""
    for start in range(1, min(_SCAN, len(rest))):
        hits = [(name, place) for name, place in _starts(rest[start:], scope) if place.name == name and len(name) > 2]
        if hits:
            return [(rest[:start] + name, place) for name, place in hits]
    return []


def _trimmed(rest: str, scope: Region) -> str:
    """``rest`` without what adds nothing: the dummy level, or the name just read said twice (北京市北京市)."""
    for name in (scope.name, *_short_forms(scope)):
        if rest.startswith(name):
            return rest[len(name) :]
    return _DUMMY.sub("", rest)


def _read(rest: str, scope: Region | None, explained: int) -> _Match:
    """The reading of ``rest`` below ``scope`` that explains most characters; divisions in force win a tie."""
    here = _Match(explained, scope, scope is None or scope.valid_to is None)
    steps = _starts(rest, scope)
    if not steps and scope is not None and scope.level is not Level.COUNTY:
        shorter = _trimmed(rest, scope)
        if shorter != rest:
            return _read(shorter, scope, explained)
        steps = _scanned(rest, scope)
    readings = [_read(rest[len(name) :], place, explained + min(len(name), len(place.name))) for name, place in steps]
    best = max((here, *readings), key=lambda m: (m.explained, m.in_force))
    rivals = {
        current(m.place.code).code
        for m in readings
        if m.place is not None and (m.explained, m.in_force) == (best.explained, best.in_force)
    }
    return here if len(rivals) > 1 else best


def find(text: str) -> Region | None:
    """The deepest division in force that an address names, or None when it names none or several (朝阳区 alone).

    ``广东省东莞市南城街道…`` → 东莞市, ``河南省济源市…`` → 济源市, ``山东省章丘市…`` (an old address) → 章丘区.
    The answer is a leaf when the text names one; ask ``is_leaf``. Spaces and a postcode in front do not matter.
    """
    words = re.sub(r"^[^\u4e00-\u9fff]+|\s", "", normalised(text)).removeprefix("中国")
    place = _read(words, None, 0).place
    if place is None:
        return None
    place = current(place.code)
    while place.valid_to is not None and place.parent_code is not None:
        place = current(region(place.parent_code).code)
    return place


@cache
def _english() -> dict[str, tuple[Region, ...]]:
    """English names, alone and with what they lie in, without spaces and signs → the divisions in force they mean."""
    found: dict[str, dict[str, Region]] = {}
    for place in everything():
        if place.valid_to is None:
            for name in (place.name_en, full_name_en(place.code)):
                found.setdefault(_letters(name), {})[place.code] = place
    return {name: tuple(places.values()) for name, places in found.items()}


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", normalised(name).casefold())


def find_english(text: str) -> Region | None:
    """The division in force with this English name, alone or as ``full_name_en`` writes it; None for none or several.

    A province wins over the city called like it (Jilin). No addresses: streets in English are not read.
    """
    places = _english().get(_letters(text), ())
    provinces = tuple(place for place in places if place.level is Level.PROVINCE)
    found = provinces or places
    return found[0] if len(found) == 1 else None
