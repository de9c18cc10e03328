"""Taking a list out as a spreadsheet: a long act like every export."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language

from core.jobs.exports import ask_export
from core.web.requests import SignedInRequest
from frontend.console.doors import verb_page


@verb_page()
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
    return redirect("console:job", job_id=started.pk)
