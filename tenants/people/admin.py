"""The operator's windows on people: accounts (masked), sign-ins, operators, and second factors to be taken away."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from core.kernel import clock, operators
from core.kernel.actor import Actor
from core.kernel.operators import Ops
from core.vault.services import CannotUnseal, masked_email, masked_phone, unseal
from core.web.deedforms import ReasonForm
from core.web.desk import Column, Deed, Window, chosen_by, plain, site
from tenants.people import operators as verbs
from tenants.people import rules
from tenants.people.agents import masked_address
from tenants.people.errors import NotAnAccountName
from tenants.people.models import FactorReset, Operator, SignIn, User
from tenants.people.selectors import index_of

ROLES = [(role, gettext_lazy(words)) for role, words in operators.ROLE_WORDS.items()]
STATES = {
    "ASKED": gettext_lazy("Waiting for a second operator"),
    "DONE": gettext_lazy("Taken away"),
    "REFUSED": gettext_lazy("Refused"),
}


def opened(sealed: str) -> str:
    """What was sealed; empty where the key is no longer held."""
    try:
        return unseal(sealed)
    except CannotUnseal:
        return ""


def _masked_number(person: User) -> str:
    return masked_phone(opened(person.phone_sealed).removeprefix("+86"))


def role_words(roles: list[str]) -> str:
    """The roles in the present language."""
    return "、".join(gettext(operators.ROLE_WORDS[role]) for role in roles if role in operators.ROLE_WORDS)


def _lock(actor: Actor, person: User, given: dict[str, Any]) -> None:
    verbs.lock_person(actor=actor, person_id=person.pk, reason=given["reason"])


def _unlock(actor: Actor, person: User, given: dict[str, Any]) -> None:
    verbs.unlock_person(actor=actor, person_id=person.pk, reason=given["reason"])


def _sign_out(actor: Actor, person: User, given: dict[str, Any]) -> None:
    verbs.sign_out_everywhere(actor=actor, person_id=person.pk, reason=given["reason"])


def _ask_reset(actor: Actor, person: User, given: dict[str, Any]) -> str:
    verbs.ask_factor_reset(actor=actor, person_id=person.pk, reason=given["reason"])
    return reverse("admin:people_factorreset_changelist")


def _agree(actor: Actor, asked: FactorReset, given: dict[str, Any]) -> None:
    verbs.decide_factor_reset(actor=actor, reset_id=asked.pk, agrees=True, reason=given["reason"])


def _refuse(actor: Actor, asked: FactorReset, given: dict[str, Any]) -> None:
    verbs.decide_factor_reset(actor=actor, reset_id=asked.pk, agrees=False, reason=given["reason"])


class RolesForm(ReasonForm):
    """Which roles an operator holds from now on."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=ROLES,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Who runs, who grants and who looks on are different people."),
    )
    field_order: Iterable[str] | None = ("roles", "reason")


class AppointForm(RolesForm):
    """Whom to let in."""

    identifier = forms.CharField(label=gettext_lazy("Mobile number or e-mail"), max_length=200)
    field_order = ("identifier", "roles", "reason")


def _appoint(actor: Actor, _: None, given: dict[str, Any]) -> str:
    person = verbs.person_to_appoint(rules.account_name(given["identifier"]))
    found = verbs.appoint_operator(actor=actor, person_id=person.pk, roles=given["roles"], reason=given["reason"])
    return reverse("admin:people_operator_change", args=[found.pk])


def _change_roles(actor: Actor, found: Operator, given: dict[str, Any]) -> None:
    verbs.appoint_operator(actor=actor, person_id=found.pk, roles=given["roles"], reason=given["reason"])


def _dismiss(actor: Actor, found: Operator, given: dict[str, Any]) -> None:
    verbs.dismiss_operator(actor=actor, person_id=found.pk, reason=given["reason"])


