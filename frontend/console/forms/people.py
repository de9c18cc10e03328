"""Seats, tokens and the house's settings as forms."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.kernel.actor import Side
from core.kernel.errors import DomainError
from core.web.refusals import words_of
from frontend.console.codewords import code_choices
from frontend.console.forms.fields import MoneyField, TenthsField, WholeField, text_field
from frontend.console.forms.pickers import CodeField, offer_codes
from frontend.ui.colour import refuse_pale
from ordering.orders.services import ChangeSettings
from tenants.access.roles import ROLE_WORDS, SIDE_ROLES
from tenants.brands.services import ChangeLook


def roles_of(side: Side) -> list[tuple[str, str]]:
    """The roles of one side of the counter, in the table's order."""
    return [(role, gettext(words)) for role, words in ROLE_WORDS.items() if role in SIDE_ROLES[side]]


class RolesForm(forms.Form):
    """What a seat may do."""

    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, side: Side, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["roles"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = roles_of(side)


class SeatForm(RolesForm):
    """A seat for a person, known here already or new."""

    account = text_field(_("Phone or e-mail"), limit=120, required=True, help_text=_("What the person signs in with."))
    name = text_field(_("Name"), limit=60, required=True)
    password = forms.CharField(
        label=_("First password"),
        required=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Only for somebody who has no account yet: at least 10 characters."),
    )
    dealer_code = CodeField(label=_("Dealer"), limit=20, help_text=_("Its code or name."))
    field_order = ("account", "name", "password", "dealer_code", "roles")

    def __init__(self, *args: Any, side: Side, dealers: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, side=side, **kwargs)
        offer_codes(self, "dealer_code", dealers)
        if side is Side.BRAND:
            del self.fields["dealer_code"]


class TokenForm(forms.Form):
    """Access for a program in one's own name."""

    name = text_field(_("What for"), limit=60, required=True, help_text=_("For example: ERP of head office."))
    days = WholeField(label=_("Valid for"), low=1, high=366, initial=90)
    codes = forms.MultipleChoiceField(
        label=_("What it may do"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: all your own rights."),
    )

    def __init__(self, *args: Any, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["codes"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = code_choices(codes)


class LookForm(forms.Form):
    """How the portal shows itself."""

    name = text_field(_("Name of the portal"), limit=80, required=True)
    name_en = text_field(_("English name"), limit=80)
    seal = text_field(_("Seal"), limit=1, required=True, help_text=_("One character."))
    accent = text_field(
        _("Accent colour"), limit=7, help_text=_("#rrggbb, dark enough for white words; empty: cinnabar.")
    )

    def clean_accent(self) -> str:
        """Refuse what cannot be read."""
        accent = str(self.cleaned_data["accent"]).strip()
        if accent:
            try:
                refuse_pale(accent)
            except DomainError as refusal:
                raise ValidationError(words_of(refusal)) from None
        return accent

    def command(self) -> ChangeLook:
        """What is asked of the brand."""
        return ChangeLook(**self.cleaned_data)


class RulesForm(forms.Form):
    """The brand's rules for orders."""

    approval_hours = WholeField(label=_("Time to approve"), low=1, high=720)
    minimum_amount = MoneyField(label=_("Smallest order"))
    auto_approve_up_to = MoneyField(
        label=_("Approve by itself up to"), help_text=_("0: a person approves every order.")
    )
    tax_rate = TenthsField(label=_("Value added tax"))
    requires_licence = forms.BooleanField(label=_("Dealers need a valid licence to order"), required=False)
    requires_grant = forms.BooleanField(label=_("Dealers need a grant for the product line"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def command(self) -> ChangeSettings:
        """What is asked of ordering."""
        said = dict(self.cleaned_data)
        tax = said.pop("tax_rate")
        return ChangeSettings(**said, tax_rate_bp=None if tax is None else tax * 10)
