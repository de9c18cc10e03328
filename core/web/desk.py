"""The operator's desk as rooms use it: one admin site, windows that only look, and deeds that call a verb.

A room's ``admin.py`` registers a ``Window`` for each of its tables: columns with words, no fields to edit. What an
operator may do stands there as a ``Deed``: a form with a reason on a page of its own, which calls one verb.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite
from unfold.views import ChangeList

from core.kernel.actor import Actor
from core.kernel.errors import DomainError, Missing
from core.web.deedforms import ReasonForm
from core.web.operators import operator_of, sitting
from core.web.refusals import STATUS, words_of

Words = str | Promise
Sections = Sequence[tuple[str, Sequence[Sequence[object]]]]
"""Head and rows of each table below a row's lines."""
DONE = gettext_lazy("Done.")


class DeskSite(UnfoldAdminSite):
    """The one admin site, on the ops host only. Sign-in and sign-out are the desk's own pages."""

    settings_name = "UNFOLD"
    index_template = "desk/index.html"
    _CLOSED: ClassVar = frozenset(
        {
            None,  # the catch-all, which would hide the desk's own addresses that are missing
            "app_list",
            "autocomplete",
            "login",
            "password_change",
            "password_change_done",
            "view_on_site",
        }
    )

    def has_permission(self, request: HttpRequest) -> bool:
        """Operators only."""
        return operator_of(request) is not None

    def get_urls(self) -> Any:
        """Without the pages of Django's that the desk has itself or does not want."""
        return [url for url in super().get_urls() if getattr(url, "name", "of a window") not in self._CLOSED]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """None: the desk has a navigation of its own."""
        return []

    def search(  # type: ignore[override]  # an empty answer needs no template
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Nothing: every list has a search of its own, which asks for the right to look."""
        return HttpResponse()

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """To the desk's own sign-in."""
        return redirect("sign_in")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page is told; ``user`` without a context processor."""
        return {**super().each_context(request), "user": getattr(request, "user", None)}


site = DeskSite(name="admin")


@dataclass(frozen=True, slots=True)
class Scan:
    """A page of a paper: a picture is shown, anything else is opened by its name."""

    url: str
    name: str
    is_picture: bool


Verb = Callable[[Actor, Any, dict[str, Any]], "str | None"]
"""Does the deed with operator, row (None for deeds of the whole list) and form; may answer where to go on."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something an operator may do: who may (``code``), its words, its form, its verb.

    ``done`` is said after it; empty where the next page itself says how far it is.
    ``elsewhere`` is the address of a page of its own, for what needs more than a form. ``is_open`` says whether it
    makes sense for a row as it is; the verb decides all the same.
    """

    name: str
    label: Words
    code: str
    verb: Verb | None = None
    form: type[forms.Form] = ReasonForm
    lead: Words = ""
    done: Words = DONE
    is_danger: bool = False
    is_open: Callable[[Any], bool] = field(default=lambda row: True)
    initial: Callable[[Any], dict[str, Any]] = field(default=lambda row: {})
    elsewhere: Callable[[Any], str] | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list or a line of the page: its words, how it is read, what it is sorted by.

    ``bare`` is what a file says where ``read`` draws more than words.
    """

    name: str
    label: Words
    read: Callable[[Any], object]
    sort: str = ""
    is_flag: bool = False
    bare: Callable[[Any], object] | None = None


def plain(name: str, label: Words, *, sort: bool = False) -> Column:
    """A column that is an attribute of the row; an empty one prints a dash."""
    return Column(name, label, lambda row: getattr(row, name) or None, sort=name if sort else "")


def chosen_by(parameter: str, words: Words, choices: Callable[[], Sequence[tuple[str, str]]], column: str = "") -> Any:
    """A filter of the list: ``?parameter=value`` over ``column`` (by default the same name); no other values count."""

    class Chosen(SimpleListFilter):
        title = cast("str", words)
        parameter_name = parameter

        def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
            return choices()

        def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
            asked = self.value()
            known = any(asked == value for value, _ in choices())
            return queryset.filter(**{column or parameter: asked}) if known else queryset

    return Chosen


class DeskList(ChangeList):
    """A list of a window, which tells its page of itself."""

    def get_results(self, request: HttpRequest) -> None:
        """Read the page's rows and let the window complete them."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        cast("Window", self.model_admin).complete(self.result_list)

    @property
    def desk_page(self) -> dict[str, object]:
        """Where in the list this page is, with the addresses of its neighbours."""
        last = self.paginator.num_pages
        return {
            "number": self.page_num,
            "count": last,
            "has_previous": self.page_num > 1,
            "has_next": self.page_num < last,
            "previous_url": self.get_query_string({PAGE_VAR: self.page_num - 1}),
            "next_url": self.get_query_string({PAGE_VAR: self.page_num + 1}),
        }


class Window(ModelAdmin):
    """Looks at a table and changes nothing. ``code`` is what an operator needs to look."""

    code: ClassVar[str]
    one: ClassVar[Words]
    many: ClassVar[Words]
    columns: ClassVar[tuple[Column, ...]]
    lines: ClassVar[tuple[Column, ...]] = ()
    deeds: ClassVar[tuple[Deed, ...]] = ()
    list_deeds: ClassVar[tuple[Deed, ...]] = ()
    list_per_page = 50
    show_full_result_count = False
    actions = None
    change_list_template = "desk/list.html"
    change_form_template = "desk/object.html"
    list_filter_sheet = False

    def __init__(self, model: type[Model], admin_site: DeskSite) -> None:
        super().__init__(model, admin_site)
        for column in (*self.lines, *self.columns):  # of two with a name the list's stays: it sorts
            setattr(self, f"c_{column.name}", _shown(column))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DeskList]:  # type: ignore[override]  # Unfold declares an instance
        return DeskList

    def get_list_display(self, request: HttpRequest) -> Any:
        return [f"c_{column.name}" for column in self.columns]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return [f"c_{column.name}" for column in self.lines or self.columns]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.get_fields(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        actor = operator_of(request)
        return actor is not None and actor.can(self.code)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_urls(self) -> Any:
        """The list and the page of a row, and a page for each deed; nothing that adds, deletes or edits."""
        label = f"{self.opts.app_label}_{self.opts.model_name}"
        kept = [url for url in super().get_urls() if url.name in {f"{label}_changelist", f"{label}_change"}]
        view = self.admin_site.admin_view
        return [
            path("deed/<slug:name>/", view(self.list_deed_view), name=f"{label}_list_deed"),
            path("<path:object_id>/deed/<slug:name>/", view(self.deed_view), name=f"{label}_deed"),
            *kept,
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        links = [_link(deed, self._url("list_deed", deed.name)) for deed in self._open(request, self.list_deeds, None)]
        context = {
            "title": self.many,
            "crumbs": [(self.many, "")],
            "deed_links": links,
            "export_url": export_url(request, str(self.opts.model_name)),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        row = self._row(request, object_id)
        open_deeds = self._open(request, self.deeds, row)
        links = [
            _link(deed, deed.elsewhere(row) if deed.elsewhere else self._url("deed", row.pk, deed.name))
            for deed in open_deeds
        ]
        context = {
            "title": self.title_of(row),
            "subtitle": None,
            "crumbs": [(self.many, self._url("changelist")), (self.title_of(row), "")],
            "deed_links": links,
            "scans": self.scans_of(row),
            "sections": self.sections_of(row),
            **(extra_context or {}),
        }
        return super().changeform_view(request, object_id, form_url, context)

    def deed_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """The page of one deed with one row."""
        row = self._row(request, object_id)
        return self._deed(request, self.deeds, name, row)

    def list_deed_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """The page of a deed that needs no row."""
        if not self.has_view_permission(request):
            raise Missing
        return self._deed(request, self.list_deeds, name, None)

    def complete(self, rows: Sequence[Any]) -> None:
        """Write on the rows what their table does not know."""

    def title_of(self, row: Any) -> str:
        """What the row is called."""
        return str(row)

    def sections_of(self, row: Any) -> Sections:
        """Tables below the row's lines, each with its head."""
        return ()

    def scans_of(self, row: Any) -> list[Scan]:
        """What is to be looked at beside the row and its deeds."""
        return []

    def _row(self, request: HttpRequest, object_id: str | None) -> Any:
        row = self.get_object(request, unquote(object_id or "")) if self.has_view_permission(request) else None
        if row is None:
            raise Http404
        return row

    def _open(self, request: HttpRequest, deeds: Sequence[Deed], row: Any) -> list[Deed]:
        actor = sitting(request)
        return [deed for deed in deeds if actor.can(deed.code) and deed.is_open(row)]

    def _deed(self, request: HttpRequest, deeds: Sequence[Deed], name: str, row: Any) -> HttpResponse:
        deed = next((one for one in deeds if one.name == name), None)
        if deed is None or deed.verb is None:
            raise Http404
        actor = sitting(request)
        actor.require(deed.code)
        back = self._url("changelist") if row is None else self._url("change", row.pk)
        is_sent = request.method == "POST"
        form = deed.form(request.POST, request.FILES) if is_sent else deed.form(initial=deed.initial(row))
        status = 200
        if is_sent and form.is_valid():
            try:
                onward = deed.verb(actor, row, form.cleaned_data)
                if deed.done:
                    messages.success(request, str(deed.done))
                return redirect(onward or back)
            except DomainError as error:
                status = _tell(form, error)
        elif is_sent:
            status = 422
        return self._deed_page(request, deed, form, row, back, status)

    def _deed_page(
        self, request: HttpRequest, deed: Deed, form: forms.Form, row: Any, back: str, status: int
    ) -> HttpResponse:
        crumbs = [(self.many, self._url("changelist"))]
        if row is not None:
            crumbs.append((self.title_of(row), back))
        context = {
            **self.admin_site.each_context(request),
            "title": deed.label,
            "crumbs": [*crumbs, (deed.label, "")],
            "deed": deed,
            "form": form,
            "back": back,
            "subject": self.title_of(row) if row is not None else "",
            "scans": self.scans_of(row) if row is not None else [],
        }
        return TemplateResponse(request, "desk/deed.html", context, status=status)

    def _url(self, what: str, *args: object) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{what}", args=args)


def _tell(form: forms.Form, error: DomainError) -> int:
    """Put the refusal beside its field, or above the form; the status it is answered with."""
    for fault in error.problems():
        form.add_error(fault.field if fault.field in form.fields else None, words_of(fault))
    return STATUS[error.kind]


def export_url(request: HttpRequest, name: str) -> str:
    """Where the list ``name`` is asked for as a file, with the filters of its page."""
    query = request.GET.copy()
    query.pop(PAGE_VAR, None)
    url = reverse("desk_list_out", args=[name])
    return f"{url}?{query.urlencode()}" if query else url


def _link(deed: Deed, url: str) -> dict[str, object]:
    return {"label": deed.label, "url": url, "is_danger": deed.is_danger}


def _shown(column: Column) -> Callable[[Any], object]:
    def shown(row: Any) -> object:
        return printed(column.read(row))

    shown.short_description = column.label  # type: ignore[attr-defined]  # functions take attributes
    shown.boolean = column.is_flag  # type: ignore[attr-defined]  # as above
    shown.empty_value_display = "—"  # type: ignore[attr-defined]  # as above
    if column.sort:
        shown.admin_order_field = column.sort  # type: ignore[attr-defined]  # as above
    return shown


def printed(value: object) -> object:
    """An instant as ``2026-01-12 14:05`` in the desk's time zone, a day as ``2026-01-12``; anything else as it is."""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else value


def words_from(words: dict[str, str], code: str) -> str:
    """The word for a code in the present language; the code itself where there is none."""
    return gettext(words[code]) if code in words else code
