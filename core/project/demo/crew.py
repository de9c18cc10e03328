"""Seeding several brands side by side, each in a process of its own: their schemas share nothing."""

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait

import django


class SeedFailed(Exception):
    """A brand's process ended before its world was complete; it has said why."""


def seed_side_by_side(slugs: Sequence[str], scale: str, step: Callable[[], None]) -> None:
    """Seed each brand in its own process; ``step`` is called here for every step of any of them.

    Raises ``SeedFailed`` with the slugs that did not end well.
    """
    context = multiprocessing.get_context("spawn")
    crew, ends = [], {}
    for slug in slugs:
        end, their_end = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(slug, scale, their_end), daemon=True)
        process.start()
        their_end.close()  # so that this end hears when the process is gone
        crew.append((slug, process))
        ends[end] = slug
    _listen(list(ends), step)
    for _, process in crew:
        process.join()
    failed = [slug for slug, process in crew if process.exitcode != 0]
    if failed:
        raise SeedFailed(", ".join(failed))


def _listen(ends: list[Connection], step: Callable[[], None]) -> None:
    while ends:
        for end in wait(ends):
            if not isinstance(end, Connection):
                continue
            try:
                end.recv_bytes()
            except EOFError:
                ends.remove(end)
            else:
                step()


def _work(slug: str, scale: str, end: Connection) -> None:
    django.setup()
    from core.project.demo.seeding import SCALES, seed_brand  # the apps must be ready first

    # A step nobody hears any more fails: a killed command leaves no process behind.
    seed_brand(slug, SCALES[scale], lambda: end.send_bytes(b"."))
    end.close()
