"""Grants, zones and supplies as forms."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.db.naming import called
from core.kernel.text import normalised
from dms.dealers.rules import Channel
from dms.territories.models import Grant
from dms.territories.rules import EVERY_CHANNEL, Kind
from dms.territories.selectors import ZoneLine
from dms.territories.services import (
    ChangeGrant,
    ChangeSupply,
    ChangeTerritoryRules,
    GrantTerritory,
    RenewGrant,
    SaveZone,
)
from frontend.console.forms.pickers import CodeField, RegionField, offer_codes
from frontend.ui.inputs import DayField, WholeField, text_field
from frontend.ui.places import place_called
from frontend.ui.vocabulary import term

LOCAL_KINDS = (Kind.EXCLUSIVE, Kind.SHARED)
Choices = Iterable[tuple[str, str]]


def channel_choices() -> list[tuple[str, str]]:
    """Every channel with its word."""
    return [(one.value, term("channel", one.value)) for one in Channel]


class GroundForm(forms.Form):
    """Goods × channels × ground × kind: what a grant is about, whoever holds it."""

    region_code = RegionField(with_country=True, required=False)
    zone_code = forms.ChoiceField(label=_("or a zone"), required=False)
    line_code = forms.ChoiceField(label=_("Product line"), required=False)
    sku_codes = text_field(
        _("or single products"),
        limit=2000,
        rows=2,
        help_text=_("Codes with blanks between them; leave the line empty."),
    )
    channels = forms.MultipleChoiceField(
        label=_("Channels"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every channel. E-commerce is granted for the whole country only."),
    )
    kind = forms.ChoiceField(label=_("Kind"))
    priority = WholeField(
        label=_("Priority"), low=1, high=99, required=False, help_text=_("Among shared grants: 1 is offered first.")
    )
    contract_number = text_field(_("Contract"), limit=40)

    def __init__(
        self, *args: Any, lines: Choices, zones: Sequence[ZoneLine], is_brands: bool = False, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        kinds = Kind if is_brands else LOCAL_KINDS
        self._offer("line_code", [("", gettext("Every product line")), *lines])
        self._offer("zone_code", [("", "—"), *((zone.code, f"{called(zone)} · {zone.code}") for zone in zones)])
        self._offer("channels", channel_choices())
        self._offer("kind", [(one.value, term("grant_kind", one.value)) for one in kinds])

    def _offer(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)

    def ground(self) -> dict[str, Any]:
        """The facts by the names of the verbs."""
        said = self.cleaned_data
        return {
            "region_code": said["region_code"],
            "zone_code": said["zone_code"],
            "line_code": said["line_code"],
            "sku_codes": tuple(normalised(said["sku_codes"]).replace(",", " ").split()),
            "channels": tuple(said["channels"]) or (EVERY_CHANNEL,),
            "kind": said["kind"],
            "priority": said["priority"] or 1,
            "contract_number": said["contract_number"],
        }

    @staticmethod
    def of(grant: Grant, sku_codes: Sequence[str]) -> dict[str, Any]:
        """The form's values for a grant."""
        return {
            "region_code": grant.region_code,
            "zone_code": grant.zone.code if grant.zone is not None else "",
            "line_code": grant.product_line.code if grant.product_line is not None else "",
            "sku_codes": " ".join(sku_codes),
            "channels": [] if EVERY_CHANNEL in grant.channels else grant.channels,
            "kind": grant.kind,
            "priority": grant.priority,
            "contract_number": grant.contract_number,
        }


