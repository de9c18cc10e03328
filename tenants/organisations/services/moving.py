"""Organisations that a brand names when it moves to another server: facts of the register, found or written down."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from core.db.acts import act, public
from core.kernel import clock
from core.kernel.identifiers import uscc as checked_uscc
from core.kernel.ids import uuid7
from tenants.organisations.models import Organisation, OrganisationUse
from tenants.organisations.services.post import note_uses


def leaving(schema_name: str, *, also: Collection[UUID] = ()) -> list[dict[str, Any]]:
    """What goes with a brand of the organisations it deals with. Licences stay: the other server verifies anew."""
    with public():
        used = OrganisationUse.objects.filter(schema_name=schema_name).values_list("organisation_id", flat=True)
        found = Organisation.objects.filter(pk__in={*used, *also}).order_by("pk")
        return [dict(row) for row in found.values("id", "uscc", "name", "kind")]


def arriving(rows: Iterable[Mapping[str, Any]]) -> dict[UUID, UUID]:
    """Find or write down the organisations of a brand that comes; their ids here by their ids there.

    One is the same by its USCC; without one, by its id and name. One act each, so it may be repeated. Raises
    ``InvalidIdentifier``.
    """
    ids = {}
    for row in rows:
        wanted = UUID(str(row["id"]))
        code = checked_uscc(row["uscc"]) if row["uscc"] else None
        with public(), act():
            ids[wanted] = _found_or_written(wanted, code, str(row["name"])[:160], row["kind"])
    return ids


def _found_or_written(wanted: UUID, code: str | None, name: str, kind: str) -> UUID:
    same_id = Organisation.objects.filter(pk=wanted).first()
    known = Organisation.objects.filter(uscc=code).first() if code else None
    if known is not None:
        return known.pk
    if code is None and same_id is not None and same_id.name == name:
        return wanted
    made = Organisation(
        id=uuid7() if same_id else wanted,
        uscc=code,
        name=name,
        kind=Organisation.Kind(kind),
        created_at=clock.now(),
    )
    made.save(force_insert=True)
    return made.pk


def settle(schema_name: str, organisation_ids: Collection[UUID]) -> None:
    """The brand lives here from now on: what is verified of its organisations is delivered to it."""
    with public(), act():
        note_uses(schema_name=schema_name, organisation_ids=organisation_ids)
