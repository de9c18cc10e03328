"""The operator's windows on brands: their portals, hosts and schemas, and what the platform tells them."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from core.kernel.operators import Ops
from core.kernel.text import N_
from core.vault.services import masked_name
from core.web.desk import Column, Sections, Window, chosen_by, plain, site, words_from
from core.web.subjects import names_doers
from tenants.brands.addresses import address_of
from tenants.brands.desk_deeds import ANNOUNCEMENT, ANNOUNCEMENTS, BRAND, BRANDS, DOMAIN
from tenants.brands.models import Announcement, Brand, Domain, SchemaState
from tenants.organisations.events import LICENCE_SUBMITTED
from tenants.organisations.models import Licence
from tenants.people.models import User

STATE_WORDS = {
    "PROVISIONING": N_("Being set up"),
    "ACTIVE": N_("In service"),
    "READ_ONLY": N_("Read-only"),
    "SUSPENDED": N_("Suspended"),
    "DELETING": N_("Being deleted"),
    "DELETED": N_("Deleted"),
}
SCHEMA_WORDS = {
    "CURRENT": N_("Up to date"),
    "BEHIND": N_("Behind"),
    "RUNNING": N_("Being migrated"),
    "FAILED": N_("Failed"),
}
FAULT_WORDS = {
    "brands.record_missing": N_("No record"),
    "brands.record_differs": N_("Another record"),
    "brands.record_gone": N_("Record gone for days"),
    "brands.zone_silent": N_("Name servers silent"),
    "brands.host_taken": N_("Another portal's"),
}


TONE_WORDS = {"INFO": N_("Information"), "WARNING": N_("Warning")}
SIDE_WORDS = {"brand": N_("Brands' staff"), "dealer": N_("Dealers"), "both": N_("Everybody")}


def _senders(numbers: Collection[str]) -> dict[str, str]:
    """Whose people sent these papers in: the brand's portal, and the person as far as two are told apart."""
    papers = list(Licence.objects.filter(pk__in=numbers).values_list("pk", "submitted_in", "submitted_by"))
    brands = dict(Brand.objects.filter(schema_name__in={one[1] for one in papers}).values_list("schema_name", "name"))
    people = User.objects.filter(pk__in={one[2] for one in papers if one[2]}).values_list("pk", "name")
    masked: dict[UUID | None, str] = {pk: masked_name(name) for pk, name in people}
    named = {pk: (brands.get(schema, schema), masked.get(person, "")) for pk, schema, person in papers}
    return {str(pk): " · ".join(filter(None, words)) for pk, words in named.items()}


names_doers(LICENCE_SUBMITTED, _senders)


def _host(row: Brand) -> str:
    return next((domain.domain for domain in row.domains.all() if domain.is_primary), "")


def _home(row: Brand) -> object:
    host = _host(row)
    return format_html('<a href="{}/">{}</a>', address_of(host), host) if host else None


def _language(row: Brand) -> str:
    return dict(settings.LANGUAGES).get(row.language, row.language)


def _hosts(row: Brand) -> Sections:
    rows = [
        (
            format_html('<a href="{}">{}</a>', reverse("admin:brands_domain_change", args=[one.pk]), one.domain),
            gettext("Verified") if one.verified_at else gettext("Not verified"),
            words_from(FAULT_WORDS, one.fault),
        )
        for one in row.domains.all()
    ]
    return [(gettext("Hosts"), rows)]


def _told(row: Announcement) -> str:
    if row.audience == Announcement.Audience.ALL:
        return gettext("All brands")
    names = Brand.objects.filter(public_id__in=row.brand_ids).order_by("name").values_list("name", flat=True)
    return "、".join(names)


@admin.register(Brand, site=site)
class BrandWindow(Window):
    """Brands: opened, closed with a reason, deleted with an archive. What they sell and to whom is not seen here."""

    code = Ops.READ_BRANDS
    one, many = gettext_lazy("Brand"), gettext_lazy("Brands")
    search_fields = ("name", "name_en", "slug", "domains__domain")
    search_help_text = gettext_lazy("Name, short name or host")
    ordering = ("name",)
    list_prefetch_related = ("domains",)
    columns = (
        Column("name", gettext_lazy("Brand"), str, sort="name"),
        plain("slug", gettext_lazy("Short name"), sort=True),
        Column("state", gettext_lazy("State"), lambda row: words_from(STATE_WORDS, row.state), sort="state"),
        Column("home", gettext_lazy("Host"), _home, bare=_host),
        Column("listed", gettext_lazy("In the directory"), lambda row: row.is_listed, is_flag=True),
        plain("created_at", gettext_lazy("Created"), sort=True),
    )
    lines = (
        Column("name", gettext_lazy("Brand"), str),
        plain("name_en", gettext_lazy("Name in English")),
        plain("slug", gettext_lazy("Short name")),
        plain("schema_name", gettext_lazy("Schema")),
        Column("state", gettext_lazy("State"), lambda row: words_from(STATE_WORDS, row.state)),
        plain("state_reason", gettext_lazy("Reason, as its visitors read it")),
        Column("home", gettext_lazy("Host"), _home),
        plain("currency", gettext_lazy("Currency")),
        Column("language", gettext_lazy("Language"), _language),
        plain("time_zone", gettext_lazy("Time zone")),
        Column(
            "factor",
            gettext_lazy("Staff need a second factor"),
            lambda row: row.requires_second_factor,
            is_flag=True,
        ),
        Column("listed", gettext_lazy("In the directory"), lambda row: row.is_listed, is_flag=True),
        plain("created_at", gettext_lazy("Created")),
        plain("deleted_at", gettext_lazy("Deleted at")),
    )
    list_filter = (
        chosen_by(
            "state", gettext_lazy("State"), lambda: [(code, gettext(words)) for code, words in STATE_WORDS.items()]
        ),
    )
    deeds = BRAND
    list_deeds = BRANDS

    def sections_of(self, row: Brand) -> Sections:
        return _hosts(row)

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).prefetch_related("domains")


