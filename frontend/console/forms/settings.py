"""The house's settings as forms."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.catalogue.services import SaveSettings
from core.kernel.errors import DomainError
from core.web.refusals import words_of
from dms.notices.services import ChangeNoticeRules
from dms.territories.services import ChangeTerritoryRules
from frontend.console.forms.prices import SeenField
from frontend.ui.colour import refuse_pale
from frontend.ui.inputs import MoneyField, TenthsField, WholeField, text_field
from ordering.orders.services import ChangeSettings
from tenants.brands.services import ChangeLook, ChangeTexts


class LookForm(forms.Form):
    """How the portal shows itself."""

    name = text_field(_("Name of the portal"), limit=80, required=True)
    name_en = text_field(_("English name"), limit=80)
    seal = text_field(_("Seal"), limit=1, required=True, help_text=_("One character."))
    accent = text_field(
        _("Accent colour"), limit=7, help_text=_("#rrggbb, dark enough for white words; empty: cinnabar.")
    )
    version = SeenField()

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


class TextsForm(forms.Form):
    """What the portal says of itself."""

    tagline = text_field(_("Line beside the name"), limit=60, help_text=_("On the sign-in page and at the foot."))
    tagline_en = text_field(_("The same in English"), limit=100)
    welcome = text_field(_("Welcome on the sign-in page"), limit=200, rows=2)
    welcome_en = text_field(_("Welcome in English"), limit=300, rows=2)
    contact = text_field(_("Whom to ask"), limit=120, help_text=_("At the foot of every page, for example a hotline."))
    contact_en = text_field(_("Whom to ask, in English"), limit=200)
    version = SeenField()

    def command(self) -> ChangeTexts:
        """What is asked of the brand."""
        return ChangeTexts(**self.cleaned_data)


class LogoForm(forms.Form):
    """A picture for one place; what is wrong with it the verb says."""

    picture = forms.FileField(label=_("Picture"), widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.webp"}))


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
    shows_prices_on_notes = forms.BooleanField(
        label=_("Delivery notes show amounts"),
        required=False,
        help_text=_("Usually not: drivers and receivers need not know what was paid."),
    )
    version = SeenField()

    def command(self) -> ChangeSettings:
        """What is asked of ordering."""
        said = dict(self.cleaned_data)
        tax = said.pop("tax_rate")
        return ChangeSettings(**said, tax_rate_bp=None if tax is None else tax * 10)


class GraceForm(forms.Form):
    """The brand's rule for goods on ground that is no longer held."""

    grace_days = WholeField(
        label=_("Days of grace"),
        low=0,
        high=3650,
        help_text=_("How long goods of an ended grant may still lie on its ground before they count as diverted."),
    )
    version = SeenField()

    def command(self) -> ChangeTerritoryRules:
        """What is asked of territories."""
        return ChangeTerritoryRules(**self.cleaned_data)


class NoticeRulesForm(forms.Form):
    """Whether urgent notices go out as text messages too."""

    texts_urgent = forms.BooleanField(
        label=_("Send urgent notices as text messages too"),
        required=False,
        help_text=_(
            "One message to each person of the dealers addressed, when it is first told. Your provider charges for it."
        ),
    )
    version = SeenField()

    def command(self) -> ChangeNoticeRules:
        """What is asked of notices."""
        return ChangeNoticeRules(**self.cleaned_data)


class PacksForm(forms.Form):
    """The brand's rules for products."""

    abv_tenths_min = TenthsField(label=_("Least alcohol"))
    abv_tenths_max = TenthsField(label=_("Most alcohol"))
    bottles_per_case_max = WholeField(label=_("Most bottles in a case"), low=1, high=99)
    code_prefixes = text_field(
        _("Beginnings of product codes"), limit=60, help_text=_("2 to 4 capitals each, with blanks between.")
    )
    requires_sc_licence = forms.BooleanField(label=_("Products need their producer's SC licence"), required=False)
    version = SeenField()

    def command(self) -> SaveSettings:
        """What is asked of the catalogue."""
        said = dict(self.cleaned_data)
        return SaveSettings(**{**said, "code_prefixes": tuple(said["code_prefixes"].split())})
