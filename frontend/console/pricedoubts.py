"""Prices that are probably slips: asked about once before they rule, marked while they are typed."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from frontend.console.forms.prices import CellKey, TypedPrices
from frontend.ui.format import bottles_text, cases_text, money
from ordering.pricing.rules import dearer_than, is_leap

BETWEEN = "|"
"""What stands between the doubts one has answered."""


def doubts_of(typed: TypedPrices, before: Mapping[CellKey, int | None], currency: str) -> dict[str, str]:
    """Each doubtful change by its cell, in words; amounts of ``before`` in minor units."""
    after = {**before, **{key: one.amount for key, one in zip(typed.keys, typed.changes, strict=True)}}
    found = {}
    for key, change in zip(typed.keys, typed.changes, strict=True):
        if change.amount is None:
            continue
        words = _doubt(key, change.amount, before.get(key), after, currency)
        if words:
            found[key.name] = words
    return found


def _doubt(key: CellKey, amount: int, was: int | None, after: Mapping[CellKey, int | None], currency: str) -> str:
    ladder = {
        one.min_quantity: price
        for one, price in after.items()
        if price is not None and (one.sku_code, one.unit) == (key.sku_code, key.unit)
    }
    said = {"sku": key.sku_code, "from": _counted(key.min_quantity, key.unit), "amount": money(amount, currency)}
    other = dearer_than(ladder, key.min_quantity)
    if other is not None:
        smaller, larger = sorted((other, key.min_quantity))
        return _("%(sku)s: from %(more)s one pays %(dear)s, from %(less)s only %(cheap)s.") % {
            "sku": key.sku_code,
            "more": _counted(larger, key.unit),
            "dear": money(ladder[larger], currency),
            "less": _counted(smaller, key.unit),
            "cheap": money(ladder[smaller], currency),
        }
    if was is not None and is_leap(was, amount):
        return _("%(sku)s, from %(from)s: %(amount)s instead of %(was)s.") % {**said, "was": money(was, currency)}
    return ""


def _counted(quantity: int, unit: str) -> str:
    return cases_text(quantity) if unit == "CASE" else bottles_text(quantity)


def answers_of(typed: TypedPrices, doubts: Mapping[str, str]) -> str:
    """The doubtful changes as the button that means them sends them back."""
    return BETWEEN.join(sorted(_answer(name, typed) for name in doubts))


def unanswered(typed: TypedPrices, doubts: Mapping[str, str], answered: str) -> dict[str, str]:
    """The doubts nobody has looked at: new ones, and those whose amount was typed anew since."""
    meant = set(answered.split(BETWEEN))
    return {name: words for name, words in doubts.items() if _answer(name, typed) not in meant}


def _answer(name: str, typed: TypedPrices) -> str:
    amounts = {key.name: change.amount for key, change in zip(typed.keys, typed.changes, strict=True)}
    return f"{name}={amounts[name]}"
