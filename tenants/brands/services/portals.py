"""Who has a portal where: told from the brands' schemas, only to show people the way."""

from uuid import UUID

from core.db.acts import act, public
from tenants.brands.models import Brand, Portal


def note_portal(*, schema_name: str, person_id: UUID, side: str) -> None:
    """Remember that the person has a seat on this side, only to show them the way."""
    with public(), act():
        brand = Brand.objects.get(schema_name=schema_name)
        Portal.objects.get_or_create(brand=brand, person_id=person_id, side=side)


def forget_portal(*, schema_name: str, person_id: UUID, side: str) -> None:
    """The person's last seat on this side was closed."""
    with public(), act():
        Portal.objects.filter(brand__schema_name=schema_name, person_id=person_id, side=side).delete()


def forget_portals_of(person_id: UUID) -> None:
    """The inner piece of erasing a person, inside an act in the public schema."""
    Portal.objects.filter(person_id=person_id).delete()
