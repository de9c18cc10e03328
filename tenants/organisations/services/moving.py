"""Organisations that a brand names when it moves to another server: facts of the register, found or written down."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from core.db.acts import act, public
from core.kernel import clock
from core.kernel.ids import uuid7
from tenants.organisations.models import Organisation, OrganisationUse
from tenants.organisations.services.register import find_or_create


def leaving(schema_name: str, *, also: Collection[UUID] = ()) -> list[dict[str, Any]]:
    """What goes with a brand of the organisations it deals with. Licences stay: the other server verifies anew."""
    with public():
        used = OrganisationUse.objects.filter(schema_name=schema_name).values_list("organisation_id", flat=True)
        found = Organisation.objects.filter(pk__in={*used, *also}).order_by("pk")
        return [dict(row) for row in found.values("id", "uscc", "name", "kind")]


def arriving(rows: Iterable[Mapping[str, Any]]) -> dict[UUID, UUID]:
    """Find or write down the organisations of a brand that comes; their ids here by their ids there.

    One is the same by its USCC; without one, by its id. One act each, so it may be repeated. Raises what
    ``find_or_create`` raises.
    """
    ids = {}
    for row in rows:
        wanted = UUID(str(row["id"]))
        if row["uscc"]:
            ids[wanted] = find_or_create(uscc=row["uscc"], name=row["name"], kind=row["kind"]).pk
        else:
            ids[wanted] = _nameless(wanted, str(row["name"])[:160], row["kind"])
    return ids


def _nameless(wanted: UUID, name: str, kind: str) -> UUID:
    with public(), act():
        there = Organisation.objects.filter(pk=wanted).first()
        if there is not None and there.name == name:
            return wanted
        made = Organisation(
            id=uuid7() if there else wanted, name=name, kind=Organisation.Kind(kind), created_at=clock.now()
        )
        made.save(force_insert=True)
    return made.pk
