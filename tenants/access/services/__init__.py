"""The room's verbs: the only writers of seats, invitations, roles, delegations and tokens."""

from tenants.access.services.delegations import Lend, end_delegation, lend_rights
from tenants.access.services.ended import forget_offers
from tenants.access.services.invitations import (
    Invite,
    accept_invitation,
    invite,
    path_of,
    renew_invitation,
    withdraw_invitation,
)
from tenants.access.services.roles import change_role, make_role, retire_role
from tenants.access.services.seats import change_seat, close_seat, open_seat
from tenants.access.services.telling import heal_portals
from tenants.access.services.tokens import (
    issue_token,
    note_use,
    revoke_token,
    rotate_token,
    warn_of_ending_tokens,
)
from tenants.access.services.views import SaveView, change_view, move_view, remove_view, save_view

__all__ = [
    "Invite",
    "Lend",
    "SaveView",
    "accept_invitation",
    "change_role",
    "change_seat",
    "change_view",
    "close_seat",
    "end_delegation",
    "forget_offers",
    "heal_portals",
    "invite",
    "issue_token",
    "lend_rights",
    "make_role",
    "move_view",
    "note_use",
    "open_seat",
    "path_of",
    "remove_view",
    "renew_invitation",
    "retire_role",
    "revoke_token",
    "rotate_token",
    "save_view",
    "warn_of_ending_tokens",
    "withdraw_invitation",
]
