"""Price rounds as programs read them."""

from typing import Any

from core.kernel import clock
from core.kernel.actor import Actor
from core.web.openapi import AMOUNT, INSTANT, MONEY, TEXT, UNIT, WHOLE, Schema, list_of, maybe, shape, words
from core.web.prints import instant, maybe_money, money
from ordering.rounds.models import PriceRound
from ordering.rounds.selectors import STATES, RoundLine, lines_of, lines_under_floor, preview_of, round_of, state_of

Print = dict[str, Any]
HEAD: dict[str, Schema] = {"title": TEXT, "takes_effect_at": INSTANT}
MORE: dict[str, Schema] = {
    "reason": TEXT,
    "funded_until": {
        **maybe(INSTANT),
        "description": "Orders placed before the prices begin keep the old ones when funded by then; null: always.",
    },
}
ROUND = shape(
    {
        "number": TEXT,
        "state": words(STATES),
        **HEAD,
        **MORE,
        "drafted_by": TEXT,
        "submitted_by": TEXT,
        "decided_by": TEXT,
        "decision_reason": TEXT,
        "reverts": maybe(TEXT),
        "version": WHOLE,
    }
)
LINE = shape(
    {
        "id": WHOLE,
        "list": TEXT,
        "sku": TEXT,
        "unit": UNIT,
        "from": WHOLE,
        "price": maybe(MONEY),
        "before": maybe(MONEY),
        "change_bp": maybe(WHOLE),
        "floor": maybe(MONEY),
    }
)
PREVIEW = shape(
    {
        "reach": list_of(shape({"tier": TEXT, "houses": WHOLE})),
        "buyers": WHOLE,
        "effects": list_of(shape({"buyer": TEXT, "bought": MONEY, "difference": MONEY})),
    }
)
DETAIL = shape({"round": ROUND, "lines": list_of(LINE), "preview": PREVIEW})
PUT = shape(
    {"list": TEXT, "sku": TEXT, "unit": UNIT, "amount": {**maybe(AMOUNT), "description": "Null ends the price."}},
    {"from": {**WHOLE, "default": 1}},
)
FIELDS = (
    *("id", "number", "status", "title", "reason", "takes_effect_at", "funded_until", "drafted_by_name"),
    *("submitted_by_name", "decided_by_name", "decision_reason", "version"),
)


def read(facts: Print) -> PriceRound:
    """A row of the list as the round it is of."""
    row = PriceRound(**{name: facts[name] for name in FIELDS})
    if facts["reverts__number"]:
        row.reverts = PriceRound(number=facts["reverts__number"])
    return row


def printed(row: PriceRound) -> Print:
    """The head of a round."""
    return {
        "number": row.number,
        "state": state_of(row, clock.now()),
        "title": row.title,
        "takes_effect_at": instant(row.takes_effect_at),
        "reason": row.reason,
        "funded_until": instant(row.funded_until),
        "drafted_by": row.drafted_by_name,
        "submitted_by": row.submitted_by_name,
        "decided_by": row.decided_by_name,
        "decision_reason": row.decision_reason,
        "reverts": row.reverts.number if row.reverts else None,
        "version": row.version,
    }


def detailed(actor: Actor, number: str) -> Print:
    """Head, lines within the seat's sight, and what the round would change."""
    row = round_of(actor, number)
    floors = {one.line_id: one.floor for one in lines_under_floor(row)}
    found = preview_of(actor, row)
    return {
        "round": printed(row),
        "lines": [line_printed(one, floors.get(one.id)) for one in lines_of(actor, row)],
        "preview": {
            "reach": [{"tier": one.tier, "houses": one.houses} for one in found.reach],
            "buyers": found.buyer_count,
            "effects": [
                {
                    "buyer": one.buyer_code,
                    "bought": money(one.amount, one.currency),
                    "difference": money(one.difference, one.currency),
                }
                for one in found.effects
            ],
        },
    }


def line_printed(line: RoundLine, floor: int | None) -> Print:
    """One line, old beside new."""
    return {
        "id": line.id,
        "list": line.list_code,
        "sku": line.sku_code,
        "unit": line.unit,
        "from": line.min_quantity,
        "price": maybe_money(line.amount, line.currency),
        "before": maybe_money(line.before, line.currency),
        "change_bp": line.change_bp,
        "floor": maybe_money(floor, line.currency),
    }