class GiveForm(GroundForm):
    """A new grant for a dealer."""

    dealer_code = CodeField(label=_("Dealer"), limit=20, help_text=_("Its code or name."))
    valid_from = DayField(label=_("From"), required=False, help_text=_("Empty: from today."))
    valid_to = DayField(label=_("Ends on"), required=False, help_text=_("The first day it no longer holds."))
    field_order = ["dealer_code", "kind"]

    def __init__(self, *args: Any, dealers: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        offer_codes(self, "dealer_code", dealers)

    def command(self) -> GrantTerritory:
        """What is asked of the map."""
        said = self.cleaned_data
        return GrantTerritory(
            dealer_code=said["dealer_code"], valid_from=said["valid_from"], valid_to=said["valid_to"], **self.ground()
        )


class ChangeGrantForm(GroundForm):
    """What a grant holds from a day on."""

    effective_on = DayField(label=_("Holds from"), required=False, help_text=_("Empty: from today."))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ["effective_on", "kind"]

    def command(self, grant_id: int) -> ChangeGrant:
        """What is asked of the map."""
        said = self.cleaned_data
        return ChangeGrant(grant_id, effective_on=said["effective_on"], version=said["version"], **self.ground())


class EndForm(forms.Form):
    """When a grant ends, and why."""

    ends_on = DayField(label=_("Ends on"), help_text=_("The first day it no longer holds."))
    reason = text_field(_("Reason"), limit=200)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"auto_id": "end_%s", **more})  # three forms stand on one page


class WithdrawForm(forms.Form):
    """Why a grant that has not begun is taken back."""

    reason = text_field(_("Reason"), limit=200)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"auto_id": "withdraw_%s", **more})


class RenewForm(forms.Form):
    """The same ground for another time."""

    valid_to = DayField(label=_("Ends on"), required=False, help_text=_("Empty: without an end."))
    contract_number = text_field(_("Contract"), limit=40, help_text=_("Empty: as before."))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"auto_id": "renew_%s", **more})

    def command(self, grant_id: int) -> RenewGrant:
        """What is asked of the map."""
        return RenewGrant(grant_id, **self.cleaned_data)


class ZoneForm(forms.Form):
    """A zone: its code, its name and the divisions it is made of, one a line."""

    code = text_field(
        _("Code"), limit=20, required=True, help_text=_("Letters, digits and hyphens, for example JN-GX.")
    )
    name = text_field(_("Name"), limit=60, required=True)
    name_en = text_field(_("English name"), limit=80)
    regions = text_field(
        _("Divisions"),
        limit=20_000,
        rows=8,
        required=True,
        help_text=_("One a line: its name or its six digits. A city stands for all of its counties."),
    )
    effective_on = DayField(
        label=_("Holds from"), required=False, help_text=_("For grants that stand on it. Empty: from today.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_regions(self) -> tuple[str, ...]:
        """The codes; lines that name no single division are told all at once."""
        codes, unread = [], []
        for line in self.cleaned_data["regions"].splitlines():
            text = normalised(line)
            if not text:
                continue
            place = None if text.isascii() and text.isdigit() else place_called(text)
            if place is None and not (text.isascii() and text.isdigit()):
                unread.append(text[:40])
            codes.append(place.code if place is not None else text[:6])
        if unread:
            raise forms.ValidationError(
                gettext("These lines name no single division: %(lines)s") % {"lines": "; ".join(unread[:10])}
            )
        return tuple(codes)

    def command(self) -> SaveZone:
        """What is asked of the map."""
        said = self.cleaned_data
        facts = (said["code"], said["name"], said["regions"], said["version"], said["effective_on"])
        return SaveZone(*facts, said["name_en"])


class SupplyForm(forms.Form):
    """Who supplies an outlet from a day on."""

    supplier_code = forms.ChoiceField(label=_("Supplied by"))
    line_code = forms.ChoiceField(label=_("Product line"), required=False)
    effective_on = DayField(
        label=_("Holds from"), required=False, help_text=_("From tomorrow on: both dealers are told before.")
    )
    reason = text_field(_("Reason"), limit=200)

    def __init__(self, *args: Any, lines: Choices, suppliers: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, choices in (
            ("supplier_code", suppliers),
            ("line_code", [("", gettext("Every product line")), *lines]),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = list(choices)

    def command(self, outlet_code: str) -> ChangeSupply:
        """What is asked of the map."""
        return ChangeSupply(outlet_code, **self.cleaned_data)


class GraceForm(forms.Form):
    """How long goods of an ended grant may lie on its ground."""

    grace_days = WholeField(
        label=_("Days of grace"),
        high=3650,
        help_text=_("Goods sold before a grant ended may be found on its ground that much longer."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def command(self) -> ChangeTerritoryRules:
        """What is asked of the map."""
        return ChangeTerritoryRules(**self.cleaned_data)
