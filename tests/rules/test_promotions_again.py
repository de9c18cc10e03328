"""Who takes part is asked once: with what is left by now the answer is the one of an evaluation from scratch."""

from dataclasses import replace

from hypothesis import given

from ordering.promotions.rules.engine import asked_of, evaluate, evaluate_asked
from ordering.promotions.rules.policies import Cart, CartLine, Left, Policy
from tests.rules.test_promotions import BUYER, lefts, lines, policies


@given(lines, policies, lefts, lefts)
def test_what_is_left_changes_nothing_of_who_takes_part(
    rows: tuple[CartLine, ...], offers: list[Policy], seen: dict[str, Left], locked: dict[str, Left]
) -> None:
    before, now = replace(BUYER, left=seen), replace(BUYER, left=locked, rebate_pool=777)
    asked = asked_of(Cart(rows), offers, before)
    assert evaluate_asked(asked, before) == evaluate(Cart(rows), offers, before)
    assert evaluate_asked(asked, now) == evaluate(Cart(rows), offers, now)
