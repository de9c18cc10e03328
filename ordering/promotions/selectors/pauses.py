"""How often a policy was stopped for a while: who, when, why, and what came after."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from core.events.models import Event
from ordering.promotions import events
from ordering.promotions.models import PromotionPolicy
from tenants.access.models import Seat

MOST_PAUSES = 50
KINDS = (events.POLICY_PAUSED, events.POLICY_RESUMED, events.POLICY_ENDED)


@dataclass(frozen=True, slots=True)
class Pause:
    """From ``at`` until ``over_at`` (None: it lasts). ``was_last``: not resumed, ended for good.

    ``by`` and ``over_by`` are names; empty: nobody knows.
    """

    at: datetime
    by: str
    reason: str
    over_at: datetime | None = None
    over_by: str = ""
    was_last: bool = False


def pauses_of(row: PromotionPolicy) -> tuple[Pause, ...]:
    """The latest pauses of one policy, the newest first; at most two statements. The caller may see the policy."""
    told = Event.objects.filter(
        aggregate_type=events.POLICY, aggregate_id=row.code, seller_id=row.seller_id, kind__in=KINDS
    )
    found = list(reversed(told.order_by("-at", "-id")[: 2 * MOST_PAUSES]))
    if not any(one.kind == events.POLICY_PAUSED for one in found):
        return ()
    people = {one.person_id for one in found if one.person_id is not None}
    names = dict(Seat.objects.filter(person_id__in=people).order_by("pk").values_list("person_id", "person_name"))
    pauses: list[Pause] = []
    for one in found:
        who = _name(one, names)
        if one.kind == events.POLICY_PAUSED:
            pauses.append(Pause(one.at, who, str(one.payload.get("reason", ""))))
        elif pauses and pauses[-1].over_at is None:
            pauses[-1] = replace(pauses[-1], over_at=one.at, over_by=who, was_last=one.kind == events.POLICY_ENDED)
    return tuple(reversed(pauses))


def _name(one: Event, names: Mapping[UUID, str]) -> str:
    return names.get(one.person_id, "") if one.person_id is not None else ""
