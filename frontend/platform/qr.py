"""QR codes: those of the kit."""

from frontend.ui.qr import qr_svg

__all__ = ["qr_svg"]
