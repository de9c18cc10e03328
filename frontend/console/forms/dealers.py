"""Dealers, their papers, addresses, grants and terms as forms."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.ledger.selectors import AccountLine
from billing.ledger.services import AddRebate, PayIn, SetLimit
from core.vault.services import masked_phone, unseal
from dms.dealers.models import Address, Dealer
from dms.dealers.rules import Channel, words_listed
from dms.dealers.services import ChangeDealer, CreateDealer, Delivery, SaveAddress
from frontend.console.forms.pickers import CodeField, RegionField, offer_codes
from frontend.ui.inputs import DayField, MoneyField, WholeField, text_field
from frontend.ui.vocabulary import term


def _tiers() -> list[tuple[str, str]]:
    return [(code, term("tier", code)) for code in Dealer.Tier.values if code != Dealer.Tier.BRAND]


def _channels() -> list[tuple[str, str]]:
    return [(one.value, term("channel", one.value)) for one in Channel]


def _groups_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Price groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of several groups the one first in order gives its prices."),
    )


def _labels_field() -> forms.CharField:
    return text_field(_("Labels"), limit=400, help_text=_("Short words of your own, parted by commas."))


def _offer_groups(form: forms.Form, name: str, groups: Iterable[tuple[str, str]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.MultipleChoiceField):
        field.choices = list(groups)


class DealerForm(forms.Form):
    """A new dealer: who it is, where it hangs, on which terms it trades."""

    code = text_field(_("Dealer code"), limit=20, required=True)
    name = text_field(_("Name in full"), limit=160, required=True)
    short_name = text_field(_("Short name"), limit=40)
    tier = forms.ChoiceField(label=_("Tier"), choices=_tiers)
    parent_code = CodeField(
        label=_("Dealer above"),
        limit=20,
        required=False,
        help_text=_("Its code or name. Empty: directly below the brand."),
    )
    region_code = RegionField()
    channel = forms.ChoiceField(label=_("Channel"), choices=_channels)
    price_groups = _groups_field()
    labels = _labels_field()
    uscc = text_field(
        _("Unified social credit code"), limit=18, help_text=_("18 characters, as on the business licence.")
    )
    contact_name = text_field(_("Contact"), limit=60)
    contact_phone = text_field(_("Phone"), limit=20, help_text=_("Kept encrypted; shown masked."))
    credit_limit = MoneyField(label=_("Credit limit"), required=False)
    terms_days = WholeField(label=_("Days to pay"), required=False, high=3650)
    activates = forms.BooleanField(label=_("May order at once"), required=False)

    def __init__(
        self,
        *args: Any,
        groups: Iterable[tuple[str, str]] = (),
        dealers: Iterable[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer_codes(self, "parent_code", dealers)
        _offer_groups(self, "price_groups", groups)

    def command(self) -> CreateDealer:
        """What is asked of the channel tree."""
        said = dict(self.cleaned_data)
        return CreateDealer(
            **{
                **said,
                "price_groups": tuple(said["price_groups"]),
                "labels": words_listed(said["labels"]),
                "credit_limit": said["credit_limit"] or 0,
                "terms_days": said["terms_days"] or 0,
            }
        )


class ChangeForm(forms.Form):
    """The facts of a dealer; its place in the tree stays. An empty phone stays as it is."""

    name = text_field(_("Name in full"), limit=160, required=True)
    short_name = text_field(_("Short name"), limit=40)
    region_code = RegionField()
    channel = forms.ChoiceField(label=_("Channel"), choices=_channels)
    price_group_codes = _groups_field()
    labels = _labels_field()
    contact_name = text_field(_("Contact"), limit=60)
    contact_phone = text_field(_("New phone"), limit=20, help_text=_("Empty: stays as it is."))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, groups: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "change_%s", **kwargs})  # beside the form of addresses
        _offer_groups(self, "price_group_codes", groups)

    @staticmethod
    def of(dealer: Dealer) -> dict[str, Any]:
        """The form's values for a dealer."""
        names = ("name", "short_name", "region_code", "channel", "contact_name", "version")
        groups = list(dealer.price_groups.values_list("code", flat=True))
        marks = {"price_group_codes": groups, "labels": "、".join(dealer.labels)}
        return {**{name: getattr(dealer, name) for name in names}, **marks}

    def command(self, code: str) -> ChangeDealer:
        """What is asked of the channel tree."""
        said = dict(self.cleaned_data)
        marks = {
            "price_group_codes": tuple(said["price_group_codes"]),
            "labels": words_listed(said["labels"]),
        }
        return ChangeDealer(code, **{**said, **marks, "contact_phone": said["contact_phone"] or None})


