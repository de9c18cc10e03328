"""What a bottle of everything costs along one chain of lists, kept by each process as long as it holds.

To count a shelf by price bands, or to sort it by price, all that fits is to be priced to show fifty: the dearest part
of the page by far. What the lists say first of each SKU is the same for everybody with the same chain until one of its
lists changes or a planned price begins. The statement that would use it checks both itself, in its own snapshot, so
nothing has to be emptied and nobody is shown what held a moment ago: docs/algorithms/pricing.md.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

from core.db.acts import connection, current_schema

KEPT_CHAINS, KEPT_BUYERS = 48, 8_192
"""Chains a process keeps prices of (some 20 bytes a SKU and price), and buyers whose last chain it remembers."""

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
Buyer = tuple[str, object, object, object]


@dataclass(frozen=True, slots=True)
class FirstPrices:
    """What the lists of the chain ``stamp`` say first of each SKU, from ``since`` until just before ``until``.

    Arrays of one length, written as PostgreSQL writes them: they are sent back as they came.
    """

    stamp: str
    since: datetime
    until: datetime | None
    skus: str
    cases: str
    bottles: str
    divided: str

    def holds(self, at: datetime) -> bool:
        """Whether no price begins or ends between then and ``at``."""
        return self.since <= at and (self.until is None or at < self.until)


_NOTHING = {"kept_stamp": "", "kept_skus": "{}", "kept_cases": "{}", "kept_bottles": "{}", "kept_divided": "{}"}
_chains: OrderedDict[tuple[str, str], FirstPrices] = OrderedDict()
_stamps: OrderedDict[Buyer, str] = OrderedDict()
_keeping = Lock()


def kept_parameters(asked: Mapping[str, object]) -> dict[str, object]:
    """What is kept for the buyer of ``chain_parameters``, for the statement to check; nothing is as good as old.

    Inside a transaction nothing is kept and nothing used: what it wrote itself may be undone.
    """
    found = None if _may_be_undone() else _found(_buyer(asked))
    at = asked["at"]
    if found is None or not isinstance(at, datetime) or not found.holds(at):
        return dict(_NOTHING)
    return {
        "kept_stamp": found.stamp,
        "kept_skus": found.skus,
        "kept_cases": found.cases,
        "kept_bottles": found.bottles,
        "kept_divided": found.divided,
    }


def keep(asked: Mapping[str, object], told: Sequence[Any] | None) -> None:
    """Keep what a statement had to walk the lists for; ``told`` is None where it had not."""
    at = asked["at"]
    if told is None or told[2] is None or _may_be_undone() or not isinstance(at, datetime):
        return
    stamp, until, *arrays = told
    prices = FirstPrices(stamp, at, datetime.fromisoformat(until) if until else None, *arrays)
    buyer = _buyer(asked)
    with _keeping:
        _put(_chains, (buyer[0], stamp), prices, KEPT_CHAINS)
        _put(_stamps, buyer, stamp, KEPT_BUYERS)


def forget() -> None:
    """Keep nothing of what was kept."""
    with _keeping:
        _chains.clear()
        _stamps.clear()


def _may_be_undone() -> bool:
    return bool(connection.in_atomic_block)


def _found(buyer: Buyer) -> FirstPrices | None:
    with _keeping:
        stamp = _stamps.get(buyer)
        found = None if stamp is None else _chains.get((buyer[0], stamp))
        if found is not None:
            _chains.move_to_end((buyer[0], found.stamp))
            _stamps.move_to_end(buyer)
        return found


def _buyer(asked: Mapping[str, object]) -> Buyer:
    return current_schema(), asked["seller"], asked["buyer"], asked["currency"]


def _put(kept: OrderedDict[_Key, _Value], key: _Key, value: _Value, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
