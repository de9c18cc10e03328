"""Whatever is done in whatever order, the books stay sound. Amounts in fen."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from billing.ledger import selectors, services
from billing.ledger.models import Entry, TradingAccount
from core.db import sql
from core.db.acts import act
from core.kernel.errors import DomainError
from tests.cast import Cast

AMOUNTS = st.integers(1, 6_000_000)
NUMBERS = st.sampled_from(["SO1", "SO2", "SO3"])
STEPS = st.one_of(
    st.tuples(st.just("pay_in"), st.sampled_from("abcd"), AMOUNTS),
    st.tuples(st.just("hold"), NUMBERS, AMOUNTS),
    st.tuples(st.just("release"), NUMBERS, AMOUNTS),
    st.tuples(st.just("capture"), NUMBERS, AMOUNTS),
    st.tuples(st.just("limit"), NUMBERS, AMOUNTS),
    st.tuples(st.just("rebate"), st.sampled_from("abcd"), AMOUNTS),
    st.tuples(st.just("more"), NUMBERS, AMOUNTS),
    st.tuples(st.just("less"), NUMBERS, AMOUNTS),
)


def _step(cast: Cast, verb: str, name: str, amount: int) -> None:
    document = {"document_type": "ORDER", "document_number": name}
    if verb == "pay_in":
        services.pay_in(actor=cast.finance, command=services.PayIn(cast.c1.pk, amount, name))
    elif verb == "limit":
        services.set_limit(actor=cast.finance, command=services.SetLimit(cast.c1.pk, credit_limit=amount))
    elif verb == "rebate":
        command = services.AddRebate(cast.c1.pk, amount, name, "返利")
        services.add_rebate(actor=cast.finance, command=command)
    elif verb == "hold":
        with act():
            services.hold(
                seller_dealer_id=cast.root.pk,
                buyer_dealer_id=cast.c1.pk,
                amount=amount,
                rebate=amount // 5,
                currency="CNY",
                **document,
            )
    elif verb == "capture":
        with act():
            services.capture(
                document_type="ORDER",
                document_number=name,
                shipment_number=f"{name}-{amount}",
                amount=amount,
                tax=amount // 9,
                rebate=amount // 5,
                rebate_tax=amount // 50,
                actor=None,
            )
    elif verb in ("more", "less"):
        with act():
            call = services.hold_more if verb == "more" else services.release_part
            call(document_type="ORDER", document_number=name, amount=amount // 2, rebate=amount // 7 + 1)
    else:
        with act():
            services.release(**document)


class _UndoneError(Exception):
    """Takes an example's rows away again."""


@given(steps=st.lists(STEPS, max_size=14))
def test_any_sequence_keeps_the_books_sound(cast: Cast, steps: list[tuple[str, str, int]]) -> None:
    from django.db import transaction

    with pytest.raises(_UndoneError), transaction.atomic():
        # Inside a test's own block acts are savepoints, so that every example starts from the same books.
        transaction.get_connection().atomic_blocks[-1]._from_testcase = True
        for verb, name, amount in steps:
            try:
                _step(cast, verb, name, amount)
            except DomainError as refusal:
                assert refusal.code.startswith("ledger.")
        assert selectors.check_books() == []
        assert sum(Entry.objects.values_list("amount", flat=True)) == 0
        account = TradingAccount.objects.get(buyer__dealer_id=cast.c1.pk)
        assert 0 <= account.prepay_held <= account.prepay_balance
        assert account.credit_held >= 0
        assert 0 <= account.rebate_held <= account.rebate_balance
        sql.execute("SET CONSTRAINTS ALL IMMEDIATE", {})
        sql.execute("SET CONSTRAINTS ALL DEFERRED", {})
        raise _UndoneError


def test_check_books_sees_what_does_not_fit(cast: Cast) -> None:
    TradingAccount.objects.filter(buyer__dealer_id=cast.c1.pk).update(prepay_balance=7, credit_held=1)
    faults = selectors.check_books()
    assert [fault.split(": ", 1)[1] for fault in faults] == [
        "prepay is 7, entries and holds say 0",
        "credit held is 1, entries and holds say 0",
    ]
    TradingAccount.objects.filter(buyer__dealer_id=cast.c1.pk).update(prepay_balance=0, credit_held=0)
