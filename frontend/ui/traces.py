"""Why this price: the frozen trace of a line in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from frontend.ui import format as words
from frontend.ui.shapes import PriceTrace, TraceStep


def trace_of(
    trace: Mapping[str, Any], *, title: str, unit: str, amount: int, currency: str, is_own: bool = False
) -> PriceTrace:
    """The trace of one line as ``ordering.pricing`` froze it; ``amount`` is the line's.

    ``is_own``: the reader is who pays it, whom the code of the seller's list tells nothing.
    """
    found = [_step(step, trace, unit, currency, is_own) for step in trace.get("steps", ())]
    shown = [step for step in found if step is not None]
    return PriceTrace(title=title, steps=shown, total_fen=amount, currency=currency)


def _step(
    step: Mapping[str, Any], trace: Mapping[str, Any], unit: str, currency: str, is_own: bool
) -> TraceStep | None:
    if step.get("step") == "base":
        text = _("%(price)s × %(quantity)s") % {
            "price": words.money(int(step["unit_price"]), currency),
            "quantity": _counted(int(step["quantity"]), unit),
        }
        return TraceStep(text, int(step["amount"]), _why(trace, unit, is_own))
    if step.get("step") == "manual":
        return TraceStep(_("Price agreed by hand"), int(step["amount"]), str(step.get("reason") or ""))
    return None


def _why(trace: Mapping[str, Any], unit: str, is_own: bool) -> str:
    """From which list, and from how many on."""
    said = _("The price for your house") if is_own else _("Price list %(list)s") % {"list": trace.get("list") or "—"}
    start = int(trace.get("from_quantity") or 1)
    if start <= 1:
        return said
    return _("%(list)s, step from %(count)s") % {"list": said, "count": _counted(start, unit)}


def _counted(quantity: int, unit: str) -> str:
    return words.cases_text(quantity) if unit == "CASE" else words.bottles_text(quantity)
