"""Shopping lists from a spreadsheet: upload, dry run; what comes of it is followed like every file."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.files.rules import Purpose, kept_name
from core.jobs.models import Job
from core.jobs.uploads import start_over
from core.kernel.actor import Side
from core.kernel.errors import Missing
from core.web.doors import page
from core.web.requests import SignedInRequest
from frontend.storefront.intakes import LISTS
from frontend.storefront.shell import shown
from frontend.storefront.tray import file_asked
from frontend.ui.refusals import REFUSED, attempt
from frontend.ui.shapes import Crumb
from ordering.lists.rules import MOST_NAME
from ordering.lists.selectors import ListFilter, lists_visible_to
from ordering.orders.permissions import Permission


class ListImportForm(forms.Form):
    """A spreadsheet, and the list of the rows that name none."""

    file = forms.FileField(
        label=gettext_lazy("Spreadsheet"),
        help_text=gettext_lazy("xlsx or csv, at most 20 MB. The first row names the columns."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": gettext_lazy("Choose a file first."),
            "empty": gettext_lazy("This file is empty."),
        },
    )
    list = forms.CharField(
        label=gettext_lazy("List for rows that name none"),
        max_length=MOST_NAME,
        required=False,
        help_text=gettext_lazy("One you have, or the name of a new one."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@page(permission=Permission.PLACE, side=Side.DEALER, methods=("GET", "POST"))
def import_lists(request: SignedInRequest) -> HttpResponse:
    """Upload a spreadsheet; its dry run begins at once. ``?list=`` is one of one's own lists it is for."""
    if request.method != "POST":
        return _page(request, ListImportForm(initial={"list": _asked(request)}))
    form = ListImportForm(request.POST, request.FILES)
    started = attempt(form, lambda: _started(request, form)) if form.is_valid() else None
    if started is None:
        return _page(request, form, status=REFUSED)
    file_asked(request)
    return redirect("storefront:file", job_id=started.pk)


def _started(request: SignedInRequest, form: ListImportForm) -> Job:
    upload, name = form.cleaned_data["file"], form.cleaned_data["list"]
    parameters = {"file_name": kept_name(upload.name), "language": get_language(), "list": name}
    return start_over(
        actor=request.actor,
        kind=LISTS.kind,
        upload=upload.file,
        name=upload.name,
        purpose=Purpose.IMPORT,
        is_dry_run=True,
        parameters=parameters,
    )


def _asked(request: SignedInRequest) -> str:
    """The name of the list the page was opened from."""
    given = request.GET.get("list", "")
    if not (given.isascii() and given.isdigit() and len(given) < 18):
        return ""
    own = lists_visible_to(request.actor, ListFilter(whose="own")).filter(pk=int(given))
    return str(own.values_list("name", flat=True).first() or "")


@page(permission=Permission.PLACE, side=Side.DEALER)
def list_template(request: SignedInRequest, ending: str) -> HttpResponse:
    """A file with the headings the reader knows, to fill in: ``ending`` is xlsx or csv."""
    if ending not in ("xlsx", "csv"):
        raise Missing
    made = LISTS.template(ending == "csv")
    response = HttpResponse(made.content, content_type=made.content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=made.name)
    response["Cache-Control"] = "private, no-store"
    return response


def _page(request: SignedInRequest, form: ListImportForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "title": LISTS.title,
        "columns": LISTS.guide(),
        "templates": [(one, reverse("storefront:list_template", args=[one])) for one in ("xlsx", "csv")],
        "crumbs": [Crumb(_("Shopping lists"), reverse("storefront:lists")), Crumb(str(LISTS.title))],
    }
    return shown(request, "storefront/list_import.html", context, at="lists", status=status)
