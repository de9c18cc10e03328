"""Colours live in the tokens, can be read by day and night, and the whole kit stays light."""

import gzip
import re
from importlib.resources import files

import pytest

from frontend.ui.colour import LEAST_CONTRAST, LEAST_MARK, NotAColour, TooPale, accent_stylesheet, contrast
from tests.frontend.ui.stylesheets import STATIC, both_nights, raw_colours, themes

WORDS_ON = [
    ("--c-ink", "--c-paper"),
    ("--c-ink", "--c-surface"),
    ("--c-ink", "--c-sunken"),
    ("--c-ink", "--c-hover"),
    ("--c-ink-2", "--c-paper"),
    ("--c-ink-2", "--c-surface"),
    ("--c-ink-2", "--c-sunken"),
    ("--c-ink-2", "--c-hover"),
    ("--c-ink-2", "--c-mute-soft"),
    ("--c-ink-2", "--c-info-soft"),
    ("--c-ink-2", "--c-warn-soft"),
    ("--c-ink-2", "--c-bad-soft"),
    ("--c-ink-2", "--c-accent-soft"),
    ("--c-ink-3", "--c-surface"),
    ("--c-on-accent", "--c-accent"),
    ("--c-on-accent", "--c-accent-hover"),
    ("--c-accent-ink", "--c-paper"),
    ("--c-accent-ink", "--c-surface"),
    ("--c-accent-ink", "--c-accent-soft"),
    ("--c-good-ink", "--c-surface"),
    ("--c-good-ink", "--c-good-soft"),
    ("--c-warn-ink", "--c-surface"),
    ("--c-warn-ink", "--c-warn-soft"),
    ("--c-bad-ink", "--c-surface"),
    ("--c-bad-ink", "--c-paper"),
    ("--c-bad-ink", "--c-bad-soft"),
    ("--c-info-ink", "--c-info-soft"),
    ("--c-on-ink", "--c-ink"),
    ("--c-good-on-ink", "--c-ink"),
    ("--c-warn-on-ink", "--c-ink"),
    ("--c-bad-on-ink", "--c-ink"),
]
MARKS_ON = [
    ("--c-control", "--c-surface"),
    ("--c-info", "--c-surface"),
    ("--c-good", "--c-surface"),
    ("--c-warn", "--c-surface"),
    ("--c-bad", "--c-surface"),
    ("--c-accent", "--c-surface"),
]
LARGEST_COMPRESSED = 100_000


@pytest.mark.parametrize("theme", themes())
def test_words_reach_the_contrast_of_aa(theme: str) -> None:
    tokens = themes()[theme]
    pale = {f"{word} on {ground}": round(contrast(tokens[word], tokens[ground]), 2) for word, ground in WORDS_ON}
    assert {pair: ratio for pair, ratio in pale.items() if ratio < LEAST_CONTRAST} == {}


@pytest.mark.parametrize("theme", themes())
def test_marks_and_outlines_reach_three_to_one(theme: str) -> None:
    tokens = themes()[theme]
    pale = {f"{mark} on {ground}": round(contrast(tokens[mark], tokens[ground]), 2) for mark, ground in MARKS_ON}
    assert {pair: ratio for pair, ratio in pale.items() if ratio < 3} == {}


@pytest.mark.parametrize("name", ["base.css", "components.css", "lists.css", "shells.css", "pages.css", "desks.css"])
def test_no_raw_colour_outside_the_tokens(name: str) -> None:
    assert raw_colours((STATIC / name).read_text(encoding="utf-8")) == []


def test_the_system_s_night_is_the_chosen_night() -> None:
    chosen, system = both_nights()
    assert chosen == system


def test_every_token_used_is_declared() -> None:
    declared = set().union(*(theme.keys() for theme in themes().values()))
    sheets = [
        (STATIC / name).read_text(encoding="utf-8")
        for name in ("base.css", "components.css", "lists.css", "shells.css", "pages.css", "desks.css")
    ]
    used = {part.split(")")[0].split(",")[0].strip() for sheet in sheets for part in sheet.split("var(")[1:]}
    local = {"--a", "--_bg", "--_fg", "--_bd", "--_c", "--_h"}
    assert sorted(used - declared - local) == []


def test_styles_scripts_and_htmx_stay_under_100_kb_compressed() -> None:
    ours = [path for pattern in ("*.css", "js/*.js") for path in sorted(STATIC.glob(pattern))]
    htmx = files("django_htmx") / "static" / "django_htmx" / "htmx-2.min.js"
    texts = [path.read_bytes() for path in ours] + [htmx.read_bytes()]
    assert sum(len(gzip.compress(text, 6)) for text in texts) <= LARGEST_COMPRESSED


def test_a_brand_s_accent_replaces_the_tokens_by_day_and_night() -> None:
    css = accent_stylesheet("#1f4e79")
    assert css.startswith(":root,body{--c-accent:#1f4e79;")
    assert ':root[data-theme="dark"] body{' in css
    assert "prefers-color-scheme:dark" in css


@pytest.mark.parametrize("accent", ["#b3261e", "#14213d", "#000000", "#0b6e4f", "#5b21b6", "#8a4b00"])
def test_any_accent_taken_can_be_read_and_stands_out_by_day_and_night(accent: str) -> None:
    sheet = accent_stylesheet(accent)
    day, night = (re.findall(r"--c-([\w-]+):(#[0-9a-f]+);", rule) for rule in sheet.split("\n")[:2])
    for tokens, ground, soft_on in ((dict(day), "#fffefb", "#faf7f2"), (dict(night), "#1d1a17", "#151311")):
        assert contrast(tokens["accent"], "#ffffff") >= LEAST_CONTRAST
        assert contrast(tokens["accent-hover"], "#ffffff") >= LEAST_CONTRAST
        assert contrast(tokens["accent"], ground) >= LEAST_MARK
        for under in (ground, soft_on, tokens["accent-soft"]):
            assert contrast(tokens["accent-ink"], under) >= LEAST_CONTRAST, (accent, under)


@pytest.mark.parametrize("colour", ["#f4c430", "#b7791f", "#ffffff"])
def test_refuses_an_accent_that_words_cannot_be_read_in(colour: str) -> None:
    with pytest.raises(TooPale):
        accent_stylesheet(colour)


@pytest.mark.parametrize("text", ["", "red", "#12", "#12345g", "url(x)"])
def test_refuses_what_is_no_colour(text: str) -> None:
    with pytest.raises(NotAColour):
        accent_stylesheet(text)
