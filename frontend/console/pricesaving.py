"""Saving cells of the price matrix: each list is one act, every cell is told what became of it.

A list is saved whole or not at all. What somebody else changed since the page read it is never overwritten unseen.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from core.kernel.actor import Actor
from core.kernel.errors import DomainError, VersionConflict
from core.web.refusals import words_of
from frontend.console.forms.matrix import TypedCell, amount_of, faults_of_figures
from frontend.ui.format import bottles_text, cases_text, money
from ordering.pricing.errors import LadderRises, ListUnknown, PriceDoubtful, PriceLeaps
from ordering.pricing.selectors.matrix import MatrixList, Step, matrix_lists, own_amounts
from ordering.pricing.services import PriceChange, SetPrices, set_prices
from ordering.rounds.selectors import reach_of_lists
from ordering.rounds.services import Head, Put, draft_round

TRIES = 3
"""How often a list that others change at the same moment is read again."""


class Became(StrEnum):
    """What became of a cell that was not saved."""

    REFUSED = "bad"
    DOUBTED = "doubt"
    OVERTAKEN = "overtaken"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Told:
    """One cell that was not saved, and why; ``theirs``: what its list says now, where it was overtaken."""

    became: Became
    words: str = ""
    theirs: int | None = None


@dataclass(slots=True)
class Saved:
    """What a save did: ``amounts`` of lines saved, ``told`` of the others, ``written`` entries, versions by list.

    ``houses``: how many dealers the lists fit that hold doubtful prices.
    """

    amounts: dict[int, int | None] = field(default_factory=dict)
    told: dict[int, Told] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    written: int = 0
    houses: int = 0


Cells = Mapping[int, TypedCell]
Amounts = Mapping[tuple[str, str, Step], int | None]


def save_cells(actor: Actor, cells: Sequence[TypedCell], *, at: datetime | None) -> Saved:
    """Save the cells, counted from 0, list by list."""
    by_list: dict[str, dict[int, TypedCell]] = {}
    for line, cell in enumerate(cells):
        by_list.setdefault(cell.list_code, {})[line] = cell
    saved, waiting = Saved(), by_list
    for _try in range(TRIES):
        lists = {one.code: one for one in matrix_lists(actor, with_inactive=True)}
        known = [lists[code] for code in waiting if code in lists]
        now = own_amounts(known, {cell.sku_code for mine in waiting.values() for cell in mine.values()}, at=at)
        waiting = {code: mine for code, mine in waiting.items() if not _is_settled(actor, lists, mine, now, at, saved)}
        if not waiting:
            return _with_houses(actor, saved, cells, lists)
    for mine in waiting.values():
        _tell_all(saved, mine, words_of(VersionConflict()))
    return saved


def _with_houses(actor: Actor, saved: Saved, cells: Sequence[TypedCell], lists: Mapping[str, MatrixList]) -> Saved:
    """With how many dealers a doubtful price would touch: whoever says that it is meant should know."""
    doubted = {cells[line].list_code for line, told in saved.told.items() if told.became is Became.DOUBTED}
    reach = reach_of_lists(actor, sorted(lists[code].id for code in doubted))
    saved.houses = sum(one.houses for one in reach)
    return saved


def round_of_cells(actor: Actor, cells: Sequence[TypedCell], *, at: datetime) -> Callable[[], str] | Saved:
    """What drafts a round with the cells and says its number; or what stands against them, cell by cell."""
    lists = {one.code: one for one in matrix_lists(actor, with_inactive=True)}
    told: dict[int, Told] = {}
    puts: list[Put] = []
    for line, cell in enumerate(cells):
        listed = lists.get(cell.list_code)
        try:
            if listed is None:
                raise ListUnknown(list=cell.list_code)
            amount = amount_of(cell.text, listed.currency)
        except DomainError as refusal:
            told[line] = Told(Became.REFUSED, words_of(refusal))
        else:
            puts.append(Put(cell.list_code, cell.sku_code, cell.unit, amount, cell.min_quantity))
    if told:
        return _held(cells, told)
    head = Head(_("Prices from the matrix"), at)

    def draft() -> str:
        return draft_round(actor=actor, head=head, puts=tuple(puts)).number

    return draft


def _held(cells: Sequence[TypedCell], told: Mapping[int, Told]) -> Saved:
    saved = Saved()
    _hold(saved, dict(enumerate(cells)), told)
    return saved


def _is_settled(
    actor: Actor, lists: Mapping[str, MatrixList], cells: Cells, now: Amounts, at: datetime | None, saved: Saved
) -> bool:
    """Save one list; False where it changed between the reading and the lock, and has to be read again."""
    code = next(iter(cells.values())).list_code
    listed = lists.get(code)
    if listed is None:
        _tell_all(saved, cells, words_of(ListUnknown(list=code)))
        return True
    told = _unsavable(cells, now, listed.currency)
    if told:
        _hold(saved, cells, told)
        return True
    try:
        _save_list(actor, listed, cells, at, saved)
    except VersionConflict:
        return False
    except DomainError as refusal:
        _hold(saved, cells, _refused(refusal, cells, listed.currency))
    return True


def _save_list(actor: Actor, listed: MatrixList, cells: Cells, at: datetime | None, saved: Saved) -> None:
    amounts = {line: amount_of(cell.text, listed.currency) for line, cell in cells.items()}
    changes = tuple(
        PriceChange(cell.sku_code, cell.unit, amounts[line], cell.min_quantity, at, is_meant=cell.is_meant)
        for line, cell in cells.items()
    )
    done = set_prices(actor=actor, command=SetPrices(listed.code, changes, listed.version))
    saved.amounts |= amounts
    saved.versions[listed.code] = done.version
    saved.written += done.written


def _unsavable(cells: Cells, now: Amounts, currency: str) -> dict[int, Told]:
    """What is no price at all, and what somebody else changed to something third meanwhile."""
    faults = {line: Told(Became.REFUSED, words) for line, words in faults_of_figures(cells, currency).items()}
    if faults:
        return faults
    found = {}
    for line, cell in cells.items():
        theirs = now.get((cell.list_code, cell.sku_code, Step(cell.unit, cell.min_quantity)))
        mine = amount_of(cell.text, currency)
        if theirs != cell.before and theirs != mine:
            said = _("%(theirs)s was saved meanwhile. Save again to set %(yours)s, or undo.")
            words = said % {"theirs": _said(theirs, currency), "yours": _said(mine, currency)}
            found[line] = Told(Became.OVERTAKEN, words, theirs)
    return found


def _refused(refusal: DomainError, cells: Cells, currency: str) -> dict[int, Told]:
    """Every fault at its line; one that names no line stands at all of them."""
    lines = list(cells)
    told = {}
    for one in refusal.problems():
        if one.line is None:
            return {line: Told(Became.REFUSED, words_of(one)) for line in lines}
        is_doubt = isinstance(one, PriceDoubtful)
        words = _doubt(one, currency) if is_doubt else words_of(one)
        told[lines[one.line - 1]] = Told(Became.DOUBTED if is_doubt else Became.REFUSED, words)
    return told


def _hold(saved: Saved, cells: Cells, told: Mapping[int, Told]) -> None:
    saved.told |= {line: told.get(line, Told(Became.HELD)) for line in cells}


def _tell_all(saved: Saved, lines: Iterable[int], words: str) -> None:
    saved.told |= {line: Told(Became.REFUSED, words) for line in lines}


def _said(amount: int | None, currency: str) -> str:
    return _("not sold") if amount is None else money(amount, currency)


def _doubt(doubt: DomainError, currency: str) -> str:
    said = {name: int(str(value)) for name, value in doubt.fields.items() if name not in ("sku", "unit")}
    sku, unit = str(doubt.fields["sku"]), str(doubt.fields["unit"])
    if isinstance(doubt, LadderRises):
        here, other = (said["from_quantity"], said["amount"]), (said["other_quantity"], said["other_amount"])
        smaller, larger = sorted((here, other))
        return _("%(sku)s: from %(more)s one pays %(dear)s, from %(less)s only %(cheap)s.") % {
            "sku": sku,
            "more": _counted(larger[0], unit),
            "dear": money(larger[1], currency),
            "less": _counted(smaller[0], unit),
            "cheap": money(smaller[1], currency),
        }
    if isinstance(doubt, PriceLeaps):
        return _("%(sku)s, from %(from)s: %(amount)s instead of %(was)s.") % {
            "sku": sku,
            "from": _counted(said["from_quantity"], unit),
            "amount": money(said["amount"], currency),
            "was": money(said["before"], currency),
        }
    return words_of(doubt)


def _counted(quantity: int, unit: str) -> str:
    return cases_text(quantity) if unit == "CASE" else bottles_text(quantity)
