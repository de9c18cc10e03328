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
    if step.get("step") == "policy":
        return _policy_step(step, unit, is_own)
    if step.get("step") == "gift":
        return TraceStep(_("Gift: %(policy)s") % {"policy": step["name"]}, 0, "" if is_own else _version(step))
    return None


def _policy_step(step: Mapping[str, Any], unit: str, is_own: bool) -> TraceStep:
    """One policy by its name, with what it took off, and for how many where it did not reach for all."""
    stages = {1: _("Limited-time price"), 2: _("Volume discount"), 4: _("Paid by rebate")}
    said = [] if is_own else [_version(step)]
    if step.get("quantity"):
        said.append(_("for %(count)s") % {"count": _counted(int(step["quantity"]), unit)})
    words_of_stage = stages.get(int(step["stage"]), "")
    text = _("%(stage)s: %(policy)s") % {"stage": words_of_stage, "policy": step["name"]}
    return TraceStep(text, int(step["after"]) - int(step["before"]), " · ".join(said))


def _version(step: Mapping[str, Any]) -> str:
    return _("policy %(code)s, version %(version)s") % {"code": step["policy"], "version": step["version"]}


def _why(trace: Mapping[str, Any], unit: str, is_own: bool) -> str:
    """From which list, and from how many on."""
    said = _("The price for your company") if is_own else _("Price list %(list)s") % {"list": trace.get("list") or "—"}
    start = int(trace.get("from_quantity") or 1)
    if start <= 1:
        return said
    return _("%(list)s, step from %(count)s") % {"list": said, "count": _counted(start, unit)}


def _counted(quantity: int, unit: str) -> str:
    return words.cases_text(quantity) if unit == "CASE" else words.bottles_text(quantity)
