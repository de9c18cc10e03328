"""Who can do what, and why: by person and by permission."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _

from core.kernel.actor import Side
from core.web.paging import page_of
from core.web.requests import SignedInRequest
from frontend.console.doors import staff_page
from frontend.console.lists import chips_of, choice_asked, pager_of, text_asked
from frontend.console.rightwords import limits_of, names_below
from frontend.console.shell import shown
from frontend.console.views.people.tabs import people_tabs
from frontend.ui.codewords import code_choices, code_words
from frontend.ui.vocabulary import term
from tenants.access import reasons
from tenants.access.models import Seat
from tenants.access.permissions import Permission
from tenants.access.reasons import Held
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
    below = names_below(request.actor, held)
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


def _row(one: Held, columns: list[tuple[str, str]], below: dict[int, str]) -> Row:
    cells = tuple(
        (words, "、".join(_(reason.words) for reason in one.reasons.get(code, ()))) for code, words in columns
    )
    return Row(one, limits_of(one.scope, below), cells)