@admin.register(User, site=site)
class PersonWindow(Window):
    """Accounts: found by name, or by the whole number or address; numbers and addresses are masked."""

    code = Ops.READ_PEOPLE
    one, many = gettext_lazy("Person"), gettext_lazy("People")
    search_fields = ("name",)
    search_help_text = gettext_lazy("Name, or a whole mobile number or e-mail")
    ordering = ("-created_at",)
    columns = (
        plain("name", gettext_lazy("Name"), sort=True),
        Column("phone", gettext_lazy("Mobile number"), _masked_number),
        Column("email", gettext_lazy("E-mail"), lambda row: masked_email(opened(row.email_sealed))),
        Column("active", gettext_lazy("May sign in"), lambda row: row.is_active, is_flag=True),
        Column("factor", gettext_lazy("Second factor"), lambda row: row.has_second_factor, is_flag=True),
        plain("created_at", gettext_lazy("Created"), sort=True),
    )
    lines = (
        *columns,
        plain("language", gettext_lazy("Language")),
        plain("password_changed_at", gettext_lazy("Password changed")),
        plain("erased_at", gettext_lazy("Erased")),
        Column("id", gettext_lazy("Number"), lambda row: str(row.pk)),
    )
    list_filter = (
        chosen_by(
            "open",
            gettext_lazy("Account"),
            lambda: [("1", gettext("May sign in")), ("0", gettext("Locked"))],
            "is_active",
        ),
    )
    deeds = (
        Deed(
            "lock",
            gettext_lazy("Lock the account"),
            Ops.EDIT_PEOPLE,
            _lock,
            lead=gettext_lazy("They cannot sign in any more, and every session ends at once."),
            is_danger=True,
            is_open=lambda row: row.is_active and row.erased_at is None,
        ),
        Deed(
            "unlock",
            gettext_lazy("Unlock the account"),
            Ops.EDIT_PEOPLE,
            _unlock,
            is_open=lambda row: not row.is_active and row.erased_at is None,
        ),
        Deed(
            "sign-out",
            gettext_lazy("End every session"),
            Ops.EDIT_PEOPLE,
            _sign_out,
            lead=gettext_lazy("On all hosts and all devices, at once. They may sign in again."),
        ),
        Deed(
            "factor",
            gettext_lazy("Take the second factor away"),
            Ops.EDIT_PEOPLE,
            _ask_reset,
            lead=gettext_lazy("For somebody who lost telephone and recovery codes. Another operator has to agree."),
            is_danger=True,
            is_open=lambda row: row.has_second_factor,
        ),
    )

    def title_of(self, row: User) -> str:
        return row.name or gettext("Erased person")

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[User]", search_term: str
    ) -> "tuple[QuerySet[User], bool]":
        """By name, or by the blind index of a whole account name."""
        try:
            name = rules.account_name(search_term)
        except NotAnAccountName:
            return queryset.filter(name__icontains=search_term), False
        column = "phone_index" if name.means is rules.Means.PHONE else "email_index"
        return queryset.filter(**{column: index_of(name)}), False


@admin.register(SignIn, site=site)
class SignInWindow(Window):
    """Who proved who they are, when, on what device."""

    code = Ops.READ_PEOPLE
    one, many = gettext_lazy("Sign-in"), gettext_lazy("Sign-ins")
    list_select_related = ("person",)
    ordering = ("-started_at",)
    search_fields = ("person__name",)
    search_help_text = gettext_lazy("Name")
    columns = (
        plain("started_at", gettext_lazy("Signed in"), sort=True),
        Column("person", gettext_lazy("Person"), lambda row: row.person.name),
        plain("agent", gettext_lazy("Device")),
        Column("network", gettext_lazy("From"), lambda row: masked_address(opened(row.address_sealed))),
        Column("factor", gettext_lazy("Second factor"), lambda row: row.second_factor_at is not None, is_flag=True),
        plain("seen_at", gettext_lazy("Last seen"), sort=True),
        plain("ended_at", gettext_lazy("Ended")),
    )

    def title_of(self, row: SignIn) -> str:
        return row.person.name


@admin.register(Operator, site=site)
class OperatorWindow(Window):
    """Who runs the platform."""

    code = Ops.READ_OPERATORS
    one, many = gettext_lazy("Operator"), gettext_lazy("Operators")
    list_select_related = ("person",)
    ordering = ("since",)
    columns = (
        Column("name", gettext_lazy("Name"), lambda row: row.person.name, sort="person__name"),
        Column("roles", gettext_lazy("Roles"), lambda row: role_words(row.roles)),
        Column("factor", gettext_lazy("Second factor"), lambda row: row.person.has_second_factor, is_flag=True),
        plain("since", gettext_lazy("Since"), sort=True),
        plain("ended_at", gettext_lazy("Ended")),
    )
    list_deeds = (Deed("appoint", gettext_lazy("Appoint an operator"), Ops.EDIT_OPERATORS, _appoint, AppointForm),)
    deeds = (
        Deed(
            "roles",
            gettext_lazy("Change the roles"),
            Ops.EDIT_OPERATORS,
            _change_roles,
            RolesForm,
            initial=lambda row: {"roles": row.roles},
        ),
        Deed(
            "dismiss",
            gettext_lazy("Dismiss"),
            Ops.EDIT_OPERATORS,
            _dismiss,
            is_danger=True,
            is_open=lambda row: row.ended_at is None,
        ),
    )

    def title_of(self, row: Operator) -> str:
        return row.person.name


@admin.register(FactorReset, site=site)
class FactorResetWindow(Window):
    """Second factors somebody asked to take away: another operator agrees or refuses."""

    code = Ops.READ_PEOPLE
    one, many = gettext_lazy("Second factor to take away"), gettext_lazy("Second factors to take away")
    list_select_related = ("person",)
    ordering = ("-asked_at",)
    columns = (
        plain("asked_at", gettext_lazy("Asked"), sort=True),
        Column("person", gettext_lazy("Person"), lambda row: row.person.name),
        Column("status", gettext_lazy("State"), lambda row: STATES[row.status]),
        plain("reason", gettext_lazy("Reason")),
        plain("expires_at", gettext_lazy("Until")),
    )
    deeds = (
        Deed(
            "agree",
            gettext_lazy("Agree"),
            Ops.EDIT_PEOPLE,
            _agree,
            lead=gettext_lazy("The second factor and its recovery codes are gone at once; the person is told."),
            is_danger=True,
            is_open=lambda row: row.status == "ASKED" and row.expires_at > clock.now(),
        ),
        Deed("refuse", gettext_lazy("Refuse"), Ops.EDIT_PEOPLE, _refuse, is_open=lambda row: row.status == "ASKED"),
    )

    def title_of(self, row: FactorReset) -> str:
        return row.person.name
