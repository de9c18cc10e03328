"""The cast really committed in a database of its own, with tokens for its people and the product running over it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from django.db import connection

from billing.ledger.selectors import check_books
from core.kernel.brand import BrandFacts
from dms.stock.selectors import check_stock
from tenants.brands.hosts import brand_at
from tests.cast import Cast
from tests.database import test_database
from tests.live import Caller, LiveProduct, Reply, live_product
from tests.portals import XINGHE
from tests.sessions import cookie_for, token_for

WITHIN_S = 30


@dataclass
class Room:
    """The running product and everybody in it."""

    product: LiveProduct
    cast: Cast
    brand: BrandFacts
    tokens: dict[str, str] = field(default_factory=dict)

    def caller(self, who: str) -> Caller:
        """A new connection of one of the cast, by token."""
        if who not in self.tokens:
            self.tokens[who] = token_for(self.cast.seats[who])
        return self.product.caller(XINGHE.host, self.tokens[who])

    def post(self, who: str, path: str, body: object = None) -> Reply:
        """One POST of one of the cast."""
        with self.caller(who) as caller:
            return caller.post(path, body, key=uuid4().hex)

    def get(self, who: str, path: str, **query: str) -> Reply:
        """One GET of one of the cast."""
        with self.caller(who) as caller:
            return caller.get(path, **query)

    def cookie(self, who: str) -> str:
        """A session of one of the cast."""
        return cookie_for(self.cast.seats[who], self.brand)

    def assert_whole(self) -> None:
        """Books and stock agree with what happened."""
        assert check_books() == []
        assert check_stock() == []


@contextmanager
def room(name: str, log: Path, *, with_worker: bool = False, redis: str = "") -> Iterator[Room]:
    """Make the database, the cast and the product (over the Redis given); everything is gone after."""
    database = f"{connection.settings_dict['TEST']['NAME']}_{name}"
    with test_database(database):
        brand = brand_at(XINGHE.host)
        if brand is None:
            raise RuntimeError("the test brand has no host")
        with XINGHE.inside():
            cast = Cast.build(XINGHE)
            environment = {"REDIS_URL": redis} if redis else {}
            with live_product(database, log, workers=2, with_worker=with_worker, **environment) as product:
                yield Room(product, cast, brand)


def until(is_true: Callable[[], bool]) -> bool:
    """Whether it became true within the patience of a flow."""
    end = time.monotonic() + WITHIN_S
    while time.monotonic() < end:
        if is_true():
            return True
        time.sleep(0.2)
    return False
