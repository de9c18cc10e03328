"""Long acts of the operator's desk on brands: jobs in the public schema; ``parameters`` name a brand by ``slug``."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread

from core.db.acts import connection
from core.jobs.registry import NoLongerOurs, RunningJob, job_kind
from core.kernel.actor import Actor
from core.kernel.operators import Ops
from tenants.brands.services import deletion, moving_in, opening
from tenants.brands.services.steps import Step

log = logging.getLogger(__name__)

BEAT_S = 45.0
"""Well below the silence after which a job is given to another worker."""


@job_kind(opening.PROVISION, permission=Ops.EDIT_BRANDS)
def provision_brand(job: RunningJob, actor: Actor) -> None:
    """Make the tables, write the first entries, open the portal: ``opening.STEPS``."""
    slug = _by_steps(job, actor, opening.STEPS)
    job.finish({"slug": slug})


@job_kind(deletion.DELETE, permission=Ops.DELETE_BRANDS)
def delete_brand(job: RunningJob, actor: Actor) -> None:
    """Export, close, remove, bury: ``deletion.STEPS``. The archive is the job's file."""
    slug = _by_steps(job, actor, deletion.STEPS)
    job.finish({"slug": slug}, result_file_id=deletion.archive_of(slug))


@job_kind(deletion.EXPORT, permission=Ops.DELETE_BRANDS)
def export_brand(job: RunningJob, actor: Actor) -> None:
    """The brand's archive as the job's file."""
    slug = str(job.parameters["slug"])
    if job.cursor:  # made, and stopped before it could say so
        archive_id = deletion.archive_of(slug)
    else:
        with _alive(job):
            archive_id = deletion.keep_archive(actor=actor, slug=slug, reason=job.parameters.get("reason", ""))
        job.report(done=1)
    job.finish({"slug": slug}, result_file_id=archive_id)


@job_kind(moving_in.IMPORT, permission=Ops.EDIT_BRANDS)
def import_brand(job: RunningJob, actor: Actor) -> None:
    """Take in the archive that is the job's source file."""
    with _alive(job), job.source() as archive:
        taken = moving_in.import_brand(actor=actor, source=archive, job_id=job.id)
    if not job.cursor:  # the worker before may have said so and died
        job.report(done=1)
    job.finish({"slug": taken.slug, "rows": sum(taken.rows.values()), "files": taken.files, "renamed": taken.renamed})


def _by_steps(job: RunningJob, actor: Actor, steps: Sequence[Step]) -> str:
    slug = str(job.parameters["slug"])
    job.expect(len(steps))
    for step in steps[job.cursor :]:
        with _alive(job):
            step.do(slug, actor)
        job.report(done=1)
    return slug


@contextmanager
def _alive(job: RunningJob) -> Iterator[None]:
    """Say now and then that this worker lives: a large brand takes minutes in one step."""
    is_over = Event()

    def beat() -> None:
        while not is_over.wait(BEAT_S):
            try:
                job.heartbeat()
            except NoLongerOurs:  # the step's own report will say so
                break
            except Exception:  # noqa: BLE001 - a database that is away for a moment must not make two of this worker
                log.warning("job %s could not say that it lives", job.id)
                connection.close()
        connection.close()

    beating = Thread(target=beat, daemon=True)
    beating.start()
    try:
        yield
    finally:
        is_over.set()
        beating.join()
