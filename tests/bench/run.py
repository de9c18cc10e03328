"""One run: the world, the counts, the load, the yardstick."""

from dataclasses import replace
from pathlib import Path

from django.conf import settings

from core.catalogue.models import Sku
from core.db.acts import brand_schema
from dms.dealers.models import Dealer
from tests.bench import policies, report, requests, statements, world, yardstick
from tests.bench.load import Measured, drive
from tests.live import Caller, LiveProduct, live_product
from tests.portals import XINGHE
from tests.sessions import cookie_for, token_for

MOST_CLIENTS = 8
PROMOTED = ", 200 policies"
"""What names end in that were measured with live policies."""


def measure(log: Path, *, database: str, seconds: int) -> int:
    """The requests of one brand beside the yardstick, without policies and with two hundred live ones; exit status."""
    from tenants.brands.hosts import brand_at

    print("Building the world: 5,000 SKUs, 500 dealers …", flush=True)
    made = world.build()
    with brand_schema(XINGHE.schema):
        tokens = [token_for(seat) for seat in made.seats[:MOST_CLIENTS]]
    brand = brand_at(XINGHE.host)
    if brand is None:
        raise RuntimeError("the test brand has no host")
    cookie = cookie_for(made.seats[0], brand)
    counts = statements.count(made, tokens[0], cookie)
    with live_product(database, log) as product:
        rows = [_orders(product, made, tokens, clients, seconds) for clients in (1, MOST_CLIENTS)]
        rows.append(_listing(product, made, tokens[0], seconds))
        rows.append(_page(product, made, cookie, seconds))
        rows.append(_paste(product, made, tokens[0], seconds))
        _plan()
        counts |= {name + PROMOTED: n for name, n in statements.count(made, tokens[0], cookie).items()}
        rows += [
            replace(row, name=row.name + PROMOTED)
            for row in (
                *(_orders(product, made, tokens, clients, seconds) for clients in (1, MOST_CLIENTS)),
                _paste(product, made, tokens[0], seconds),
            )
        ]
    limits = {
        script: yardstick.orders_per_second(script, clients=MOST_CLIENTS, seconds=seconds)
        for script in ("statements15.sql", "oneshot.sql")
    }
    return report.show(rows, counts, limits)


def _plan() -> None:
    """Two hundred policies, live from now on."""
    with brand_schema(XINGHE.schema):
        policies.make_policies(Dealer.objects.get(tier=Dealer.Tier.BRAND), list(Sku.objects.order_by("rank")))


def _orders(product: LiveProduct, made: world.World, tokens: list[str], clients: int, seconds: int) -> Measured:
    callers = [
        (product.caller(made.host, tokens[number]), requests.orders(made, number + 1)) for number in range(clients)
    ]
    return drive(report.ORDER, product, callers, seconds=seconds, expect=201)


def _listing(product: LiveProduct, made: world.World, token: str, seconds: int) -> Measured:
    wanted = requests.listings("/api/v1/catalogue/skus", 1)
    return drive("50 SKUs, JSON", product, [(product.caller(made.host, token), wanted)], seconds=seconds, expect=200)


def _page(product: LiveProduct, made: world.World, cookie: str, seconds: int) -> Measured:
    caller = Caller(product.port, made.host, cookie=f"{settings.SESSION_COOKIE_NAME}={cookie}")
    wanted = [(caller, requests.listings("/products/", 2))]
    return drive("50 SKUs, page", product, wanted, seconds=seconds, expect=200)


def _paste(product: LiveProduct, made: world.World, token: str, seconds: int) -> Measured:
    callers = [(product.caller(made.host, token), requests.pastes(made, 3))]
    return drive("500-line paste", product, callers, seconds=seconds, expect=200)
