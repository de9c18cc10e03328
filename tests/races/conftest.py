"""The product on loopback with twenty rival dealers, for tests in which everybody wants the same thing at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from billing.ledger.models import TradingAccount
from billing.ledger.selectors import check_books
from core.kernel import clock
from core.kernel.errors import DomainError
from dms.dealers.models import Credential, Dealer
from dms.stock.models import Movement, Stock
from dms.stock.selectors import check_stock
from tests.cast import Cast
from tests.database import test_database
from tests.factories.channel import DealerFacts, make_dealer
from tests.factories.seats import make_seat
from tests.live import Caller, LiveProduct, Reply, live_product
from tests.portals import XINGHE
from tests.sessions import token_for

RIVALS = 20


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What became of each: ``done``, the codes of its refusal, or the bug it ran into."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            with XINGHE.inside():
                start.wait()
                act()
        except DomainError as refusal:
            return "+".join(sorted({fault.code for fault in refusal.problems()}))
        except Exception as bug:  # noqa: BLE001 - the known-bad way may run into anything
            return type(bug).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@dataclass
class Contest:
    """The running product, the cast in its database, and the rivals' tokens."""

    product: LiveProduct
    cast: Cast
    tokens: list[str]
    staff: dict[str, str]

    def caller(self, token: str) -> Caller:
        """A connection of one rival."""
        return self.product.caller(XINGHE.host, token)

    def leave(self, sku: int, bottles: int) -> None:
        """Let exactly ``bottles`` of the SKU be free, by a movement that says so."""
        row = Stock.objects.get(sku=self.cast.skus[sku], warehouse=self.cast.w1)
        change = bottles + row.reserved - row.on_hand
        if change:
            Stock.objects.filter(pk=row.pk).update(on_hand=row.on_hand + change)
            Movement.objects.create(
                stock=row,
                kind=Movement.Kind.ADJUSTMENT,
                bottles=change,
                document_type="TEST",
                document_number=f"{row.pk}-{bottles}",
                at=clock.now(),
            )

    def all_at_once(self, works: list[Callable[[], list[Reply]]]) -> list[Reply]:
        """Start every work at the same moment; all their replies."""
        start = Barrier(len(works))

        def begin(work: Callable[[], list[Reply]]) -> list[Reply]:
            start.wait()
            return work()

        with ThreadPoolExecutor(len(works)) as pool:
            return [reply for replies in pool.map(begin, works) for reply in replies]

    def assert_whole(self) -> None:
        """Books and stock agree with what happened."""
        assert check_books() == []
        assert check_stock() == []


@pytest.fixture(scope="module")
def contest(django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contest]:
    """A fresh database, the cast and its rivals in it, granian over it."""
    name = f"{connection.settings_dict['TEST']['NAME']}_race"
    log: Path = tmp_path_factory.mktemp("race")
    with django_db_blocker.unblock(), test_database(name), XINGHE.inside():
        cast = Cast.build(XINGHE)
        tokens = [_rival(cast, number) for number in range(RIVALS)]
        staff = {key: token_for(cast.seats[key]) for key in ("sales_admin", "region_manager", "warehouse", "admin")}
        with live_product(name, log) as product:
            yield Contest(product, cast, tokens, staff)


def _rival(cast: Cast, number: int) -> str:
    facts = DealerFacts(f"R{number:02d}", f"对手{number:02d}", Dealer.Tier.CITY, "370100", 100_000_000)
    dealer = make_dealer(facts, parent=cast.root, supplier=cast.root)
    Credential.objects.get_or_create(
        dealer=dealer, type=Credential.Type.BUSINESS, defaults={"number": f"B{number}", "valid_from": "2025-01-01"}
    )
    TradingAccount.objects.filter(buyer=dealer.party).update(credit_limit=100_000_000)
    return token_for(make_seat(cast.portal, f"对手{number:02d}", dealer, "dealer_admin"))
