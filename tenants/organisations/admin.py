"""The operator's windows on the register: organisations, and licences to be verified with the paper beside the form."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from core.files.models import StoredFile
from core.files.rules import Purpose
from core.jobs.uploads import start_over
from core.kernel.actor import Actor
from core.kernel.operators import Ops
from core.kernel.text import N_
from core.web.deedforms import DeedForm, ReasonForm
from core.web.desk import Column, Deed, Scan, Sections, Window, chosen_by, plain, site, words_from
from core.web.subjects import names_subjects
from tenants.organisations.events import LICENCE, ORGANISATION
from tenants.organisations.models import Licence, Organisation
from tenants.organisations.resources import IMPORT, KIND_WORDS
from tenants.organisations.services import (
    VerifyLicence,
    reject_licence,
    rename_organisation,
    verify_licence,
    withdraw_licence,
)

TYPE_WORDS = {
    "BUSINESS": N_("Business licence"),
    "SC": N_("Food production licence (SC)"),
    "JY": N_("Food trade licence (JY)"),
    "PREPACK": N_("Filing for prepacked food"),
    "LIQUOR_WHOLESALE": N_("Liquor wholesale licence"),
    "TRADEMARK_AUTH": N_("Trademark authorisation"),
    "GENERAL_TAXPAYER": N_("General taxpayer"),
}
STATUS_WORDS = {
    "SUBMITTED": N_("To be verified"),
    "VERIFIED": N_("Verified"),
    "REJECTED": N_("Rejected"),
    "EXPIRED": N_("Over"),
    "WITHDRAWN": N_("Withdrawn"),
    "SUPERSEDED": N_("Replaced by a newer one"),
}


class RenameForm(ReasonForm):
    """The name as the register has it."""

    name = forms.CharField(label=gettext_lazy("Registered name"), max_length=160)
    field_order = ("name", "reason")


class TableForm(DeedForm):
    """A spreadsheet to import."""

    table = forms.FileField(
        label=gettext_lazy("Spreadsheet (xlsx or csv)"),
        help_text=gettext_lazy("Columns: unified social credit code, name, kind. What is there stays as it is."),
    )
    is_dry_run = forms.BooleanField(label=gettext_lazy("Only check, change nothing"), required=False, initial=True)


class VerifyForm(DeedForm):
    """What the scan says; it goes over what was typed."""

    valid_from = forms.DateField(
        label=gettext_lazy("Valid from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = forms.DateField(
        label=gettext_lazy("Valid to"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    is_endless = forms.BooleanField(label=gettext_lazy("Has no last day"), required=False)
    scope = forms.CharField(label=gettext_lazy("What it allows"), max_length=200, required=False)


def _rename(actor: Actor, row: Organisation, given: dict[str, Any]) -> None:
    rename_organisation(actor=actor, organisation_id=row.pk, name=given["name"], reason=given["reason"])


def _import(actor: Actor, _: None, given: dict[str, Any]) -> str:
    table, is_dry_run = given["table"], given["is_dry_run"]
    job = start_over(
        actor=actor, kind=IMPORT, upload=table.file, name=table.name, purpose=Purpose.IMPORT, is_dry_run=is_dry_run
    )
    return reverse("admin:jobs_job_change", args=[job.pk])


def _verify(actor: Actor, row: Licence, given: dict[str, Any]) -> None:
    command = VerifyLicence(licence_id=row.pk, **given)
    verify_licence(actor=actor, command=command)


def _reject(actor: Actor, row: Licence, given: dict[str, Any]) -> None:
    reject_licence(actor=actor, licence_id=row.pk, reason=given["reason"])


def _withdraw(actor: Actor, row: Licence, given: dict[str, Any]) -> None:
    withdraw_licence(actor=actor, licence_id=row.pk, reason=given["reason"])


def licences_of(row: Organisation) -> Sections:
    """The organisation's papers, as a section of its page."""
    papers = row.licences.order_by("type", "-submitted_at")
    return [(gettext("Licences"), [_paper(one) for one in papers])]


def _paper(one: Licence) -> tuple[object, ...]:
    words = words_from(TYPE_WORDS, one.type), words_from(STATUS_WORDS, one.status)
    return words[0], one.number, one.valid_from, one.valid_to, words[1]


def _names_of_papers(numbers: Collection[str]) -> dict[str, str]:
    papers = Licence.objects.filter(pk__in=numbers).values_list("pk", "organisation__name", "type", "number")
    return {str(pk): f"{name} · {words_from(TYPE_WORDS, kind)} {number}" for pk, name, kind, number in papers}


def _names_of_organisations(numbers: Collection[str]) -> dict[str, str]:
    return {str(pk): name for pk, name in Organisation.objects.filter(pk__in=numbers).values_list("pk", "name")}


names_subjects(LICENCE, _names_of_papers)
names_subjects(ORGANISATION, _names_of_organisations)


