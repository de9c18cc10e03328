"""A new price list, a changed one, and the brand's rules for prices."""

from collections.abc import Iterable, Sequence
from decimal import Decimal, DecimalException
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.kernel.money import MINOR_DIGITS
from core.kernel.text import normalised
from dms.dealers.models import Dealer
from dms.dealers.rules import Channel
from frontend.console.forms.pickers import CodeField, RegionField, offer_codes
from frontend.ui.inputs import WholeField, text_field
from frontend.ui.vocabulary import term
from ordering.pricing.models import MOST_FACTOR_PPM, PriceList
from ordering.pricing.services import ChangeList, ChangePricingSettings, CreateList


def _scopes() -> list[tuple[str, str]]:
    return [(code, term("price_scope", code)) for code in ("NATIONAL", "TIER", "GROUP", "DEALER")]


def _tiers() -> list[tuple[str, str]]:
    tiers = [code for code in Dealer.Tier.values if code != Dealer.Tier.BRAND]
    return [("", "—"), *((code, term("tier", code)) for code in tiers)]


def _kinds() -> list[tuple[str, str]]:
    return [(code, term("price_kind", code)) for code in PriceList.Kind.values]


def _channels() -> list[tuple[str, str]]:
    return [("", str(_("Every channel"))), *((one.value, term("channel", one.value)) for one in Channel)]


class FactorField(forms.Field):
    """Per cent as people write them (``95``, ``97.5``), kept as millionths."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        """950000 for 95; None for nothing."""
        text = normalised(str(value or "")).removesuffix("%").strip()
        if not text:
            return None
        try:
            ppm = Decimal(text) * 10_000
        except DecimalException:
            ppm = Decimal("NaN")
        if not ppm.is_finite() or not 1 <= ppm <= MOST_FACTOR_PPM or ppm != ppm.to_integral_value():
            raise ValidationError(_("Write per cent between 0.0001 and 1,000, with at most four decimals."))
        return int(ppm)

    def prepare_value(self, value: Any) -> Any:
        """950000 → 95; what was typed stays as it was typed."""
        return f"{(Decimal(value) / 10_000).normalize():f}" if isinstance(value, int) else value


class SeenField(forms.IntegerField):
    """The version the form was opened with. Left out it fits none: nobody overwrites what was not seen."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, required=False)

    def clean(self, value: Any) -> int:
        """The version; 0 where there is none."""
        return int(super().clean(value) or 0)


class DerivationForm(forms.Form):
    """Where a list's prices come from when it has none of its own, and for which channel it is."""

    channel = forms.ChoiceField(label=_("Only for this channel"), choices=_channels, required=False)
    parent_code = forms.ChoiceField(
        label=_("Prices come from"),
        required=False,
        help_text=_("For products this list has no price of its own for: that list's price × factor."),
    )
    factor_ppm = FactorField(label=_("Factor"), required=False)
    round_to = forms.TypedChoiceField(
        label=_("Rounded to"), choices=[(1, "0.01"), (10, "0.10"), (100, "1.00"), (1000, "10.00")], coerce=int
    )
    round_mode = forms.ChoiceField(
        label=_("Rounding"),
        choices=[("HALF_UP", _("to the nearest")), ("UP", _("up")), ("DOWN", _("down"))],
    )
    divides_cases = forms.BooleanField(
        label=_("A bottle may be sold at the case's price ÷ bottles"),
        required=False,
        help_text=_("Where the list has no price for bottles."),
    )
    DERIVATION = ("channel", "parent_code", "factor_ppm", "round_to", "round_mode", "divides_cases")

    def offer_parents(self, parents: Iterable[tuple[str, str]]) -> None:
        """The lists it may be derived from."""
        field = self.fields["parent_code"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("This list only")), *parents]

    def clean_factor_ppm(self) -> int:
        """Nothing typed is the price as it is."""
        return self.cleaned_data["factor_ppm"] or 1_000_000


class ListForm(DerivationForm):
    """A new list: for whom it rules and in which currency."""

    kind = forms.ChoiceField(label=_("Kind"), choices=_kinds)

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
        parents: Iterable[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer_parents(parents)
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


class ChangeListForm(DerivationForm):
    """What may be changed of a list; its code, kind, scope and currency stay."""

    name = text_field(_("Name"), limit=80, required=True)
    name_en = text_field(_("English name"), limit=80)
    is_active = forms.BooleanField(label=_("In force"), required=False)
    version = SeenField()

    @classmethod
    def of(cls, listed: PriceList) -> dict[str, Any]:
        """Its values for a list."""
        names = ("name", "name_en", "is_active", "version", *cls.DERIVATION)
        parent = listed.parent.code if listed.parent else ""
        return {name: parent if name == "parent_code" else getattr(listed, name) for name in names}

    def command(self, code: str) -> ChangeList:
        """What is asked of pricing."""
        return ChangeList(code, **self.cleaned_data)


class PricingForm(forms.Form):
    """The brand's rules for prices."""

    choice = forms.ChoiceField(
        label=_("Which list prices a product"),
        choices=[
            ("FIRST_LIST", _("the first list of the dealer that has any price for it")),
            ("LOWEST", _("the lowest of all lists of the dealer")),
        ],
        widget=forms.RadioSelect,
        help_text=_("Orders already placed keep what they were priced by."),
    )
    changes_need_approval = forms.BooleanField(label=_("Prices change by approved price rounds only"), required=False)
    floor_includes_rebate = forms.BooleanField(
        label=_("Rebate taken in an order counts against the floor price"), required=False
    )
    version = SeenField()

    def command(self) -> ChangePricingSettings:
        """What is asked of pricing."""
        return ChangePricingSettings(**self.cleaned_data)


class GroupsForm(forms.Form):
    """In which order price groups are asked, and a new one."""

    code = text_field(_("Code of a new group"), limit=20)
    name = text_field(_("Its name"), limit=60)

    def __init__(self, *args: Any, groups: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = groups
        for place, (code, name) in enumerate(groups, start=1):
            self.fields[self.place(code)] = WholeField(label=name, low=1, high=999, initial=place)

    @staticmethod
    def place(code: str) -> str:
        """Name of the input for a group's place."""
        return f"place-{code}"

    def places(self) -> list[forms.BoundField]:
        """The inputs, in the order of now."""
        return [self[self.place(code)] for code, _name in self.groups]

    def order(self) -> list[str]:
        """The codes as they are wished; of two at one place the one that stands first now."""
        codes = [code for code, _name in self.groups]
        return sorted(codes, key=lambda code: self.cleaned_data[self.place(code)])
