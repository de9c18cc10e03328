"""Long acts: upload, dry run, preview, confirmation, progress that can be left and found again."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.files import services as files
from core.files.rules import Purpose
from core.jobs import selectors, services
from core.jobs.batches import start_batch
from core.jobs.models import Job
from core.jobs.permissions import Permission
from core.jobs.selectors import JobFilter, RowFilter
from core.kernel.errors import Missing
from core.kernel.text import whole_of
from core.web.paging import page_of
from core.web.requests import SignedInRequest
from frontend.console.doors import form_page, staff_page, verb_page
from frontend.console.forms.files import ImportForm
from frontend.console.lists import chips_of, ordered, pager_of
from frontend.console.longacts import BY_KIND, IMPORTS, ImportKind, kind_words, preview_rows
from frontend.console.shell import shown
from frontend.ui.previews import counts_of, preview_of
from frontend.ui.refusals import REFUSED, attempt
from frontend.ui.waiting import silence_of
from frontend.ui.words import status_word
from ordering.fulfilment.selectors import own_warehouses

SHOWN_FAILURES = 200
SHOWN_DOUBTS = 300
DOUBT = "confirm"
"""Fate of rows somebody has to agree to."""
GOING = (Job.Status.QUEUED, Job.Status.RUNNING)


@staff_page(permission=Permission.READ)
def jobs(request: SignedInRequest) -> HttpResponse:
    """The long acts of the house, the newest first."""
    asked = JobFilter.of(request.GET.dict())
    columns = {"started": (_("Started"), "created_at"), "failed": (_("Failed"), "failed")}
    rows, heads = ordered(request, selectors.job_rows(request.actor, asked), columns, usual="-started")
    page = page_of(rows, request)
    runs = selectors.runs_of(page.rows)
    options = [("", _("All"), None), *((code, status_word("job", code), None) for code in Job.Status.values)]
    sorts = [("", _("Imports and exports"), None), ("import", _("Imports"), None), ("export", _("Exports"), None)]
    whose = [("", _("Everybody's"), None), ("1", _("Mine"), None)]
    imports = [one for one in IMPORTS.values() if request.actor.can(one.permission)]
    context = {
        "rows": [{"job": job, "title": kind_words(job.kind), "state": _state(job, runs)} for job in page.rows],
        "pager": pager_of(page.number, page.page_count, 0, len(page.rows)),
        "chips": chips_of(request, "status", options),
        "sorts": chips_of(request, "what", sorts),
        "whose": chips_of(request, "mine", whose),
        "imports": imports,
        "heads": heads,
        "is_filtered": asked != JobFilter(),
    }
    return shown(request, "console/jobs.html", context, at="jobs")


@staff_page()
def job(request: SignedInRequest, job_id: UUID) -> HttpResponse:
    """One long act; htmx asks for its progress alone."""
    found = selectors.job(request.actor, job_id)
    context = _job_context(request, found)
    if request.htmx and "part" in request.GET:
        response = render(request, "console/parts/job_progress.html", context)
        if found.status not in GOING:
            response["HX-Refresh"] = "true"  # over: the page shows what came of it
        return response
    return shown(request, "console/job.html", context, at="jobs")


def _job_context(request: SignedInRequest, found: Job) -> dict[str, object]:
    is_going = found.status in GOING
    kind = BY_KIND.get(found.kind)
    result: dict[str, Any] = found.result or {}
    runs = selectors.runs_of([found])
    return {
        "job": found,
        "state": _state(found, runs),
        "run_id": runs.get(found.pk),
        "title": kind_words(found.kind),
        "kind": kind,
        "is_going": is_going,
        "poll_url": f"{reverse('console:job', args=[found.pk])}?part=progress" if is_going else "",
        "silence": silence_of(found),
        "failures": selectors.failure_lines(found, SHOWN_FAILURES),
        "shown_failures": SHOWN_FAILURES,
        "counts": counts_of(found),
        "exported": result.get("rows") if not kind else None,
        **({} if is_going else preview_of(request, found, partial(preview_rows, found.kind))),
        **_asked(found, result, is_confirmed=bool(runs)),
        "may_cancel": is_going,
        "back_url": reverse(kind.back) if kind else reverse("console:jobs"),
    }


def _state(job: Job, runs: dict[UUID, UUID]) -> str:
    """The status as pages say it: a dry run is a preview, which waits until somebody confirms it."""
    if not job.is_preview:
        return job.status
    return "AWAITS" if job.would_write and job.pk not in runs else "PREVIEW"


def _asked(found: Job, result: dict[str, Any], *, is_confirmed: bool) -> dict[str, object]:
    """What the reader of a preview is asked: to confirm it, and each row it is in doubt about."""
    if not found.would_write or is_confirmed:
        return {"may_confirm": False}
    in_doubt = selectors.shown_rows(found, RowFilter(fate=DOUBT))[:SHOWN_DOUBTS]
    doubts = preview_rows(found.kind, in_doubt) if result.get(DOUBT) else ()
    return {"may_confirm": True, "doubts": doubts, "doubt_count": result.get(DOUBT), "shown_doubts": SHOWN_DOUBTS}


@verb_page()
def confirm(request: SignedInRequest, job_id: UUID) -> HttpResponse:
    """Do for real what the dry run showed, of the rows in doubt those that are ticked.

    A second click finds the run that was started.
    """
    given = map(whole_of, request.POST.getlist("row"))
    agreed = sorted({row for row in given if row is not None})
    is_for_all = "all" in request.POST
    result: dict[str, Any] = selectors.job(request.actor, job_id).result or {}
    if result.get(DOUBT) and not (agreed or is_for_all or result.get("new") or result.get("changed")):
        messages.error(request, _("Nothing to write yet: tick the rows that are right."))
        return redirect("console:job", job_id=job_id)
    run = services.confirm(actor=request.actor, job_id=job_id, agreed=agreed, agrees_to_all=is_for_all)
    return redirect("console:job", job_id=run.pk)


@verb_page()
def cancel(request: SignedInRequest, job_id: UUID) -> HttpResponse:
    """Stop a long act; what is done stays done."""
    services.cancel(actor=request.actor, job_id=job_id)
    messages.success(request, _("Stopped. What was done already stays done."))
    return redirect("console:job", job_id=job_id)


@form_page()
def import_file(request: SignedInRequest, slug: str) -> HttpResponse:
    """Upload a spreadsheet; its dry run begins at once."""
    wanted = IMPORTS.get(slug)
    if wanted is None:
        raise Missing
    request.actor.require(wanted.permission, writes=False)
    warehouses = _warehouses(request) if wanted.needs_warehouse else None
    form_of = partial(ImportForm, warehouses=warehouses, asks_day=wanted.asks_day)
    if request.method != "POST" or wanted.closed(request.actor):
        return _import_page(request, wanted, form_of())
    form = form_of(request.POST, request.FILES)
    found = attempt(form, lambda: _started(request, wanted, form)) if form.is_valid() else None
    if found is None:
        return _import_page(request, wanted, form, status=REFUSED)
    started, was_done = found
    if was_done:
        messages.info(request, _imported_before(started))
    return redirect("console:job", job_id=started.pk)


def _imported_before(run: Job) -> str:
    """What became of the file under its number, and how the rows come in that were refused then."""
    said = _("This file was imported under this batch number already; nothing was done twice.")
    if not run.failed:
        return said
    refused = ngettext(
        "%(n)s row of it was refused. To bring it in, import the file again under a new number.",
        "%(n)s rows of it were refused. To bring them in, import the file again under a new number.",
        run.failed,
    )
    return f"{said} {refused % {'n': run.failed}}"


def _started(request: SignedInRequest, wanted: ImportKind, form: ImportForm) -> tuple[Job, bool]:
    """The dry run; or what was done with this file under its batch number before, and then true."""
    upload = form.cleaned_data["file"]
    stored = files.store(actor=request.actor, upload=upload.file, name=upload.name, purpose=Purpose.IMPORT)
    parameters = {"file_name": stored.name, "language": get_language()}
    if wanted.needs_warehouse:
        parameters["warehouse"] = form.cleaned_data["warehouse"]
    if wanted.asks_day:
        parameters["on"] = form.cleaned_data["on"].isoformat()
    return start_batch(
        actor=request.actor,
        kind=wanted.kind,
        batch=form.cleaned_data["batch"],
        parameters=parameters,
        source_file_id=stored.pk,
    )


@staff_page()
def import_template(request: SignedInRequest, slug: str, ending: str) -> HttpResponse:
    """A file with the headings the reader knows, to fill in: ``ending`` is xlsx or csv."""
    wanted = IMPORTS.get(slug)
    if wanted is None or ending not in ("xlsx", "csv"):
        raise Missing
    request.actor.require(wanted.permission, writes=False)
    made = wanted.template(request.actor, request.GET.get("warehouse", ""), ending == "csv")
    response = HttpResponse(made.content, content_type=made.content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=made.name)
    response["Cache-Control"] = "private, no-store"
    return response


def _templates(request: SignedInRequest, wanted: ImportKind) -> list[tuple[str, str, str]]:
    """Name (of the warehouse, where one is counted) and addresses of the files to fill in, xlsx and csv."""
    xlsx, csv = (reverse("console:import_template", args=[wanted.slug, ending]) for ending in ("xlsx", "csv"))
    if not wanted.needs_warehouse:
        return [("", xlsx, csv)]
    asked = [(name, urlencode({"warehouse": code})) for code, name in _warehouses(request)]
    return [(name, f"{xlsx}?{query}", f"{csv}?{query}") for name, query in asked]


def _warehouses(request: SignedInRequest) -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in own_warehouses(request.actor)]


def _import_page(request: SignedInRequest, wanted: ImportKind, form: ImportForm, *, status: int = 200) -> HttpResponse:
    context = {
        "kind": wanted,
        "closed": wanted.closed(request.actor),
        "form": form,
        "columns": wanted.guide(),
        "templates": _templates(request, wanted),
        "back_url": reverse(wanted.back),
    }
    return shown(request, "console/import.html", context, at=wanted.at, status=status)
