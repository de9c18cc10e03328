"""The operator's window on what happened: the audit trail of the public schema, operators' acts first of all."""

import json
from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Case, CharField, OuterRef, Q, QuerySet, Subquery, UUIDField, When
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from core.events.models import Event
from core.kernel.operators import Ops
from core.kernel.text import N_
from core.web.desk import Column, Window, plain, site, words_from
from core.web.subjects import name_all

KIND_WORDS = {
    "access.first_administrator_invited.v1": N_("First administrator invited"),
    "brands.announcement_published.v1": N_("Announcement published"),
    "brands.announcement_withdrawn.v1": N_("Announcement withdrawn"),
    "brands.brand_created.v1": N_("Brand written down"),
    "brands.brand_opened.v1": N_("Brand opened"),
    "brands.brand_state_changed.v1": N_("Brand opened or closed"),
    "brands.brand_look_changed.v1": N_("Portal appearance changed"),
    "brands.brand_listed.v1": N_("Brand listed or taken out of the directory"),
    "brands.brand_exported.v1": N_("Brand exported"),
    "brands.brand_imported.v1": N_("Brand imported"),
    "brands.brand_deleted.v1": N_("Brand deleted"),
    "brands.domain_added.v1": N_("Host claimed"),
    "brands.domain_checked.v1": N_("Host verified"),
    "brands.domain_lost.v1": N_("Host without its record"),
    "brands.domain_removed.v1": N_("Host removed"),
    "brands.second_factor_required.v1": N_("Duty of a second factor changed"),
    "events.delivery_dropped.v1": N_("Delivery of an event dropped"),
    "events.delivery_retried.v1": N_("Delivery of an event tried again"),
    "jobs.job_stopped.v1": N_("Job stopped"),
    "jobs.list_exported.v1": N_("List taken out as a file"),
    "organisations.licence_submitted.v1": N_("Licence submitted"),
    "organisations.licence_verified.v1": N_("Licence verified"),
    "organisations.licence_rejected.v1": N_("Licence rejected"),
    "organisations.licence_withdrawn.v1": N_("Licence withdrawn"),
    "organisations.licence_expired.v1": N_("Licence over"),
    "organisations.licence_told.v1": N_("Licence told to a brand"),
    "organisations.organisation_renamed.v1": N_("Name of an organisation corrected"),
    "people.address_changed.v1": N_("Mobile number or e-mail of a person changed"),
    "people.address_proved.v1": N_("Mobile number or e-mail of a person proved"),
    "people.address_removed.v1": N_("Mobile number or e-mail of a person taken away"),
    "people.data_read_out.v1": N_("Data of a person read out"),
    "people.factor_reset_asked.v1": N_("Removal of a second factor asked for"),
    "people.factor_reset_done.v1": N_("Second factor removed"),
    "people.factor_reset_refused.v1": N_("Removal of a second factor refused"),
    "people.operator_appointed.v1": N_("Operator appointed"),
    "people.operator_dismissed.v1": N_("Operator dismissed"),
    "people.person_erased.v1": N_("Person erased"),
    "people.person_locked.v1": N_("Account locked"),
    "people.person_unlocked.v1": N_("Account unlocked"),
    "people.person_signed_out.v1": N_("Person signed out everywhere"),
}
"""What happened, in words; a kind that is not here prints itself."""
SUBJECT_WORDS = {
    "announcement": N_("Announcement"),
    "brand": N_("Brand"),
    "delivery": N_("Delivery"),
    "job": N_("Job"),
    "licence": N_("Licence"),
    "list_export": N_("List"),
    "organisation": N_("Organisation"),
    "person": N_("Person"),
}


def _reason(row: Event) -> object:
    return row.payload.get("reason") or None


def _payload(row: Event) -> str:
    return json.dumps(row.payload, ensure_ascii=False, sort_keys=True)


def _about(row: Any) -> str:
    return f"{words_from(SUBJECT_WORDS, row.aggregate_type)} {row.whom or row.subject or row.aggregate_id}"


def _who(row: Any) -> str:
    return row.who or row.doer or (str(row.person_id) if row.person_id else gettext("The system"))


@admin.register(Event, site=site)
class EventWindow(Window):
    """Every happening of the public schema, with who did it and why."""

    code = Ops.READ_AUDIT
    one, many = gettext_lazy("Happening"), gettext_lazy("Audit trail")
    ordering = ("-at",)
    search_fields = ("kind",)
    search_help_text = gettext_lazy("Who, kind of happening, or the number it is about")
    columns = (
        plain("at", gettext_lazy("When"), sort=True),
        Column("kind", gettext_lazy("What"), lambda row: words_from(KIND_WORDS, row.kind), sort="kind"),
        Column("about", gettext_lazy("About"), _about),
        Column("who", gettext_lazy("Who"), _who),
        Column("reason", gettext_lazy("Reason"), _reason),
    )
    lines = (
        *columns,
        Column("code", gettext_lazy("Kind"), lambda row: row.kind),
        Column("number", gettext_lazy("Number"), lambda row: row.aggregate_id),
        Column("payload", gettext_lazy("Details"), _payload),
        plain("request_id", gettext_lazy("Request")),
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """With the names of who did it and whom it was about, where they are people: each found by its key."""
        people = get_user_model().objects
        rows: QuerySet[Any] = super().get_queryset(request)
        # A CASE, since only a person's number is sure to be one; the other way round no index would fit.
        number = Case(When(aggregate_type="person", then=Cast("aggregate_id", UUIDField())), output_field=UUIDField())
        done_by, about = people.filter(pk=OuterRef("person_id")), people.filter(pk=OuterRef("about_id"))
        named: QuerySet[Any] = rows.annotate(about_id=number).annotate(
            who=Subquery(done_by.values("name")[:1]), whom=Subquery(about.values("name")[:1])
        )
        return named

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> "tuple[QuerySet[Any], bool]":
        """By who did it, whom it was about, kind or number; people are looked through once."""
        if not search_term:
            return queryset, False
        kinds = [kind for kind, words in KIND_WORDS.items() if search_term in gettext(words)]
        called = get_user_model().objects.filter(name__icontains=search_term)
        numbers = called.annotate(number=Cast("pk", CharField())).values("number")
        wanted = Q(kind__icontains=search_term) | Q(kind__in=kinds) | Q(aggregate_id__iexact=search_term)
        people = Q(person_id__in=called.values("pk")) | Q(aggregate_type="person", aggregate_id__in=numbers)
        return queryset.filter(wanted | people), False

    def complete(self, rows: Sequence[Any]) -> None:
        name_all(rows)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Event | None:
        """One row, named as in the list."""
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            name_all([row])
        return row

    def title_of(self, row: Event) -> str:
        return words_from(KIND_WORDS, row.kind)
