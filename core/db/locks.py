"""Row locks in one order for everybody: key < order < quota < stock < ledger account < number; rows by id."""

from contextvars import ContextVar
from enum import IntEnum
from typing import TypeVar

from django.db.models import Model, QuerySet


class Rank(IntEnum):
    """The order in which an act may take its locks; going back is a bug that would end in deadlocks."""

    KEY = 1
    ORDER = 2
    QUOTA = 3
    STOCK = 4
    LEDGER = 5
    NUMBER = 6


class LockOrderError(RuntimeError):
    """A lock of a lower rank was asked for after one of a higher rank."""


M = TypeVar("M", bound=Model)
_highest: ContextVar[int] = ContextVar("highest_rank", default=0)


def forget_ranks() -> None:
    """A new transaction holds no locks."""
    _highest.set(0)


def note_rank(rank: Rank) -> None:
    """Record that the act now takes locks of ``rank`` (for SQL that locks by itself). Raises ``LockOrderError``."""
    if rank < _highest.get():
        raise LockOrderError(f"{rank.name} after {Rank(_highest.get()).name}")
    _highest.set(rank)


def locked(rows: QuerySet[M], rank: Rank) -> list[M]:
    """Lock ``rows`` for update in the order of their ids and return them."""
    note_rank(rank)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))
