"""Scanning: one barcode, one case or one bottle more."""

from dataclasses import dataclass

from core.catalogue.selectors import FoundSku
from core.db.acts import act
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.quantity import MAX_BOTTLES, Unit
from ordering.orders.models import AsideLine, PadUndo
from ordering.orders.permissions import Permission
from ordering.orders.selectors.naming import ScannedCode, scanned
from ordering.orders.services.carts import CartLine
from ordering.orders.services.pads import add_lines, keep_aside, remember


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan came to: ``quantity`` of the ``unit`` lies in the cart now. Without ``sku`` the code is unknown, or
    it names several ``candidates`` (one bottle in two cases)."""

    code: str
    sku: FoundSku | None
    unit: Unit
    quantity: int = 0
    candidates: tuple[FoundSku, ...] = ()


def scan_into_pad(*, actor: Actor, code: str, sku_code: str = "", keeps_unclear: bool = False) -> Scanned:
    """Add one of what the barcode names; of ``sku_code`` where it names several. Raises as ``add_to_cart`` does.

    With ``keeps_unclear`` a code of several products is kept beside the cart, to be told there which it is.
    """
    actor.require(Permission.PLACE)
    found = scanned(actor, code)
    sku = found.sku or next((one for one in found.candidates if one.code == sku_code), None)
    with act():
        if sku is None:
            if found.candidates and keeps_unclear:
                keep_aside(actor, [_unclear(actor, found)])
            return Scanned(found.code, None, found.unit, candidates=found.candidates)
        unit = found.unit if found.sku else _unit_of_choice(found.unit, sku)
        changed = add_lines(actor, [CartLine(sku.code, 1, unit)])
        remember(actor, PadUndo.Deed.PASTE, changed)
        quantity = next((after for _code, _unit, _before, after, _place in changed), MAX_BOTTLES)
        return Scanned(found.code, sku, unit, quantity)


def _unclear(actor: Actor, found: ScannedCode) -> AsideLine:
    return AsideLine(
        seat_id=actor.seat_id,
        buyer_id=actor.dealer_id,
        raw=found.code,
        term=found.code,
        quantity=1,
        created_at=clock.now(),
    )


def _unit_of_choice(unit: Unit, sku: FoundSku) -> Unit:
    return unit if sku.sells_in == "BOTH" else Unit(sku.sells_in)
