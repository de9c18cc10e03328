"""The operator's window on long acts of the public schema."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from core.jobs.exports import export_title
from core.jobs.models import Job
from core.jobs.operation import stop
from core.jobs.registry import kinds_open_to
from core.jobs.selectors import failure_lines
from core.kernel.actor import Actor
from core.kernel.operators import Ops
from core.kernel.text import N_
from core.web.desk import Column, Deed, Sections, Window, chosen_by, plain, site, words_from
from core.web.operators import sitting

STATUS_WORDS = {
    "QUEUED": N_("Waiting"),
    "RUNNING": N_("Running"),
    "DONE": N_("Done"),
    "DONE_WITH_ERRORS": N_("Done, with errors"),
    "FAILED": N_("Failed"),
    "CANCELLED": N_("Stopped"),
}
KIND_WORDS = {
    "brands.provision": N_("Set up a brand"),
    "brands.delete": N_("Delete a brand"),
    "brands.import": N_("Import brands"),
    "brands.export": N_("Export the list of brands"),
    "organisations.import": N_("Import organisations"),
}


def _kind(row: Job) -> str:
    if listed := export_title(row.kind):
        return gettext("Export: %(list)s") % {"list": listed}
    return words_from(KIND_WORDS, row.kind)


def _file(row: Job) -> object:
    if row.result_file_id is None:
        return None
    return format_html('<a href="{}">{}</a>', reverse("desk_job_file", args=[row.pk]), gettext("Download"))


def _progress(row: Job) -> str:
    return f"{row.done + row.failed} / {row.total}" if row.total else str(row.done or "")


def _failures(row: Job) -> Sections:
    lines = [(line.row or "—", line.text, line.remedy) for line in failure_lines(row, 200)]
    return [(gettext("What failed"), lines)] if lines else []


def _stop(actor: Actor, row: Job, given: dict[str, Any]) -> None:
    stop(actor=actor, job_id=row.pk, reason=given["reason"])


@admin.register(Job, site=site)
class JobWindow(Window):
    """Imports, exports, brands being set up or deleted. The brands' own jobs have a page of their own."""

    code = Ops.READ_JOBS
    one, many = gettext_lazy("Job"), gettext_lazy("Jobs")
    ordering = ("-created_at",)
    columns = (
        Column("kind", gettext_lazy("What"), _kind, sort="kind"),
        Column("status", gettext_lazy("State"), lambda row: words_from(STATUS_WORDS, row.status), sort="status"),
        Column("progress", gettext_lazy("Progress"), _progress),
        plain("failed", gettext_lazy("Failed")),
        Column("dry", gettext_lazy("Only checks"), lambda row: row.is_dry_run, is_flag=True),
        plain("created_at", gettext_lazy("Begun"), sort=True),
        plain("finished_at", gettext_lazy("Ended")),
    )
    lines = (
        *columns,
        plain("runs", gettext_lazy("Workers that took it up")),
        plain("heartbeat_at", gettext_lazy("Last heard of")),
        Column("file", gettext_lazy("Result"), _file),
        Column("id", gettext_lazy("Number"), lambda row: str(row.pk)),
    )
    list_filter = (
        chosen_by(
            "status", gettext_lazy("State"), lambda: [(code, gettext(words)) for code, words in STATUS_WORDS.items()]
        ),
    )
    deeds = (
        Deed(
            "stop",
            gettext_lazy("Stop the job"),
            Ops.EDIT_JOBS,
            _stop,
            lead=gettext_lazy("After its present step; what is done stays done."),
            is_danger=True,
            is_open=lambda row: row.status in ("QUEUED", "RUNNING"),
        ),
    )

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Without the way to the file for who could not have started the job."""
        fields = super().get_fields(request, obj)
        is_open = not isinstance(obj, Job) or obj.kind in kinds_open_to(sitting(request))
        return [name for name in fields if is_open or name != "c_file"]

    def sections_of(self, row: Job) -> Sections:
        return _failures(row)

    def title_of(self, row: Job) -> str:
        return _kind(row)
