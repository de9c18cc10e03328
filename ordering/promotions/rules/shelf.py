"""Which lines of a cart take part in a policy, found by what the policy names and not by asking every line."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from core.kernel.quantity import Unit, to_bottles
from ordering.promotions.rules.measures import cases_of
from ordering.promotions.rules.policies import Bundle, CartLine, FixedPrice, Goods, Measure, Policy


class Part:
    """Lines that take part together; what many policies ask of them is worked out once."""

    def __init__(self, lines: tuple[CartLine, ...]) -> None:
        self.lines = lines

    def __bool__(self) -> bool:
        return bool(self.lines)

    @cached_property
    def cases(self) -> int:
        """Whole cases of all lines together."""
        return cases_of(self.lines)

    @cached_property
    def sku_count(self) -> int:
        """Distinct SKUs."""
        return len({line.sku for line in self.lines})

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """A name a line, for ties where an amount is split."""
        return tuple(f"{line.sku} {line.unit.value}" for line in self.lines)

    @cached_property
    def least_bottles(self) -> int:
        """Bottles of the smallest unit of any line."""
        return min(to_bottles(1, line.unit, line.bottles_per_case) for line in self.lines)

    @cached_property
    def by_sku(self) -> Mapping[str, "Part"]:
        """The lines of each SKU, the SKUs in their order."""
        found: dict[str, list[CartLine]] = defaultdict(list)
        for line in self.lines:
            found[line.sku].append(line)
        return {sku: Part(tuple(lines)) for sku, lines in found.items()}

    def standing(self, amounts: Mapping[int, int]) -> list[int]:
        """What each line costs by now; ``amounts`` by line number."""
        return [amounts[line.line_no] for line in self.lines]

    def measured(self, what: Measure, amounts: Mapping[int, int]) -> int:
        """Cases, minor units by ``amounts``, or distinct SKUs."""
        if what is Measure.AMOUNT:
            return sum(self.standing(amounts))
        return self.sku_count if what is Measure.SKUS else self.cases


_NO_SKUS: frozenset[str] = frozenset()
_Asked = tuple[Goods, frozenset[str], Unit | None]


class Shelf:
    """The cart's lines in the order in which goods run short, found by SKU, product line and aroma."""

    def __init__(self, lines: Iterable[CartLine]) -> None:
        self.lines = tuple(sorted(lines, key=lambda line: line.key))
        self._parts: dict[_Asked, Part] = {}
        self._nothing = Part(())
        self._skus, self._product_lines, self._aromas = _Places(), _Places(), _Places()
        for place, line in enumerate(self.lines):
            self._skus[line.sku].append(place)
            self._product_lines[line.product_line].append(place)
            self._aromas[line.aroma].append(place)
        self._names = (frozenset(self._skus), frozenset(self._product_lines), frozenset(self._aromas))

    def taking_part(self, policy: Policy) -> Part:
        """The lines the policy speaks of, in that order; policies that name the same goods share the answer."""
        reward, goods = policy.reward, policy.goods
        bundled = frozenset(reward.parts) if isinstance(reward, Bundle) else _NO_SKUS
        skus, product_lines, aromas = self._names
        if (
            ((named := goods.skus or bundled) and named.isdisjoint(skus))
            or (goods.product_lines and goods.product_lines.isdisjoint(product_lines))
            or (goods.aromas and goods.aromas.isdisjoint(aromas))
        ):
            return self._nothing  # most policies speak of other goods
        asked = (goods, bundled, reward.unit if isinstance(reward, FixedPrice) else None)
        if asked not in self._parts:
            self._parts[asked] = Part(tuple(self._held(*asked)))
        return self._parts[asked]

    def _held(self, goods: Goods, bundled: frozenset[str], unit: Unit | None) -> list[CartLine]:
        found = [line for line in (self.lines[place] for place in self._places(goods, bundled)) if goods.hold(line)]
        if bundled:
            return [line for line in found if line.sku in bundled]
        return found if unit is None else [line for line in found if line.unit is unit]

    def _places(self, goods: Goods, bundled: frozenset[str]) -> Iterable[int]:
        """Where the lines stand that one of the sets holds, the narrowest of those that are filled."""
        named = (
            (goods.skus or bundled, self._skus),
            (goods.product_lines, self._product_lines),
            (goods.aromas, self._aromas),
        )
        for values, places in named:
            if values:
                return sorted(place for value in places.keys() & values for place in places[value])
        return range(len(self.lines))


class _Places(defaultdict[str, list[int]]):
    """Where the lines of one name stand."""

    def __init__(self) -> None:
        super().__init__(list)
