"""QR codes as drawings within the page: no picture is fetched, nothing is styled inline."""

import segno
from django.utils.safestring import SafeString


def qr_svg(text: str) -> SafeString:
    """An ``<svg>`` of the code, black on white in every theme: cameras want it so. It holds figures only, no text."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=4, omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None)
    return SafeString(drawn)  # nosec B703 - drawn from modules of the code, none of its text
