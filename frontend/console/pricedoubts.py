"""Prices that are probably slips: asked about once before they rule, marked while they are typed."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from core.kernel.errors import DomainError
from frontend.console.forms.prices import CellKey, TypedPrices
from frontend.ui.format import bottles_text, cases_text, money
from ordering.pricing.errors import LadderRises, PriceDoubtful
from ordering.pricing.services import PriceChange

BETWEEN = "|"
"""What stands between the doubts one has answered."""


def doubts_in(refusal: DomainError, typed: TypedPrices, currency: str) -> dict[str, str]:
    """Each doubtful change of a refused save by its cell, in words."""
    keys = {one.line: typed.keys[one.line - 1] for one in refusal.problems() if one.line}
    return {
        keys[one.line].name: _words(one, keys[one.line], currency)
        for one in refusal.problems()
        if one.line and isinstance(one, PriceDoubtful)
    }


def _words(doubt: PriceDoubtful, key: CellKey, currency: str) -> str:
    said = {name: int(str(value)) for name, value in doubt.fields.items() if name not in ("sku", "unit")}
    if isinstance(doubt, LadderRises):
        here, other = (said["from_quantity"], said["amount"]), (said["other_quantity"], said["other_amount"])
        smaller, larger = sorted((here, other))
        return _("%(sku)s: from %(more)s one pays %(dear)s, from %(less)s only %(cheap)s.") % {
            "sku": key.sku_code,
            "more": _counted(larger[0], key.unit),
            "dear": money(larger[1], currency),
            "less": _counted(smaller[0], key.unit),
            "cheap": money(smaller[1], currency),
        }
    return _("%(sku)s, from %(from)s: %(amount)s instead of %(was)s.") % {
        "sku": key.sku_code,
        "from": _counted(said["from_quantity"], key.unit),
        "amount": money(said["amount"], currency),
        "was": money(said["before"], currency),
    }


def _counted(quantity: int, unit: str) -> str:
    return cases_text(quantity) if unit == "CASE" else bottles_text(quantity)


def answers_of(typed: TypedPrices, doubts: Iterable[str], answered: str) -> str:
    """What the button "they are meant" sends back: the doubtful cells with their amounts, and what was meant before."""
    told = {_answer(key, one) for key, one in zip(typed.keys, typed.changes, strict=True)}
    asked = {_answer(key, one) for key, one in zip(typed.keys, typed.changes, strict=True) if key.name in doubts}
    return BETWEEN.join(sorted(asked | (told & set(answered.split(BETWEEN)))))


def meant(typed: TypedPrices, answered: str) -> tuple[PriceChange, ...]:
    """The changes; those somebody was asked about and meant, with just these amounts, say so."""
    answers = set(answered.split(BETWEEN))
    return tuple(
        replace(one, is_meant=_answer(key, one) in answers) for key, one in zip(typed.keys, typed.changes, strict=True)
    )


def _answer(key: CellKey, change: PriceChange) -> str:
    return f"{key.name}={change.amount}"
