"""Who can do what, and why: by person, by permission, and as a file."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _

from core.files.tables import csv_table
from core.kernel.actor import Actor, Scope, Side
from core.web.paging import page_of
from core.web.requests import SignedInRequest
from dms.dealers.selectors import dealers_visible_to
from frontend.console.doors import staff_page
from frontend.console.lists import chips_of, choice_asked, pager_of, text_asked
from frontend.console.shell import shown
from frontend.console.views.people.tabs import people_tabs
from frontend.ui.codewords import code_choices, code_words
from frontend.ui.places import place_name
from frontend.ui.vocabulary import term
from tenants.access import reasons, services
from tenants.access.models import Seat
from tenants.access.permissions import Permission
from tenants.access.reasons import Held
from tenants.access.roles import CODES
from tenants.access.rules import SIDE_CODES

BY_PERSON, BY_CODE = "person", "permission"


@dataclass(frozen=True, slots=True)
class Row:
    """One seat as the page shows it: its limits in words, and for every column through what, or nothing."""

    held: Held
    limits: tuple[str, ...]
    cells: tuple[tuple[str, str], ...]


@staff_page(permission=Permission.READ)
def rights(request: SignedInRequest) -> HttpResponse:
    """A table of people and permissions; each cell says through which role, absence and limits."""
    side = choice_asked(request, "side", Seat.Side.values, "brand")
    view = choice_asked(request, "by", (BY_PERSON, BY_CODE), BY_PERSON)
    columns = code_choices(SIDE_CODES[Side(side)])
    code = choice_asked(request, "code", [one for one, _words in columns], columns[0][0])
    text = text_asked(request)
    page = page_of(reasons.seats_asked(request.actor, side=side, text=text), request)
    held = reasons.held_by(request.actor, page.rows)
    below = _dealer_words(request.actor, held)
    wanted = columns if view == BY_PERSON else [(code, code_words(code))]
    rows = [_row(one, wanted, below) for one in held if view == BY_PERSON or code in one.reasons]
    sides = [(one, term("side", one), None) for one in Seat.Side.values]
    views = [(BY_PERSON, _("By person"), None), (BY_CODE, _("By permission"), None)]
    context = {
        "rows": rows,
        "columns": wanted,
        "codes": columns,
        "code": code,
        "by": view,
        "q": text,
        "side": side,
        "sides": chips_of(request, "side", sides, usual="brand"),
        "views": chips_of(request, "by", views, usual=BY_PERSON),
        "pager": pager_of(page.number, page.page_count, 0, len(page.rows)),
        "tabs": people_tabs(request, "rights"),
    }
    return shown(request, "console/rights.html", context, at="people")


@staff_page(permission=Permission.READ)
def rights_file(request: SignedInRequest) -> HttpResponse:
    """All of it as CSV, one line for each person, permission and reason. Written down with its number of lines."""
    side = choice_asked(request, "side", Seat.Side.values, "brand")
    held = reasons.held_by(request.actor, reasons.seats_asked(request.actor, side=side, text=text_asked(request)))
    head = [
        _("Name"),
        _("House"),
        _("Permission"),
        _("Code"),
        _("Through"),
        _("Limits"),
        _("Stands in for"),
        _("Until"),
    ]
    lines = list(_lines(held, _dealer_words(request.actor, held)))
    services.note_rights_export(actor=request.actor, rows=len(lines))
    response = HttpResponse(csv_table(head, lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rights-{side}.csv"'
    return response


def _lines(held: list[Held], below: dict[int, str]) -> Iterator[list[str]]:
    for one in held:
        limits = "；".join(_limits(one.scope, below))
        until = f"{one.until:%Y-%m-%d}" if one.until else ""
        for code, why in one.reasons.items():
            if code in CODES:
                through = "、".join(_(reason.words) for reason in why)
                name, house = one.seat.person_name, one.seat.dealer_name
                yield [name, house, code_words(code), code, through, limits, one.lent_by, until]


def _row(one: Held, columns: list[tuple[str, str]], below: dict[int, str]) -> Row:
    cells = tuple(
        (words, "、".join(_(reason.words) for reason in one.reasons.get(code, ()))) for code, words in columns
    )
    return Row(one, _limits(one.scope, below), cells)


def _limits(scope: Scope, below: dict[int, str]) -> tuple[str, ...]:
    """The limits of a seat in words; empty: none."""
    found = [place_name(code, full=True) for code in scope.regions]
    found += [_("line %(code)s") % {"code": code} for code in scope.product_lines]
    if scope.dealer_subtree_id is not None:
        found.append(_("below %(dealer)s") % {"dealer": below.get(scope.dealer_subtree_id, "—")})
    return tuple(found)


def _dealer_words(actor: Actor, held: list[Held]) -> dict[int, str]:
    """Names of the dealers that seats are limited to."""
    wanted = {one.scope.dealer_subtree_id for one in held if one.scope.dealer_subtree_id is not None}
    if not wanted or not actor.can("dealers.read"):
        return {}
    return dict(dealers_visible_to(actor).filter(pk__in=wanted).values_list("pk", "name"))
