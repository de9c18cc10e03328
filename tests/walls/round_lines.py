"""The lines of price rounds, for people and for programs."""

from functools import partial

from tests.walls.console_lines import staff_form, staff_with
from tests.walls.registry import STAFF, get, post, those_with
from tests.walls.world import World

PRICE_ROUND: dict[str, object] = {"title": "三月提价", "takes_effect_at": "2026-03-01T00:00:00Z"}


def price_round(world: World) -> object:
    """A draft of new prices of the brand's."""
    return world.rounds["root"]


def at_version_2(more: dict[str, object], _: World) -> dict[str, object]:
    """The words of an act on a round as it was seen."""
    return {"version": 2, **more}


PRICE_DESK = {*those_with("prices.edit", of=STAFF), *those_with("prices.approve", of=STAFF)}
get("api_price_rounds", *those_with("prices.read"))
post("api_price_rounds", *those_with("prices.edit"), data=lambda _: PRICE_ROUND)
get("api_price_round", *those_with("prices.read", of=STAFF), number=price_round)
get("api_price_round_dealers", *those_with("prices.read", of=STAFF), number=price_round)
ROUND_ACTS: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("change", "prices.edit", PRICE_ROUND),
    ("lines", "prices.edit", {"puts": []}),
    ("filling", "prices.edit", {"lists": ["NAT"], "change_bp": 500}),
    ("submission", "prices.edit", {}),
    ("decision", "prices.approve", {"approves": False, "reason": "太高"}),
    ("publication", "", {}),
    ("withdrawal", "", {}),
)
for act, who, more in ROUND_ACTS:
    post(
        f"api_price_round_{act}",
        *(those_with(who, of=STAFF) if who else PRICE_DESK),
        may_refuse=True,
        number=price_round,
        data=partial(at_version_2, more),
    )
post(
    "api_price_round_reversal",
    *those_with("prices.edit", of=STAFF),
    may_refuse=True,
    number=price_round,
    data=lambda _: {"takes_effect_at": "2026-06-01T00:00:00Z"},
)
get("console:rounds", *staff_with("prices.read"))
staff_form("new_round", *staff_with("prices.edit"))
staff_form("round", *staff_with("prices.read"), number=price_round)
