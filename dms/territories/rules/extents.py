"""Ground as sets of divisions: one division, or the leaves of a zone."""

from dataclasses import dataclass
from functools import lru_cache

from core.kernel import regions


@dataclass(frozen=True, slots=True)
class Extent:
    """``codes``: every division inside, retired ones too. ``leaves``: the deepest in force. ``meeting``: every division
    that has some of this ground in common with it.
    """

    codes: frozenset[str]
    leaves: frozenset[str]
    meeting: frozenset[str]

    def holds(self, other: "Extent") -> bool:
        """Whether all of ``other`` lies inside."""
        return other.leaves <= self.codes

    def meets(self, other: "Extent") -> bool:
        """Whether some ground is common to both."""
        return not (self.leaves.isdisjoint(other.codes) and other.leaves.isdisjoint(self.codes))

    def is_deeper_than(self, other: "Extent") -> bool:
        """Whether it lies inside ``other`` and is not all of it."""
        return other.holds(self) and not self.holds(other)


@lru_cache(maxsize=8_192)
def extent(region_codes: tuple[str, ...]) -> Extent:
    """The ground of these divisions together. Raises ``UnknownRegion``."""
    leaves = frozenset[str]().union(*(regions.leaves(code) for code in region_codes))
    codes = frozenset[str]().union(*(regions.within(code) for code in region_codes))
    around = frozenset[str]().union(*(regions.holders(leaf) for leaf in leaves))
    return Extent(codes, leaves, codes | around)
