"""Invitations and absences as tests make them."""

from datetime import timedelta
from typing import Any

from core.kernel import clock
from core.kernel.actor import Actor, Side
from tenants.access.models import Delegation, Invitation
from tenants.access.services import Invite, Lend, invite, lend_rights
from tests.cast import Cast

PHONE = "13912345678"


def offered(cast: Cast, by: str = "admin", **changes: Any) -> tuple[Invitation, str]:
    """An invitation of ``by``'s own house to ``PHONE``, and its token."""
    actor: Actor = cast.actor(by)
    is_brand = actor.is_brand_staff
    values: dict[str, Any] = {
        "account": PHONE,
        "name": " 新人 ",
        "side": Side.BRAND if is_brand else Side.DEALER,
        "dealer_id": actor.dealer_id,
        "dealer_name": actor.dealer_name,
        "roles": ["brand_rep"] if is_brand else ["dealer_finance"],
        **changes,
    }
    return invite(actor=actor, command=Invite(**values))


def lent(
    cast: Cast, giver: str, receiver: str, *codes: str, by: str = "", days: tuple[int, int] = (0, 7)
) -> Delegation:
    """``giver``'s rights lent to ``receiver`` from so many days from now until so many."""
    now = clock.now()
    command = Lend(
        giver_id=cast.seats[giver].pk,
        receiver_id=cast.seats[receiver].pk,
        codes=codes,
        from_at=now + timedelta(days=days[0]),
        until_at=now + timedelta(days=days[1]),
        reason="休假",
    )
    return lend_rights(actor=cast.actor(by or giver), command=command)
