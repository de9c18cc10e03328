"""Files of the house's lists: asked for, followed, found again and downloaded."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.jobs import services
from core.jobs.exports import ask_export
from core.jobs.models import Job
from core.jobs.selectors import failure_lines, job, jobs_visible_to, runs_of
from core.kernel.actor import Side
from core.kernel.errors import Missing
from core.web.doors import page
from core.web.paging import page_of
from core.web.requests import SignedInRequest
from frontend.storefront.intakes import INTAKES
from frontend.storefront.shell import shown
from frontend.storefront.tray import file_asked, files_lately, title_of_kind
from frontend.ui.previews import counts_of, preview_of
from frontend.ui.shapes import Crumb, Pager
from frontend.ui.tray import asking_again
from frontend.ui.waiting import silence_of

SHOWN_FAILURES = 200
GOING = (Job.Status.QUEUED, Job.Status.RUNNING)


@page(side=Side.DEALER, methods=("POST",), back="storefront:exports")
def export(request: SignedInRequest, name: str) -> HttpResponse:
    """The list ``name`` as its address narrows it; a second click finds the file of the first."""
    started = ask_export(
        actor=request.actor,
        name=name,
        asked=request.GET.dict(),
        as_csv=request.POST.get("as") == "csv",
        language=get_language(),
        zone=request.brand.time_zone,
    )
    file_asked(request)
    return redirect("storefront:file", job_id=started.pk)


@page(side=Side.DEALER)
def tray(request: SignedInRequest) -> HttpResponse:
    """The tray alone, for htmx, which asks no more once nothing runs."""
    found = files_lately(request.actor)
    context = {"tray": found, "tray_url": reverse("storefront:tray")}
    return render(request, "ui/parts/tray_list.html", context, status=asking_again(found))


@page(side=Side.DEALER)
def exports(request: SignedInRequest) -> HttpResponse:
    """The files one has asked for, the newest first."""
    found = page_of(jobs_visible_to(request.actor).filter(seat_id=request.actor.seat_id), request)
    context = {
        "rows": [(one, title_of(one)) for one in found.rows],
        "pager": Pager(found.number, found.page_count, 0, found.first, found.last),
        "crumbs": [Crumb(_("Me"), reverse("storefront:me")), Crumb(_("My files"))],
    }
    return shown(request, "storefront/exports.html", context, at="me")


@page(side=Side.DEALER)
def file(request: SignedInRequest, job_id: UUID) -> HttpResponse:
    """One file: how far it is, and when it is there, the way to it. htmx asks for the progress alone."""
    found = job(request.actor, job_id)
    is_going = found.status in GOING
    context = {
        "job": found,
        "title": title_of(found),
        "is_going": is_going,
        "poll_url": f"{reverse('storefront:file', args=[found.pk])}?part=progress" if is_going else "",
        "silence": silence_of(found),
        "failures": failure_lines(found, SHOWN_FAILURES),
        **_taken_in(request, found),
        "crumbs": [Crumb(_("My files"), reverse("storefront:exports")), Crumb(title_of(found))],
    }
    if request.htmx and "part" in request.GET:
        response = render(request, "storefront/parts/file_progress.html", context)
        if not is_going:
            response["HX-Refresh"] = "true"  # over: the page shows what came of it
        return response
    return shown(request, "storefront/export.html", context, at="me")


def _taken_in(request: SignedInRequest, found: Job) -> dict[str, object]:
    """What an import found out about its file, and whether somebody may confirm it; nothing for a list taken out."""
    intake = INTAKES.get(found.kind)
    if intake is None:
        return {}
    run_id = runs_of([found]).get(found.pk)
    return {
        "intake": intake,
        "is_done": found.status in (Job.Status.DONE, Job.Status.DONE_WITH_ERRORS),
        "counts": counts_of(found),
        "run_id": run_id,
        "may_confirm": found.would_write and run_id is None and found.seat_id == request.actor.seat_id,
        "back_url": reverse(intake.back),
        "upload_url": reverse(intake.upload),
        **preview_of(request, found, intake.preview),
    }


@page(side=Side.DEALER, methods=("POST",), back="storefront:file")
def confirm(request: SignedInRequest, job_id: UUID) -> HttpResponse:
    """Do for real what one's own dry run showed: a colleague's was of the colleague's lists.

    A second click finds the run that was started.
    """
    if job(request.actor, job_id).seat_id != request.actor.seat_id:
        raise Missing
    run = services.confirm(actor=request.actor, job_id=job_id)
    file_asked(request)
    return redirect("storefront:file", job_id=run.pk)


@page(side=Side.DEALER, methods=("POST",), back="storefront:file")
def stop(request: SignedInRequest, job_id: UUID) -> HttpResponse:
    """Not needed any more."""
    services.cancel(actor=request.actor, job_id=job_id)
    messages.success(request, _("Stopped."))
    return redirect("storefront:file", job_id=job_id)


def title_of(found: Job) -> str:
    """What a file is called; another kind of job reads as itself."""
    return title_of_kind(found.kind)
