"""What a brand's administrators are told of its hosts."""

from core.messages.services import notify
from tenants.access import messages
from tenants.access.models import Seat
from tenants.access.roles import ADMINISTRATORS


def warn_of_lost_host(host: str) -> int:
    """Tell everybody who looks after the present brand that a host of its own lost its record; how many.

    Inside the caller's act.
    """
    seats = Seat.objects.filter(side=Seat.Side.BRAND, roles__overlap=sorted(ADMINISTRATORS), status=Seat.Status.ACTIVE)
    seat_ids = list(seats.values_list("pk", flat=True))
    return notify(
        template=messages.HOST_LOST, seat_ids=seat_ids, context={"host": host}, link="/console/settings/hosts/"
    )
