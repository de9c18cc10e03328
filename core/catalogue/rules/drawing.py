"""Facts for the drawn bottle a product without a picture shows: shape, colour of its aroma, words on the label."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.catalogue.rules.aroma import Aroma
from core.kernel.text import normalised

Shape = Literal["cylinder", "flask", "vase", "bare", "jar"]

_SHAPES: dict[Aroma, Shape] = {
    Aroma.JX: "cylinder",
    Aroma.ZM: "cylinder",
    Aroma.JA: "cylinder",
    Aroma.NX: "flask",
    Aroma.LB: "flask",
    Aroma.QX: "vase",
    Aroma.TX: "vase",
    Aroma.DX: "jar",
    Aroma.FY: "jar",
    Aroma.OT: "cylinder",
}
_PACKAGING_SHAPES: dict[str, Shape] = {"BARE": "bare", "GIFT": "jar", "JAR": "jar"}
_WITHOUT_COLOUR = {Aroma.XQ: Aroma.GY, Aroma.YT: Aroma.GY, Aroma.OT: Aroma.GY}
_GENERIC = re.compile(r"(?:陈酿|原浆|佳酿|特曲|大曲|头曲|二曲|老窖|窖藏|典藏|珍藏)$")
_NUMBERED = re.compile(r"([\u4e00-\u9fff]{2,})\s?(\d{1,2})(?![\d.]|年|度|°|%|ml|l|毫升|升|瓶|支|号)", re.IGNORECASE)
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_NOT_A_NAME = re.compile(
    r"\([^)]*\)|\d+年|\d+(?:\.\d+)?(?:度|°|%vol|%)|\d+(?:\.\d+)?(?:ml|l|毫升|升).*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class BottleDrawing:
    """``aroma_class`` is the colour's name (``nx``), ``label`` one to four signs, ``abv_text`` ``53%vol``.

    A sign is a character, or the number a series is told apart by: 泉 藏 20.
    """

    shape: Shape
    aroma_class: str
    label: tuple[str, ...]
    abv_text: str


def drawn_bottle(*, aroma: Aroma, packaging: str, name: str, abv_tenths: int | None = None) -> BottleDrawing:
    """The drawing of a product. ``packaging`` BARE (光瓶) is bare, GIFT and JAR a jar, else the aroma type decides."""
    whole, rest = divmod(abv_tenths or 0, 10)
    return BottleDrawing(
        shape=_PACKAGING_SHAPES.get(packaging) or _SHAPES.get(aroma, "bare"),
        aroma_class=_WITHOUT_COLOUR.get(aroma, aroma).value.lower(),
        label=tuple(_label(normalised(name))),
        abv_text=f"{whole}.{rest}%vol" if rest else f"{whole}%vol" if whole else "",
    )


def _label(name: str) -> Sequence[str]:
    """Two to four signs that say which product it is: 飞天茅台 → 飞天, 剑南春 水晶剑 → 水晶剑, 杏禾泉藏20 → 泉藏20."""
    if numbered := _NUMBERED.search(name):
        series, number = numbered[1].removesuffix("酒"), numbered[2]
        return (*(series if len(series) == 3 else series[-2:]), number)
    words: list[str] = [word for word in _CHINESE.findall(_NOT_A_NAME.sub(" ", name)) if len(word) > 1]
    words = [word for word in words if not _GENERIC.fullmatch(word)] or words
    if not words:
        latin = re.findall(r"[A-Za-z0-9]+", name)
        return "".join(word[0].upper() for word in latin[:3])
    word = words[-1]
    if len(word) > 3 and word.endswith("酒"):
        word = word[:-1]
    if len(word) <= 3:
        return word
    if generic := _GENERIC.search(word):
        return generic.group()
    if len(word) == 4:
        return word[:2]
    return word[:3] if len(words) > 1 else word[-3:]
