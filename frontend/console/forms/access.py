"""Invitations, seats, custom roles and stand-ins as forms."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.kernel import clock, regions
from core.kernel.actor import Scope, Side
from core.kernel.text import normalised
from frontend.console.forms.pickers import CodeField, offer_codes
from frontend.ui.codewords import code_choices
from frontend.ui.inputs import DayField, text_field
from frontend.ui.places import name_to_type, place_called
from tenants.access.models import CustomRole, Seat
from tenants.access.roles import ROLE_WORDS, SIDE_ROLES

_IS_CHINESE = re.compile(r"[\d\u4e00-\u9fff]")
"""A code, or a name that is not English."""

Choices = Sequence[tuple[str, str]]


def roles_of(side: Side) -> list[tuple[str, str]]:
    """The roles of one side of the counter, in the table's order."""
    return [(role, gettext(words)) for role, words in ROLE_WORDS.items() if role in SIDE_ROLES[side]]


class RegionsField(forms.CharField):
    """Several divisions by name or six digits, one after the other; kept as codes."""

    widget = forms.TextInput(attrs={"autocomplete": "off"})

    def to_python(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]  # codes, not the text
        """The codes; a name that is not known by itself is refused."""
        parts = re.split(r"[，、;；\n]+", str(super().to_python(value)))
        return tuple(self._code(one) for part in parts for one in self._apart(part) if one.strip())

    def _apart(self, part: str) -> list[str]:
        """At commas too, but not within an English name: Jinan, Shandong is one division and not two."""
        pieces = part.split(",")
        return pieces if all(_IS_CHINESE.search(piece) or not piece.strip() for piece in pieces) else [part]

    def _code(self, part: str) -> str:
        name = normalised(part)
        if name.isascii() and name.isdigit():
            return name
        found = None if _IS_CHINESE.search(name) and "," in name else place_called(name)
        if found is None:
            raise ValidationError(
                gettext("“%(value)s” names no single division. Write its province in front, or its six digits.")
                % {"value": name[:40]}
            )
        return found.code

    def prepare_value(self, value: Any) -> Any:
        """Codes as names; what was typed stays as it was typed."""
        if isinstance(value, (tuple, list)):
            return gettext("; ").join(_name_of(code) for code in value)
        return value


def _name_of(code: str) -> str:
    try:
        return name_to_type(code)
    except regions.UnknownRegion:
        return code


class RolesForm(forms.Form):
    """What a seat may do; ``own`` are the brand's own roles of the side."""

    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, side: Side, own: Iterable[CustomRole] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["roles"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [*roles_of(side), *((role.code, role.name) for role in own)]


class SeatForm(RolesForm):
    """Roles and limits of a seat. Nothing under a limit: no limit of that sort."""

    regions = RegionsField(
        label=_("Only these divisions"),
        required=False,
        max_length=400,
        help_text=_("Several with a comma between them; empty: everywhere."),
    )
    product_lines = forms.MultipleChoiceField(
        label=_("Only these product lines"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: all of them."),
    )
    below = CodeField(
        label=_("Only this dealer and those below"), limit=20, required=False, help_text=_("Its code or name.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, lines: Choices = (), dealers: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_codes(self, "below", dealers)
        field = self.fields["product_lines"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(lines)
            if not lines:
                del self.fields["product_lines"]

    def scope(self, subtree_id: int | None) -> Scope:
        """The limits; ``subtree_id`` is the node of the dealer named."""
        said = self.cleaned_data
        return Scope(tuple(said["regions"]), tuple(said.get("product_lines", ())), subtree_id)


class InviteForm(SeatForm):
    """A seat offered to an account name."""

    account = text_field(
        _("Phone or e-mail"), limit=120, required=True, help_text=_("Only who signs in with it can accept.")
    )
    name = text_field(_("Full name"), limit=60, required=True, help_text=_("As your company calls the person."))
    dealer_code = CodeField(label=_("Dealer"), limit=20, help_text=_("Its code or name."))
    sure = forms.BooleanField(label=_("Yes, offer another seat as well"), required=False)
    field_order = ("account", "name", "dealer_code", "sure", "roles", "regions", "product_lines", "below")

    def __init__(self, *args: Any, side: Side, dealers: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        offered = list(dealers)
        super().__init__(*args, side=side, dealers=offered, **kwargs)
        offer_codes(self, "dealer_code", offered)
        del self.fields["version"]
        if side is Side.BRAND:
            del self.fields["dealer_code"]


class RoleForm(forms.Form):
    """A role of the brand's own."""

    name = text_field(_("Name of the role"), limit=40, required=True)
    codes = forms.MultipleChoiceField(label=_("What it may do"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["codes"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = code_choices(codes)


class LendForm(forms.Form):
    """An absence: who stands in for whom, with what, from when until when."""

    giver = forms.ChoiceField(label=_("Who is away"))
    receiver = forms.ChoiceField(label=_("Who stands in"))
    from_day = DayField(label=_("From"))
    until_day = DayField(label=_("Until and including"))
    reason = text_field(_("Reason"), limit=120, required=True, help_text=_("For example: on leave."))
    codes = forms.MultipleChoiceField(
        label=_("What is handed over"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: everything the seat may do and the stand-in may hold, but for changing seats."),
    )

    def __init__(
        self, *args: Any, givers: Iterable[Seat], receivers: Iterable[Seat], codes: Iterable[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localtime(clock.now()).date()
        for name, seats in (("giver", givers), ("receiver", receivers)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [(str(seat.pk), f"{seat.person_name} · {seat.dealer_name}") for seat in seats]
        field = self.fields["codes"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = code_choices(codes)
        self.fields["from_day"].initial = today
        self.fields["until_day"].initial = today + timedelta(days=7)

    def span(self) -> tuple[datetime, datetime]:
        """From the first day's beginning (or now) to the last day's end."""
        said = self.cleaned_data
        first = timezone.make_aware(datetime.combine(said["from_day"], time.min))
        last = timezone.make_aware(datetime.combine(said["until_day"] + timedelta(days=1), time.min))
        return first, last
