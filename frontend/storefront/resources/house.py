"""The house's own lists as spreadsheets: its papers, what it is told, its people and their programs."""

from django.db.models import QuerySet

from core.jobs.exports import Asked, Column, Found, day, flag, instant, list_export, text, words
from core.kernel import clock
from core.kernel.actor import Actor, Side
from core.kernel.text import N_
from dms.dealers.selectors import own_papers
from frontend.storefront.board import board
from frontend.ui.seattables import invitation_columns, seat_columns, stand_in_columns, token_columns
from frontend.ui.tables import status, term
from ordering.orders.permissions import Permission as OrderPermission
from tenants.access.models import ApiToken, Delegation, Invitation, Seat
from tenants.access.permissions import Permission
from tenants.access.selectors import delegations_of, invitations_visible_to, seats_visible_to, tokens_visible_to

_OF_THE_BRAND = frozenset({"side", "dealer_name", "giver__dealer_name", "seat__dealer_name"})
"""Columns that say the same in every row of one house."""


def _own(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    return tuple(column for column in columns if column.sources[0] not in _OF_THE_BRAND)


def _licence_columns() -> tuple[Column, ...]:
    return (
        words("type", N_("Kind of licence"), term("credential_type")),
        text("number", N_("Number")),
        text("scope", N_("Scope")),
        day("valid_from", N_("Valid from")),
        day("valid_to", N_("Valid until")),
        words("state", N_("State"), status("credential")),
        text("reason", N_("Reason")),
    )


@list_export(
    "licences",
    side=Side.DEALER,
    title=N_("My licences"),
    permission=OrderPermission.READ,
    columns=_licence_columns,
)
def licences(actor: Actor, _asked: Asked) -> Found:
    """The papers on file, as they stand today."""
    names = [column.sources[0] for column in _licence_columns()]
    held = own_papers(actor, clock.business_day()).rows
    rows = [[state.value if name == "state" else getattr(row, name) for name in names] for row, state in held]
    return Found(names, rows, len(rows))


def _notice_columns() -> tuple[Column, ...]:
    return (
        text("title", N_("Title")),
        text("body", N_("Text")),
        flag("needs_receipt", N_("Asks for a receipt")),
        instant("at", N_("Published")),
        instant("read_at", N_("You read it")),
    )


@list_export(
    "notices",
    side=Side.DEALER,
    title=N_("Notices from the brand"),
    permission=OrderPermission.READ,
    columns=_notice_columns,
)
def notices(actor: Actor, _asked: Asked) -> Found:
    """What the house is told at present, in the order of the page."""
    names = [column.sources[0] for column in _notice_columns()]
    rows = [[getattr(one, name) for name in names] for one in board(actor)]
    return Found(names, rows, len(rows))


@list_export(
    "colleagues",
    side=Side.DEALER,
    title=N_("Colleagues"),
    permission=Permission.READ,
    columns=lambda: _own(seat_columns()),
)
def colleagues(actor: Actor, _asked: Asked) -> QuerySet[Seat]:
    """Who works here."""
    return seats_visible_to(actor).filter(status=Seat.Status.ACTIVE)


@list_export(
    "invitations",
    side=Side.DEALER,
    title=N_("Open invitations"),
    permission=Permission.READ,
    columns=lambda: _own(invitation_columns()),
)
def invitations(actor: Actor, _asked: Asked) -> QuerySet[Invitation]:
    """Offers nobody has taken yet; to whom they went stays on the page."""
    return invitations_visible_to(actor)


@list_export(
    "stand_ins",
    side=Side.DEALER,
    title=N_("Stand-ins"),
    permission=Permission.READ,
    columns=lambda: _own(stand_in_columns()),
)
def stand_ins(actor: Actor, _asked: Asked) -> QuerySet[Delegation]:
    """What is lent now or will be."""
    return delegations_of(actor)


@list_export(
    "tokens",
    side=Side.DEALER,
    title=N_("API tokens"),
    permission=Permission.READ,
    columns=lambda: _own(token_columns()),
)
def tokens(actor: Actor, _asked: Asked) -> QuerySet[ApiToken]:
    """Keys, never secrets."""
    return tokens_visible_to(actor)
