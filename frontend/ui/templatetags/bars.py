"""Bars for scanners on printed papers. ``{% load bars %}``."""

from django import template
from django.utils.safestring import SafeString

from frontend.ui.ean import ean13_svg

register = template.Library()


@register.filter
def ean13(code: str) -> SafeString:
    """The bars of a GTIN-13; nothing for any other code."""
    return ean13_svg(code)
