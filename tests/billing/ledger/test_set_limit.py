"""Credit limit, days and block of a buyer's account. Amounts in fen."""

import pytest

from billing.ledger import services
from billing.ledger.models import TradingAccount
from billing.ledger.services import SetLimit
from core.events.models import Event
from core.kernel.errors import DomainError
from tests.cast import Cast


def _terms(cast: Cast) -> tuple[int, int, bool]:
    account = TradingAccount.objects.get(buyer__dealer_id=cast.c1.pk)
    return account.credit_limit, account.terms_days, account.is_blocked


def test_sets_what_is_named_and_leaves_the_rest(cast: Cast) -> None:
    services.set_limit(actor=cast.finance, command=SetLimit(cast.c1.pk, credit_limit=500, terms_days=45))
    assert _terms(cast) == (500, 45, False)
    services.set_limit(actor=cast.finance, command=SetLimit(cast.c1.pk, is_blocked=True))
    assert _terms(cast) == (500, 45, True)
    event = Event.objects.filter(kind="billing.terms_set.v1").latest("aggregate_version")
    assert event.payload["before"] == {"credit_limit": 500, "terms_days": 45, "is_blocked": False}
    assert event.payload["after"] == {"credit_limit": 500, "terms_days": 45, "is_blocked": True}


@pytest.mark.parametrize(
    "command",
    [
        {"credit_limit": -1},
        {"terms_days": -1},
        {"terms_days": 4000},
    ],
)
def test_refuses_terms_that_cannot_be(cast: Cast, command: dict[str, int]) -> None:
    before = _terms(cast)
    with pytest.raises(DomainError) as refusal:
        services.set_limit(actor=cast.finance, command=SetLimit(cast.c1.pk, **command))  # type: ignore[arg-type]
    assert refusal.value.code == "ledger.limit_invalid"
    assert _terms(cast) == before


def test_a_house_sets_the_terms_of_its_own_customers_only(cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        services.set_limit(actor=cast.finance, command=SetLimit(cast.t1.pk, credit_limit=1))
    assert refusal.value.code == "ledger.account_missing"


def test_needs_the_permission(cast: Cast) -> None:
    before = _terms(cast)
    with pytest.raises(DomainError) as refusal:
        services.set_limit(actor=cast.sales_admin, command=SetLimit(cast.c1.pk, credit_limit=1))
    assert refusal.value.code == "actor.not_permitted"
    assert _terms(cast) == before
