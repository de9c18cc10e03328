"""Long acts, for programs: started by the rooms' own doors, watched here."""

import uuid
from typing import Any

from django.http import FileResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.files.selectors import kept_file
from core.files.views import handed_out
from core.jobs.models import Job
from core.jobs.selectors import failure_lines, job
from core.kernel.errors import Missing
from core.web.api import actor_of
from core.web.openapi import FLAG, INSTANT, TEXT, UUID, WHOLE, described, list_of, maybe, shape, words
from core.web.prints import instant

MOST_FAILURES = 500
JOB = shape(
    {
        "id": UUID,
        "kind": TEXT,
        "status": words(Job.Status.values),
        "is_dry_run": FLAG,
        "total": WHOLE,
        "done": WHOLE,
        "failed": WHOLE,
        "failures": list_of(shape({"row": WHOLE, "code": TEXT, "detail": TEXT, "remedy": TEXT})),
        "result": {"type": "object", "description": "What the kind of job says of itself."},
        "result_file": {**maybe(TEXT), "description": "Address of the file it made."},
        "created_at": INSTANT,
        "started_at": maybe(INSTANT),
        "finished_at": maybe(INSTANT),
    }
)
_FILE = {"type": "string", "format": "binary"}


def printed(found: Job) -> dict[str, Any]:
    """The job as every door prints it."""
    return {
        "id": str(found.pk),
        "kind": found.kind,
        "status": found.status,
        "is_dry_run": found.is_dry_run,
        "total": found.total,
        "done": found.done,
        "failed": found.failed,
        "failures": [
            {"row": line.row, "code": line.code, "detail": line.text, "remedy": line.remedy}
            for line in failure_lines(found, MOST_FAILURES)
        ],
        "result": found.result,
        "result_file": f"/api/v1/jobs/{found.pk}/file" if found.result_file_id else None,
        "created_at": instant(found.created_at),
        "started_at": instant(found.started_at),
        "finished_at": instant(found.finished_at),
    }


class JobDoor(APIView):
    """One job of the caller's house."""

    @described("How far a job is", answer=JOB, refusals=(404,))
    def get(self, request: Request, job_id: uuid.UUID) -> Response:
        """Counts, failed rows and result."""
        return Response(printed(job(actor_of(request), job_id)))


class JobFileDoor(APIView):
    """The file a job of the caller's house made."""

    @described("The file a job made", answer=_FILE, answer_media="*/*", refusals=(404,))
    def get(self, request: Request, job_id: uuid.UUID) -> FileResponse:
        """Its bytes, as an attachment."""
        found = job(actor_of(request), job_id)
        if found.result_file_id is None:
            raise Missing
        return handed_out(kept_file(found.result_file_id))


urlpatterns = [
    path("jobs/<uuid:job_id>", JobDoor.as_view(), name="api_job"),
    path("jobs/<uuid:job_id>/file", JobFileDoor.as_view(), name="api_job_file"),
]
