"""What the web process does in these flows, done by a process of its own: ``python -m tests.flows.in_the_product``."""

import sys

import django

django.setup()

from core.db.acts import act, brand_schema  # noqa: E402 - only after the set-up
from core.events import broker  # noqa: E402
from core.events.services import record  # noqa: E402
from core.jobs.services import start  # noqa: E402
from core.kernel import clock  # noqa: E402
from core.tasks.actors import actor_of_seat  # noqa: E402
from tenants.access.models import Seat  # noqa: E402
from tests.factories.seats import person_id  # noqa: E402
from tests.flows.little_room import COUNT, HAPPENED  # noqa: E402


def happen(schema: str, *names: str) -> None:
    """Record an event for each name in one brand."""
    with brand_schema(schema):
        for name in names:
            with act():
                record(kind=HAPPENED, aggregate_type="thing", aggregate_id=name, version=1, actor=None, payload={})


def start_counting(schema: str) -> None:
    """Start the job in one brand for somebody who may, and print its id."""
    with brand_schema(schema):
        seat = Seat.objects.create(
            person_id=person_id("周海棠"),
            person_name="周海棠",
            side=Seat.Side.BRAND,
            dealer_id=1,
            dealer_name="杏禾酒业",
            roles=["brand_auditor"],
            created_at=clock.now(),
        )
        actor = actor_of_seat(seat.pk)
        if actor is None:
            raise RuntimeError("the seat is open")
        sys.stdout.write(str(start(actor=actor, kind=COUNT, parameters={}).pk))


def queue(task: str) -> None:
    """Do what beat does."""
    if not broker.send(task):
        raise RuntimeError("the broker is away")


if __name__ == "__main__":
    {"happen": happen, "start_counting": start_counting, "queue": queue}[sys.argv[1]](*sys.argv[2:])
