"""Who can do what, as a spreadsheet: one line for each person, permission and what it comes from."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import QuerySet
from django.utils.translation import gettext

from core.jobs.exports import Asked, Column, Found, instant, list_export, text, words
from core.kernel.actor import Actor, Side
from core.kernel.text import N_
from frontend.console.rightwords import limits_of, names_below
from frontend.ui.codewords import code_choices, code_words
from tenants.access import reasons
from tenants.access.models import Seat
from tenants.access.permissions import Permission
from tenants.access.reasons import Held
from tenants.access.roles import CODES
from tenants.access.rules import SIDE_CODES

CHUNK = 500
"""Seats whose rights are found together."""


def _columns() -> tuple[Column, ...]:
    return (
        text("person_name", N_("Name")),
        text("dealer_name", N_("Company")),
        words("words", N_("Permission"), str),
        text("code", N_("Code")),
        text("through", N_("Through")),
        text("limits", N_("Limits")),
        text("lent_by", N_("Stands in for")),
        instant("until", N_("Until")),
    )


@list_export("rights", side=Side.BRAND, title=N_("Who can do what"), permission=Permission.READ, columns=_columns)
def rights(actor: Actor, asked: Asked) -> Found:
    """The rights of one side's people, as the page narrows them: by words, and by one permission."""
    side = asked.get("side", Side.BRAND.value)
    side = side if side in Seat.Side.values else Side.BRAND.value
    codes = CODES
    if asked.get("by") == "permission":
        choices = [code for code, _words in code_choices(SIDE_CODES[Side(side)])]
        codes = frozenset({asked["code"] if asked.get("code") in choices else choices[0]})
    seats = reasons.seats_asked(actor, side=side, text=asked.get("q", "").strip())
    sources = [column.sources[0] for column in _columns()]
    return Found(sources, _lines(actor, seats, codes))


def _lines(actor: Actor, seats: "QuerySet[Seat]", codes: frozenset[str]) -> Iterator[tuple[object, ...]]:
    found = seats.iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        held = reasons.held_by(actor, chunk)
        below = names_below(actor, held)
        for one in held:
            yield from _of(one, "；".join(limits_of(one.scope, below)), codes)


def _of(one: Held, limits: str, codes: frozenset[str]) -> Iterator[tuple[object, ...]]:
    for code, why in one.reasons.items():
        if code in codes:
            through = "、".join(gettext(reason.words) for reason in why)
            name, house = one.seat.person_name, one.seat.dealer_name
            yield name, house, str(code_words(code)), code, through, limits, one.lent_by, one.until
