"""Giving what a policy gives: inside the act of an order, never beyond a limit. docs/algorithms/promotions.md.

These run inside the act of a higher room and open none themselves. Rows of quotas are always locked in the order of
their ids by one statement before they are written.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from core.db import sql
from core.db.locks import Rank, note_rank
from core.kernel import clock
from ordering.promotions.errors import CouponUsedUp
from ordering.promotions.rules.outcome import Use
from ordering.promotions.rules.policies import Left
from ordering.promotions.selectors.live import LEFT, RULING


class LostUse(RuntimeError):
    """A use was written for other policies than were given: a bug; the act is rolled back."""


_RULING = RULING.format(which="policy.id = ANY(%(ids)s::bigint[])")
_OPEN = f"""
WITH ruling AS ({_RULING})
INSERT INTO promotions_policyquota (policy_id, dealer_id, used_amount, used_bottles)
SELECT ruling.id, %(buyer)s, coalesce(given.amount, 0), coalesce(given.bottles, 0)
FROM ruling CROSS JOIN LATERAL (
    SELECT sum(use.amount) AS amount, sum(use.bottles) AS bottles FROM promotions_policyuse AS use
    WHERE use.policy_id = ruling.id AND use.buyer_id = %(buyer)s AND use.given_back_at IS NULL
) AS given
WHERE (ruling.each_amount IS NOT NULL OR ruling.each_bottles IS NOT NULL) AND NOT EXISTS (
    SELECT FROM promotions_policyquota AS quota WHERE quota.policy_id = ruling.id AND quota.dealer_id = %(buyer)s)
ORDER BY ruling.id
ON CONFLICT ON CONSTRAINT policy_quota_once DO NOTHING
"""
_LOCK = """
SELECT id FROM promotions_policyquota
WHERE policy_id = ANY(%(ids)s::bigint[]) AND (dealer_id IS NULL OR dealer_id = %(buyer)s)
ORDER BY id FOR UPDATE
"""
_LEFT = f"""
WITH ruling AS ({_RULING}), own_use AS (
    SELECT policy_id, sum(amount)::bigint AS amount, sum(bottles)::bigint AS bottles FROM promotions_policyuse
    WHERE order_number = %(own)s AND given_back_at IS NULL GROUP BY policy_id
), found AS (
    SELECT ruling.id, ruling.code, {LEFT}
    FROM ruling
    LEFT JOIN promotions_policyquota AS whole ON whole.policy_id = ruling.id AND whole.dealer_id IS NULL
    LEFT JOIN promotions_policyquota AS own ON own.policy_id = ruling.id AND own.dealer_id = %(buyer)s
)
SELECT found.*, coalesce(own_use.amount, 0), coalesce(own_use.bottles, 0)
FROM found LEFT JOIN own_use ON own_use.policy_id = found.id
"""
_CODES = "SELECT code FROM promotions_promotionpolicy WHERE id = ANY(%(ids)s::bigint[])"


def lock_left(
    *, ids: Collection[int], buyer_id: int, own: str | None = None, at: datetime | None = None
) -> Mapping[str, Left]:
    """Lock what these policies (by id) have given, in all and to the buyer; what is left now, by policy code.

    Three statements, rank QUOTA. ``own``: an order that is changed; what it uses counts as free. ``at``: the instant
    the policies were read for (now). A policy that was paused or ended meanwhile has nothing left.
    """
    if not ids:
        return {}
    note_rank(Rank.QUOTA)
    asked = {"ids": sorted(ids), "buyer": buyer_id, "own": own or "", "at": at or clock.now()}
    sql.execute(_OPEN, asked)
    sql.rows(_LOCK, asked)
    # A statement of its own: it sees what the lock has waited for.
    left = {}
    for _, code, is_open, amount, bottles, own_amount, own_bottles in sql.rows(_LEFT, asked):
        if not is_open:
            left[code] = Left(
                None if amount is None else amount + own_amount, None if bottles is None else bottles + own_bottles
            )
        else:
            left[code] = Left()
    if len(left) < len(set(ids)):
        left |= {code: Left(0, 0) for (code,) in sql.rows(_CODES, asked) if code not in left}
    return left


_COUPON = """
SELECT coupon.id, coupon.code,
       (coupon.most_uses IS NULL OR coupon.used < coupon.most_uses)
FROM promotions_coupon AS coupon WHERE coupon.id = ANY(%(coupons)s::bigint[]) ORDER BY coupon.id FOR UPDATE
"""
_EACH = """
SELECT coupon.code FROM promotions_coupon AS coupon
WHERE coupon.id = ANY(%(coupons)s::bigint[]) AND coupon.most_each <= (
    SELECT count(*) FROM promotions_policyuse AS use
    WHERE use.coupon_id = coupon.id AND use.buyer_id = %(buyer)s AND use.given_back_at IS NULL)
