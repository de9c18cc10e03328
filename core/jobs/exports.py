"""Lists as spreadsheets: columns and a question registered by ``@list_export``, written by one job function for all.

The question is the list's own, asked with the list's own filters, for the actor as the rights are when the job runs:
a file holds what the page would show. Rows come through a cursor on the server and go into the file one by one, so
that memory does not grow with them. Every file leaves an event with its row count (handbook of the trade, §14.1).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from tempfile import TemporaryFile
from typing import IO, Any, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, override

from core.events.services import record
from core.files.rules import Type
from core.files.services import producing
from core.files.sheets import Cell as Cell
from core.files.sheets import write_table
from core.jobs.events import EXPORT, LIST_EXPORTED
from core.jobs.models import Job
from core.jobs.registry import RunningJob, job_kind
from core.jobs.services import going_like, start
from core.kernel import clock
from core.kernel.actor import Actor, Side
from core.kernel.errors import Missing
from core.kernel.money import MINOR_DIGITS

CHUNK = 2_000
"""Rows fetched at once."""
REPORTED = 10_000
"""Rows between two words about the progress."""
_SECRET = "q"
"""What was searched for may be a name or a phone: the event does not keep it."""

Asked = Mapping[str, str]
"""The list's filters as its address says them."""
Words = str | Promise
"""A msgid, or what a page of the desk calls it in whatever language is spoken."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``cell`` makes its cell from the values of ``sources``.

    ``is_open`` says whether the actor may have the column at all.
    """

    heading: Words
    sources: tuple[str, ...]
    cell: Callable[..., Cell]
    is_open: Callable[[Actor], bool] = lambda _actor: True


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of a statement of our own hand; ``sources`` name the places of a row. ``total`` None: nobody counted."""

    sources: Sequence[str]
    rows: Iterable[Sequence[Any]]
    total: int | None = None


Question = Callable[[Actor, Asked], QuerySet[Any] | Found]
Q = TypeVar("Q", bound=Question)


@dataclass(frozen=True, slots=True)
class ListExport:
    """One list of one side of the counter, or of the operator's desk. ``title`` names the file."""

    name: str
    side: Side
    title: Words
    permission: str
    columns: Callable[[], Sequence[Column]]
    question: Question

    @property
    def kind(self) -> str:
        """The kind of job that writes it."""
        return f"lists.{self.side.value}.{self.name}"


_lists: dict[tuple[Side, str], ListExport] = {}


def list_export(
    name: str, *, side: Side, title: Words, permission: str, columns: Callable[[], Sequence[Column]]
) -> Callable[[Q], Q]:
    """Let a question (selector) answer for the list ``name`` of one side; its file has ``columns``.

    The question gets the actor and the filters of the list's address; it returns a queryset in the list's order, or
    ``Found``.
    """

    def register(question: Q) -> Q:
        listed = _lists[side, name] = ListExport(name, side, title, permission, columns, question)
        job_kind(listed.kind, permission=permission, writes=False)(partial(_write, listed))
        return question

    return register


def known_exports() -> tuple[ListExport, ...]:
    """Every list there is."""
    return tuple(_lists.values())


def export_called(actor: Actor, name: str) -> ListExport:
    """The list of the actor's side. Raises ``Missing``, ``NotPermitted``."""
    listed = _lists.get((actor.side, name))
    if listed is None:
        raise Missing
    actor.require(listed.permission, writes=False)
    return listed


def may_export(actor: Actor, name: str) -> bool:
    """Whether to offer it: for hiding buttons."""
    listed = _lists.get((actor.side, name))
    return listed is not None and actor.can(listed.permission)


def export_title(kind: str) -> str:
    """What a kind of job takes out, in the present language; empty for other kinds."""
    return next((said(listed.title) for listed in _lists.values() if listed.kind == kind), "")


def said(words: Words) -> str:
    """Words of a list in the present language."""
    return str(words) if isinstance(words, Promise) else gettext(words)


def ask_export(*, actor: Actor, name: str, asked: Asked, as_csv: bool, language: str, zone: str) -> Job:
    """Start writing the list as ``asked``; a second click finds the job of the first while it is under way.

    The file speaks ``language`` and tells time in ``zone``. Raises ``Missing``, ``NotPermitted``.
    """
    listed = export_called(actor, name)
    parameters = {
        "asked": {key: value[:200] for key, value in asked.items() if value},
        "format": "csv" if as_csv else "xlsx",
        "language": language,
        "zone": zone,
    }
    going = going_like(actor=actor, kind=listed.kind, parameters=parameters)
    return going or start(actor=actor, kind=listed.kind, parameters=parameters)


