"""Between the register and the brands' schemas: who is told, what comes in. Inner pieces for handlers, but one."""

import logging
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from core.db.acts import act, public
from core.events.services import record
from core.kernel import clock
from tenants.organisations.events import LICENCE, LICENCE_SUBMITTED, LICENCE_TOLD
from tenants.organisations.models import Licence, Organisation, OrganisationUse

log = logging.getLogger(__name__)


def facts_of(licence: Licence) -> dict[str, object]:
    """What a brand's schema is told of a paper: what stands on it, nothing of who sent it."""
    return {
        "organisation_id": str(licence.organisation_id),
        "licence_id": str(licence.pk),
        "type": licence.type,
        "number": licence.number,
        "scope": licence.scope,
        "valid_from": licence.valid_from,
        "valid_to": licence.valid_to,
    }


def schemas_told(licence: Licence) -> list[str]:
    """The schemas that hear of a verified paper; of a brand authorisation only the one it came from."""
    if licence.type == Licence.Type.TRADEMARK_AUTH:
        return [licence.submitted_in]
    uses = OrganisationUse.objects.filter(organisation_id=licence.organisation_id)
    used_in = set(uses.values_list("schema_name", flat=True))
    return sorted(used_in | {licence.submitted_in})


def tell_submitted(licence: Licence) -> None:
    """Write down that a paper waits to be looked at."""
    record(
        kind=LICENCE_SUBMITTED,
        aggregate_type=LICENCE,
        aggregate_id=str(licence.pk),
        version=licence.version,
        actor=None,
        payload={"organisation_id": str(licence.organisation_id), "type": licence.type},
    )


def note_uses(*, schema_name: str, organisation_ids: Collection[UUID]) -> None:
    """Remember where these organisations are dealers or producers, and tell that schema what is verified of them."""
    known = Organisation.objects.filter(pk__in=organisation_ids).values_list("pk", flat=True)
    now = clock.now()
    OrganisationUse.objects.bulk_create(
        [OrganisationUse(organisation_id=pk, schema_name=schema_name, noted_at=now) for pk in known],
        ignore_conflicts=True,
    )
    verified = Licence.objects.filter(organisation_id__in=organisation_ids, status=Licence.Status.VERIFIED)
    open_here = ~Q(type=Licence.Type.TRADEMARK_AUTH) | Q(submitted_in=schema_name)
    for licence in verified.filter(open_here).order_by("pk"):
        record(
            kind=LICENCE_TOLD,
            aggregate_type=LICENCE,
            aggregate_id=str(licence.pk),
            version=licence.version,
            actor=None,
            payload={**facts_of(licence), "brand_schemas": [schema_name]},
        )


def take_submission(*, schema_name: str, submitted_by: UUID | None, told: Mapping[str, Any]) -> None:
    """Write down a paper that a house sent from a brand's host; the same one twice is one."""
    if not Organisation.objects.filter(pk=told["organisation_id"]).exists():
        log.warning("a licence from %s names an organisation that is not in the register", schema_name)
        return
    licence, is_new = Licence.objects.get_or_create(
        pk=told["licence_id"],
        defaults={
            "organisation_id": told["organisation_id"],
            "type": told["type"],
            "number": told["number"],
            "scope": told["scope"],
            "valid_from": date.fromisoformat(told["valid_from"]),
            "valid_to": date.fromisoformat(told["valid_to"]) if told["valid_to"] else None,
            "file_ids": told["file_ids"],
            "submitted_in": schema_name,
            "submitted_by": submitted_by,
            "submitted_at": clock.now(),
        },
    )
    if is_new:
        tell_submitted(licence)


def take_back(*, schema_name: str, licence_id: UUID) -> None:
    """The house takes its paper back; what is decided already stays decided."""
    waiting = Licence.objects.filter(pk=licence_id, submitted_in=schema_name, status=Licence.Status.SUBMITTED)
    waiting.update(status=Licence.Status.WITHDRAWN, decided_at=clock.now())


def forget_uses(*, schema_name: str) -> None:
    """A brand is gone: nothing is delivered there any more. A verb of its own, for who deletes brands."""
    with public(), act():
        OrganisationUse.objects.filter(schema_name=schema_name).delete()
