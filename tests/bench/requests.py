"""The requests the benchmarks send."""

import random
from collections.abc import Iterator
from uuid import uuid4

from tests.bench.load import Request
from tests.bench.world import World

PASTED_LINES = 500


def order_body(world: World, seed: int, *, lines: int = 10) -> dict[str, object]:
    """An order of ``lines`` different SKUs, two cases each, drawn from ten ranges as the yardstick draws them."""
    chance = random.Random(seed)
    span = len(world.codes) // lines
    codes = [world.codes[place * span + chance.randrange(span)] for place in range(lines)]
    return {"lines": [{"sku": code, "unit": "CASE", "quantity": 2} for code in codes]}


def orders(world: World, seed: int) -> Iterator[Request]:
    """Orders of ten lines without end, each with a key of its own."""
    number = seed * 1_000_000
    while True:
        number += 1
        yield "POST", "/api/v1/orders", order_body(world, number), uuid4().hex


def listing(page: int = 1) -> str:
    """Fifty SKUs with the caller's own prices."""
    return f"/api/v1/catalogue/skus?page={page}"


def listings(path: str, seed: int) -> Iterator[Request]:
    """Pages of fifty without end."""
    chance = random.Random(seed)
    while True:
        yield "GET", f"{path}?page={chance.randrange(1, 40)}", None, ""


def paste_body(world: World, seed: int) -> dict[str, object]:
    """Five hundred lines as somebody would paste them: codes, barcodes, names."""
    chance = random.Random(seed)
    codes = chance.sample(world.codes, PASTED_LINES)
    return {"text": "\n".join(f"{code}\t{chance.randrange(1, 60)} 箱" for code in codes)}


def pastes(world: World, seed: int) -> Iterator[Request]:
    """Pasted blocks without end."""
    while True:
        seed += 1
        yield "POST", "/api/v1/order-checks", paste_body(world, seed), ""
