"""A little room that a test's worker imports: one handler and one job that takes its time."""

import time

from core.db import sql
from core.db.acts import current_schema
from core.events.registry import HeardEvent, handles
from core.idempotency.models import Answer
from core.jobs.registry import RunningJob, job_kind
from core.kernel.actor import Actor

HAPPENED = "little.thing_happened.v1"
COUNT = "little.count"
ROWS = 30


@handles(HAPPENED)
def note(event: HeardEvent) -> None:
    """Leave a row that says in which schema and on which path the handler ran."""
    path = sql.row("SHOW search_path", {})
    Answer.objects.create(
        scope=event.aggregate_id, body_digest=current_schema(), status=200, body={"path": path and path[0]}, at=event.at
    )


@job_kind(COUNT, permission="orders.read")
def count(job: RunningJob, _actor: Actor) -> None:
    """Count to thirty, a row at a time, each reported."""
    job.expect(ROWS)
    while job.cursor < ROWS:
        time.sleep(0.1)
        job.report(done=1)
    job.finish({"counted": job.cursor})
