"""A brand being set up, live: what is done, what is next, and the way into the portal when it stands."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.jobs.models import Job
from core.jobs.selectors import failure_lines
from core.kernel.errors import Missing
from core.kernel.operators import Ops
from core.web.desk import site
from core.web.operators import sitting
from frontend.ui.words import status_word
from tenants.brands.addresses import home_of
from tenants.brands.models import Brand

OVER = frozenset({Job.Status.DONE, Job.Status.DONE_WITH_ERRORS, Job.Status.FAILED, Job.Status.CANCELLED})
KINDS = frozenset({"brands.provision", "brands.delete"})


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
    sitting(request).require(Ops.READ_BRANDS, writes=False)
    job = Job.objects.filter(pk=job_id, kind__in=KINDS).first()
    if job is None:
        raise Missing
    brand = Brand.objects.filter(slug=job.parameters.get("slug", "")).first()
    title = gettext("Setting up a brand") if job.kind == "brands.provision" else gettext("Deleting a brand")
    return {
        "title": title,
        "crumbs": [(title, "")],
        "job": job,
        "brand": brand,
        "status": status_word("job", job.status),
        "is_over": job.status in OVER,
        "is_standing": job.status == Job.Status.DONE and job.kind == "brands.provision",
        "portal_url": home_of(brand.schema_name) if brand is not None else "",
        "failures": failure_lines(job, 20),
    }
