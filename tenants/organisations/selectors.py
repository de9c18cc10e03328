"""Questions about organisations and their papers (public schema): for operators, and for nobody's portal."""

from uuid import UUID

from django.db.models import QuerySet

from core.files.models import StoredFile
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.operators import Ops
from tenants.organisations.models import Licence, Organisation

READING = Ops.READ_ORGANISATIONS


def organisations(actor: Actor) -> QuerySet[Organisation]:
    """Every organisation, by name. Raises ``NotPermitted`` for all but operators."""
    actor.require(READING, writes=False)
    return Organisation.objects.order_by("name", "pk")


def licences(actor: Actor) -> QuerySet[Licence]:
    """Every submission, the latest first."""
    actor.require(READING, writes=False)
    return Licence.objects.select_related("organisation").order_by("-submitted_at", "-pk")


def waiting_licences(actor: Actor) -> QuerySet[Licence]:
    """What nobody has looked at yet, the longest waiting first."""
    return licences(actor).filter(status=Licence.Status.SUBMITTED).order_by("submitted_at", "pk")


def licences_of(actor: Actor, organisation_id: UUID) -> QuerySet[Licence]:
    """One organisation's papers, the latest first."""
    return licences(actor).filter(organisation_id=organisation_id)


def licence(actor: Actor, licence_id: UUID) -> Licence:
    """One submission. Raises ``Missing``."""
    found = licences(actor).filter(pk=licence_id).first()
    if found is None:
        raise Missing
    return found


def licence_scans(actor: Actor, licence_id: UUID) -> tuple[StoredFile, ...]:
    """The scans of a submission, in their order. Raises ``Missing``."""
    wanted = licence(actor, licence_id).file_ids
    files = {stored.pk: stored for stored in StoredFile.objects.filter(pk__in=wanted)}
    return tuple(files[file_id] for file_id in wanted if file_id in files)


def licence_scan(actor: Actor, licence_id: UUID, file_id: UUID) -> StoredFile:
    """One scan of a submission. Raises ``Missing``."""
    for stored in licence_scans(actor, licence_id):
        if stored.pk == file_id:
            return stored
    raise Missing
