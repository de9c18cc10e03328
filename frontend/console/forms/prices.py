"""A new price list."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.money import MINOR_DIGITS
from dms.dealers.models import Dealer
from frontend.console.forms.pickers import CodeField, RegionField, offer_codes
from frontend.ui.inputs import text_field
from frontend.ui.vocabulary import term
from ordering.pricing.models import PriceList
from ordering.pricing.services import CreateList


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
