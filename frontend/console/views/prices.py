"""Price lists: which there are, a new one, and one list as an editable grid."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.catalogue.selectors import lines_visible_to
from core.kernel import clock
from core.kernel.errors import DomainError, Missing
from core.kernel.quantity import Unit
from core.kernel.sorting import name_key
from core.kernel.text import whole_of
from core.web.paging import page_number, page_of
from core.web.refusals import words_of
from core.web.requests import SignedInRequest
from dms.dealers.selectors import price_groups
from frontend.console.doors import form_page, staff_page
from frontend.console.forms.prices import CellKey, ListForm, TypedPrices, amounts_of, read_prices, read_shown
from frontend.console.lists import chips_of, choice_asked, ordered_list, pager_of, text_asked
from frontend.console.offers import offered_dealers
from frontend.console.pricedoubts import answers_of, doubts_in, meant
from frontend.console.shell import shown
from frontend.ui.format import exact, unit_word
from frontend.ui.format import money as money_words
from frontend.ui.refusals import REFUSED, attempt
from frontend.ui.templatetags.lists import named
from frontend.ui.templatetags.ui import fen_input
from frontend.ui.vocabulary import term
from ordering.pricing import services
from ordering.pricing.models import PriceList
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors import GridList, GridRow, PriceGrid, lists_visible_to, price_grid
from ordering.pricing.selectors.lists import ROWS_A_PAGE
from ordering.pricing.services import SetPrices

MOST_STEPS = 8


@staff_page(permission=Permission.READ)
def price_lists(request: SignedInRequest) -> HttpResponse:
    """The brand's own lists by scope."""
    scope, text = choice_asked(request, "scope", PriceList.Scope.values), text_asked(request).lower()
    everything = list(lists_visible_to(request.actor).select_related("dealer", "price_group").order_by("scope", "code"))
    found = [one for one in everything if text in f"{one.code} {one.name}".lower()]
    options = [("", _("All"), len(found))]
    options += [
        (code, term("price_scope", code), sum(one.scope == code for one in found)) for code in PriceList.Scope.values
    ]
    rows = [one for one in found if not scope or one.scope == scope]
    columns: dict[str, tuple[str, Callable[[PriceList], str]]] = {
        "name": (_("Name"), lambda one: name_key(one.name)),
        "code": (_("Code"), lambda one: one.code),
    }
    rows, sorts = ordered_list(request, rows, columns, usual="code", rising=columns)
    page = page_of(rows, request, total=len(rows))
    context = {
        "rows": page.rows,
        "sorts": sorts,
        "pager": pager_of(page.number, page.page_count, len(rows), len(page.rows)),
        "chips": chips_of(request, "scope", options),
        "q": text_asked(request),
        "may_edit": request.actor.can(Permission.EDIT),
    }
    return shown(request, "console/prices.html", context, at="prices")


@form_page(permission=Permission.EDIT)
def new_list(request: SignedInRequest) -> HttpResponse:
    """A new, empty list."""
    groups = [(one.code, one.name) for one in price_groups(request.actor)] if request.actor.can("dealers.read") else []
    usual = {"currency": request.brand.currency, "region_code": "CN"}
    form = ListForm(request.POST or None, initial=usual, groups=groups, dealers=offered_dealers(request.actor))
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: services.create_list(actor=request.actor, command=form.command()))
        if made is not None:
            messages.success(request, _("The list is open. Enter its prices."))
            return redirect("console:price_list", code=made.code)
    status = REFUSED if form.errors else 200
    return shown(request, "console/price_list_new.html", {"form": form}, at="prices", status=status)


@dataclass(frozen=True, slots=True)
class Column:
    """One quantity step of one unit."""

    unit: str
    min_quantity: int

    @property
    def label(self) -> str:
        """``箱``, or ``箱 ≥ 10``."""
        word = unit_word(self.unit)
        return word if self.min_quantity == 1 else f"{word} ≥ {self.min_quantity}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One input of the grid. ``mark`` edit (changed), warn (doubtful), bad (refused); ``note`` what comes or was."""

    name: str
    label: str
    column: str
    value: str
    before: str
    is_sold: bool
    mark: str = ""
    note: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page shows: words, line, day, extra steps."""

    text: str
    line: str
    day: date
    is_today: bool
    steps: tuple[Column, ...]

    @property
    def at(self) -> datetime | None:
        """The instant asked for; None is now."""
        return None if self.is_today else clock.start_of_day(self.day)


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back from a refused save."""

    typed: TypedPrices | None = None
    faults: Mapping[str, str] = field(default_factory=dict)
    problem: DomainError | None = None
    doubts: Mapping[str, str] = field(default_factory=dict)
    overtaken: Mapping[str, str] = field(default_factory=dict)


