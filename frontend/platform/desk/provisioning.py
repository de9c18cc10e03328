"""A long act on a brand, live: what is done, what is next, and where to go when it is over."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.jobs.models import Job
from core.jobs.selectors import failure_lines
from core.kernel.errors import Missing
from core.kernel.operators import Ops
from core.kernel.text import N_
from core.web.desk import site
from core.web.operators import sitting
from frontend.platform.desk.handing_over import WORKING
from frontend.ui.waiting import silence_of
from frontend.ui.words import status_word
from tenants.brands.addresses import home_of
from tenants.brands.desk_deeds import lacks_administrator
from tenants.brands.models import Brand

OVER = frozenset({Job.Status.DONE, Job.Status.DONE_WITH_ERRORS, Job.Status.FAILED, Job.Status.CANCELLED})
TITLES = {
    "brands.provision": N_("Setting up a brand"),
    "brands.delete": N_("Deleting a brand"),
    "brands.import": N_("Importing a brand"),
    "brands.export": N_("Exporting a brand"),
}
"""The long acts on brands that are followed here."""


@never_cache
@require_safe
def progress(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The page, which asks for its steps anew until the job is over."""
    context = _context(request, job_id)
    return render(request, "desk/progress.html", {**site.each_context(request), **context})


@never_cache
@require_safe
def steps(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The steps alone."""
    return render(request, "desk/steps.html", _context(request, job_id))


def _context(request: HttpRequest, job_id: UUID) -> dict[str, object]:
    actor = sitting(request)
    actor.require(Ops.READ_BRANDS, writes=False)
    job = Job.objects.filter(pk=job_id, kind__in=TITLES).first()
    if job is None:
        raise Missing
    slug = job.parameters.get("slug") or job.result.get("slug", "")  # an import learns it from its archive
    brand = Brand.objects.filter(slug=slug).first()
    title = gettext(TITLES[job.kind])
    is_done = job.status == Job.Status.DONE
    is_new = is_done and brand is not None and job.kind in ("brands.provision", "brands.import")
    is_answering = is_new and brand is not None and brand.state in WORKING
    may_invite = is_answering and brand is not None and actor.can(Ops.EDIT_BRANDS) and lacks_administrator(brand)
    may_fetch = actor.can(Ops.DELETE_BRANDS) and actor.can(Ops.READ_JOBS)
    return {
        "title": title,
        "crumbs": [(title, "")],
        "job": job,
        "steps_url": reverse("desk_progress_steps", args=[job.pk]),
        "brand": brand,
        "status": status_word("job", job.status),
        "is_over": job.status in OVER,
        "is_done": is_done,
        "is_answering": is_answering,
        "is_closed": is_new and not is_answering,
        "may_invite": may_invite,
        "portal_url": home_of(brand.schema_name) if brand is not None else "",
        "archive_url": _archive_url(job) if may_fetch else "",
        "failures": failure_lines(job, 20),
        "silence": silence_of(job),
    }


def _archive_url(job: Job) -> str:
    is_archive = job.result_file_id is not None and job.kind in ("brands.delete", "brands.export")
    return reverse("desk_job_file", args=[job.pk]) if is_archive else ""
