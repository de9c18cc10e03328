"""The desk's lists as spreadsheets: the columns and the question of each window, asked as its page asks it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.admin.views.main import ORDER_VAR, SEARCH_VAR
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from core.events.models import Delivery
from core.events.operation import failed_deliveries
from core.jobs.events import EXPORT
from core.jobs.exports import Asked, Cell, Column, Found, Question, Words, known_exports, list_export, said
from core.jobs.models import Job
from core.jobs.operation import troubled_jobs
from core.kernel.actor import Actor, Side
from core.kernel.operators import Ops
from core.web.desk import Column as Shown
from core.web.desk import Window
from core.web.requests import PageRequest
from core.web.subjects import names_subjects
from frontend.platform.desk.everywhere import in_every_schema
from frontend.platform.desk.windows import windows
from frontend.ui.words import status_word

CHUNK = 2_000
"""Rows completed together."""
EVERY = 100_000
"""Of one schema: a list that long is no list any more."""


def _cell(value: object) -> Cell:
    """What a column of the desk reads, as a sheet has it."""
    if isinstance(value, bool):
        return gettext("yes") if value else None
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if value is None or isinstance(value, int | float | Decimal | date):
        return value
    return str(value) or None


def _columns(shown: Sequence[tuple[str, Words]]) -> Callable[[], Sequence[Column]]:
    made = tuple(Column(words, (name,), _cell) for name, words in shown)
    return lambda: made


def _window_list(window: Window) -> None:
    """A window's list under the name of its table, for whoever may look at it."""
    columns = window.columns

    def question(actor: Actor, asked: Asked) -> Found:
        rows = _asked_of(window, actor, asked)
        return Found([column.name for column in columns], _read(window, rows), rows.count())

    shown = [(column.name, column.label) for column in columns]
    _register(str(window.opts.model_name), window.many, window.code, shown, question)


def _register(name: str, title: Words, permission: str, shown: Sequence[tuple[str, Words]], question: Question) -> None:
    list_export(name, side=Side.PLATFORM, title=title, permission=permission, columns=_columns(shown))(question)


def _asked_of(window: Window, actor: Actor, asked: Asked) -> "QuerySet[Any]":
    """The rows of the window's page in its order, as a request of the operator's with these filters finds them."""
    known = {SEARCH_VAR, ORDER_VAR, *(getattr(one, "parameter_name", "") for one in window.list_filter)}
    request = HttpRequest()
    request.method = "GET"
    request.GET = QueryDict(urlencode({name: value for name, value in asked.items() if name in known}))
    page = cast("PageRequest", request)
    page.is_desk, page.actor = True, actor
    return window.get_changelist_instance(request).get_queryset(request)


def _read(window: Window, rows: "QuerySet[Any]") -> Iterator[list[object]]:
    found = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        window.complete(chunk)
        yield from ([_bare(column, row) for column in window.columns] for row in chunk)


def _bare(column: Shown, row: object) -> object:
    return (column.bare or column.read)(row)


def _in_every_schema(asked: Asked, question: Callable[[], list[Any]]) -> Iterator[tuple[str, Any]]:
    """The brand's name, in the present language the platform's, and the row."""
    for _schema, brand, row in in_every_schema(question, asked.get("schema", ""), most=EVERY):
        yield brand or gettext("The platform"), row


_BRAND_JOBS: tuple[tuple[str, Words, Callable[[Job], object]], ...] = (
    ("kind", gettext_lazy("Job"), lambda row: row.kind),
    ("status", gettext_lazy("State"), lambda row: status_word("job", row.status)),
    ("done", gettext_lazy("Done"), lambda row: row.done),
    ("total", gettext_lazy("Rows"), lambda row: row.total),
    ("created_at", gettext_lazy("Begun"), lambda row: row.created_at),
    ("heartbeat_at", gettext_lazy("Last heard of"), lambda row: row.heartbeat_at),
)
_DELIVERIES: tuple[tuple[str, Words, Callable[[Delivery], object]], ...] = (
    ("handler", gettext_lazy("Handler"), lambda row: row.handler),
    ("event", gettext_lazy("Event"), lambda row: row.event.kind),
    ("subject", gettext_lazy("About"), lambda row: row.event.aggregate_id),
    ("attempts", gettext_lazy("Tries"), lambda row: row.attempts),
    ("due_at", gettext_lazy("Next"), lambda row: row.due_at),
    ("last_error", gettext_lazy("Last fault"), lambda row: row.last_error),
)


def _list_of_schemas(
    name: str,
    title: Words,
    permission: str,
    columns: Sequence[tuple[str, Words, Callable[[Any], object]]],
    rows_of: Callable[[Actor, int], list[Any]],
) -> None:
    """A list over the schemas, one after the other, narrowed by ``?schema=``."""

    def question(actor: Actor, asked: Asked) -> Found:
        found = _in_every_schema(asked, lambda: rows_of(actor, EVERY))
        cells = ([brand, *(read(row) for *_, read in columns)] for brand, row in found)
        return Found(["brand", *(column[0] for column in columns)], cells)

    shown = [("brand", gettext_lazy("Brand")), *((column[0], column[1]) for column in columns)]
    _register(name, title, permission, shown, question)


def _titles(names: Collection[str]) -> Mapping[str, str]:
    """What the audit trail calls the lists that were taken out."""
    return {one.name: said(one.title) for one in known_exports() if one.side is Side.PLATFORM and one.name in names}


for _one in windows():
    _window_list(_one)
_list_of_schemas("brand_jobs", gettext_lazy("Jobs of the brands"), Ops.READ_JOBS, _BRAND_JOBS, troubled_jobs)
_list_of_schemas(
    "deliveries", gettext_lazy("Deliveries that fail"), Ops.READ_DELIVERIES, _DELIVERIES, failed_deliveries
)
names_subjects(EXPORT, _titles)