# columns --------------------------------------------------------------------------------------------


def text(source: str, heading: str) -> Column:
    """A text as it stands, or a whole number."""
    return Column(heading, (source,), _plain)


def words(source: str, heading: str, word: Callable[[str], str]) -> Column:
    """A code in words."""
    return Column(heading, (source,), lambda code: word(code) if code else None)


def amount(
    source: str, heading: str, *, currency: str = "currency", is_open: Callable[[Actor], bool] = lambda _actor: True
) -> Column:
    """Minor units as an amount one can add up; the column of the currency stands beside it."""
    return Column(heading, (source, currency), _amount, is_open)


def instant(source: str, heading: str) -> Column:
    """An instant in the zone of the portal."""
    return Column(heading, (source,), _instant)


def flag(source: str, heading: str) -> Column:
    """Yes, or nothing."""
    return Column(heading, (source,), lambda is_so: gettext("yes") if is_so else None)


def _plain(value: Any) -> Cell:
    return None if value is None or value == "" else value if isinstance(value, int) else str(value)


def day(source: str, heading: str) -> Column:
    """A calendar day."""
    return Column(heading, (source,), lambda value: value)


def _amount(minor: int | None, currency: str) -> Decimal | None:
    return None if minor is None else Decimal(minor).scaleb(-MINOR_DIGITS[currency])


def _instant(value: datetime | None) -> datetime | None:
    return timezone.localtime(value).replace(tzinfo=None) if value else None


# the job --------------------------------------------------------------------------------------------


def _write(listed: ListExport, job: RunningJob, actor: Actor) -> None:
    """Write the file, keep it and tell of it. A worker that goes on for a dead one begins anew, or finds the file."""
    if job.result_file_id is not None:
        job.finish({"rows": job.done}, result_file_id=job.result_file_id)
        return
    job.begin_anew()
    kind = Type.CSV if job.parameters.get("format") == "csv" else Type.XLSX
    zone = ZoneInfo(str(job.parameters.get("zone") or clock.SHANGHAI))
    language = str(job.parameters.get("language") or settings.LANGUAGE_CODE)
    with override(language), timezone.override(zone), TemporaryFile() as content:
        count = _fill(listed, job, actor, content, kind)
        ending = "csv" if kind is Type.CSV else "xlsx"
        name = f"{said(listed.title)}-{clock.business_day(zone=zone.key):%Y%m%d}.{ending}"
        with producing(
            name=name, content=content, content_type=kind, dealer_id=actor.dealer_id, seat_id=actor.seat_id
        ) as kept:
            job.claim_file(kept.pk)
            _tell(listed, job, actor, count)
    job.finish({"rows": count}, result_file_id=kept.pk)


def _fill(listed: ListExport, job: RunningJob, actor: Actor, content: IO[bytes], kind: Type) -> int:
    """Write every row; how many there were."""
    columns = [column for column in listed.columns() if column.is_open(actor)]
    head = [said(column.heading) for column in columns]
    asked: dict[str, str] = dict(job.parameters.get("asked") or {})
    rows = _rows(job, listed.question(actor, asked), columns)
    return write_table(content, kind, head, rows, title=said(listed.title))


def _rows(job: RunningJob, found: QuerySet[Any] | Found, columns: Sequence[Column]) -> Iterator[list[Cell]]:
    """The cells, row by row; the progress is told now and then."""
    wanted = list(dict.fromkeys(source for column in columns for source in column.sources))
    if isinstance(found, QuerySet):
        found = Found(wanted, found.values_list(*wanted).iterator(chunk_size=CHUNK), found.count())
    if found.total is not None:
        job.expect(found.total)
    places = {source: place for place, source in enumerate(found.sources)}
    makers = [(column.cell, [places[source] for source in column.sources]) for column in columns]
    told = 0
    number = 0
    for number, row in enumerate(found.rows, start=1):
        yield [make(*[row[place] for place in at]) for make, at in makers]
        if number - told == REPORTED:
            job.report(done=REPORTED)
            told = number
    job.report(done=number - told)


def _tell(listed: ListExport, job: RunningJob, actor: Actor, count: int) -> None:
    asked = job.parameters.get("asked") or {}
    record(
        kind=LIST_EXPORTED,
        aggregate_type=EXPORT,
        aggregate_id=listed.name,
        version=0,
        actor=actor,
        payload={
            "list": listed.name,
            "rows": count,
            "format": job.parameters.get("format"),
            "job": str(job.id),
            "narrowed_by": {key: value for key, value in asked.items() if key != _SECRET},
        },
        seller_id=actor.dealer_id,
    )
