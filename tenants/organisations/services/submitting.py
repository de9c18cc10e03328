"""A paper sent in by the organisation's own people."""

from dataclasses import dataclass
from uuid import UUID

from core.db.acts import act, public
from core.files.models import StoredFile
from core.files.rules import Purpose
from core.kernel import clock
from core.kernel.errors import Missing, refuse_all
from tenants.organisations import rules
from tenants.organisations.errors import ScanMissing
from tenants.organisations.models import Licence, Organisation
from tenants.organisations.rules import Paper
from tenants.organisations.services.post import tell_submitted


@dataclass(frozen=True, slots=True)
class SubmitLicence:
    """A paper with its scans, which lie among the public schema's files."""

    organisation_id: UUID
    paper: Paper
    file_ids: tuple[UUID, ...]


def submit_licence(*, person_id: UUID, command: SubmitLicence) -> Licence:
    """Send a paper of one's own organisation to be verified.

    Raises ``Missing`` for who is no member, ``ScanMissing``, and by field what is wrong with the paper.
    """
    with public(), act():
        organisation = Organisation.objects.filter(pk=command.organisation_id, members__person_id=person_id).first()
        if organisation is None:
            raise Missing
        paper, faults = rules.checked_paper(command.paper, uscc=organisation.uscc)
        refuse_all([*faults, *(rules.ended_fault(paper, clock.business_day()) if not faults else ())])
        scans = StoredFile.objects.filter(pk__in=command.file_ids, purpose=Purpose.LICENCE)
        if not command.file_ids or scans.count() != len(set(command.file_ids)):
            raise ScanMissing(field="scan")
        licence = Licence.objects.create(
            organisation=organisation,
            type=paper.type,
            number=paper.number,
            scope=paper.scope,
            valid_from=paper.valid_from,
            valid_to=paper.valid_to,
            file_ids=list(command.file_ids),
            submitted_by=person_id,
            submitted_at=clock.now(),
        )
        tell_submitted(licence)
    return licence
