"""After every test of the books they are sound."""

from collections.abc import Iterator

import pytest

from billing.ledger import selectors, services
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _sound_books(cast: Cast) -> Iterator[None]:
    yield
    assert selectors.check_books() == []


@pytest.fixture
def paid_in(cast: Cast) -> None:
    """C1 has paid in 1,000.00."""
    services.pay_in(actor=cast.finance, command=services.PayIn(cast.c1.pk, 100_000, "BANK-0"))
