"""Which lines of a round go under the red line (红线价)."""

from dataclasses import dataclass

from ordering.pricing.selectors import floors_of_lists
from ordering.rounds.models import PriceRound, PriceRoundLine


@dataclass(frozen=True, slots=True)
class UnderFloor:
    """A line and the floor it goes under, both minor units a unit."""

    line_id: int
    line_no: int
    list_code: str
    sku_code: str
    sku_name: str
    unit: str
    min_quantity: int
    amount: int
    floor: int


def lines_under_floor(row: PriceRound) -> tuple[UnderFloor, ...]:
    """The lines below the floor of their list's buyers when the round begins; two statements."""
    lines = list(
        PriceRoundLine.objects.filter(round=row, amount__isnull=False)
        .order_by("price_list__code", "sku__rank", "sku_id", "-unit", "min_quantity")
        .values_list(
            "pk",
            "price_list_id",
            "price_list__code",
            "sku_id",
            "sku__code",
            "sku__name",
            "unit",
            "min_quantity",
            "amount",
        )
    )
    floors = floors_of_lists(
        list_ids=sorted({line[1] for line in lines}),
        sku_ids=sorted({line[3] for line in lines}),
        at=row.takes_effect_at,
    )
    found = []
    for place, (pk, list_id, list_code, sku_id, code, name, unit, step, amount) in enumerate(lines, start=1):
        floor = floors.get((list_id, sku_id, unit))
        if floor is not None and amount is not None and amount < floor:
            found.append(UnderFloor(pk, place, list_code, code, name, unit, step, amount, floor))
    return tuple(found)
