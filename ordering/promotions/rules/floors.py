"""The net price a unit that is held against the red line (红线价). Handbook of the trade, §5.2."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from core.kernel.quantity import to_bottles
from ordering.promotions.rules.outcome import GiftLine
from ordering.promotions.rules.policies import CartLine


def net_prices(lines: Sequence[CartLine], gifts: Iterable[GiftLine], amounts: Mapping[int, int]) -> dict[int, Fraction]:
    """By line, minor units of one unit in the line's own: its amount ÷ what is paid for and given of the same SKU.

    Every gift of a bought SKU counts, whatever else had to be bought for it: one more bottle in the cart hides none.
    """
    return {line_no: Fraction(*parts) for line_no, parts in net_parts(lines, gifts, amounts).items()}


def net_parts(
    lines: Sequence[CartLine], gifts: Iterable[GiftLine], amounts: Mapping[int, int]
) -> dict[int, tuple[int, int]]:
    """``net_prices`` as whole numbers, what is divided and by what: a fraction a line costs more than all else here."""
    given: dict[str, int] = defaultdict(int)
    for gift in gifts:
        given[gift.sku] += gift.bottles
    bought: dict[str, int] = defaultdict(int)
    for line in lines:
        bought[line.sku] += line.bottles
    nets = {}
    for line in lines:
        if line.quantity:
            each = to_bottles(1, line.unit, line.bottles_per_case)
            bottles = bought[line.sku]  # the gifts of the SKU are shared by its lines, by bottles
            paid = amounts[line.line_no] * each * bottles
            nets[line.line_no] = (paid, line.bottles * (bottles + given[line.sku]))
    return nets
