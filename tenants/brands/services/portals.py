"""Who has a portal where: told from the brands' schemas, only to show people the way."""

from collections.abc import Callable, Collection
from uuid import UUID

from core.db.acts import act, public
from tenants.brands.models import Brand, Portal

Way = tuple[UUID, str]
"""A person and the side of the house they enter by."""


def note_portal(*, schema_name: str, person_id: UUID, side: str) -> None:
    """Remember that the person has a seat on this side, only to show them the way."""
    with public(), act():
        brand = Brand.objects.get(schema_name=schema_name)
        Portal.objects.get_or_create(brand=brand, person_id=person_id, side=side)


def forget_portal(*, schema_name: str, person_id: UUID, side: str) -> None:
    """The person's last seat on this side was closed."""
    with public(), act():
        Portal.objects.filter(brand__schema_name=schema_name, person_id=person_id, side=side).delete()


def settle_portals(*, schema_name: str, seated: Callable[[], Collection[Way]]) -> int:
    """Make what is remembered of a brand agree with its seats; how many ways were mended. ``seated`` asks its schema.

    Asked after the ways were read: one that a seat brings meanwhile is not taken away.
    """
    with public():
        noted = set(Portal.objects.filter(brand__schema_name=schema_name).values_list("person_id", "side"))
    there = set(seated())
    lost, stale = there - noted, noted - there
    for person_id, side in sorted(lost):
        note_portal(schema_name=schema_name, person_id=person_id, side=side)
    for person_id, side in sorted(stale):
        forget_portal(schema_name=schema_name, person_id=person_id, side=side)
    return len(lost) + len(stale)


def forget_portals_of(person_id: UUID) -> None:
    """The inner piece of erasing a person, inside an act in the public schema."""
    Portal.objects.filter(person_id=person_id).delete()
