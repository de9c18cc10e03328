"""Handing a new brand over: the platform invites its first administrator, and from then on none."""

from dataclasses import dataclass

from django.db import IntegrityError
from django.db.models import QuerySet

from core.db.acts import act, brand_schema, public
from core.events.services import record
from core.kernel.actor import Actor, Side
from core.kernel.errors import DomainError, Kind
from core.kernel.operators import Ops
from core.kernel.text import N_, normalised
from tenants.access.errors import InvitationPending
from tenants.access.models import Invitation, Seat
from tenants.access.services.bounds import one_change_at_a_time
from tenants.access.services.invitations import Invite, hand_out, judged, path_of, withdraw

ADMINISTRATOR = "brand_admin"
INVITED = "access.first_administrator_invited.v1"


class AdministratorSits(DomainError):
    """The brand looks after its own people."""

    code = "access.administrator_sits"
    kind = Kind.CONFLICT
    text = N_("The brand has an administrator. Its own people invite further ones.")


@dataclass(frozen=True, slots=True)
class HandOver:
    """To whom, by account name; ``dealer_id`` and ``dealer_name`` are the brand's own node. Why, for the audit."""

    schema_name: str
    slug: str
    account: str
    name: str
    dealer_id: int
    dealer_name: str
    reason: str


def hand_over(*, actor: Actor, command: HandOver) -> str:
    """Invite a brand's first administrator; the path of the link on the brand's host, which is shown this once.

    A link given out before is dead. Raises ``AdministratorSits`` and what ``invite`` does.
    """
    actor.require(Ops.EDIT_BRANDS)
    offer = Invite(
        account=command.account,
        name=command.name,
        side=Side.BRAND,
        dealer_id=command.dealer_id,
        dealer_name=command.dealer_name,
        roles=[ADMINISTRATOR],
    )
    with brand_schema(command.schema_name):
        if has_administrator():
            raise AdministratorSits
        prepared = judged(None, offer)
        try:
            with act():
                one_change_at_a_time()  # two operators at once: the second finds the first one's offer, and ends it
                if has_administrator():
                    raise AdministratorSits
                for before in _pending_before():
                    withdraw(before, None)
                hand_out(prepared, None)
        except IntegrityError:
            raise InvitationPending(name=prepared.invitation.name) from None
    with public(), act():
        record(
            kind=INVITED,
            aggregate_type="brand",
            aggregate_id=command.slug,
            version=0,
            actor=actor,
            payload={"reason": normalised(command.reason)[:200]},
        )
    return path_of(prepared.token)


def _pending_before() -> QuerySet[Invitation]:
    offers = Invitation.objects.select_for_update().order_by("pk")
    return offers.filter(invited_by_id=None, accepted_at__isnull=True, withdrawn_at__isnull=True)


def has_administrator() -> bool:
    """Whether somebody of the brand's own may open seats already. Inside its schema."""
    return Seat.objects.filter(
        side=Seat.Side.BRAND, roles__contains=[ADMINISTRATOR], status=Seat.Status.ACTIVE
    ).exists()
