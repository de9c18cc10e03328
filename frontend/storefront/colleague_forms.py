"""Colleagues as forms: an invitation, the roles of a seat, a stand-in."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.kernel.actor import Actor, Side
from core.kernel.errors import DomainError
from core.web.refusals import words_of
from tenants.access.errors import DutiesCollide
from tenants.access.models import Seat
from tenants.access.permissions import Permission
from tenants.access.roles import ADMINISTRATORS, ROLE_CODES, ROLE_WORDS, SIDE_ROLES


def role_choices() -> list[tuple[str, str]]:
    """The roles of a dealer's or outlet's people, in the table's order."""
    return [(role, gettext(words)) for role, words in ROLE_WORDS.items() if role in SIDE_ROLES[Side.DEALER]]


def put_on(form: forms.Form, refusal: DomainError, fields: dict[str, str] | None = None) -> None:
    """Write every fault of a refusal beside its field, or above the form."""
    for fault in refusal.problems():
        name = (fields or {}).get(fault.field or "", fault.field)
        words = words_of(fault)
        if isinstance(fault, DutiesCollide) and name == "work":
            words = gettext("One person must not do both kinds of work. Hand over less.")
        form.add_error(name if name in form.fields else None, words)


class RolesForm(forms.Form):
    """What a colleague may do."""

    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, own: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["roles"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [*role_choices(), *own]


class InviteForm(RolesForm):
    """A seat offered to an account name."""

    account = forms.CharField(
        label=_("Phone or e-mail"),
        max_length=120,
        help_text=_("Only who signs in with it can accept."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    name = forms.CharField(label=_("Full name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    field_order = ("account", "name", "roles")


class LendForm(forms.Form):
    """An absence: who stands in, for which part of one's work, from when until when."""

    receiver = forms.ChoiceField(label=_("Who stands in"))
    from_day = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until_day = forms.DateField(
        label=_("Until and including"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=_("Reason"), max_length=120, help_text=_("For example: on leave."))
    work = forms.MultipleChoiceField(
        label=_("Which work"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of it, what your own seat may do."),
    )

    def __init__(self, *args: Any, actor: Actor, colleagues: Iterable[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localtime(clock.now()).date()
        self.fields["from_day"].initial, self.fields["until_day"].initial = today, today + timedelta(days=7)
        receiver, work = self.fields["receiver"], self.fields["work"]
        if isinstance(receiver, forms.ChoiceField) and isinstance(work, forms.MultipleChoiceField):
            receiver.choices = [(str(seat.pk), seat.person_name) for seat in colleagues]
            work.choices = [
                (role, words)
                for role, words in role_choices()
                if role not in ADMINISTRATORS and ROLE_CODES[role] & actor.codes
            ]
        self.own_codes = actor.codes - {Permission.EDIT}

    def codes(self) -> list[str]:
        """What is handed over: the codes of the work ticked that the seat has itself."""
        wanted = frozenset[str]().union(*(ROLE_CODES[role] for role in self.cleaned_data["work"]))
        return sorted(wanted & self.own_codes)

    def span(self) -> tuple[datetime, datetime]:
        """From the first day's beginning to the last day's end."""
        said = self.cleaned_data
        first = timezone.make_aware(datetime.combine(said["from_day"], time.min))
        return first, timezone.make_aware(datetime.combine(said["until_day"] + timedelta(days=1), time.min))