@form_page(permission=Permission.READ)
def price_list(request: SignedInRequest, code: str) -> HttpResponse:
    """One list as a grid, as of a day; what is changed rules from that day on."""
    asked = _asked(request)
    grid = price_grid(
        actor=request.actor,
        list_codes=[code],
        text=asked.text,
        product_line=asked.line,
        at=asked.at,
        page=page_number(request),
    )
    if not grid.lists:
        raise Missing(list=code)
    if request.method != "POST":
        return _grid_page(request, grid, asked, Answered())
    return _save(request, grid, asked)


def _save(request: SignedInRequest, grid: PriceGrid, asked: Asked) -> HttpResponse:
    (listed,) = grid.lists
    seen, now = read_shown(request.POST.get("shown", "")), amounts_of(grid, listed.code)
    typed = read_prices(request.POST.dict(), now, currency=listed.currency, valid_from=asked.at, seen=seen)
    if typed.faults:
        return _grid_page(request, grid, asked, Answered(typed, typed.faults))
    overtaken = _overtaken(typed, now, seen, listed.currency)
    if overtaken:
        return _grid_page(request, grid, asked, Answered(typed, overtaken=overtaken))
    # Whoever says what was seen is compared cell by cell with this grid; anyone else by the version alone.
    version = listed.version if seen else whole_of(request.POST.get("version", ""))
    command = SetPrices(listed.code, meant(typed, request.POST.get("meant", "")), version)
    try:
        done = services.set_prices(actor=request.actor, command=command)
    except DomainError as refusal:
        return _grid_page(request, grid, asked, _refused(typed, refusal, listed.currency))
    if not done.written:
        messages.info(request, _("Nothing was changed."))
        return redirect(_here(request, listed.code))
    words = ngettext("%(count)s price saved.", "%(count)s prices saved.", done.written)
    messages.success(request, words % {"count": done.written})
    return redirect(_here(request, listed.code, changed="1"))


def _overtaken(
    typed: TypedPrices, now: Mapping[CellKey, int | None], seen: Mapping[str, str], currency: str
) -> dict[str, str]:
    """The cells both changed by this page and by somebody else since it was opened, in words."""
    found = {}
    for key, change in zip(typed.keys, typed.changes, strict=True):
        amount = now.get(key)
        if key.name in seen and seen[key.name] != _written(amount, currency):
            found[key.name] = _("%(sku)s: %(theirs)s was saved meanwhile, you typed %(yours)s.") % {
                "sku": key.sku_code,
                "theirs": _said(amount, currency),
                "yours": _said(change.amount, currency),
            }
    return found


def _said(amount: int | None, currency: str) -> str:
    return _("not sold") if amount is None else money_words(amount, currency)


def _written(amount: int | None, currency: str) -> str:
    """An amount as its cell shows it; empty where there is none."""
    return "" if amount is None else fen_input(amount, currency)


def _refused(typed: TypedPrices, refusal: DomainError, currency: str) -> Answered:
    """Every fault to its cell, what is only doubtful as a question; what belongs to none stands above."""
    if doubts := doubts_in(refusal, typed, currency):
        return Answered(typed, doubts=doubts)
    faults = {typed.keys[one.line - 1].name: words_of(one) for one in refusal.problems() if one.line}
    return Answered(typed, faults, None if faults else refusal)


def _here(request: SignedInRequest, code: str, **more: str) -> str:
    query = [(name, value) for name, values in request.GET.lists() for value in values if name != "changed"]
    words = urlencode([*query, *more.items()])
    return f"{reverse('console:price_list', args=[code])}{'?' if words else ''}{words}"


def _asked(request: SignedInRequest) -> Asked:
    today = clock.business_day(zone=request.brand.time_zone)
    try:
        day = clock.read_day(request.GET.get("at", ""))
    except ValueError:
        day = today
    return Asked(
        text=text_asked(request),
        line=request.GET.get("line", "")[:20],
        day=day,
        is_today=day == today,
        steps=tuple(_steps(request)),
    )


