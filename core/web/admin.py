"""The operator's window on what happened: the audit trail of the public schema, operators' acts first of all."""

import json
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from core.events.models import Event
from core.kernel.operators import Ops
from core.web.desk import Column, Window, plain, site


def _reason(row: Event) -> object:
    return row.payload.get("reason") or None


def _payload(row: Event) -> str:
    return json.dumps(row.payload, ensure_ascii=False, sort_keys=True)


@admin.register(Event, site=site)
class EventWindow(Window):
    """Every happening of the public schema, with who did it and why."""

    code = Ops.READ_AUDIT
    one, many = gettext_lazy("Happening"), gettext_lazy("Audit trail")
    ordering = ("-at",)
    search_fields = ("kind", "aggregate_id")
    search_help_text = gettext_lazy("Kind of happening, or the number it is about")
    columns = (
        plain("at", gettext_lazy("When"), sort=True),
        plain("kind", gettext_lazy("What"), sort=True),
        Column("about", gettext_lazy("About"), lambda row: f"{row.aggregate_type} {row.aggregate_id}"),
        Column("who", gettext_lazy("Who"), lambda row: getattr(row, "who", None) or row.person_id),
        Column("reason", gettext_lazy("Reason"), _reason),
    )
    lines = (
        *columns,
        Column("payload", gettext_lazy("Details"), _payload),
        plain("request_id", gettext_lazy("Request")),
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        person = get_user_model().objects.filter(pk=OuterRef("person_id"))
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.annotate(who=Subquery(person.values("name")[:1]))

    def title_of(self, row: Event) -> str:
        return row.kind
