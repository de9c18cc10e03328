"""What an operator does with long acts of any schema: looks where they stand, stops one."""

from uuid import UUID

from core.db.acts import act
from core.events.services import record
from core.jobs.errors import AlreadyOver
from core.jobs.models import Job
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import Missing
from core.kernel.operators import Ops
from core.kernel.text import normalised

STOPPED = "jobs.job_stopped.v1"
_GOING = (Job.Status.QUEUED, Job.Status.RUNNING)


def stop(*, actor: Actor, job_id: UUID, reason: str) -> None:
    """Stop a job of the present schema after its present step; what is done stays done.

    Recorded in that schema, so that the brand sees it too. Raises ``Missing`` or ``AlreadyOver``.
    """
    actor.require(Ops.EDIT_JOBS)
    with act():
        found = Job.objects.select_for_update().filter(pk=job_id).first()
        if found is None:
            raise Missing
        if found.status not in _GOING:
            raise AlreadyOver
        found.status, found.finished_at = Job.Status.CANCELLED, clock.now()
        found.save(update_fields=["status", "finished_at"])
        record(
            kind=STOPPED,
            aggregate_type="job",
            aggregate_id=str(job_id),
            version=0,
            actor=actor,
            payload={"kind": found.kind, "reason": normalised(reason)[:200]},
        )


def troubled_jobs(actor: Actor, limit: int = 20) -> list[Job]:
    """Jobs of the present schema that wait, run or failed, the newest first."""
    actor.require(Ops.READ_JOBS, writes=False)
    return list(Job.objects.filter(status__in=[*_GOING, Job.Status.FAILED]).order_by("-created_at")[:limit])
