"""Who belongs to an organisation, when a person wants to know or to be forgotten."""

from uuid import UUID

from core.db.acts import public
from tenants.organisations.models import Member


def membership_facts(person_id: UUID) -> list[dict[str, object]]:
    """The organisations a person belongs to, as plain values."""
    with public():
        rows = Member.objects.select_related("organisation").filter(person_id=person_id).order_by("joined_at")
        return [
            {"organisation": row.organisation.name, "uscc": row.organisation.uscc, "joined_at": row.joined_at}
            for row in rows
        ]


def leave_all(person_id: UUID) -> None:
    """The inner piece of erasing a person, inside an act in the public schema."""
    Member.objects.filter(person_id=person_id).delete()
