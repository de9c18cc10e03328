"""Papers as forms: sent with a scan, recorded by the brand's own eyes, refused with a reason; the brand's rules."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from core.catalogue.services import SubmitProducerLicence
from core.kernel import regions
from dms.dealers.models import Credential
from dms.dealers.selectors import PaperRules
from dms.dealers.services import ChangePaperRules, Licence, RecordCredential, SubmitPaper
from frontend.console.forms.prices import SeenField
from frontend.ui.inputs import DayField, text_field
from frontend.ui.places import place_name
from frontend.ui.scans import ScanField
from frontend.ui.vocabulary import term


def _kinds() -> list[tuple[str, str]]:
    return [(code, term("credential_type", code)) for code in Credential.Type.values]


class CredentialForm(forms.Form):
    """A licence as the brand accepts it by its own eyes."""

    type = forms.ChoiceField(label=_("Kind of licence"), choices=_kinds)
    number = text_field(_("Number"), limit=40, required=True)
    scope = text_field(_("Scope"), limit=200, help_text=_("As on the licence, for example: prepackaged food."))
    valid_from = DayField(label=_("Valid from"))
    valid_to = DayField(label=_("Valid until"), required=False, help_text=_("The last valid day; empty: no end."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "record_%s", **kwargs})  # beside the form that sends

    def command(self, dealer_code: str) -> RecordCredential:
        """What is asked of the channel tree."""
        return RecordCredential(dealer_code, Licence(**self.cleaned_data))


class SubmitForm(forms.Form):
    """A licence with its scan, to be verified by the platform."""

    type = forms.ChoiceField(label=_("Kind of licence"), choices=_kinds)
    number = text_field(_("Number"), limit=40, required=True)
    scope = text_field(_("Scope"), limit=200, help_text=_("As on the licence, for example: prepackaged food."))
    valid_from = DayField(label=_("Valid from"))
    valid_to = DayField(label=_("Valid until"), required=False, help_text=_("The last valid day; empty: no end."))
    scan = ScanField(label=_("Scan or photo"), help_text=_("jpg, png, webp or pdf, at most 20 MB."))
    scan_back = ScanField(label=_("Second page"), required=False, help_text=_("If there is one."))

    def command(self, dealer_code: str, file_ids: tuple[UUID, ...]) -> SubmitPaper:
        """What is asked of the channel tree."""
        said = {name: self.cleaned_data[name] for name in ("type", "number", "scope", "valid_from", "valid_to")}
        return SubmitPaper(dealer_code, Licence(**said), file_ids)


class RefuseForm(forms.Form):
    """Why a paper is not accepted."""

    credential = forms.IntegerField(widget=forms.HiddenInput)
    reason = text_field(_("Why not"), limit=200, required=True, help_text=_("The dealer reads this."))


class PaperRulesForm(forms.Form):
    """The brand's rules for dealers' papers."""

    wholesale_provinces = forms.MultipleChoiceField(
        label=_("Provinces that ask for a liquor wholesale licence"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Dealers there order only with such a licence in force."),
    )
    accepts_verified = forms.BooleanField(
        label=_("What the platform has verified counts at once"),
        required=False,
        help_text=_("Off: somebody here accepts every licence."),
    )
    version = SeenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "papers_%s", **kwargs})
        field = self.fields["wholesale_provinces"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = _provinces()

    @classmethod
    def of(cls, rules: PaperRules) -> dict[str, object]:
        """The present rules as initial values."""
        return {
            "wholesale_provinces": list(rules.wholesale_provinces),
            "accepts_verified": rules.accepts_verified,
            "version": rules.version,
        }

    def command(self) -> ChangePaperRules:
        """What is asked of the channel tree."""
        return ChangePaperRules(**self.cleaned_data)


def _provinces() -> Iterable[tuple[str, str]]:
    return sorted((one.code, place_name(one.code)) for one in regions.provinces())


class ProducerLicenceForm(forms.Form):
    """A producer's SC licence with its scan."""

    producer_name = forms.CharField(widget=forms.HiddenInput)
    sc_no = text_field(
        _("Food production licence (SC)"),
        limit=20,
        required=True,
        help_text=_("SC and 14 digits; liquor begins with 115."),
    )
    valid_from = DayField(label=_("Valid from"))
    valid_to = DayField(label=_("Valid until"), required=False, help_text=_("The last valid day; empty: no end."))
    scan = ScanField(label=_("Scan or photo"), help_text=_("jpg, png, webp or pdf, at most 20 MB."))
    scan_back = ScanField(label=_("Second page"), required=False, help_text=_("If there is one."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "sc_%s", **kwargs})  # beside the producer's own form

    def command(self, file_ids: tuple[UUID, ...]) -> SubmitProducerLicence:
        """What is asked of the catalogue."""
        said = {name: self.cleaned_data[name] for name in ("producer_name", "sc_no", "valid_from", "valid_to")}
        return SubmitProducerLicence(**said, file_ids=file_ids)
