"""The price matrix as its page knows it: which lists and steps are asked for, columns, and rows as compact JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.kernel import clock, regions
from core.kernel.money import CURRENCY_SIGNS
from core.kernel.quantity import Unit
from core.web.requests import SignedInRequest
from frontend.console.forms.matrix import digits_of
from frontend.console.goods import spec_of
from frontend.ui.format import exact, money, unit_word
from frontend.ui.templatetags.lists import named
from frontend.ui.templatetags.ui import region_name
from frontend.ui.vocabulary import term
from ordering.pricing.selectors.matrix import (
    Block,
    Mark,
    MatrixCell,
    MatrixList,
    MatrixRow,
    RowFilter,
    Step,
    above_one_another,
    matrix_lists,
    steps_of,
)

MOST_LISTS = 60
MOST_STEPS = 8
MOST_BESIDE = 40
"""Lists nobody asked for that come along, so that marks know them."""
ONE_CASE = Step(Unit.CASE, 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for: words, line, which rows, the day, lists by code, steps."""

    rows: RowFilter
    only: Mark | None
    day: date
    today: date
    codes: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def at(self) -> datetime | None:
        """The instant asked for; None is now."""
        return None if self.day == self.today else clock.start_of_day(self.day)

    @property
    def is_past(self) -> bool:
        """Whether the day is over: its prices are looked at, not changed."""
        return self.day < self.today


def asked_of(request: SignedInRequest) -> Asked:
    """Read a request; what is no day, step or number falls away."""
    given = request.GET
    today = clock.business_day(zone=request.brand.time_zone)
    try:
        day = clock.read_day(given.get("at", ""))
    except ValueError:
        day = today
    codes = given.get("skus")
    only = given.get("only", "")
    return Asked(
        rows=RowFilter(given.get("q", "").strip()[:80], given.get("line", "")[:20], _codes(codes)),
        only=Mark(only) if only in set(Mark) else None,
        day=day,
        today=today,
        codes=tuple(dict.fromkeys(given.getlist("list"))),
        steps=tuple(_steps(given)),
    )


