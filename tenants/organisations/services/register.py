"""Finding an organisation by its USCC, or writing it down; its name corrected from the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.db.acts import act, public
from core.db.locks import Rank, locked
from core.events.services import record
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.identifiers import uscc as checked_uscc
from core.kernel.operators import Ops
from core.kernel.text import normalised
from tenants.organisations.errors import DecisionReasonMissing, NamelessOrganisation
from tenants.organisations.events import ORGANISATION, ORGANISATION_RENAMED
from tenants.organisations.models import Organisation


def find_or_create(*, uscc: str, name: str, kind: str) -> Organisation:
    """The organisation with this USCC (统一社会信用代码). Acts in the public schema, before any act of a brand.

    What is written already stays as it is: a brand may add an organisation, never edit one. Raises
    ``InvalidIdentifier`` for a USCC with a wrong check character and ``NamelessOrganisation``.
    """
    code, registered_name = checked_uscc(uscc), normalised(name)[:160]
    if not registered_name:
        raise NamelessOrganisation
    with public(), act():
        return Organisation.objects.get_or_create(
            uscc=code,
            defaults={"name": registered_name, "kind": Organisation.Kind(kind), "created_at": clock.now()},
        )[0]


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm as a brand's list knows it; the USCC is checked already."""

    uscc: str
    name: str
    kind: str


def find_or_create_all(firms: Sequence[Firm]) -> dict[str, UUID]:
    """``find_or_create`` for a whole list, in two statements: ids by USCC. What has no name is left out."""
    named = {firm.uscc: firm for firm in firms if normalised(firm.name)}
    if not named:
        return {}
    now = clock.now()
    with public(), act():
        Organisation.objects.bulk_create(
            [
                Organisation(
                    uscc=uscc,
                    name=normalised(firm.name)[:160],
                    kind=Organisation.Kind(firm.kind),
                    created_at=now,
                )
                for uscc, firm in sorted(named.items())
            ],
            ignore_conflicts=True,
            batch_size=1_000,
        )
        found = Organisation.objects.filter(uscc__in=list(named)).values_list("uscc", "pk")
        return {uscc: organisation_id for uscc, organisation_id in found if uscc}


def rename_organisation(*, actor: Actor, organisation_id: UUID, name: str, reason: str) -> Organisation:
    """Write the name as the public register has it. Raises ``Missing``, ``NamelessOrganisation`` or
    ``DecisionReasonMissing``.
    """
    actor.require(Ops.EDIT_ORGANISATIONS)
    registered_name, why = normalised(name)[:160], normalised(reason)[:200]
    if not registered_name:
        raise NamelessOrganisation(field="name")
    if not why:
        raise DecisionReasonMissing(field="reason")
    with public(), act():
        found = locked(Organisation.objects.filter(pk=organisation_id), Rank.KEY)
        if not found:
            raise Missing
        organisation = found[0]
        organisation.name = registered_name
        organisation.save(update_fields=["name"])
        record(
            kind=ORGANISATION_RENAMED,
            aggregate_type=ORGANISATION,
            aggregate_id=str(organisation.pk),
            version=0,
            actor=actor,
            payload={"reason": why},
        )
    return organisation
