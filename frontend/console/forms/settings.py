"""The house's settings as forms."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import DomainError
from core.web.refusals import words_of
from frontend.ui.colour import refuse_pale
from frontend.ui.inputs import MoneyField, TenthsField, WholeField, text_field
from ordering.orders.services import ChangeSettings
from tenants.brands.services import ChangeLook


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


class SignInForm(forms.Form):
    """How the brand's own people sign in."""

    requires_second_factor = forms.BooleanField(
        label=_("Our staff sign in with a code after the password"),
        required=False,
        help_text=_("From their next click on; whoever has none is led to set it up. Dealers are not asked."),
    )


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
