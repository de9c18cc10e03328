"""Prices as the matrix sends them: cells of many lists in one request, read back one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

import orjson
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.money import MINOR_DIGITS, Money
from core.kernel.quantity import Unit
from core.kernel.text import N_
from core.web.refusals import words_of
from ordering.pricing.errors import NotAPrice, TooManyChanges
from ordering.pricing.services.entries import MOST_CHANGES

_MOST_FIGURE = 40


class NotCells(DomainError):
    """The request does not hold cells as the matrix writes them."""

    code = "matrix.unread"
    text = N_("What the page sent cannot be read. Nothing was changed; load the page again.")


@dataclass(frozen=True, slots=True)
class TypedCell:
    """One cell: what was typed (empty ends the price), and what its list said before, in minor units."""

    list_code: str
    sku_code: str
    unit: Unit
    min_quantity: int
    text: str
    before: int | None
    is_meant: bool


@dataclass(frozen=True, slots=True)
class TypedCells:
    """What one save brings. ``day`` None: from now on. ``key``: of the page, so that a round is drafted once."""

    day: date | None
    cells: tuple[TypedCell, ...]
    key: str = ""


def read_cells(body: bytes) -> TypedCells:
    """The cells of a request. Raises ``NotCells``, ``TooManyChanges``."""
    try:
        found = orjson.loads(body)
        day, rows = found["day"], found["cells"]
        if not isinstance(rows, list):
            raise NotCells
        if len(rows) > MOST_CHANGES:
            raise TooManyChanges(most=MOST_CHANGES)
        key = str(found.get("key") or "")[:64]
        return TypedCells(clock.read_day(day) if day else None, tuple(_cell(row) for row in rows), key)
    except (ValueError, TypeError, KeyError) as broken:
        raise NotCells from broken


def _cell(row: object) -> TypedCell:
    list_code, sku_code, unit, quantity, text, before, is_meant = cast("list[object]", row)
    is_whole = isinstance(quantity, int) and not isinstance(quantity, bool) and 0 < quantity < 1_000_000_000
    if not (isinstance(list_code, str) and isinstance(sku_code, str) and isinstance(text, str) and is_whole):
        raise ValueError("not a cell")
    if "\0" in list_code + sku_code:
        raise ValueError("not a code")
    if before is not None and (isinstance(before, bool) or not isinstance(before, int)):
        raise ValueError("not an amount")
    named = Unit(str(unit))
    return TypedCell(list_code[:30], sku_code[:48], named, cast("int", quantity), text, before, is_meant is True)


def amount_of(text: str, currency: str) -> int | None:
    """Minor units; None where nothing is written: the price ends. Raises ``NotMoney``, ``NotAPrice``."""
    if not text.strip():
        return None
    amount = Money.parse(text.strip()[:_MOST_FIGURE], currency).amount
    if amount <= 0:
        raise NotAPrice
    return amount


def faults_of_figures(cells: Mapping[int, TypedCell], currency: str) -> dict[int, str]:
    """What is no price, by line, in words."""
    faults = {}
    for line, cell in cells.items():
        try:
            amount_of(cell.text, currency)
        except DomainError as refusal:
            faults[line] = words_of(refusal)
    return faults


def words_for_figures() -> dict[str, str]:
    """What the page says of a figure it cannot read; the server says it again when it is asked."""
    return {
        "nofigure": _("“{text}” is no price. Enter digits such as 1980.00."),
        "decimals": _("“{text}” has more than {digits} decimals. Round it in the spreadsheet."),
        "zero": _("A price must be more than zero. To end it, empty the cell."),
        "negative": _("A price cannot be negative: “{text}”."),
        "sign": _("“{text}” is in another currency; this list is in {currency}."),
        "unit": _("“{text}” names another unit than this column."),
        "separator": _("“{text}”: is the comma a decimal point? Enter 1980.50 or 1,980.50."),
        "wan": _("“{text}”: write the whole figure, without 万."),
        "percent": _("“{text}” is a percentage, not a price."),
        "large": _("“{text}” is too large for a price."),
        "merged": _("Merged cells in the spreadsheet. Unmerge them there and paste again, or enter the price here."),
    }


def digits_of(currency: str) -> int:
    """Decimals of a currency."""
    return MINOR_DIGITS[currency]
