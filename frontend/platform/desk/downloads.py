"""What operators may open of the public schema's files: scans of licences, and what a job has made."""

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from core.files.models import StoredFile
from core.files.rules import Purpose
from core.files.views import handed_out
from core.jobs.models import Job
from core.jobs.registry import kinds_open_to
from core.kernel.errors import Missing
from core.kernel.operators import Ops
from core.web.operators import sitting
from tenants.organisations.models import Licence


@require_safe
def scan(request: HttpRequest, licence_id: UUID, place: int) -> FileResponse:
    """One scan of a licence; pictures are shown, anything else is saved."""
    sitting(request).require(Ops.READ_ORGANISATIONS, writes=False)
    licence = Licence.objects.filter(pk=licence_id).first()
    if licence is None or place >= len(licence.file_ids):
        raise Missing
    stored = StoredFile.objects.filter(pk=licence.file_ids[place]).first()
    if stored is None:
        raise Missing
    return _handed_out(stored)


@require_safe
def job_file(request: HttpRequest, job_id: UUID) -> FileResponse:
    """The file a job of the public schema made, for those who could have started it.

    A whole brand's archive is for those who may delete brands.
    """
    actor = sitting(request)
    actor.require(Ops.READ_JOBS, writes=False)
    job = Job.objects.filter(pk=job_id).first()
    if job is None or job.result_file_id is None or job.kind not in kinds_open_to(actor):
        raise Missing
    stored = StoredFile.objects.filter(pk=job.result_file_id).first()
    if stored is None:
        raise Missing
    if stored.purpose == Purpose.ARCHIVE:
        actor.require(Ops.DELETE_BRANDS, writes=False)
    return _handed_out(stored)


def _handed_out(stored: StoredFile) -> FileResponse:
    response = handed_out(stored)
    if stored.content_type.startswith("image/"):
        response["Content-Disposition"] = "inline"
    return response
