"""Giving what a policy gives: inside the act of an order, never beyond a limit. docs/algorithms/promotions.md.

These run inside the act of a higher room and open none themselves. Locks in this order: the book of what is given
(shared), rows of quotas by id in one statement, coupons by id in one statement.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from core.db import sql
from core.db.locks import Rank, note_rank
from core.kernel import clock
from core.kernel.errors import DomainError
from ordering.promotions.errors import CouponOver, CouponUsedUp, PoliciesChanged
from ordering.promotions.rules.outcome import Use
from ordering.promotions.rules.policies import Left
from ordering.promotions.selectors.live import LEFT, RULING, LivePolicies

_BOOK = "(hashtext(current_schema()), hashtext('promotions.given'))"
_SHARE = f"SELECT pg_advisory_xact_lock_shared{_BOOK}"
_CLOSE = f"SELECT pg_advisory_xact_lock{_BOOK}"


def open_book() -> None:
    """Hold the book of what is given open until the act ends: nobody begins to count meanwhile. One statement.

    Many hold it at once; whoever wants it for themselves comes in turn. Rank QUOTA.
    """
    note_rank(Rank.QUOTA)
    sql.rows(_SHARE, {})


def close_book() -> None:
    """Wait for every act that gives something, and let none begin: what is given can be counted. One statement."""
    note_rank(Rank.QUOTA)
    sql.rows(_CLOSE, {})


_RULING = RULING.format(which="policy.id = ANY(%(ids)s::bigint[]) AND policy.status = 'LIVE'")
_OPEN = """
INSERT INTO promotions_policyquota (policy_id, dealer_id, used_amount, used_bottles)
SELECT asked.id, %(buyer)s, coalesce(given.amount, 0), coalesce(given.bottles, 0)
FROM unnest(%(ids)s::bigint[]) AS asked(id) CROSS JOIN LATERAL (
    SELECT sum(use.amount) AS amount, sum(use.bottles) AS bottles FROM promotions_policyuse AS use
    WHERE use.policy_id = asked.id AND use.buyer_id = %(buyer)s AND use.given_back_at IS NULL
) AS given
WHERE EXISTS (
    SELECT FROM promotions_policyversion AS version
    WHERE version.policy_id = asked.id AND version.status = 'APPROVED'
      AND (version.each_amount IS NOT NULL OR version.each_bottles IS NOT NULL)
) AND NOT EXISTS (
    SELECT FROM promotions_policyquota AS quota WHERE quota.policy_id = asked.id AND quota.dealer_id = %(buyer)s)
ORDER BY asked.id
ON CONFLICT ON CONSTRAINT policy_quota_once DO NOTHING
"""
LOCK = """
SELECT id FROM promotions_policyquota
WHERE (dealer_id IS NULL OR dealer_id = %(buyer)s) AND policy_id IN (
    SELECT unnest(%(ids)s::bigint[]) UNION
    SELECT policy_id FROM promotions_policyuse WHERE order_number = %(own)s AND given_back_at IS NULL)
ORDER BY id FOR UPDATE
"""
_LEFT = f"""
WITH ruling AS ({_RULING}), own_use AS (
    SELECT policy_id, sum(amount)::bigint AS amount, sum(bottles)::bigint AS bottles FROM promotions_policyuse
    WHERE order_number = %(own)s AND given_back_at IS NULL GROUP BY policy_id
), found AS (
    SELECT ruling.id, {LEFT}
    FROM ruling
    LEFT JOIN promotions_policyquota AS whole ON whole.policy_id = ruling.id AND whole.dealer_id IS NULL
    LEFT JOIN promotions_policyquota AS own ON own.policy_id = ruling.id AND own.dealer_id = %(buyer)s
)
SELECT found.*, coalesce(own_use.amount, 0), coalesce(own_use.bottles, 0)
FROM found LEFT JOIN own_use ON own_use.policy_id = found.id
"""


def lock_left(
    *, live: LivePolicies, ids: Collection[int], buyer_id: int, at: datetime, own: str | None = None
) -> Mapping[str, Left]:
    """Lock what these policies (by id) have given, in all and to the buyer; what is left now, by policy code.

    Three statements, rank QUOTA; the book is open. ``own``: an order that is changed: what it uses counts as free, and
    what it used of other policies is locked with it. ``at``: the instant ``live`` was read for. A policy that was
    paused or ended meanwhile has nothing left.
    """
    if not ids:
        return {}
    note_rank(Rank.QUOTA)
    wanted = sorted(ids)
    asked = {"ids": wanted, "buyer": buyer_id, "own": own or "", "at": at}
    sql.execute(_OPEN, asked)
    sql.rows(LOCK, asked)
    # A statement of its own: it sees what the lock has waited for.
    found = {row[0]: row[1:] for row in sql.rows(_LEFT, asked)}
    codes = {policy_id: code for code, policy_id in live.ids.items()}
    return {codes[policy_id]: _left(found.get(policy_id, (0, 0, 0, 0))) for policy_id in wanted}


def _left(row: Sequence[int | None]) -> Left:
    amount, bottles, own_amount, own_bottles = row
    return Left(
        None if amount is None else amount + (own_amount or 0),
        None if bottles is None else bottles + (own_bottles or 0),
    )


_COUPON = """
SELECT code, most_uses IS NULL OR used < most_uses, NOT is_withdrawn AND (ends_at IS NULL OR ends_at > %(at)s)
FROM promotions_coupon WHERE id = ANY(%(coupons)s::bigint[]) ORDER BY id FOR UPDATE
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
    JOIN promotions_promotionpolicy AS policy
      ON policy.id = given.policy_id AND policy.status = 'LIVE'
         AND (NOT policy.is_counted OR policy.id = ANY(%(counted)s::bigint[]))
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


