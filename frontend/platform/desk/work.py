"""Deliveries that fail and jobs that stand, in every schema: looked at, retried, dropped or stopped with a reason."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.db.acts import brand_schema
from core.events.operation import drop_delivery, failed_deliveries, retry_delivery
from core.jobs.operation import stop, troubled_jobs
from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Missing
from core.kernel.operators import Ops
from core.web.deedforms import ReasonForm
from core.web.desk import export_url, site
from core.web.operators import sitting
from core.web.refusals import STATUS, words_of
from frontend.platform.desk.everywhere import in_every_schema, place, places
from frontend.ui.waiting import silence_of
from frontend.ui.words import status_word

DEEDS: dict[str, Callable[..., None]] = {"retry": retry_delivery, "drop": drop_delivery}


@never_cache
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """Handlers that have not heard of an event although they were told."""
    actor = sitting(request)
    actor.require(Ops.READ_DELIVERIES, writes=False)
    rows = [
        {"schema": schema, "brand": brand, "row": row}
        for schema, brand, row in in_every_schema(lambda: failed_deliveries(actor), _asked(request))
    ]
    context = {
        "title": gettext("Deliveries that fail"),
        "crumbs": [(gettext("Deliveries that fail"), "")],
        "rows": rows,
        "places": places(),
        "asked": _asked(request),
        "may_act": actor.can(Ops.EDIT_DELIVERIES),
        "export_url": export_url(request, "deliveries"),
    }
    return render(request, "desk/deliveries.html", {**site.each_context(request), **context})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delivery_deed(request: HttpRequest, schema: str, delivery_id: int, deed: str) -> HttpResponse:
    """Retry or drop one delivery."""
    actor = sitting(request)
    actor.require(Ops.EDIT_DELIVERIES)
    if deed not in DEEDS:
        raise Missing
    found, _ = place(schema)
    words = gettext("Try the delivery again") if deed == "retry" else gettext("Drop the delivery")

    def verb(reason: str) -> None:
        with brand_schema(found):
            DEEDS[deed](actor=actor, delivery_id=delivery_id, reason=reason)

    return _deed(request, words, verb, back="desk_deliveries", is_danger=deed == "drop")


@never_cache
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """Jobs of the brands that wait, run or failed."""
    actor = sitting(request)
    actor.require(Ops.READ_JOBS, writes=False)
    troubled = list(in_every_schema(lambda: troubled_jobs(actor), _asked(request)))
    rows = [
        {"schema": schema, "brand": brand, "row": row, "status": status_word("job", row.status)}
        for schema, brand, row in troubled
    ]
    context = {
        "title": gettext("Jobs of the brands"),
        "crumbs": [(gettext("Jobs of the brands"), "")],
        "rows": rows,
        "places": places(),
        "asked": _asked(request),
        "may_act": actor.can(Ops.EDIT_JOBS),
        "export_url": export_url(request, "brand_jobs"),
        "silence": next(filter(None, (silence_of(row) for _, _, row in troubled)), ""),
    }
    return render(request, "desk/jobs.html", {**site.each_context(request), **context})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def job_stop(request: HttpRequest, schema: str, job_id: UUID) -> HttpResponse:
    """Stop a brand's job."""
    actor: Actor = sitting(request)
    actor.require(Ops.EDIT_JOBS)
    found, _ = place(schema)

    def verb(reason: str) -> None:
        with brand_schema(found):
            stop(actor=actor, job_id=job_id, reason=reason)

    return _deed(request, gettext("Stop the job"), verb, back="desk_jobs", is_danger=True)


def _deed(request: HttpRequest, words: str, verb: Callable[[str], None], *, back: str, is_danger: bool) -> HttpResponse:
    form = ReasonForm(request.POST) if request.method == "POST" else ReasonForm()
    status = 200
    if form.is_bound and form.is_valid():
        try:
            verb(form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(None, words_of(error))
            status = STATUS[error.kind]
        else:
            messages.success(request, gettext("Done."))
            return redirect(back)
    elif form.is_bound:
        status = 422
    context = {"title": words, "crumbs": [(words, "")], "form": form, "is_danger": is_danger, "back": back}
    return render(request, "desk/reason.html", {**site.each_context(request), **context}, status=status)


def _asked(request: HttpRequest) -> str:
    return request.GET.get("schema", "")
