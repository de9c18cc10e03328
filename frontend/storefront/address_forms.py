"""Where a house takes goods in, as it types it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from core.vault.services import masked_phone, unseal
from dms.dealers.rules import Delivery
from dms.dealers.selectors import ShipTo
from frontend.ui.places import name_to_type, place_called


class AddressForm(forms.Form):
    """One address. The division may be left out where the street says it; a phone left as shown stays as it was."""

    label = forms.CharField(label=gettext_lazy("Name of the place"), max_length=40, required=False)
    recipient = forms.CharField(label=gettext_lazy("Recipient"), max_length=60)
    phone = forms.CharField(
        label=gettext_lazy("Recipient's phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    place = forms.CharField(label=gettext_lazy("Province, city, district"), max_length=80, required=False)
    line = forms.CharField(
        label=gettext_lazy("Street and number"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
    is_default = forms.BooleanField(label=gettext_lazy("Use it unless another is chosen"), required=False)

    def clean(self) -> dict[str, Any]:
        """``region_code`` of what was named; the street names it where the field does not."""
        given = super().clean() or {}
        place = place_called(str(given.get("place") or "") or str(given.get("line") or ""))
        if place is None:
            self.add_error("place", ValidationError(gettext("Which district is it? For example: 山东省济南市历下区.")))
        else:
            given["region_code"] = place.code
        return given

    def delivery(self, before: ShipTo | None) -> Delivery:
        """What is to be saved; ``before`` is the address as it stands."""
        given = self.cleaned_data
        phone = str(given["phone"])
        if before is not None and phone and phone == shown_phone(before):
            phone = unseal(before.phone_sealed)
        return Delivery(
            str(given["label"]),
            str(given["recipient"]),
            phone,
            str(given["region_code"]),
            str(given["line"]),
            is_default=bool(given["is_default"]),
        )


def shown_phone(address: ShipTo) -> str:
    """Its phone with the middle left out."""
    return masked_phone(unseal(address.phone_sealed))


def as_typed(address: ShipTo) -> dict[str, object]:
    """The form's values of an address that is there."""
    return {
        "label": address.label,
        "recipient": address.recipient,
        "phone": shown_phone(address),
        "place": name_to_type(address.region_code),
        "line": address.line,
        "is_default": address.is_default,
    }