class SuspendForm(forms.Form):
    """Why a dealer is stopped or closed."""

    reason = text_field(_("Reason"), limit=200, rows=2)


class AddressForm(forms.Form):
    """Where a dealer takes goods in."""

    label = text_field(_("Name of the place"), limit=40, help_text=_("For example: main store."))
    recipient = text_field(_("Recipient"), limit=60, required=True)
    phone = text_field(_("Phone"), limit=20, required=True, help_text=_("Kept encrypted; shown masked."))
    region_code = RegionField()
    line = text_field(_("Street and number"), limit=200, required=True)
    is_default = forms.BooleanField(label=_("Usual address"), required=False)
    address_id = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**62)

    def __init__(self, *args: Any, before: Address | None = None, **more: Any) -> None:
        """``before``: the address as it stands; its phone is shown masked and stays when it is sent back like that."""
        self.before = before
        first = self.of(before) if before is not None else None
        super().__init__(*args, **{"initial": first, "auto_id": "address_%s", **more})
        self.fields["phone"].required = before is None or bool(unseal(before.phone_sealed))

    @staticmethod
    def of(address: Address) -> dict[str, object]:
        """Its values in an opened form."""
        names = ("label", "recipient", "region_code", "line", "is_default")
        values = {name: getattr(address, name) for name in names}
        return {**values, "address_id": address.pk, "phone": masked_phone(unseal(address.phone_sealed))}

    def command(self, dealer_code: str) -> SaveAddress:
        """What is asked of the channel tree."""
        said = dict(self.cleaned_data)
        address_id = said.pop("address_id")
        if self.before is not None and said["phone"] == masked_phone(unseal(self.before.phone_sealed)):
            said["phone"] = unseal(self.before.phone_sealed)
        return SaveAddress(dealer_code, Delivery(**said), address_id)


class PayInForm(forms.Form):
    """A bank transfer that arrived."""

    amount = MoneyField(label=_("Amount"))
    reference = text_field(
        _("Bank reference"), limit=64, required=True, help_text=_("The same reference is booked once only.")
    )
    received_on = DayField(label=_("Arrived on"), required=False)
    memo = text_field(_("Note"), limit=200)

    def command(self, line: AccountLine) -> PayIn:
        """What is asked of the ledger."""
        return PayIn(buyer_dealer_id=line.buyer_dealer_id, currency=line.currency, **self.cleaned_data)


class RebateForm(forms.Form):
    """A rebate that goes into the buyer's pool."""

    amount = MoneyField(label=_("Amount"))
    reference = text_field(
        _("Settlement number"), limit=64, required=True, help_text=_("The same number is booked once only.")
    )
    reason = text_field(_("Reason for the rebate"), limit=200, required=True)

    def command(self, line: AccountLine, *, tax_rate_bp: int) -> AddRebate:
        """What is asked of the ledger; ``tax_rate_bp`` of the brand's goods."""
        return AddRebate(
            buyer_dealer_id=line.buyer_dealer_id, currency=line.currency, tax_rate_bp=tax_rate_bp, **self.cleaned_data
        )


class LimitForm(forms.Form):
    """New terms of an account."""

    credit_limit = MoneyField(label=_("Credit limit"), required=False)
    terms_days = WholeField(label=_("Days to pay"), required=False, high=3650)
    is_blocked = forms.BooleanField(label=_("Account blocked: no new orders"), required=False)

    def command(self, line: AccountLine) -> SetLimit:
        """What is asked of the ledger."""
        return SetLimit(buyer_dealer_id=line.buyer_dealer_id, currency=line.currency, **self.cleaned_data)
