"""Which product a pasted, typed or scanned line means, and whether a cart can hold so much of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.catalogue.selectors import FoundSku, How, Match, find_skus, named_skus
from core.kernel.actor import Actor
from core.kernel.quantity import MAX_BOTTLES, Unit
from core.kernel.text import normalised
from ordering.orders.paste import PastedLine
from ordering.orders.rules.checks import AskedLine

_NOTHING = Match("", How.NONE)
_CASE_CODE = 14
"""Digits of the barcode on a case; a bottle's has fewer."""


@dataclass(frozen=True, slots=True)
class ScannedCode:
    """What a barcode names: one ``sku`` and the ``unit`` that carries the code, or several it may be."""

    code: str
    sku: FoundSku | None
    unit: Unit
    candidates: tuple[FoundSku, ...] = ()


def scanned(actor: Actor, code: str) -> ScannedCode:
    """Look a barcode up. A bottle's code means a bottle where bottles are sold, else the case it comes in."""
    plain = normalised(code).replace(" ", "").replace("-", "")[:32]
    match = find_skus(actor, [plain])[plain] if plain else _NOTHING
    if match.how is not How.BARCODE:
        return ScannedCode(plain, None, Unit.CASE)
    return ScannedCode(plain, match.sku, unit_of_code(plain, match.sku), match.candidates)


def unit_of_code(code: str, sku: FoundSku | None) -> Unit:
    """The unit a barcode stands on: fourteen digits a case, fewer a bottle, unless that is not sold."""
    digits = code.replace(" ", "").replace("-", "")
    if sku is None or sku.sells_in == "BOTH":
        return Unit.CASE if len(digits) == _CASE_CODE else Unit.BOTTLE
    return own_unit(sku)


def own_unit(sku: FoundSku) -> Unit:
    """The unit meant where a line names none."""
    return Unit.BOTTLE if sku.sells_in == "BOTTLE" else Unit.CASE


def is_a_scan(match: Match) -> bool:
    """Whether the term is a barcode that names one product: a scanner types nothing else."""
    return match.how is How.BARCODE and match.sku is not None


def sorted_out(actor: Actor, pasted: Sequence[PastedLine]) -> tuple[list[AskedLine], list[PastedLine]]:
    """What can go into the cart, and what needs a look. Three statements at the most."""
    found = named_skus(actor, [line.term for line in pasted if line.term])
    known: list[AskedLine] = []
    unknown: list[PastedLine] = []
    for line in pasted:
        match = found.get(line.term)
        if len(pasted) == 1 and match and is_a_scan(match) and line.quantity is None:
            line = replace(line, quantity=1, unit=unit_of_code(line.term, match.sku), problem=None)
        if match and match.sku and line.quantity and line.problem is None and _can_lie(match.sku, line):
            known.append(AskedLine(line.number, match.sku.code, line.quantity, line.unit))
        else:
            unknown.append(line)
    return known, unknown


def _can_lie(sku: FoundSku, line: PastedLine) -> bool:
    """Whether a cart can hold so much of it; else the line is kept as typed, and says why."""
    per_unit = sku.bottles_per_case if (line.unit or own_unit(sku)) is Unit.CASE else 1
    return (line.quantity or 0) * per_unit <= MAX_BOTTLES