@admin.register(Domain, site=site)
class DomainWindow(Window):
    """Hosts: the platform's own, and those that brands claim by a record in their zone."""

    code = Ops.READ_BRANDS
    one, many = gettext_lazy("Host"), gettext_lazy("Hosts")
    list_select_related = ("tenant",)
    search_fields = ("domain", "tenant__name")
    search_help_text = gettext_lazy("Host or brand")
    ordering = ("domain",)
    columns = (
        plain("domain", gettext_lazy("Host"), sort=True),
        Column("brand", gettext_lazy("Brand"), lambda row: row.tenant.name, sort="tenant__name"),
        Column("primary", gettext_lazy("First host"), lambda row: row.is_primary, is_flag=True),
        plain("verified_at", gettext_lazy("Verified"), sort=True),
        plain("checked_at", gettext_lazy("Last checked")),
        Column("fault", gettext_lazy("Fault"), lambda row: words_from(FAULT_WORDS, row.fault) or None),
    )
    lines = (
        *columns,
        plain("missing_since", gettext_lazy("Record missing since")),
        plain("challenge", gettext_lazy("Value of the record")),
    )
    list_filter = (
        chosen_by(
            "fault", gettext_lazy("Fault"), lambda: [(code, gettext(words)) for code, words in FAULT_WORDS.items()]
        ),
    )
    deeds = DOMAIN


@admin.register(SchemaState, site=site)
class SchemaStateWindow(Window):
    """How far every brand's tables are."""

    code = Ops.READ_BRANDS
    one, many = gettext_lazy("Schema"), gettext_lazy("State of the schemas")
    search_fields = ("schema_name",)
    search_help_text = gettext_lazy("Schema")
    ordering = ("status", "schema_name")
    columns = (
        plain("schema_name", gettext_lazy("Schema"), sort=True),
        Column("status", gettext_lazy("State"), lambda row: words_from(SCHEMA_WORDS, row.status), sort="status"),
        plain("finished_at", gettext_lazy("Migrated"), sort=True),
        Column(
            "seconds",
            gettext_lazy("Seconds"),
            lambda row: f"{row.seconds:.1f}" if row.seconds is not None else None,
            sort="seconds",
        ),
        plain("error", gettext_lazy("Fault")),
    )
    lines = (*columns, plain("fingerprint", gettext_lazy("Fingerprint")))
    list_filter = (
        chosen_by(
            "status", gettext_lazy("State"), lambda: [(code, gettext(words)) for code, words in SCHEMA_WORDS.items()]
        ),
    )


@admin.register(Announcement, site=site)
class AnnouncementWindow(Window):
    """What the portals are told: a line above every page, put away by whoever has read it."""

    code = Ops.READ_ANNOUNCEMENTS
    one, many = gettext_lazy("Announcement"), gettext_lazy("Announcements")
    ordering = ("-from_at",)
    columns = (
        plain("title", gettext_lazy("Title")),
        Column("tone", gettext_lazy("Tone"), lambda row: words_from(TONE_WORDS, row.tone)),
        Column("sides", gettext_lazy("For whom"), lambda row: words_from(SIDE_WORDS, row.sides)),
        plain("from_at", gettext_lazy("From"), sort=True),
        plain("until_at", gettext_lazy("Until"), sort=True),
        plain("withdrawn_at", gettext_lazy("Withdrawn")),
    )
    lines = (
        plain("title", gettext_lazy("Title")),
        plain("title_en", gettext_lazy("Title in English")),
        plain("body", gettext_lazy("Text")),
        plain("body_en", gettext_lazy("Text in English")),
        Column("told", gettext_lazy("Brands"), _told),
        *columns[1:],
    )
    deeds = ANNOUNCEMENT
    list_deeds = ANNOUNCEMENTS
