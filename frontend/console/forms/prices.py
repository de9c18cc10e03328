"""A new price list, and the grid read back from the page."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import DomainError
from core.kernel.money import MINOR_DIGITS, Money
from core.kernel.quantity import Unit
from core.web.refusals import words_of
from dms.dealers.models import Dealer
from frontend.console.forms.pickers import CodeField, RegionField, offer_codes
from frontend.ui.inputs import text_field
from frontend.ui.vocabulary import term
from ordering.pricing.errors import NotAPrice
from ordering.pricing.models import PriceList
from ordering.pricing.selectors import PriceGrid
from ordering.pricing.services import CreateList, PriceChange

PREFIX = "p"


def _scopes() -> list[tuple[str, str]]:
    return [(code, term("price_scope", code)) for code in ("NATIONAL", "TIER", "GROUP", "DEALER")]


def _tiers() -> list[tuple[str, str]]:
    tiers = [code for code in Dealer.Tier.values if code != Dealer.Tier.BRAND]
    return [("", "—"), *((code, term("tier", code)) for code in tiers)]


class ListForm(forms.Form):
    """A new list: for whom it rules and in which currency."""

    code = text_field(_("List code"), limit=30, required=True)
    name = text_field(_("Name"), limit=80, required=True)
    name_en = text_field(_("English name"), limit=80)
    scope = forms.ChoiceField(label=_("For whom"), choices=_scopes)
    tier = forms.ChoiceField(label=_("Tier"), choices=_tiers, required=False, help_text=_("Only for a list by tier."))
    region_code = RegionField(label=_("Only in this division"), required=False, with_country=True)
    price_group_code = forms.ChoiceField(
        label=_("Dealer group"), required=False, help_text=_("Only for a list of a group.")
    )
    dealer_code = CodeField(
        label=_("Dealer"), limit=20, required=False, help_text=_("Its code or name; only for a list of one dealer.")
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in MINOR_DIGITS])

    def __init__(
        self,
        *args: Any,
        groups: Iterable[tuple[str, str]] = (),
        dealers: Iterable[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer_codes(self, "dealer_code", dealers)
        field = self.fields["price_group_code"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "—"), *groups]

    def command(self) -> CreateList:
        """What is asked of pricing; words that do not belong to the scope are left out."""
        said = dict(self.cleaned_data)
        needed = {"TIER": "tier", "GROUP": "price_group_code", "DEALER": "dealer_code"}
        for scope, name in needed.items():
            if said["scope"] != scope:
                said[name] = ""
        said["region_code"] = "CN" if said["scope"] == PriceList.Scope.DEALER else said["region_code"] or "CN"
        return CreateList(**said)


@dataclass(frozen=True, slots=True)
class CellKey:
    """One cell: SKU, unit and the quantity its price begins at."""

    sku_code: str
    unit: str
    min_quantity: int

    @property
    def name(self) -> str:
        """Name of the cell's input."""
        return f"{PREFIX}:{self.sku_code}:{self.unit}:{self.min_quantity}"


@dataclass(frozen=True, slots=True)
class TypedPrices:
    """What the page brought back: changes in the order of ``keys``, what was typed, and what is no price at all."""

    changes: tuple[PriceChange, ...]
    keys: tuple[CellKey, ...]
    typed: Mapping[str, str]
    faults: Mapping[str, str]


def amounts_of(grid: PriceGrid, list_code: str) -> dict[CellKey, int | None]:
    """What every cell of the list costs now."""
    return {
        CellKey(row.sku_code, cell.unit, cell.min_quantity): cell.amount
        for row in grid.rows
        for cell in row.cells.get(list_code, ())
    }


def read_shown(text: str) -> dict[str, str]:
    """What each cell said when the page was opened; nothing where the page did not send it back whole."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def read_prices(
    posted: Mapping[str, str],
    before: Mapping[CellKey, int | None],
    *,
    currency: str,
    valid_from: datetime | None,
    seen: Mapping[str, str],
) -> TypedPrices:
    """Compare the posted cells with what they are. An emptied cell ends its price.

    Where the page says what it showed (``seen``), a cell nobody touched is left to whoever changed it meanwhile.
    """
    changes: list[PriceChange] = []
    keys: list[CellKey] = []
    typed: dict[str, str] = {}
    faults: dict[str, str] = {}
    for name, text in posted.items():
        key = _key_of(name)
        if key is None or seen.get(name) == text:
            continue
        typed[name] = text
        try:
            amount = _amount(text, currency)
        except DomainError as refusal:
            faults[name] = words_of(refusal)
            continue
        if amount != before.get(key):
            keys.append(key)
            changes.append(PriceChange(key.sku_code, Unit(key.unit), amount, key.min_quantity, valid_from))
    return TypedPrices(tuple(changes), tuple(keys), typed, faults)


def _key_of(name: str) -> CellKey | None:
    prefix, _colon, rest = name.partition(":")
    parts = rest.rsplit(":", 2)
    if prefix != PREFIX or len(parts) != 3 or parts[1] not in set(Unit) or not _is_quantity(parts[2]):
        return None
    return CellKey(parts[0], parts[1], int(parts[2]))


def _is_quantity(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < len(text) <= 9


def _amount(text: str, currency: str) -> int | None:
    if not text.strip():
        return None
    amount = Money.parse(text.strip(), currency).amount
    if amount <= 0:
        raise NotAPrice
    return amount
