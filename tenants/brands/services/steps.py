"""Long acts on a brand go by steps: each may be repeated, so whoever comes after a kill goes on at the first undone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what a progress page calls it (msgid), and what it does to the brand with this slug."""

    title: str
    do: Callable[[str, Actor | None], None]


def take(steps: Sequence[Step], slug: str, actor: Actor | None) -> None:
    """All steps here and now: for the command line."""
    for step in steps:
        step.do(slug, actor)
