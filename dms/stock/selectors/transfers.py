"""Questions about transfers between warehouses. Quantities are bottles."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from core.db.scopes import lines_within
from core.kernel.actor import Actor
from core.kernel.text import normalised
from dms.stock.errors import TransferMissing
from dms.stock.models import Transfer, TransferLine
from dms.stock.permissions import Permission


def transfers_visible_to(actor: Actor) -> QuerySet[Transfer]:
    """The transfers of the actor's own house, the newest first. Raises ``NotPermitted``."""
    actor.require(Permission.READ, writes=False)
    return Transfer.objects.filter(owner_id=actor.dealer_id).select_related("source", "target").order_by("-id")


@dataclass(frozen=True, slots=True)
class TransferFilter:
    """What the list of transfers is narrowed to; empty is not at all."""

    status: str = ""

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "TransferFilter":
        """Read ``?status=``; the unknown is left aside."""
        status = params.get("status", "")
        return cls(status if status in Transfer.Status.values else "")


def transfer_rows(actor: Actor, asked: TransferFilter) -> QuerySet[Transfer]:
    """Transfers with ``line_count`` and ``bottles``, the newest first."""
    rows = transfers_visible_to(actor)
    if asked.status:
        rows = rows.filter(status=asked.status)
    return rows.annotate(line_count=Count("lines"), bottles=Sum("lines__bottles"))


def transfer_states(actor: Actor) -> dict[str, int]:
    """How many transfers are in each state. One query."""
    return dict(transfers_visible_to(actor).order_by().values_list("status").annotate(n=Count("id")))


def transfer(actor: Actor, number: str) -> tuple[Transfer, list[TransferLine]]:
    """A transfer with its lines, of the seat's product lines. Two queries. Raises ``TransferMissing``."""
    found = transfers_visible_to(actor).filter(number=normalised(number)).first()
    if found is None:
        raise TransferMissing(number=normalised(number)[:30])
    rows = found.lines.filter(lines_within(actor, "sku__product_line__code")).select_related("sku")
    return found, list(rows.order_by("position"))
