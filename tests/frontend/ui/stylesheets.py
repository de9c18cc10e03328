"""Reading the kit's stylesheets: colours outside the tokens, and the tokens of each theme."""

import re
from pathlib import Path

import frontend.ui

STATIC = Path(frontend.ui.__file__).parent / "static" / "ui"

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|lab|lch|oklch|color)a?\(")
_TOKEN = re.compile(r"(--[\w-]+):\s*([^;]+);")
_DAY = re.compile(r":root \{(.*?)\n  \}", re.DOTALL)
_CHOSEN_NIGHT = re.compile(r':root\[data-theme="dark"\], :root\[data-theme="dark"\][^{]*\{(.*?)\n  \}', re.DOTALL)
_SYSTEM_NIGHT = re.compile(r":root:not\(\[data-theme\]\), :root:not\(\[data-theme\]\)[^{]*\{(.*?)\n    \}", re.DOTALL)
_CONSOLE = re.compile(r'\n  \[data-face="console"\] \{(.*?)\n  \}', re.DOTALL)


def raw_colours(css: str) -> list[str]:
    """Every colour written out in ``css``."""
    return _COLOUR.findall(_COMMENT.sub("", css))


def _tokens(pattern: re.Pattern[str]) -> dict[str, str]:
    text = _COMMENT.sub("", (STATIC / "tokens.css").read_text(encoding="utf-8"))
    found = pattern.search(text)
    assert found is not None, pattern.pattern
    return {name: value.strip() for name, value in _TOKEN.findall(found.group(1))}


def themes() -> dict[str, dict[str, str]]:
    """The tokens a reader meets: by day and night, on the storefront's paper and on the console's."""
    day, night = _tokens(_DAY), _tokens(_CHOSEN_NIGHT)
    console = {name: value for name, value in _tokens(_CONSOLE).items() if name.startswith("--c-")}
    return {"day": day, "console by day": day | console, "night": day | night}


def both_nights() -> tuple[dict[str, str], dict[str, str]]:
    """Night as the reader chose it and as the system asks for it: the same text twice."""
    return _tokens(_CHOSEN_NIGHT), _tokens(_SYSTEM_NIGHT)
