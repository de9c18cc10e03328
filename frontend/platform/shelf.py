"""Bottles on the public pages: drawn, of no brand."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShelfBottle:
    """A drawn bottle (the shape of ``frontend.ui.shapes.Drawing``)."""

    shape: str
    aroma_class: str
    label: tuple[str, ...]
    abv_text: str = ""


SHELF = (
    ShelfBottle("vase", "qx", ("清", "香")),
    ShelfBottle("flask", "nx", ("浓", "香"), "52%vol"),
    ShelfBottle("jar", "dx", ("董", "香")),
    ShelfBottle("cylinder", "jx", ("酱", "香"), "53%vol"),
    ShelfBottle("bare", "fx", ("凤", "香"), "55%vol"),
)
