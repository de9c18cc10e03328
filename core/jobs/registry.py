"""The kinds of long acts, by name: a room registers its job functions by ``@job_kind``."""

from collections.abc import Callable
from dataclasses import dataclass

from core.jobs.failures import RowFailure
from core.jobs.running import NoLongerOurs, RunningJob
from core.kernel.actor import Actor

JobFunction = Callable[[RunningJob, Actor], None]


@dataclass(frozen=True, slots=True)
class JobKind:
    """A registered kind: who may start it and what does it. ``writes``: it changes more than its own file."""

    name: str
    permission: str
    call: JobFunction
    writes: bool = True


class UnknownKind(LookupError):
    """No room registers a job of this kind (any more)."""


_kinds: dict[str, JobKind] = {}


def job_kind(name: str, *, permission: str, writes: bool = True) -> Callable[[JobFunction], JobFunction]:
    """Let a function (of a room's ``resources.py``) do the jobs called ``room.verb``.

    It acts for the actor as his rights are when it runs. A ``DomainError`` ends the job as failed with its reason;
    rows that fail alone are reported instead. ``Busy`` puts the job back in the queue. One that only reads
    (``writes`` false) runs in a read-only portal too.
    """

    def register(call: JobFunction) -> JobFunction:
        if name in _kinds:
            raise ValueError(f"two kinds of jobs are called {name}")
        _kinds[name] = JobKind(name=name, permission=permission, call=call, writes=writes)
        return call

    return register


def kind(name: str) -> JobKind:
    """The kind called ``name``. Raises ``UnknownKind``."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(name) from None


def kinds_open_to(actor: Actor) -> list[str]:
    """The names of the kinds the actor could start: what such a job read or made is theirs to see."""
    return sorted(found.name for found in _kinds.values() if actor.can(found.permission))


__all__ = ["JobKind", "NoLongerOurs", "RowFailure", "RunningJob", "UnknownKind", "job_kind", "kind", "kinds_open_to"]
