"""Where the label's characters stand on each of the five drawn bottles (units of the 120 × 197 drawing)."""

from typing import NamedTuple

from frontend.ui.shapes import Drawing


class LabelPlace(NamedTuple):
    """Centre of the label, size of its characters, where the strength stands (None: no room for it)."""

    centre_y: float
    size: float
    abv_y: int | None
    is_upright: bool


_PLACES = {
    "cylinder": LabelPlace(126.4, 15, 165, True),
    "flask": LabelPlace(128.0, 14, 163, True),
    "vase": LabelPlace(121.5, 12.5, None, True),
    "jar": LabelPlace(121.7, 13, None, True),
    "bare": LabelPlace(138, 15, 153, False),
}
_FALLBACK = "cylinder"
_LEADING = 1.12
_WHOLE = "0 0 120 197"


class Glyph(NamedTuple):
    """A piece of the label's text at ``y``."""

    y: str
    text: str


class BottleView(NamedTuple):
    """Everything the bottle's template needs."""

    shape: str
    aroma_class: str
    view: str
    glyphs: tuple[Glyph, ...]
    font_size: str
    abv_y: int | None
    abv_text: str


def bottle_view(drawing: Drawing, size: str = "") -> BottleView:
    """Lay ``drawing`` out. A ``thumb`` shows the whole bottle too, without its strength."""
    shape = drawing.shape if drawing.shape in _PLACES else _FALLBACK
    place = _PLACES[shape]
    characters = tuple(drawing.label)[:4]
    glyphs, font_size = _upright(place, characters) if place.is_upright else _level(place, characters)
    is_thumb = size.startswith("thumb")
    return BottleView(
        shape=shape,
        aroma_class=drawing.aroma_class.lower(),
        view=_WHOLE,
        glyphs=glyphs,
        font_size=f"{font_size:g}",
        abv_y=None if is_thumb or len(characters) > 3 else place.abv_y,
        abv_text=drawing.abv_text,
    )


def _upright(place: LabelPlace, characters: tuple[str, ...]) -> tuple[tuple[Glyph, ...], float]:
    size = place.size if len(characters) <= 3 else place.size * 0.8
    step = size * _LEADING
    top = place.centre_y - (len(characters) - 1) / 2 * step
    return tuple(Glyph(f"{top + index * step:.1f}", text) for index, text in enumerate(characters)), size


def _level(place: LabelPlace, characters: tuple[str, ...]) -> tuple[tuple[Glyph, ...], float]:
    size = place.size if len(characters) <= 3 else place.size * 0.75
    return (Glyph(f"{place.centre_y:g}", "".join(characters)),), size