@admin.register(Organisation, site=site)
class OrganisationWindow(Window):
    """Companies and traders, by their USCC. Which brands they deal with is nobody's business here."""

    code = Ops.READ_ORGANISATIONS
    one, many = gettext_lazy("Organisation"), gettext_lazy("Organisations")
    search_fields = ("name", "uscc")
    search_help_text = gettext_lazy("Name or unified social credit code")
    ordering = ("name",)
    columns = (
        plain("name", gettext_lazy("Registered name"), sort=True),
        plain("uscc", gettext_lazy("Unified social credit code"), sort=True),
        Column("kind", gettext_lazy("Kind of organisation"), lambda row: words_from(dict(KIND_WORDS), row.kind)),
        plain("created_at", gettext_lazy("Created"), sort=True),
    )
    list_filter = (
        chosen_by(
            "kind",
            gettext_lazy("Kind of organisation"),
            lambda: [(code, gettext(words)) for code, words in KIND_WORDS.items()],
        ),
    )
    deeds = (
        Deed(
            "rename",
            gettext_lazy("Correct the name"),
            Ops.EDIT_ORGANISATIONS,
            _rename,
            RenameForm,
            initial=lambda row: {"name": row.name},
        ),
    )
    list_deeds = (Deed("import", gettext_lazy("Import organisations"), Ops.EDIT_ORGANISATIONS, _import, TableForm),)

    def sections_of(self, row: Organisation) -> Sections:
        return licences_of(row)


@admin.register(Licence, site=site)
class LicenceWindow(Window):
    """Papers: those that wait come first, the oldest of them at the top."""

    code = Ops.READ_ORGANISATIONS
    one, many = gettext_lazy("Licence"), gettext_lazy("Licences")
    list_select_related = ("organisation",)
    search_fields = ("organisation__name", "organisation__uscc", "number")
    search_help_text = gettext_lazy("Organisation, its code, or the number of the paper")
    ordering = ("-submitted_at",)
    columns = (
        Column("organisation", gettext_lazy("Organisation"), lambda row: row.organisation.name),
        Column("type", gettext_lazy("Paper"), lambda row: words_from(TYPE_WORDS, row.type), sort="type"),
        plain("number", gettext_lazy("Number")),
        plain("valid_to", gettext_lazy("Valid to"), sort=True),
        Column("status", gettext_lazy("State"), lambda row: words_from(STATUS_WORDS, row.status), sort="status"),
        plain("submitted_at", gettext_lazy("Submitted"), sort=True),
    )
    lines = (
        *columns[:3],
        Column("uscc", gettext_lazy("Unified social credit code"), lambda row: row.organisation.uscc),
        plain("valid_from", gettext_lazy("Valid from")),
        plain("valid_to", gettext_lazy("Valid to")),
        plain("scope", gettext_lazy("What it allows")),
        *columns[4:],
        plain("decided_at", gettext_lazy("Decided")),
        plain("reason", gettext_lazy("Reason")),
    )
    list_filter = (
        chosen_by(
            "status", gettext_lazy("State"), lambda: [(code, gettext(words)) for code, words in STATUS_WORDS.items()]
        ),
        chosen_by(
            "type", gettext_lazy("Paper"), lambda: [(code, gettext(words)) for code, words in TYPE_WORDS.items()]
        ),
    )
    deeds = (
        Deed(
            "verify",
            gettext_lazy("Verify"),
            Ops.VERIFY_LICENCES,
            _verify,
            VerifyForm,
            lead=gettext_lazy("Compare number, name and days with the paper. Every brand that deals with it is told."),
            is_open=lambda row: row.status == "SUBMITTED",
            initial=lambda row: {"valid_from": row.valid_from, "valid_to": row.valid_to, "scope": row.scope},
        ),
        Deed(
            "reject",
            gettext_lazy("Reject"),
            Ops.VERIFY_LICENCES,
            _reject,
            lead=gettext_lazy("Whoever sent it reads the reason."),
            is_danger=True,
            is_open=lambda row: row.status == "SUBMITTED",
        ),
        Deed(
            "withdraw",
            gettext_lazy("Withdraw"),
            Ops.VERIFY_LICENCES,
            _withdraw,
            lead=gettext_lazy("Every brand that deals with the organisation is told, and may take no more orders."),
            is_danger=True,
            is_open=lambda row: row.status == "VERIFIED",
        ),
    )

    def title_of(self, row: Licence) -> str:
        return f"{words_from(TYPE_WORDS, row.type)} · {row.organisation.name}"

    def scans_of(self, row: Licence) -> list[Scan]:
        kept = {one.pk: one for one in StoredFile.objects.filter(pk__in=row.file_ids)}
        return [
            Scan(
                url=reverse("desk_scan", args=[row.pk, place]),
                name=kept[file_id].name,
                is_picture=kept[file_id].content_type.startswith("image/"),
            )
            for place, file_id in enumerate(row.file_ids)
            if file_id in kept
        ]
