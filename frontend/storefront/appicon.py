"""The icon of a brand's portal on a phone: its seal, drawn. One character on the brand's colour."""

from html import escape

PAPER = "#faf7f2"
ACCENT = "#b3261e"
"""The product's own colour, where a brand has chosen none."""
_SIZE = 512
_CORNER = 96
_FONTS = "Songti SC, Noto Serif CJK SC, SimSun, serif"


def seal_icon(seal: str, accent: str, *, is_maskable: bool) -> str:
    """SVG of the seal. ``is_maskable``: to the edges, the character inside the circle every phone leaves."""
    words = seal[:2] or "酒"
    corner, share = (0, 0.4) if is_maskable else (_CORNER, 0.56)
    height = round(_SIZE * share / (1 if len(words) == 1 else 1.5))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE} {_SIZE}" width="{_SIZE}" height="{_SIZE}">'
        f'<rect width="{_SIZE}" height="{_SIZE}" rx="{corner}" fill="{accent or ACCENT}"/>'
        f'<text x="50%" y="50%" dy="0.36em" text-anchor="middle" font-family="{_FONTS}" font-weight="700" '
        f'font-size="{height}" fill="#fff">{escape(words)}</text></svg>'
    )