"""
_SPEND = """
WITH given AS (
    SELECT given.policy_id, given.amount, given.bottles, given.coupon_id, version.id AS version_id
    FROM unnest(%(policies)s::bigint[], %(numbers)s::int[], %(amounts)s::bigint[], %(bottles)s::bigint[],
                %(coupons_of)s::bigint[])
         AS given(policy_id, number, amount, bottles, coupon_id)
    JOIN promotions_policyversion AS version
      ON version.policy_id = given.policy_id AND version.number = given.number
), written AS (
    INSERT INTO promotions_policyuse
        (policy_id, version_id, coupon_id, order_number, buyer_id, amount, bottles, at, given_back_at)
    SELECT policy_id, version_id, coupon_id, %(order)s, %(buyer)s, amount, bottles, %(at)s, NULL
    FROM given ORDER BY policy_id
    RETURNING id
), counted AS MATERIALIZED (
    SELECT quota.id, given.amount, given.bottles
    FROM promotions_policyquota AS quota JOIN given ON given.policy_id = quota.policy_id
    WHERE quota.dealer_id IS NULL OR quota.dealer_id = %(buyer)s
    ORDER BY quota.id FOR UPDATE OF quota
), used AS (
    UPDATE promotions_policyquota AS quota
    SET used_amount = quota.used_amount + counted.amount, used_bottles = quota.used_bottles + counted.bottles
    FROM counted WHERE quota.id = counted.id
), redeemed AS (
    UPDATE promotions_coupon AS coupon SET used = coupon.used + 1
    WHERE coupon.id IN (SELECT coupon_id FROM given WHERE coupon_id IS NOT NULL)
)
SELECT count(*) FROM written
"""


def spend(
    *,
    order_number: str,
    buyer_id: int,
    uses: Sequence[Use],
    ids: Mapping[str, int],
    coupon_ids: Mapping[str, int] | None = None,
) -> None:
    """Write down what the policies (``ids`` by code) give in this order; one statement, none for no uses.

    Rank QUOTA. Limited policies were locked by ``lock_left`` before. ``coupon_ids``: as ``LivePolicies`` tells; a
    coupon counts as used where its policy gave (two statements more). Raises ``CouponUsedUp``.
    """
    if not uses:
        return
    note_rank(Rank.QUOTA)
    opened = {use.policy: coupon_ids[use.policy] for use in uses if coupon_ids and use.policy in coupon_ids}
    if opened:
        _redeem(sorted(opened.values()), buyer_id)
    said = {
        "policies": [ids[use.policy] for use in uses],
        "numbers": [use.version for use in uses],
        "amounts": [use.amount for use in uses],
        "bottles": [use.bottles for use in uses],
        "coupons_of": [opened.get(use.policy) for use in uses],
        "order": order_number,
        "buyer": buyer_id,
        "at": clock.now(),
    }
    written = sql.row(_SPEND, said)
    if written is None or written[0] != len(uses):
        raise LostUse(f"{written} of {len(uses)} uses")


def _redeem(coupons: list[int], buyer_id: int) -> None:
    """Lock the coupons and make sure they may be used once more."""
    asked = {"coupons": coupons, "buyer": buyer_id}
    spent = [code for _, code, is_left in sql.rows(_COUPON, asked) if not is_left]
    spent += [code for (code,) in sql.rows(_EACH, asked)]
    if spent:
        raise CouponUsedUp(field="coupons", coupon=spent[0])


_GIVE_BACK = """
WITH back AS (
    UPDATE promotions_policyuse SET given_back_at = %(at)s
    WHERE order_number = %(order)s AND given_back_at IS NULL
    RETURNING policy_id, buyer_id, amount, bottles, coupon_id
), counted AS MATERIALIZED (
    SELECT quota.id, back.amount, back.bottles
    FROM promotions_policyquota AS quota JOIN back ON back.policy_id = quota.policy_id
    WHERE quota.dealer_id IS NULL OR quota.dealer_id = back.buyer_id
    ORDER BY quota.id FOR UPDATE OF quota
), freed AS (
    UPDATE promotions_policyquota AS quota
    SET used_amount = greatest(quota.used_amount - counted.amount, 0),
        used_bottles = greatest(quota.used_bottles - counted.bottles, 0)
    FROM counted WHERE quota.id = counted.id
)
UPDATE promotions_coupon AS coupon SET used = coupon.used - 1
WHERE coupon.id IN (SELECT coupon_id FROM back WHERE coupon_id IS NOT NULL)
"""


def give_back(*, order_number: str) -> None:
    """What the order used may be given again; once, however often it is asked. One statement, rank QUOTA."""
    note_rank(Rank.QUOTA)
    sql.execute(_GIVE_BACK, {"order": order_number, "at": clock.now()})
