"""A quantity as people type it into a stepper."""

from core.kernel.errors import DomainError
from core.kernel.quantity import MAX_BOTTLES, Unit
from core.kernel.text import N_, normalised


class NotAQuantity(DomainError):
    """No whole number of zero or more."""

    code = "storefront.not_a_quantity"
    text = N_("“%(value)s” is not a quantity. Enter a whole number.")


def quantity_of(text: str) -> int:
    """``12``, `` 1,200 `` or full-width digits; empty counts as 0. Raises ``NotAQuantity``."""
    plain = normalised(text).replace(",", "").replace(" ", "")
    if not plain:
        return 0
    if not (plain.isascii() and plain.isdigit()) or len(plain) > 12 or int(plain) > MAX_BOTTLES:
        raise NotAQuantity(field="quantity", value=text.strip()[:40])
    return int(plain)


def unit_of(text: str) -> Unit | None:
    """A unit's code, None for anything else."""
    return Unit(text) if text in set(Unit) else None
