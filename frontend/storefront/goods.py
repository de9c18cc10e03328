"""Products as pages draw them: picture or drawn bottle, strength and pack in a line, name in the reader's language."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from core.catalogue.rules import Aroma, BottleDrawing, drawn_bottle
from core.kernel.quantity import in_cases


class Goods(Protocol):
    """What is needed of a product to draw it; a shelf card and a found SKU both have it."""

    @property
    def name(self) -> str: ...
    @property
    def name_en(self) -> str: ...
    @property
    def aroma(self) -> str: ...
    @property
    def abv_tenths(self) -> int: ...
    @property
    def volume_ml(self) -> int: ...
    @property
    def bottles_per_case(self) -> int: ...
    @property
    def packaging(self) -> str: ...
    @property
    def picture_file_id(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class Look:
    """A product's face: ``spec`` is ``53度 500ml×6``, ``picture_url`` empty where the bottle is drawn."""

    name: str
    spec: str
    aroma: str
    drawing: BottleDrawing
    picture_url: str = ""


def look_of(goods: Goods) -> Look:
    """How ``goods`` look in the reader's language."""
    return Look(
        name=name_of(goods),
        spec=spec_of(goods),
        aroma=goods.aroma,
        drawing=drawn_bottle(
            aroma=Aroma(goods.aroma), packaging=goods.packaging, name=goods.name, abv_tenths=goods.abv_tenths
        ),
        picture_url=_picture_url(goods.picture_file_id),
    )


class Named(Protocol):
    """What has a name in both languages."""

    @property
    def name(self) -> str: ...
    @property
    def name_en(self) -> str: ...


def name_of(goods: Named) -> str:
    """The English name for readers of English, where there is one."""
    is_english = (get_language() or "").startswith("en")
    return goods.name_en if is_english and goods.name_en else goods.name


def spec_of(goods: Goods) -> str:
    """Strength, bottle and pack: ``53度 500ml×6``, in English ``53% 500 ml × 6``."""
    abv, rest = divmod(goods.abv_tenths, 10)
    strength = f"{abv}.{rest}" if rest else str(abv)
    if (get_language() or "").startswith("en"):
        return f"{strength}% · {goods.volume_ml} ml × {goods.bottles_per_case}"
    return f"{strength}度 {goods.volume_ml}ml×{goods.bottles_per_case}"


def free_cases(free_bottles: int | None, bottles_per_case: int) -> int | None:
    """Whole cases that are free; None where nobody asked."""
    return None if free_bottles is None else in_cases(max(free_bottles, 0), bottles_per_case).cases


def _picture_url(file_id: UUID | None) -> str:
    if file_id is None:
        return ""
    try:
        return reverse("files:download", args=[file_id])
    except NoReverseMatch:  # a face without the files' door shows the drawn bottle
        return ""
