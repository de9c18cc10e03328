"""The operator's desk: its host, its cookie, its policy, and how Unfold dresses it (docs/decisions/0010)."""

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.http import HttpRequest
from django.templatetags.static import static

URLCONF = "core.project.urls_ops"
SESSION_S = 8 * 3600
"""A working day: whoever comes back tomorrow proves again who they are."""

POLICY = {
    # Unfold lives from Alpine, which evaluates attributes, and writes its colours into the page.
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, UNSAFE_EVAL],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

_CINNABAR = {
    "50": "#fdf3f2",
    "100": "#fbe5e2",
    "200": "#f6cac5",
    "300": "#eea49c",
    "400": "#e0746a",
    "500": "#cc4a3f",
    "600": "#b3261e",
    "700": "#961f18",
    "800": "#7b1c17",
    "900": "#661c18",
    "950": "#380b09",
}
_PAPER = {
    "50": "#faf9f7",
    "100": "#f3f1ed",
    "200": "#e7e0d6",
    "300": "#d5ccc0",
    "400": "#a39a8f",
    "500": "#7b736a",
    "600": "#5b544d",
    "700": "#443e39",
    "800": "#2b2724",
    "900": "#1c1917",
    "950": "#0f0d0c",
}


def unfold() -> dict[str, object]:
    """Unfold's settings: paper, ink and cinnabar, as the other faces."""
    return {
        "SITE_TITLE": "酒脉 Jiumai",
        "SITE_HEADER": "酒脉 Jiumai",
        "SITE_SYMBOL": "hub",
        "SITE_URL": None,
        "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _favicon}],
        "SHOW_HISTORY": False,
        "SHOW_VIEW_ON_SITE": False,
        "SHOW_LANGUAGES": True,
        "LANGUAGES": {"action": "/language/"},
        "SHOW_BACK_BUTTON": True,
        "BORDER_RADIUS": "6px",
        "COLORS": {"base": _PAPER, "primary": _CINNABAR},
        "STYLES": [_stylesheet],
        "SCRIPTS": [_signs],
        "SIDEBAR": {
            "show_search": False,
            "show_all_applications": False,
            "navigation": "frontend.platform.desk.navigation.navigation",
        },
        "DASHBOARD_CALLBACK": "frontend.platform.desk.dashboard.dashboard",
    }


def _favicon(_: HttpRequest) -> str:
    return static("ui/favicon.svg")


def _stylesheet(_: HttpRequest) -> str:
    return static("desk/desk.css")


def _signs(_: HttpRequest) -> str:
    return static("desk/signs.js")
