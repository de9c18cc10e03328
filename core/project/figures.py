"""What an operator watches of all brands together: the relay, the jobs, the schemas."""

from collections import Counter
from datetime import timedelta

from django.db.models import Count

from core.db.acts import PUBLIC, brand_schema, public
from core.db.schemas import brand_schemas
from core.events.selectors import Backlog, backlog
from core.jobs.selectors import counts_by_status
from core.kernel import clock
from core.web import figures
from core.web.figures import Figure
from tenants.brands.models import Brand, SchemaState

FAILED_WITHIN = timedelta(days=1)


def gather() -> None:
    """Ask every schema in service (two statements each) and keep the sums for ``/metrics``."""
    now = clock.now()
    logs: list[Backlog] = []
    jobs: Counter[str] = Counter()
    for schema in (PUBLIC, *brand_schemas()):
        with brand_schema(schema):
            logs.append(backlog(now))
            jobs.update(counts_by_status(failed_since=now - FAILED_WITHIN))
    figures.tell([*_relay(logs), _jobs(jobs), *_brands()], at=now)


def _relay(logs: list[Backlog]) -> list[Figure]:
    waiting, stuck = sum(log.waiting for log in logs), sum(log.stuck for log in logs)
    behind = {"": max((log.lag_s for log in logs), default=0.0)}
    return [
        Figure("jiumai_relay_lag_seconds", "How long the delivery has waited that is due longest.", behind),
        Figure("jiumai_deliveries", "Deliveries of events not made yet; stuck: failed before.", _two(waiting, stuck)),
    ]


def _two(waiting: int, stuck: int) -> dict[str, float]:
    return {"waiting": waiting, "stuck": stuck}


def _jobs(counted: Counter[str]) -> Figure:
    known = dict.fromkeys(("QUEUED", "RUNNING", "FAILED"), 0.0)
    return Figure("jiumai_jobs", "Jobs queued, running, and failed within a day.", {**known, **counted})


def _brands() -> list[Figure]:
    with public():
        states = dict(Brand.objects.values_list("state").annotate(Count("pk")).order_by())
        schemas = dict(SchemaState.objects.values_list("status").annotate(Count("pk")).order_by())
    return [
        Figure("jiumai_brands", "Brands by state.", {**dict.fromkeys(Brand.State.values, 0), **states}),
        Figure("jiumai_schemas", "Schemas by state of their migrations.", {**_no_schemas(), **schemas}),
    ]


def _no_schemas() -> dict[str, float]:
    return dict.fromkeys(SchemaState.Status.values, 0)
