"""What the web process does in these flows, done by a process of its own: ``python -m tests.flows.in_the_product``."""

import sys
from collections.abc import Callable
from pathlib import Path

import django

django.setup()

from core.catalogue.resources import IMPORT_PRODUCTS  # noqa: E402 - only after the set-up
from core.db.acts import act, brand_schema  # noqa: E402
from core.events import broker  # noqa: E402
from core.events.services import record  # noqa: E402
from core.files.rules import Purpose  # noqa: E402
from core.files.services import store  # noqa: E402
from core.jobs.services import start  # noqa: E402
from core.kernel import clock  # noqa: E402
from core.kernel.actor import Actor  # noqa: E402
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
        sys.stdout.write(str(start(actor=_somebody("brand_auditor"), kind=COUNT, parameters={}).pk))


def import_products(schema: str, path: str) -> None:
    """Have a table of products taken in, all that is good of it, and print the job's id."""
    with brand_schema(schema), Path(path).open("rb") as table:
        actor = _somebody("brand_admin")
        kept = store(actor=actor, upload=table, name=Path(path).name, purpose=Purpose.IMPORT)
        parameters = {"confirmed": True, "accept_guesses": True}
        job = start(actor=actor, kind=IMPORT_PRODUCTS, parameters=parameters, source_file_id=kept.pk)
        sys.stdout.write(str(job.pk))


def _somebody(role: str) -> Actor:
    facts = {"person_name": "周海棠", "dealer_name": "杏禾酒业", "roles": [role], "created_at": clock.now()}
    seat, _ = Seat.objects.get_or_create(
        person_id=person_id("周海棠"), side=Seat.Side.BRAND, dealer_id=1, defaults=facts
    )
    actor = actor_of_seat(seat.pk)
    if actor is None:
        raise RuntimeError("the seat is open")
    return actor


def queue(task: str) -> None:
    """Do what beat does."""
    if not broker.send(task):
        raise RuntimeError("the broker is away")


ACTS: dict[str, Callable[..., None]] = {
    "happen": happen,
    "start_counting": start_counting,
    "import_products": import_products,
    "queue": queue,
}

if __name__ == "__main__":
    ACTS[sys.argv[1]](*sys.argv[2:])
