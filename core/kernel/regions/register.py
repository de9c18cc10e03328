"""The register of administrative divisions: GB/T 2260 codes to county level, with the retired ones.

Codes always have six digits; a city's end in ``00``, a province's in ``0000``. The register has **no dummy level**:
市辖区 and 县 of the municipalities (110100, 500200 …) and 省直辖县级行政区划 (419000, 429000, 469000, 659000) are
not regions and are refused as unknown. Their counties have the province itself as parent, so 北京市 has 16 districts as
children and 河南省 has 济源市 beside its cities. 东莞, 中山, 儋州 and 嘉峪关 are cities without counties: the city
is the leaf. Development zones are not in GB/T 2260 either; a tenant models them as zones of its own. ``"CN"`` stands
for the whole country and contains everything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_

COUNTRY = "CN"
_HERE = Path(__file__).parent


class Level(StrEnum):
    """Depth of a division; told by the code alone."""

    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"


@dataclass(frozen=True, slots=True)
class Region:
    """One division. ``valid_to`` is the day a retired code ceased (31 December of its last year), None while in force.

    ``successor_code`` is where most of a retired division's ground went; None when its parts went separate ways.
    ``parent_code`` is None for a province. ``pinyin`` has no tones and sorts lists the way people expect. ``name_en``
    is what maps and officials write in English (Inner Mongolia, Shaanxi, Hohhot), without "province" and "city".
    """

    code: str
    name: str
    level: Level
    parent_code: str | None
    valid_to: date | None
    successor_code: str | None
    pinyin: str
    name_en: str


class UnknownRegion(DomainError):
    """The code is not in the register, neither in force nor retired."""

    code = "region.unknown"
    kind = Kind.INVALID
    text = N_("“%(value)s” is not a region code. Use the six digits of a province, city or county.")


@dataclass(frozen=True, slots=True)
class _Register:
    by_code: dict[str, Region]
    children: dict[str, tuple[Region, ...]]
    same_ground: frozenset[str]


def _level(code: str) -> Level:
    if code.endswith("0000"):
        return Level.PROVINCE
    return Level.CITY if code.endswith("00") else Level.COUNTY


def _rows(name: str) -> Iterator[list[str]]:
    for line in (_HERE / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


@cache
def _register() -> _Register:
    """All three files, read once, on the first question."""
    in_force = {row[0]: row for row in _rows("divisions.tsv")}
    retired = {row[0]: row for row in _rows("retired.tsv")}
    english = dict(_rows("english.tsv"))

    def parent(code: str) -> str | None:
        if code.endswith("0000"):
            return None
        city = code[:4] + "00"
        return city if city != code and (city in in_force or city in retired) else code[:2] + "0000"

    by_code = {
        c: Region(c, row[1], _level(c), parent(c), None, None, row[2], english[c]) for c, row in in_force.items()
    }
    for code, (_, name, pinyin, year, _kind, successor) in retired.items():
        ceased = date(int(year), 12, 31)
        follows = None if successor == "-" else successor
        by_code[code] = Region(code, name, _level(code), parent(code), ceased, follows, pinyin, english[code])
    families: dict[str, list[Region]] = {}
    for place in by_code.values():
        if place.valid_to is None:
            families.setdefault(place.parent_code or COUNTRY, []).append(place)
    children = {c: tuple(sorted(family, key=lambda r: (r.pinyin, r.code))) for c, family in families.items()}
    return _Register(by_code, children, frozenset(c for c, row in retired.items() if row[4] == "="))


def region(code: str) -> Region:
    """The division with this code, in force or retired. Raises ``UnknownRegion``; ``"CN"`` is not a division."""
    found = _register().by_code.get(code)
    if found is None:
        raise UnknownRegion(value=code[:20])
    return found


def everything() -> tuple[Region, ...]:
    """Every division, retired ones too, in the order of their codes."""
    return tuple(place for _, place in sorted(_register().by_code.items()))


def provinces() -> tuple[Region, ...]:
    """The 34 provinces, municipalities and regions, sorted by pinyin."""
    return _register().children[COUNTRY]


def children(code: str) -> tuple[Region, ...]:
    """Divisions in force directly below ``code`` (``"CN"``: the provinces), sorted by pinyin; empty for a leaf."""
    if code == COUNTRY:
        return provinces()
    return _register().children.get(region(code).code, ())


def ancestors(code: str) -> tuple[Region, ...]:
    """The divisions above ``code``, nearest first, without itself."""
    above: list[Region] = []
    parent_code = region(code).parent_code
    while parent_code is not None:
        above.append(region(parent_code))
        parent_code = above[-1].parent_code
    return tuple(above)


def current(code: str) -> Region:
    """The division in force where ``code`` lies today, following successors.

    A retired division whose parts went separate ways has no successor and is returned as it is, retired.
    """
    place = region(code)
    while place.successor_code is not None:
        place = region(place.successor_code)
    return place


def is_leaf(code: str) -> bool:
    """Whether ``code`` is as deep as GB/T 2260 goes: a county, or a city or province in force that has none."""
    place = region(code)
    return place.level is Level.COUNTY or (place.valid_to is None and not children(code))


def lineage(code: str) -> tuple[str, ...]:
    """Codes of every territory that holds ``code``, the narrowest first, ending with ``"CN"``.

    Begins with ``code`` itself; a retired code also lies in the lineage of its successor. ``("CN",)`` for ``"CN"``.
    """
    if code == COUNTRY:
        return (COUNTRY,)
    now = current(code)
    line = (region(code), *ancestors(code), now, *ancestors(now.code))
    depth = {Level.COUNTY: 0, Level.CITY: 1, Level.PROVINCE: 2}
    return (*dict.fromkeys(place.code for place in sorted(line, key=lambda r: depth[r.level])), COUNTRY)


def contains(ancestor: str, code: str) -> bool:
    """Whether the territory ``ancestor`` holds ``code`` (itself included). ``"CN"`` holds all.

    A stale ``code`` is also looked up where it lies today. A stale ``ancestor`` is followed only to the very same
    ground (县 that became 区): a district merged into a larger one never widens a grant.
    """
    if ancestor == COUNTRY:
        return code == COUNTRY or bool(region(code).code)
    return not _names_of(region(ancestor).code).isdisjoint(lineage(code))


@cache
def holders(code: str) -> frozenset[str]:
    """Every code whose ground holds ``code``: itself, what it lies in, and older codes of the very same ground.

    The other way round than ``within``; ``{"CN"}`` for ``"CN"``. Raises ``UnknownRegion``.
    """
    line = frozenset(lineage(code))
    return line.union(older for older in _register().same_ground if not line.isdisjoint(_names_of(older)))


@cache
def _names_of(code: str) -> frozenset[str]:
    """The code, and the later ones of the very same ground."""
    names, place = {code}, region(code)
    while place.code in _register().same_ground and place.successor_code is not None:
        place = region(place.successor_code)
        names.add(place.code)
    return frozenset(names)


@cache
def _inside() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for code in (*_register().by_code, COUNTRY):
        for holder in holders(code):
            found.setdefault(holder, set()).add(code)
    return {holder: frozenset(codes) for holder, codes in found.items()}


def within(code: str) -> frozenset[str]:
    """Every code, retired ones too, whose ground ``code`` holds, itself included; nothing for an unknown one."""
    return _inside().get(code, frozenset())


@cache
def leaves(code: str) -> frozenset[str]:
    """The deepest divisions in force inside ``code``; a retired one without any in force stands for itself."""
    region_code = code if code == COUNTRY else region(code).code
    found = frozenset(inside for inside in within(region_code) if inside != COUNTRY and _is_leaf_in_force(inside))
    return found or frozenset({region_code})


def _is_leaf_in_force(code: str) -> bool:
    return region(code).valid_to is None and is_leaf(code)


def full_name(code: str) -> str:
    """The name as written on an address: ``山东省济南市历下区``, ``北京市朝阳区``, ``河南省济源市``."""
    return "".join(place.name for place in (*reversed(ancestors(code)), region(code)))


def full_name_en(code: str) -> str:
    """The same in English, the narrowest first: ``Lixia District, Jinan, Shandong``, ``Jiyuan, Henan``."""
    return ", ".join(place.name_en for place in (region(code), *ancestors(code)))
