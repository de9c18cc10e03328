"""What the order gate asks of a buyer: one query, and the same answer as the rule in plain Python."""

from datetime import date, timedelta

import hypothesis.strategies as st
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given

from core.kernel.errors import Missing
from dms.dealers import rules
from dms.dealers.models import Credential, Dealer
from dms.dealers.rules import Licence, opens_order_gate
from dms.dealers.selectors import trading_dealer
from tests.cast import Cast

TODAY = date(2026, 1, 12)
DAYS = st.integers(-2, 2).map(lambda n: TODAY + timedelta(days=n))


@st.composite
def licences(draw: st.DrawFn) -> Licence:
    begin = draw(DAYS)
    end = draw(st.none() | DAYS.filter(lambda day: day >= begin))
    return Licence(draw(st.sampled_from(list(rules.LicenceType))), "", begin, end)


@given(st.lists(st.tuples(licences(), st.booleans()), max_size=5))
def test_the_licence_gate_agrees_with_the_rule(cast: Cast, papers: list[tuple[Licence, bool]]) -> None:
    with transaction.atomic():
        Credential.objects.filter(dealer=cast.c2).delete()
        Credential.objects.bulk_create(
            Credential(
                dealer=cast.c2,
                type=licence.type,
                number=str(number),
                valid_from=licence.valid_from,
                valid_to=licence.valid_to,
                is_accepted=is_accepted,
            )
            for number, (licence, is_accepted) in enumerate(papers)
        )
        found = trading_dealer(buyer_id=cast.c2.pk, seller_id=cast.root.pk, day=TODAY)
    accepted = [licence for licence, is_accepted in papers if is_accepted]
    assert found.has_licence == opens_order_gate(accepted, TODAY)


def test_takes_one_query(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        found = trading_dealer(buyer_id=cast.t1.pk, seller_id=cast.c1.pk, day=TODAY)
    assert len(queries) == 1
    assert (found.code, found.supplier_id, found.parent_id, found.is_active) == ("T1", cast.c1.pk, cast.c1.pk, True)
    assert (found.path, found.is_seller_active, found.currency) == (cast.t1.path, True, "CNY")
    assert [(place.recipient, place.is_default) for place in found.addresses] == [("收货人", True)]


def test_only_its_supplier_sells_to_it(cast: Cast) -> None:
    for buyer, seller in ((cast.t1, cast.root), (cast.c1, cast.p1), (cast.root, cast.root)):
        with pytest.raises(Missing):
            trading_dealer(buyer_id=buyer.pk, seller_id=seller.pk, day=TODAY)


def test_a_suspended_seller_does_not_sell(cast: Cast) -> None:
    Dealer.objects.filter(pk=cast.c1.pk).update(status="SUSPENDED")
    assert not trading_dealer(buyer_id=cast.t1.pk, seller_id=cast.c1.pk, day=TODAY).is_seller_active


def test_words_of_the_rules_and_of_the_rows_are_the_same() -> None:
    assert Dealer.Tier.values == [tier.value for tier in rules.Tier]
    assert Dealer.Status.values == [status.value for status in rules.Status]
    assert Credential.Type.values == [kind.value for kind in rules.LicenceType]
    assert set(rules.TRANSITIONS) == set(rules.Status)
