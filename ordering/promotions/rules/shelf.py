"""Which lines of a cart take part in a policy, found by what the policy names and not by asking every line."""

from collections import defaultdict
from collections.abc import Iterable

from ordering.promotions.rules.policies import Bundle, CartLine, FixedPrice, Policy


class Shelf:
    """The cart's lines in the order in which goods run short, found by SKU, product line and aroma."""

    def __init__(self, lines: Iterable[CartLine]) -> None:
        self.lines = tuple(sorted(lines, key=lambda line: line.key))
        self._found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, line in enumerate(self.lines):
            for found in (("sku", line.sku), ("product_line", line.product_line), ("aroma", line.aroma)):
                self._found[found].append(place)

    def taking_part(self, policy: Policy) -> list[CartLine]:
        """The lines the policy speaks of, in that order."""
        goods, reward = policy.goods, policy.reward
        skus = goods.skus or (reward.parts.keys() if isinstance(reward, Bundle) else ())
        named = (("sku", skus), ("product_line", goods.product_lines), ("aroma", goods.aromas))
        kind, values = next(((kind, values) for kind, values in named if values), ("", ()))
        places: Iterable[int] = range(len(self.lines))
        if kind:
            places = sorted(place for value in values for place in self._found.get((kind, value), ()))
        found = [line for line in (self.lines[place] for place in places) if goods.hold(line)]
        if isinstance(reward, Bundle):
            return [line for line in found if line.sku in reward.parts]
        if isinstance(reward, FixedPrice):
            return [line for line in found if line.unit is reward.unit]
        return found
