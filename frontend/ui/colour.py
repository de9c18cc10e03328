"""Contrast of colours (WCAG 2.2) and the stylesheet a brand's own accent becomes."""

from dataclasses import dataclass

from core.kernel.errors import DomainError
from core.kernel.text import N_

LEAST_CONTRAST = 4.5
LEAST_MARK = 3.0
_PAPER = "#faf7f2"
_NIGHT = "#1d1a17"
_WHITE = "#ffffff"


class TooPale(DomainError):
    """The colour cannot carry white words, or cannot be read on paper."""

    code = "brand.accent_too_pale"
    text = N_(
        "Words in %(colour)s would be hard to read (contrast %(contrast)s, needed 4.5). The nearest that can be read is"
        " %(nearest)s."
    )


class NotAColour(DomainError):
    """The text is not ``#rrggbb``."""

    code = "brand.accent_not_a_colour"
    text = N_("“%(value)s” is not a colour. Write it like #b3261e.")


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green, blue (0–255) of ``#rrggbb`` or ``#rgb``. Raises ``NotAColour``."""
    digits = colour.strip().lstrip("#")
    if len(digits) == 3:
        digits = "".join(d * 2 for d in digits)
    try:
        if len(digits) != 6:
            raise ValueError(colour)
        return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    except ValueError:
        raise NotAColour(value=colour[:20]) from None


def luminance(colour: str) -> float:
    """Relative luminance, 0 black to 1 white (WCAG 2.2)."""

    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(c) for c in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """``one`` with ``share`` (0–1) of ``other`` in it, as ``#rrggbb``."""
    pairs = zip(channels(one), channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def refuse_pale(colour: str) -> None:
    """Raise ``TooPale`` unless white on ``colour`` and ``colour`` on paper both reach 4.5:1."""
    found = min(contrast(colour, _WHITE), contrast(colour, _PAPER))
    if found < LEAST_CONTRAST:
        raise TooPale(colour=colour, contrast=f"{found:.1f}", nearest=nearest_readable(colour))


def nearest_readable(colour: str) -> str:
    """``colour`` darkened as little as needed until words on it and in it can be read. Raises ``NotAColour``."""
    for step in range(101):
        darker = mix(colour, "#000000", step / 100)
        if min(contrast(darker, _WHITE), contrast(darker, _PAPER)) >= LEAST_CONTRAST:
            return darker
    return "#000000"


@dataclass(frozen=True, slots=True)
class ContrastCheck:
    """One pair of colours people read: where, and how far they differ."""

    place: str
    theme: str
    ratio: float

    @property
    def passes(self) -> bool:
        """Whether it reaches 4.5:1."""
        return self.ratio >= LEAST_CONTRAST


def contrast_checks(accent: str) -> tuple[ContrastCheck, ...]:
    """What a reader meets in both themes with this accent. Raises ``NotAColour``."""
    night_ink = _readable_at_night(accent)
    return (
        ContrastCheck("button", "light", contrast(accent, _WHITE)),
        ContrastCheck("link", "light", contrast(accent, _PAPER)),
        ContrastCheck("button", "dark", contrast(accent, _WHITE)),
        ContrastCheck("link", "dark", contrast(night_ink, mix(_NIGHT, accent, 0.2))),
    )


def accent_stylesheet(accent: str, *, is_tried: bool = False) -> str:
    """CSS that replaces the five accent tokens by day and night. Raises ``NotAColour``, ``TooPale``.

    It stands outside every cascade layer, so it wins over the tokens wherever it is linked. A colour that is only
    tried out is shown as it is, hard to read or not.
    """
    if not is_tried:
        refuse_pale(accent)
    red, green, blue = channels(accent)
    plain = f"#{red:02x}{green:02x}{blue:02x}"
    day = _tokens(plain, mix(plain, "#000000", 0.15), plain, mix(_PAPER, plain, 0.08))
    filled = _filled_at_night(plain)
    night = _tokens(filled, mix(filled, "#000000", 0.08), _readable_at_night(plain), mix(_NIGHT, plain, 0.2))
    return (
        f":root,body{{{day}}}\n"
        f':root[data-theme="dark"],:root[data-theme="dark"] body{{{night}}}\n'
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme]),:root:not([data-theme]) body{{{night}}}}}\n"
    )


def _filled_at_night(accent: str) -> str:
    """``accent`` lightened until a button of it stands out from the dark surface (3:1), white words on it readable."""
    steps = (mix(accent, _WHITE, step / 40) for step in range(40))
    readable = [one for one in steps if contrast(one, _WHITE) >= LEAST_CONTRAST]
    return next((one for one in readable if contrast(one, _NIGHT) >= LEAST_MARK), readable[-1] if readable else accent)


def _readable_at_night(accent: str) -> str:
    """``accent`` lightened step by step until words in it reach 4.5:1 on the dark surface and on its own dark wash."""
    wash = mix(_NIGHT, accent, 0.2)
    for step in range(20):
        lighter = mix(accent, _WHITE, step / 20)
        if min(contrast(lighter, wash), contrast(lighter, _NIGHT)) >= LEAST_CONTRAST:
            return lighter
    return _WHITE


def _tokens(accent: str, hover: str, ink: str, soft: str) -> str:
    values = {"accent": accent, "accent-hover": hover, "accent-ink": ink, "accent-soft": soft, "on-accent": "#fff"}
    return "".join(f"--c-{name}:{value};" for name, value in values.items())
