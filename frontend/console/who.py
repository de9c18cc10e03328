"""Who did what: names of people by their ids, for records of what happened."""

from collections.abc import Iterable
from uuid import UUID

from core.kernel.actor import Actor
from tenants.access.permissions import Permission
from tenants.access.selectors import seats_visible_to


def names_of(actor: Actor, people: Iterable[UUID | None]) -> dict[UUID, str]:
    """What those people are called whose seats the actor may see; one query, none where nobody is asked for."""
    wanted = {one for one in people if one is not None}
    if not wanted or not actor.can(Permission.READ):
        return {}
    return dict(seats_visible_to(actor).filter(person_id__in=wanted).values_list("person_id", "person_name"))
