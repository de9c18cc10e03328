"""What is done with a policy once it is written: the decision, a stop, coupons; and the simulator's question."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.catalogue.selectors import named_skus
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from core.kernel.text import normalised
from core.web.refusals import words_of
from frontend.console.forms.pickers import CodeField, offer_codes
from frontend.console.forms.policy_fields import CodesField
from frontend.ui.inputs import DayField, WholeField, text_field
from ordering.orders.paste import parse_paste
from ordering.promotions.selectors import SimulatedLine
from ordering.promotions.services import CouponAsk


class DecideForm(forms.Form):
    """Approve, or send back with a reason."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = text_field(_("Word to the writers"), limit=200, help_text=_("Needed to send it back."))


class CouponForm(forms.Form):
    """Coupons of one policy: one for each dealer named, or one for everybody."""

    code = forms.CharField(
        label=_("Coupon code"), max_length=30, required=False, help_text=_("Empty: one is made that nobody guesses.")
    )
    dealers = CodesField(
        label=_("For these dealers"), help_text=_("Each gets one of its own. Empty: whoever names the code.")
    )
    most_uses = WholeField(label=_("Uses in all"), low=1, required=False)
    most_each = WholeField(label=_("Uses of one dealer"), low=1, required=False)
    ends_on = DayField(label=_("Last day"), required=False, help_text=_("Empty: as long as the policy."))

    def __init__(self, *args: Any, dealers: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["dealers"]
        if isinstance(field, CodesField):
            field.options = tuple(dealers)

    def clean(self) -> dict[str, Any]:
        """A code is one coupon: several dealers cannot each get it as their own."""
        said = self.cleaned_data
        if said.get("code") and len(said.get("dealers", [])) > 1:
            self.add_error(
                "code", gettext("One code is one coupon. Leave it empty to give several dealers one each, or name one.")
            )
        return said

    def asks(self, zone: str) -> list[CouponAsk]:
        """What is asked of the room."""
        said = self.cleaned_data
        day: date | None = said["ends_on"]
        ends_at = clock.end_of_day(day, zone) if day else None
        houses = said["dealers"] or [""]
        codes = [said["code"]] if len(houses) == 1 else ["" for _house in houses]
        return [
            CouponAsk(code, house, said["most_uses"], said["most_each"], ends_at)
            for code, house in zip(codes, houses, strict=True)
        ]


class SimulatorForm(forms.Form):
    """A dealer, a cart or an order of the past, a day, and what is tried."""

    dealer = CodeField(label=_("Dealer"), limit=20)
    lines = forms.CharField(
        label=_("Cart"),
        required=False,
        max_length=60_000,
        help_text=_("One product a line, as in the order pad: name or code, quantity."),
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
    )
    order = forms.CharField(
        label=_("Or an order of the past"),
        required=False,
        max_length=30,
        help_text=_("Its number, or a part of it."),
    )
    day = DayField(label=_("Day"), required=False, help_text=_("Empty: now. Else the end of that day."))
    draft = forms.ChoiceField(label=_("Try a draft"), required=False)
    coupons = CodesField(label=_("Coupons"), rows=1)
    is_first_order = forms.BooleanField(label=_("As a first order"), required=False)

    def __init__(
        self,
        *args: Any,
        dealers: Iterable[tuple[str, str]] = (),
        drafts: Sequence[tuple[str, str]] = (),
        reads_orders: bool = True,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        if not reads_orders:
            del self.fields["order"]
        offer_codes(self, "dealer", dealers)
        field = self.fields["draft"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", gettext("Only what rules")), *drafts]

    def clean(self) -> dict[str, Any]:
        """A cart or an order has to be there."""
        said = super().clean() or {}
        if not said.get("lines") and not said.get("order"):
            self.add_error("lines", gettext("Write a cart, or the number of an order."))
        return said

    def cart(self, actor: Actor) -> tuple[SimulatedLine, ...]:
        """The lines as pasted; what cannot be read stands on the form."""
        try:
            pasted = parse_paste(self.cleaned_data["lines"])
        except DomainError as refusal:
            self.add_error("lines", words_of(refusal))
            return ()
        found, lines = named_skus(actor, [one.term for one in pasted]), []
        for one in pasted:
            sku = found[one.term].sku
            said = {"line": one.number, "text": normalised(one.raw)[:60]}
            if sku is None and found[one.term].candidates:
                meant = " / ".join(f"{other.name} ({other.code})" for other in found[one.term].candidates)
                more = {**said, "names": meant}
                self.add_error("lines", gettext("Line %(line)s, %(text)s: which one? %(names)s") % more)
            elif sku is None or one.problem is not None or one.quantity is None:
                self.add_error("lines", gettext("Line %(line)s cannot be read: %(text)s") % said)
            else:
                lines.append(SimulatedLine(sku.code, one.quantity, one.unit))
        return tuple(lines)

    def at(self, zone: str) -> datetime | None:
        """The instant it is asked for; None: now."""
        day: date | None = self.cleaned_data["day"]
        return clock.end_of_day(day, zone) - timedelta(microseconds=1) if day else None