def _codes(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(text.split(","))


def _steps(given: QueryDict) -> list[Step]:
    """Steps asked for by ``?step=CASE-10``, or by the little form ``?unit=CASE&from=10``."""
    texts = given.getlist("step")[:MOST_STEPS]
    if given.get("from"):
        texts.append(f"{given.get('unit', 'CASE')}-{given.get('from', '').strip()}")
    found = []
    for text in texts:
        unit, _dash, quantity = text.partition("-")
        if unit in set(Unit) and quantity.isascii() and quantity.isdigit() and len(quantity) < 7 and int(quantity):
            found.append(Step(unit, int(quantity)))
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Layout:
    """The lists of the matrix: ``every`` one the seat sees, ``shown`` as columns, ``beside`` only for the marks."""

    every: tuple[MatrixList, ...]
    shown: tuple[MatrixList, ...]
    beside: tuple[MatrixList, ...]
    offered: tuple[Step, ...]
    steps: tuple[Step, ...]

    @property
    def lists(self) -> tuple[MatrixList, ...]:
        """Shown ones first."""
        return (*self.shown, *self.beside)


def layout_of(request: SignedInRequest, asked: Asked) -> Layout:
    """Lists and steps of the page. One list opens with all its steps, several with the case alone."""
    every = matrix_lists(request.actor, with_inactive=True)
    wanted = set(asked.codes)
    shown = [one for one in every if (one.code in wanted if wanted else one.is_active)][:MOST_LISTS]
    offered = steps_of(shown)
    usual = offered[:MOST_STEPS] if len(shown) == 1 else [ONE_CASE]
    steps = sorted(asked.steps or usual, key=lambda one: (one.unit != Unit.CASE, one.min_quantity))
    known = sorted({*offered, *steps}, key=lambda one: (one.unit != Unit.CASE, one.min_quantity))
    return Layout(tuple(every), tuple(shown), tuple(_beside(every, shown)), tuple(known), tuple(steps))


def _beside(every: Sequence[MatrixList], shown: Sequence[MatrixList]) -> list[MatrixList]:
    """Lists of the tiers right and left of the shown ones, where their regions meet."""
    codes = {one.code for one in shown}
    others = [one for one in every if one.is_active and one.code not in codes]
    return [one for one in others if any(above_one_another((one, other)) for other in shown)][:MOST_BESIDE]


def lists_for_page(layout: Layout) -> list[dict[str, object]]:
    """Each list as the page needs it; ``under``: places of the lists a tier below, in the same order."""
    lists, under = layout.lists, {one.id: list[int]() for one in layout.lists}
    places = {one.id: place for place, one in enumerate(lists)}
    for higher, lower in above_one_another(lists):
        under[higher.id].append(places[lower.id])
    return [
        {
            "code": one.code,
            "name": one.name,
            "sub": payer_of(one),
            "currency": one.currency,
            "sign": CURRENCY_SIGNS[one.currency],
            "digits": digits_of(one.currency),
            "edit": one.is_editable,
            "kind": one.kind,
            "feeds": any(one.id == by.parent_id for other in lists for by in other.derivations),
            "under": under[one.id],
        }
        for one in lists
    ]


def payer_of(one: MatrixList) -> str:
    """Who pays the list's prices, in a few words."""
    if one.dealer_name:
        return one.dealer_name
    who = one.group_name or (term("tier", one.tier) if one.tier else term("price_scope", one.scope))
    return who if one.region_code == regions.COUNTRY else f"{who} · {region_name(one.region_code)}"


def step_words(step: Step) -> str:
    """``箱``, or ``箱 ≥ 10``."""
    word = unit_word(step.unit)
    return word if step.min_quantity == 1 else f"{word} ≥ {step.min_quantity}"


def step_text(step: Step) -> str:
    """The step as it stands in an address."""
    return f"{step.unit}-{step.min_quantity}"


def rows_for_page(block: Block, lists: Sequence[MatrixList], steps: Sequence[Step]) -> list[list[object]]:
    """``[code, name, spec, state, cells, floors]`` a row; cells and floors list by list and step by step.

    A cell is its amount in minor units, None without a price, False where the unit is not sold, or
    ``[amount, note, is_derived]`` where something is to be said of it. ``floors`` is 0 where there are none.
    """
    columns = [(one, step) for one in lists for step in steps]
    return [
        [
            row.sku_code,
            named(row.sku_name, row.sku_name_en),
            spec_of(row.abv_tenths, row.volume_ml, row.bottles_per_case),
            row.status,
            [_cell(row, one, step) for one, step in columns],
            [block.floors.get((one.id, row.sku_id, step.unit), 0) for one, step in columns] if block.floors else 0,
        ]
        for row in block.rows
    ]


def _cell(row: MatrixRow, one: MatrixList, step: Step) -> object:
    if row.sells_in not in ("BOTH", step.unit):
        return False
    known = row.cell(one.id, step)
    if known is None:
        return None
    if known.is_derived:
        return [known.amount, _derived(one), 1]
    return [known.amount, _coming(known, one.currency), 0] if known.next_from else known.amount


def _derived(one: MatrixList) -> str:
    if not one.derivations:
        return _("the case divided by its bottles")
    by = one.derivations[0]
    factor = f"{by.factor_ppm / 10_000:g}%"
    return _("derived: %(list)s × %(factor)s") % {"list": one.parent_name, "factor": factor}


def _coming(cell: MatrixCell, currency: str) -> str:
    if cell.next_from is None:
        return ""
    amount = _("not sold") if cell.next_amount is None else money(cell.next_amount, currency)
    return _("%(amount)s from %(day)s") % {"amount": amount, "day": exact(cell.next_from)[:10]}
