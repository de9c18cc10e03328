"""What operators do with brands, hosts and announcements: forms of the desk, each calling one verb."""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy

from core.catalogue.rules.aroma import AROMA_NAMES
from core.db.acts import brand_schema
from core.files.rules import Purpose
from core.jobs.models import Job
from core.jobs.services import start
from core.jobs.uploads import start_over
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.operators import Ops
from core.web.deedforms import DeedForm, ReasonForm
from core.web.desk import Deed
from tenants.brands.announcements import Publish, publish, withdraw
from tenants.brands.errors import NameDiffers
from tenants.brands.models import Announcement, Brand, Domain
from tenants.brands.services import (
    OpenBrand,
    PublishBrand,
    add_domain,
    check_domain,
    make_read_only,
    provision,
    publish_brand,
    remove_domain,
    request_deletion,
    require_second_factor,
    resume,
    suspend,
)
from tenants.brands.services.deletion import DELETE, EXPORT
from tenants.brands.services.moving_in import IMPORT

AROMAS = [(str(code), gettext_lazy(words)) for code, words in AROMA_NAMES.items()]
_MOMENT = "%Y-%m-%dT%H:%M"


def moment(label: Any) -> forms.DateTimeField:
    """A moment in the desk's time zone."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)
    return forms.DateTimeField(label=label, widget=widget, input_formats=[_MOMENT])


class PublishForm(DeedForm):
    """Words in both languages, days, and whom they are for."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=80)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=80)
    body = forms.CharField(
        label=gettext_lazy("Text"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    body_en = forms.CharField(
        label=gettext_lazy("Text in English"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    tone = forms.ChoiceField(
        label=gettext_lazy("Tone"),
        choices=[("INFO", gettext_lazy("Information")), ("WARNING", gettext_lazy("Warning"))],
    )
    from_at = moment(gettext_lazy("From"))
    until_at = moment(gettext_lazy("Until"))
    sides = forms.ChoiceField(
        label=gettext_lazy("For whom"),
        choices=[
            ("both", gettext_lazy("Everybody")),
            ("brand", gettext_lazy("Brands' staff")),
            ("dealer", gettext_lazy("Dealers")),
        ],
    )
    slugs = forms.CharField(
        label=gettext_lazy("Only these brands"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("Short names, parted by blanks or commas; empty: all brands."),
    )


def _publish(actor: Actor, _: None, given: dict[str, Any]) -> None:
    slugs = tuple(slug for slug in re.split(r"[\s,，、]+", given.pop("slugs")) if slug)
    publish(actor=actor, command=Publish(**given, slugs=slugs))


def _withdraw(actor: Actor, row: Announcement, given: dict[str, Any]) -> None:
    withdraw(actor=actor, announcement_id=row.pk, reason=given["reason"])


def _is_working(row: Brand) -> bool:
    return row.state in ("ACTIVE", "READ_ONLY", "SUSPENDED")


def _listed(row: Brand) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ListForm.base_fields if name != "reason"}


def _suspend(actor: Actor, row: Brand, given: dict[str, Any]) -> None:
    suspend(actor=actor, slug=row.slug, reason=given["reason"])


def _freeze(actor: Actor, row: Brand, given: dict[str, Any]) -> None:
    make_read_only(actor=actor, slug=row.slug, reason=given["reason"])


def _resume(actor: Actor, row: Brand, given: dict[str, Any]) -> None:
    resume(actor=actor, slug=row.slug, reason=given["reason"])


def _provision(actor: Actor, _: None, given: dict[str, Any]) -> str:
    return _job(provision(actor=actor, command=OpenBrand(**given)))


def _delete(actor: Actor, row: Brand, given: dict[str, Any]) -> str:
    if given["slug"] != row.slug:
        raise NameDiffers(field="slug")
    return _job(request_deletion(actor=actor, slug=row.slug, reason=given["reason"]))


def _export(actor: Actor, row: Brand, given: dict[str, Any]) -> str:
    return _job(start(actor=actor, kind=EXPORT, parameters={"slug": row.slug, "reason": given["reason"]}))


def _second_factor(actor: Actor, row: Brand, given: dict[str, Any]) -> None:
    require_second_factor(actor=actor, on=given["on"] == "on", slug=row.slug, reason=given["reason"])


def _list(actor: Actor, row: Brand, given: dict[str, Any]) -> None:
    reason = given.pop("reason")
    command = PublishBrand(**{**given, "aromas": tuple(given["aromas"])})
    publish_brand(actor=actor, command=command, slug=row.slug, reason=reason)


def _add_host(actor: Actor, row: Brand, given: dict[str, Any]) -> str:
    host = add_domain(actor=actor, host=given["host"], slug=row.slug, reason=given["reason"])
    return reverse("admin:brands_domain_change", args=[host.pk])


def _check_host(actor: Actor, row: Domain, _: dict[str, Any]) -> None:
    check_domain(actor=actor, host=row.domain, slug=row.tenant.slug)


def _remove_host(actor: Actor, row: Domain, given: dict[str, Any]) -> str:
    remove_domain(actor=actor, host=row.domain, slug=row.tenant.slug, reason=given["reason"])
    return reverse("admin:brands_domain_changelist")


def _import(actor: Actor, _: None, given: dict[str, Any]) -> str:
    archive = given["archive"]
    return _job(start_over(actor=actor, kind=IMPORT, upload=archive.file, name=archive.name, purpose=Purpose.ARCHIVE))


def _job(job: Job) -> str:
    """The page that follows it."""
    return reverse("desk_progress", args=[job.pk])


class OpenForm(DeedForm):
    """A new brand."""

    slug = forms.CharField(
        label=gettext_lazy("Short name"),
        max_length=30,
        help_text=gettext_lazy("Becomes the host; letters, digits and hyphens; never changed and never given again."),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)
    seal = forms.CharField(
        label=gettext_lazy("Seal"), max_length=1, required=False, help_text=gettext_lazy("One character.")
    )
    currency = forms.CharField(label=gettext_lazy("Currency"), max_length=3, initial="CNY")
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)


class ImportForm(DeedForm):
    """A brand's archive from another server."""

    archive = forms.FileField(
        label=gettext_lazy("Archive"),
        help_text=gettext_lazy("As another server of the same version wrote it. Nothing in it is ever run."),
    )


class ShownReasonForm(ReasonForm):
    """A reason that goes onto the portal, for everybody who comes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = gettext_lazy("Reason, for visitors to read")
        self.fields["reason"].help_text = gettext_lazy(
            "Stands on the portal word for word, where everybody reads it, and is kept with the act for the auditor."
        )


class DeleteForm(ReasonForm):
    """The short name is typed, so that nobody deletes the wrong brand."""

    slug = forms.CharField(label=gettext_lazy("Type the brand's short name"), max_length=40)
    field_order = ("slug", "reason")


class FactorForm(ReasonForm):
    """On or off is said: sent twice, it is still what was meant."""

    on = forms.ChoiceField(
        label=gettext_lazy("Second factor for staff"),
        choices=[("on", gettext_lazy("Asked of everybody")), ("off", gettext_lazy("Left to each"))],
        widget=forms.RadioSelect,
    )
    field_order = ("on", "reason")


class HostForm(ReasonForm):
    """A host of the brand's own."""

    host = forms.CharField(label=gettext_lazy("Host"), max_length=253)
    field_order = ("host", "reason")


class ListForm(ReasonForm):
    """What the public directory says of the brand."""

    is_listed = forms.BooleanField(label=gettext_lazy("In the directory"), required=False)
    introduction = forms.CharField(
        label=gettext_lazy("Introduction"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    introduction_en = forms.CharField(
        label=gettext_lazy("Introduction in English"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    region_code = forms.CharField(label=gettext_lazy("Region (GB/T 2260)"), max_length=6, required=False)
    aromas = forms.MultipleChoiceField(
        label=gettext_lazy("Aromas"), choices=AROMAS, required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("is_listed", "introduction", "introduction_en", "region_code", "aromas", "reason")


def lacks_administrator(row: Brand) -> bool:
    """Whether nobody of the brand's own can open seats yet."""
    with brand_schema(row.schema_name):
        return not import_string(settings.HAS_ADMINISTRATOR)()


def _awaits_administrator(row: Brand) -> bool:
    return row.state in _WORKING and lacks_administrator(row)


def _archive_job(row: Brand) -> Job | None:
    """The job that deleted the brand, with the archive it left."""
    made = Job.objects.filter(kind=DELETE, parameters__slug=row.slug, result_file_id__isnull=False)
    return made.order_by("-created_at").first()


def _archive(row: Brand) -> str:
    found = _archive_job(row)
    return reverse("desk_job_file", args=[found.pk]) if found else reverse("admin:jobs_job_changelist")


def _administrator(row: Brand) -> str:
    return reverse("desk_administrator", args=[row.pk])


_WORKING, _CLOSED = ("ACTIVE", "READ_ONLY"), ("SUSPENDED", "READ_ONLY")
BRAND: tuple[Deed, ...] = (
    Deed(
        "resume",
        gettext_lazy("Open again"),
        Ops.EDIT_BRANDS,
        _resume,
        done=gettext_lazy("The portal is open again."),
        is_open=lambda row: row.state in _CLOSED,
    ),
    Deed(
        "read-only",
        gettext_lazy("Make read-only"),
        Ops.EDIT_BRANDS,
        _freeze,
        ShownReasonForm,
        lead=gettext_lazy("Everything can be read, nothing written. Visitors read the reason."),
        done=gettext_lazy("The portal is read-only from now on, and says your reason."),
        is_open=lambda row: row.state == "ACTIVE",
    ),
    Deed(
        "suspend",
        gettext_lazy("Suspend"),
        Ops.EDIT_BRANDS,
        _suspend,
        ShownReasonForm,
        lead=gettext_lazy("The portal shows a calm page with the reason. Nothing is lost."),
        done=gettext_lazy("The portal is suspended: whoever comes reads your reason."),
        is_danger=True,
        is_open=lambda row: row.state in _WORKING,
    ),
    Deed("list", gettext_lazy("Directory"), Ops.EDIT_BRANDS, _list, ListForm, is_open=_is_working, initial=_listed),
    Deed(
        "administrator",
        gettext_lazy("Invite the first administrator"),
        Ops.EDIT_BRANDS,
        is_open=_awaits_administrator,
        elsewhere=_administrator,
    ),
    Deed("host", gettext_lazy("Add a host"), Ops.EDIT_BRANDS, _add_host, HostForm, is_open=_is_working),
    Deed(
        "factor",
        gettext_lazy("Second factor for staff"),
        Ops.EDIT_BRANDS,
        _second_factor,
        FactorForm,
        lead=gettext_lazy("Who has none sets one up with the next page they open."),
        is_open=_is_working,
        initial=lambda row: {"on": "on" if row.requires_second_factor else "off"},
    ),
    Deed(
        "export",
        gettext_lazy("Export"),
        Ops.DELETE_BRANDS,
        _export,
        lead=gettext_lazy("One archive of all the brand has, as a job."),
        done="",
        is_open=_is_working,
    ),
    Deed(
        "delete",
        gettext_lazy("Delete"),
        Ops.DELETE_BRANDS,
        _delete,
        DeleteForm,
        lead=gettext_lazy("The portal closes at once, an archive is made and checked, then everything is removed."),
        done="",
        is_danger=True,
        is_open=lambda row: row.state != "DELETED",  # one that failed is taken up again
    ),
    Deed(
        "archive",
        gettext_lazy("Download the archive"),
        Ops.DELETE_BRANDS,
        is_open=lambda row: row.state == "DELETED" and _archive_job(row) is not None,
        elsewhere=_archive,
    ),
)
BRANDS: tuple[Deed, ...] = (
    Deed(
        "open",
        gettext_lazy("Open a brand"),
        Ops.EDIT_BRANDS,
        _provision,
        OpenForm,
        done="",
    ),
    Deed("import", gettext_lazy("Import a brand"), Ops.EDIT_BRANDS, _import, ImportForm, done=""),
)
DOMAIN: tuple[Deed, ...] = (
    Deed(
        "check",
        gettext_lazy("Check the record"),
        Ops.EDIT_BRANDS,
        _check_host,
        DeedForm,
        lead=gettext_lazy("Asks the zone now; the host answers as soon as the record is there."),
        is_open=lambda row: not row.is_primary,
    ),
    Deed(
        "remove",
        gettext_lazy("Remove the host"),
        Ops.EDIT_BRANDS,
        _remove_host,
        is_danger=True,
        is_open=lambda row: not row.is_primary,
    ),
)
ANNOUNCEMENT = (
    Deed(
        "withdraw",
        gettext_lazy("Withdraw"),
        Ops.EDIT_ANNOUNCEMENTS,
        _withdraw,
        is_danger=True,
        is_open=lambda row: row.withdrawn_at is None,
    ),
)
ANNOUNCEMENTS = (
    Deed(
        "publish",
        gettext_lazy("Publish an announcement"),
        Ops.EDIT_ANNOUNCEMENTS,
        _publish,
        PublishForm,
        initial=lambda _: {"from_at": clock.now(), "until_at": clock.now() + timedelta(days=7)},
    ),
)
