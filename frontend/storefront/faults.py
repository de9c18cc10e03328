"""Refusals in the words of the trade: how many cases, how much money, and what would make it pass."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.kernel.errors import DomainError
from core.web.refusals import words_of
from frontend.ui import format as words
from frontend.ui.wishing import gifts_short_words


@dataclass(frozen=True, slots=True)
class Said:
    """A refusal as a page says it: ``field`` and ``line`` tell where it belongs."""

    code: str
    text: str
    field: str | None = None
    line: int | None = None


def said(fault: DomainError, *, per_case: int = 0, name: str = "") -> Said:
    """``fault`` in words; ``per_case`` bottles a case turn bottles into cases, ``name`` stands for the code."""
    return Said(fault.code, _words(fault, per_case, name), fault.field, fault.line)


def why(fault: DomainError) -> str:
    """All of a refusal in one text: each fault once, not only that there are some."""
    return " ".join(dict.fromkeys(said(one).text for one in fault.problems()))


def _words(fault: DomainError, per_case: int, name: str) -> str:
    fields = fault.fields
    if fault.code == "stock.insufficient":
        wanted, free = int(fields["wanted"] or 0), int(fields["free"] or 0)
        if free <= 0:
            return _("Sold out at the moment: %(wanted)s wanted, none can be ordered.") % {
                "wanted": words.quantity(wanted, per_case)
            }
        return _("Not enough stock: %(wanted)s wanted, %(free)s can be ordered.") % {
            "wanted": words.quantity(wanted, per_case),
            "free": words.quantity(free, per_case),
        }
    if fault.code == "order.gifts_short" and per_case:
        return gifts_short_words(fault, name=name, per_case=per_case)
    if fault.code == "order.quantity" and int(fields.get("quantity") or 0) > 0:
        text = _("%(quantity)s is more than one line can hold. Enter a smaller quantity.")
        return text % {"quantity": f"{int(fields['quantity'] or 0):,}"}
    if not fields:  # said without amounts: the house keeps its purchase prices from this seat
        return words_of(fault)
    if fault.code == "ledger.credit_exhausted":
        return _("Your balance covers %(available)s, this order costs %(wanted)s: %(missing)s short.") % _funds(fields)
    if fault.code == "order.below_minimum":
        currency = str(fields.get("currency") or "CNY")
        return _("The smallest order is %(minimum)s; this one is %(total)s.") % {
            "minimum": words.money(int(fields["minimum"] or 0), currency),
            "total": words.money(int(fields["total"] or 0), currency),
        }
    if fault.code == "order.total_changed":
        currency = str(fields.get("currency") or "CNY")
        return _("Prices have changed: it was %(seen)s, now it is %(total)s. Look it over and order again.") % {
            "seen": words.money(int(fields["seen"] or 0), currency),
            "total": words.money(int(fields["total"] or 0), currency),
        }
    return words_of(_named(fault, name))


def _funds(fields: dict[str, str | int | float | bool | None]) -> dict[str, str]:
    currency = str(fields.get("currency") or "CNY")
    wanted, available = int(fields["wanted"] or 0), int(fields["available"] or 0)
    amounts = {"wanted": wanted, "available": available, "missing": wanted - available}
    return {name: words.money(amount, currency) for name, amount in amounts.items()}


def _named(fault: DomainError, name: str) -> DomainError:
    """The same refusal speaking of the product by its name instead of its code."""
    if not name or "sku" not in fault.fields:
        return fault
    named = DomainError(fault.text, code=fault.code, kind=fault.kind)
    named.fields = {**fault.fields, "sku": name}
    return named