def spend(*, order_number: str, buyer_id: int, uses: Sequence[Use], live: LivePolicies, at: datetime) -> None:
    """Write down what the policies of ``live``, read for ``at``, give in this order; one statement, none for no uses.

    Rank QUOTA; the book is open. Policies that are counted were locked by ``lock_left`` before. A coupon counts as used
    where its policy gave (two statements more). Raises ``CouponUsedUp``, ``CouponOver``, and ``PoliciesChanged`` where
    a policy was paused or ended since it was read, or is counted only since then.
    """
    if not uses:
        return
    note_rank(Rank.QUOTA)
    opened = {use.policy: live.coupon_ids[use.policy] for use in uses if use.policy in live.coupon_ids}
    if opened:
        _redeem(sorted(opened.values()), buyer_id, at)
    said = {
        "policies": [live.ids[use.policy] for use in uses],
        "numbers": [use.version for use in uses],
        "amounts": [use.amount for use in uses],
        "bottles": [use.bottles for use in uses],
        "coupons_of": [opened.get(use.policy) for use in uses],
        "counted": [live.ids[code] for code in live.left],
        "order": order_number,
        "buyer": buyer_id,
        "at": clock.now(),
    }
    written = sql.row(_SPEND, said)
    if written is None or written[0] != len(uses):
        raise PoliciesChanged


def _redeem(coupons: list[int], buyer_id: int, at: datetime) -> None:
    """Lock the coupons and make sure they may be used once more."""
    asked = {"coupons": coupons, "buyer": buyer_id, "at": at}
    for code, is_left, is_open in sql.rows(_COUPON, asked):
        if not (is_left and is_open):
            fault: type[DomainError] = CouponUsedUp if is_open else CouponOver
            raise fault(field="coupons", coupon=code)
    for (code,) in sql.rows(_EACH, asked):
        raise CouponUsedUp(field="coupons", coupon=code)


GIVE_BACK = """
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
    FROM counted WHERE quota.id = counted.id RETURNING quota.id
), coupons AS MATERIALIZED (
    SELECT coupon.id FROM promotions_coupon AS coupon
    WHERE (SELECT count(*) FROM freed) >= 0 AND coupon.id IN (
        SELECT coupon_id FROM back WHERE coupon_id IS NOT NULL UNION SELECT unnest(%(coupons)s::bigint[]))
    ORDER BY coupon.id FOR UPDATE OF coupon
)
UPDATE promotions_coupon AS coupon SET used = coupon.used - 1
FROM coupons WHERE coupon.id = coupons.id AND coupon.id IN (SELECT coupon_id FROM back)
"""
"""Quotas first, then coupons, as an order that is placed locks them: the count of the freed ones makes it so."""


def give_back(*, order_number: str, coupon_ids: Collection[int] = ()) -> None:
    """What the order used may be given again; once, however often it is asked. Two statements, rank QUOTA.

    ``coupon_ids``: coupons the order will use instead; they are locked with those it used.
    """
    open_book()
    sql.execute(GIVE_BACK, {"order": order_number, "at": clock.now(), "coupons": sorted(coupon_ids)})
