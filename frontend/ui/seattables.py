"""Columns of tables of people that both faces print: seats, invitations, stand-ins, tokens."""

from django.utils.translation import gettext

from core.jobs.exports import Column, instant, text, words
from core.kernel.actor import Side
from core.kernel.text import N_
from frontend.ui.codewords import code_words
from frontend.ui.tables import status, term
from tenants.access.selectors import custom_roles_of, words_of_roles


def seat_columns() -> tuple[Column, ...]:
    """A seat: whose, where, in which roles, within which limits."""
    return (
        text("person_name", N_("Name")),
        words("side", N_("Side"), term("side")),
        text("dealer_name", N_("Company")),
        _roles(),
        Column(N_("Regions"), ("scope_regions",), "、".join),
        Column(N_("Product lines"), ("scope_product_lines",), "、".join),
        words("status", N_("State"), status("seat")),
        instant("created_at", N_("Since")),
        instant("closed_at", N_("Closed")),
    )


def invitation_columns() -> tuple[Column, ...]:
    """An offer nobody has taken yet."""
    return (
        text("name", N_("Name")),
        words("side", N_("Side"), term("side")),
        text("dealer_name", N_("Company")),
        _roles(),
        text("invited_by_name", N_("Invited by")),
        instant("created_at", N_("Since")),
        instant("expires_at", N_("Valid until")),
    )


def stand_in_columns() -> tuple[Column, ...]:
    """Rights lent for an absence."""
    return (
        text("receiver__person_name", N_("Who stands in")),
        text("giver__person_name", N_("For whom")),
        text("giver__dealer_name", N_("Company")),
        Column(N_("What"), ("codes",), lambda codes: "、".join(str(code_words(code)) for code in codes)),
        instant("from_at", N_("From")),
        instant("until_at", N_("Until")),
        text("reason", N_("Reason")),
    )


def token_columns() -> tuple[Column, ...]:
    """A program's access: its key, never its secret."""
    return (
        text("name", N_("Name")),
        text("key", N_("Key")),
        text("seat__person_name", N_("Whose")),
        text("seat__dealer_name", N_("Company")),
        instant("created_at", N_("Since")),
        instant("expires_at", N_("Valid until")),
        instant("last_used_at", N_("Last used")),
        instant("revoked_at", N_("Revoked at")),
    )


def _roles() -> Column:
    own = {role.code: role.name for side in Side for role in custom_roles_of(side.value)}
    return Column(
        N_("Roles"), ("roles",), lambda codes: "、".join(gettext(word) for word in words_of_roles(codes, own))
    )