def _steps(request: SignedInRequest) -> list[Column]:
    """Steps asked for by ``?step=CASE-10``, or by the little form ``?unit=CASE&from=10``."""
    given = request.GET.getlist("step")[:MOST_STEPS]
    if request.GET.get("from"):
        given.append(f"{request.GET.get('unit', 'CASE')}-{request.GET['from'].strip()}")
    steps = []
    for text in given:
        unit, _dash, quantity = text.partition("-")
        if unit in set(Unit) and quantity.isascii() and quantity.isdigit() and 0 < len(quantity) < 7 and int(quantity):
            steps.append(Column(unit, int(quantity)))
    return list(dict.fromkeys(steps))


def _columns(grid: PriceGrid, list_code: str, extra: tuple[Column, ...]) -> list[Column]:
    """Every step any product of the page has, one case (and bottle where sold), and those asked for."""
    found = {Column("CASE", 1), *extra}
    for row in grid.rows:
        found |= {Column(cell.unit, cell.min_quantity) for cell in row.cells.get(list_code, ())}
        if row.sells_in != "CASE":
            found.add(Column("BOTTLE", 1))
    return sorted(found, key=lambda one: (one.unit != "CASE", one.min_quantity))


def _grid_page(request: SignedInRequest, grid: PriceGrid, asked: Asked, answered: Answered) -> HttpResponse:
    (listed,) = grid.lists
    actor = request.actor
    today = clock.business_day(zone=request.brand.time_zone)
    columns = _columns(grid, listed.code, asked.steps)
    latest = _latest(grid, listed.code) if "changed" in request.GET else None
    is_refused = bool(answered.faults or answered.problem or answered.doubts or answered.overtaken)
    rows = [(row, [_cell(row, one, listed, answered, latest) for one in columns]) for row in grid.rows]
    context = {
        "listed": listed,
        "columns": columns,
        "rows": rows,
        "shown": json.dumps(
            {cell.name: cell.before for _row, cells in rows for cell in cells if cell.is_sold}, separators=(",", ":")
        ),
        "pager": pager_of(grid.page, grid.page_count, grid.total, len(grid.rows), ROWS_A_PAGE),
        "asked": asked,
        "steps": [f"{one.unit}-{one.min_quantity}" for one in asked.steps],
        "lines": list(lines_visible_to(actor)),
        "faults": list(answered.faults.items()),
        "doubts": list(answered.doubts.items()),
        "meant": _answers(request, answered),
        "overtaken": list(answered.overtaken.items()),
        "problem": answered.problem,
        "today": today,
        "is_past": asked.day < today,
        "may_edit": actor.can(Permission.EDIT) and asked.day >= today,
        "version": request.POST.get("version", listed.version) if is_refused else listed.version,
    }
    return shown(request, "console/price_list.html", context, at="prices", status=REFUSED if is_refused else 200)


def _answers(request: SignedInRequest, answered: Answered) -> str:
    if answered.typed is None:
        return ""
    return answers_of(answered.typed, answered.doubts, request.POST.get("meant", ""))


def _latest(grid: PriceGrid, list_code: str) -> datetime | None:
    """When the newest prices of the page began."""
    begun = [cell.valid_from for row in grid.rows for cell in row.cells.get(list_code, ()) if cell.valid_from]
    return max(begun, default=None)


def _cell(row: GridRow, column: Column, listed: GridList, answered: Answered, latest: datetime | None) -> Cell:
    key = CellKey(row.sku_code, column.unit, column.min_quantity)
    known = next(
        (c for c in row.cells.get(listed.code, ()) if (c.unit, c.min_quantity) == (key.unit, key.min_quantity)), None
    )
    before = _written(known.amount if known else None, listed.currency)
    value = answered.typed.typed.get(key.name, before) if answered.typed else before
    fault = answered.faults.get(key.name, "")
    doubt = answered.doubts.get(key.name) or answered.overtaken.get(key.name, "")
    is_new = known is not None and latest is not None and known.valid_from == latest
    note = ""
    if known and known.next_from:
        amount = _said(known.next_amount, listed.currency)
        note = _("%(amount)s from %(day)s") % {"amount": amount, "day": exact(known.next_from)[:10]}
    if value != before and before:
        note = _("was %(amount)s") % {"amount": before}
    return Cell(
        name=key.name,
        label=f"{named(row.sku_name, row.sku_name_en)} {column.label}",
        column=column.label,
        value=value,
        before=before,
        is_sold=row.sells_in in ("BOTH", column.unit),
        mark="bad" if fault else "warn" if doubt else "edit" if value != before or is_new else "",
        note=note,
        fault=fault,
    )
