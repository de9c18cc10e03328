"""Steps as statements tell them, laid to the lists of the chain they belong to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.kernel.quantity import Unit
from ordering.pricing.rules import UNITS, Ladders, Origin, Said, Stage, Step, composed

CHAIN_TOLD = """(SELECT json_build_array((SELECT yes FROM lowest), json_agg(
           json_build_array(id, code, is_floor, divides_cases, position, depth, origin))) FROM chain)"""
"""What is to be known of ``CHAIN``: whether the lowest price counts, and its lists by their sources."""
SINCE = "CASE WHEN (SELECT yes FROM lowest) THEN extract(epoch FROM valid_from)::float8 END"
"""Since when a step rules, asked for only where several lists may price a SKU."""


@dataclass(frozen=True, slots=True)
class ChainList:
    """A list of the chain; ``origins`` by the depth of the source."""

    id: int
    code: str
    is_floor: bool
    divides_cases: bool
    position: int
    origins: dict[int, Origin | None]


class ListSteps:
    """What one list says of one SKU. ``newest``: the latest of its entries, where several lists may price it."""

    __slots__ = ("ladders", "listed", "newest")

    def __init__(self, listed: ChainList) -> None:
        self.listed = listed
        self.ladders: dict[Unit, tuple[Step, ...]] = {}
        self.newest = 0.0

    @property
    def said(self) -> Said:
        """As the rules know it."""
        return Said(self.ladders, self.listed.divides_cases)

    @property
    def place(self) -> tuple[int, float, int]:
        """Where the list stands in the chain for this SKU."""
        return self.listed.position, -self.newest, -self.listed.id


def chain_told(told: Sequence[Any] | None) -> tuple[bool, dict[int, ChainList]]:
    """``CHAIN_TOLD`` read: whether the lowest price counts, and the lists by id."""
    is_lowest, rows = told or (False, ())
    found: dict[int, ChainList] = {}
    for list_id, code, is_floor, divides_cases, position, depth, origin in rows or ():
        listed = found.setdefault(list_id, ChainList(list_id, code, is_floor, divides_cases, position, {}))
        listed.origins[depth] = origin_of(origin) if origin else None
    return bool(is_lowest), found


def origin_of(told: Sequence[Any]) -> Origin:
    """``[source, [factor, to, mode] of the first derivation, of the next, …]``."""
    code, *stages = told
    return Origin(code, tuple(Stage(*stage) for stage in stages))


def lay(steps: dict[int, ListSteps], lists: Mapping[int, ChainList], told: Sequence[Any]) -> None:
    """Lay one step to what its list says: ``list_id, depth, unit, entry_id, min_quantity, amount``, ``SINCE``."""
    list_id, depth, unit_code, entry_id, min_quantity, amount, since = told
    one = steps.get(list_id)
    if one is None:
        one = steps[list_id] = ListSteps(lists[list_id])
    if since is not None and since > one.newest:
        one.newest = since
    unit, listed = UNITS[unit_code], one.listed
    step = Step(entry_id, min_quantity, amount, list_id, listed.code, listed.origins[depth])
    one.ladders[unit] = (*one.ladders.get(unit, ()), step)


def sold_by(steps: Collection[ListSteps], bottles: int) -> tuple[ChainList | None, Ladders]:
    """The first SALE list of the chain that says anything, and the ladders that rule; ``bottles`` are a case's."""
    sale = [one for one in steps if not one.listed.is_floor]
    if len(sale) > 1:
        sale.sort(key=lambda one: one.place)
    return (sale[0].listed, composed([one.said for one in sale], bottles)) if sale else (None, {})


def floors_by(steps: Iterable[ListSteps], bottles: int) -> Ladders | None:
    """What the FLOOR list of the chain says; None where there is none."""
    floors = [one.said for one in steps if one.listed.is_floor]
    return composed(floors, bottles) if floors else None
