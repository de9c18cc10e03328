"""Taking a list of the desk out as a file: asked for, followed, downloaded."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.jobs.exports import ask_export, export_title
from core.jobs.selectors import failure_lines, job
from core.kernel.errors import Missing
from core.web.desk import site
from core.web.operators import sitting
from frontend.platform.desk.provisioning import OVER
from frontend.ui.waiting import silence_of
from frontend.ui.words import status_word


@never_cache
@require_POST
def list_out(request: HttpRequest, name: str) -> HttpResponse:
    """The list ``name`` as its address narrows it; a second click finds the file of the first."""
    started = ask_export(
        actor=sitting(request),
        name=name,
        asked=request.GET.dict(),
        as_csv=request.POST.get("as") == "csv",
        language=get_language(),
        zone=timezone.get_current_timezone_name(),
    )
    return redirect("desk_list_file", job_id=started.pk)


@never_cache
@require_safe
def list_file(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """One's own file: how far it is, and when it is there, the way to it."""
    return render(request, "desk/progress.html", {**site.each_context(request), **_context(request, job_id)})


@never_cache
@require_safe
def list_steps(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The progress alone."""
    return render(request, "desk/steps.html", _context(request, job_id))


def _context(request: HttpRequest, job_id: UUID) -> dict[str, object]:
    found = job(sitting(request), job_id)
    title = export_title(found.kind)
    if not title:
        raise Missing
    return {
        "title": title,
        "crumbs": [(title, "")],
        "job": found,
        "steps_url": reverse("desk_list_steps", args=[found.pk]),
        "status": status_word("job", found.status),
        "is_over": found.status in OVER,
        "is_done": found.status == "DONE",
        "file_url": reverse("desk_job_file", args=[found.pk]) if found.result_file_id else "",
        "failures": failure_lines(found, 20),
        "silence": silence_of(found),
    }
