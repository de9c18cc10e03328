"""Which of many names share most letter pairs with a misspelled one, for hundreds of misspelled ones at once.

Every gram is one big whole number whose bits are the names that hold it; names are counted all together by adding
those numbers bit plane by bit plane, so a term costs some dozen operations whatever the number of names.
"""

from collections.abc import Collection, Iterator, Sequence

_LOOKED_AT = 64
"""How many equally near names are compared further: more than a person will look at."""


class GramIndex:
    """``documents``: the grams of each name; only ``wanted`` grams are indexed."""

    def __init__(self, documents: Sequence[Collection[str]], wanted: Collection[str]) -> None:
        self._sizes = [len(grams) for grams in documents]
        rows: dict[str, bytearray] = {gram: bytearray(len(documents) // 8 + 1) for gram in wanted}
        wanted_set = rows.keys()
        for place, grams in enumerate(documents):
            for gram in wanted_set & grams:
                rows[gram][place >> 3] |= 1 << (place & 7)
        self._holders = {gram: int.from_bytes(row, "little") for gram, row in rows.items()}

    def best(self, grams: Collection[str], needed: int, most: int) -> list[int]:
        """Places of at most ``most`` names sharing ``needed`` or more of ``grams``; the likest, then the shortest."""
        planes = self._counted(grams)
        found: list[int] = []
        for count in range(len(grams), max(needed, 1) - 1, -1):
            places = list(_places(self._with_count(planes, count)))
            found += sorted(places, key=lambda place: self._sizes[place])
            if len(found) >= most:
                break
        return found[:most]

    def _counted(self, grams: Collection[str]) -> list[int]:
        """The number of shared grams of every name, as bit planes from the lowest."""
        planes: list[int] = []
        for gram in grams:
            carry = self._holders.get(gram, 0)
            for height, plane in enumerate(planes):
                planes[height], carry = plane ^ carry, plane & carry
            if carry:
                planes.append(carry)
        return planes

    def _with_count(self, planes: Sequence[int], count: int) -> int:
        if count >> len(planes):
            return 0
        kept = (1 << len(self._sizes)) - 1
        for height, plane in enumerate(planes):
            kept &= plane if count >> height & 1 else ~plane
        return kept


def _places(bits: int) -> Iterator[int]:
    """Places of the lowest set bits."""
    for _ in range(_LOOKED_AT):
        if not bits:
            return
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
