"""The terms of a policy as programs send and read them: amounts as exact text, everything else as it is kept."""

from collections.abc import Iterator
from typing import Any

from rest_framework.request import Request

from core.kernel.errors import DomainError, refuse_all
from core.kernel.money import MINOR_DIGITS, Money, NotMoney
from core.web.openapi import AMOUNT, FLAG, INSTANT, TEXT, UNIT, WHOLE, Schema, list_of, maybe, shape, words
from core.web.prints import amount_text
from dms.dealers.rules import Channel, Tier
from ordering.promotions.rules.policies import Measure
from ordering.promotions.rules.terms import KINDS, Json, Terms

LONGEST = 24
"""Characters an amount may have."""
_BASIS: Schema = {**WHOLE, "minimum": 0, "maximum": 10_000, "description": "Basis points: 500 is 5 %."}
_CODES = {**list_of(TEXT), "description": "Empty: no limit of this sort."}
_STEP = shape(
    {},
    {
        "start": {**WHOLE, "description": "Cases or different SKUs."},
        "start_amount": {**AMOUNT, "description": "In place of start where the ladder measures AMOUNT."},
        "off": {**AMOUNT, "description": "Taken off; or off_bp."},
        "off_bp": _BASIS,
    },
)
_REWARD = shape(
    {"kind": words(tuple(KINDS))},
    {
        "off_bp": {**_BASIS, "description": "PERCENT_OFF: basis points off the line."},
        "amount": {**AMOUNT, "description": "FIXED_PRICE: what one unit costs."},
        "unit": {**UNIT, "description": "FIXED_PRICE: the price's unit. GIFT: what is given."},
        "measure": {**words(tuple(Measure)), "description": "LADDER: what its steps count."},
        "steps": {**list_of(_STEP), "description": "LADDER: rising."},
        "repeats": {**FLAG, "description": "LADDER of one step: its reward for every full start."},
        "parts": {
            "type": "object",
            "additionalProperties": WHOLE,
            "description": "BUNDLE: cases of each SKU.",
        },
        "price": {**AMOUNT, "description": "BUNDLE: what it costs together."},
        "buy": {**WHOLE, "description": "GIFT: for every so many paid cases …"},
        "give": {**WHOLE, "description": "GIFT: … so many units."},
        "sku": {**TEXT, "description": "GIFT: what is given; empty: what was bought."},
        "most": {**maybe(WHOLE), "description": "GIFT: units an order."},
        "cap_bp": {**_BASIS, "description": "REBATE_OFFSET: the share the buyer's pool may pay."},
    },
)
_AUDIENCE = shape(
    {"starts_at": INSTANT, "ends_at": INSTANT},
    {
        "tiers": {**list_of(words([tier.value for tier in Tier if tier is not Tier.BRAND])), "description": "Any: []."},
        "regions": {**_CODES, "description": "Divisions of GB/T 2260 the delivery lies in; any: []."},
        "channels": list_of(words(tuple(Channel))),
        "labels": _CODES,
        "dealers": _CODES,
        "first_order_only": FLAG,
        "needs_coupon": FLAG,
    },
)
_GOODS = shape({}, {"skus": _CODES, "product_lines": _CODES, "aromas": _CODES, "without": _CODES})
_LIMITS = shape(
    {},
    {
        "amount": {**maybe(AMOUNT), "description": "Budget in all; null: none. Gifts count by list value."},
        "bottles": maybe(WHOLE),
        "dealer_amount": maybe(AMOUNT),
        "dealer_bottles": maybe(WHOLE),
    },
)
TERMS = shape(
    {"name": TEXT, "audience": _AUDIENCE, "reward": _REWARD},
    {
        "name_en": TEXT,
        "goods": _GOODS,
        "group": {**TEXT, "description": "Of one group in one stage only the best policy gives."},
        "rank": {**WHOLE, "minimum": 0, "maximum": 9_999, "description": "Decides among equals, the lower first."},
        "limits": _LIMITS,
        "brand_share_bp": {**_BASIS, "description": "The brand's part of the cost; 10000: all of it."},
        "is_public": {**FLAG, "description": "False: nobody but those it is for hears of it."},
        "tells_start": {**FLAG, "description": "Those it is for are written to when it begins; true by default."},
    },
)


def document_of(request: Request, name: str, currency: str) -> Json:
    """The document sent under ``name``, its amounts in minor units. Raises ``NotMoney`` by field."""
    data = request.data if isinstance(request.data, dict) else {}
    said = data.get(name)
    document = _copied(said) if isinstance(said, dict) else {}
    faults: list[DomainError] = []
    for place, holder, key, kept in _amounts(document):
        value = holder.pop(key)
        holder[kept] = None if value is None else _minor(value, place, currency, faults)
    refuse_all(faults)
    return document


def _copied(said: Json) -> Json:
    """The document, new as far down as amounts are changed in it: the rest may be nested deeper than can be copied."""
    document = {key: dict(value) if isinstance(value, dict) else value for key, value in said.items()}
    reward: Any = document.get("reward")
    if isinstance(reward, dict) and isinstance(reward.get("steps"), list):
        reward["steps"] = [dict(step) if isinstance(step, dict) else step for step in reward["steps"]]
    return document


def printed_terms(terms: Terms, currency: str) -> Json:
    """The document with amounts as text."""
    document = terms.document()
    steps = document["reward"].get("steps", ())
    if document["reward"].get("measure") == Measure.AMOUNT:
        for step in steps:
            step["start_amount"] = step.pop("start")
    for step in steps:
        if not step["off"]:
            del step["off"]
        if not step["off_bp"]:
            del step["off_bp"]
    for _, holder, key, _ in _amounts(document):
        if holder[key] is not None:
            holder[key] = amount_text(holder[key], currency)
    return document


def _amounts(document: Json) -> Iterator[tuple[str, Json, str, str]]:
    """Every amount that is there: its place, what holds it, under which name, and under which it is kept."""
    reward, limits = document.get("reward"), document.get("limits")
    if isinstance(reward, dict):
        for key in ("amount", "price"):
            if key in reward:
                yield f"reward.{key}", reward, key, key
        steps: Any = reward.get("steps")
        for number, step in enumerate(steps if isinstance(steps, list) else (), start=1):
            for key, kept in (("off", "off"), ("start_amount", "start")):
                if isinstance(step, dict) and key in step:
                    yield f"reward.steps.{number}.{key}", step, key, kept
    if isinstance(limits, dict):
        for key in ("amount", "dealer_amount"):
            if key in limits:
                yield f"limits.{key}", limits, key, key


def _minor(value: object, place: str, currency: str, faults: list[DomainError]) -> int:
    try:
        if not isinstance(value, str) or len(value) > LONGEST:
            shown = value[:40] if isinstance(value, str) else type(value).__name__
            raise NotMoney(value=shown, digits=MINOR_DIGITS[currency])
        return Money.parse(value, currency).amount
    except NotMoney as fault:
        fault.field = place
        faults.append(fault)
        return 0
