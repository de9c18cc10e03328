"""What tests of the pad share: pasting, and looking at what lies there."""

from core.catalogue.models import Sku
from ordering.orders.selectors import Cart, cart_of, pad_of
from tests.cast import Cast
from tests.clients import HostClient

HTMX = {"hx-request": "true"}


def lying(cast: Cast, key: str = "buyer_c1") -> dict[str, int]:
    cart: Cart = cart_of(cast.actor(key))
    return {item.sku_code: item.quantity for item in cart.items}


def kept(cast: Cast, place: int = 0, key: str = "buyer_c1") -> str:
    """Id of a line kept beside the cart, the oldest first."""
    return str(pad_of(cast.actor(key)).asides[place].id)


def paste(client: HostClient, text: str, headers: dict[str, str] | None = None) -> str:
    answer = client.post("/pad/lines/", {"text": text}, follow=True, headers=headers)
    assert answer.status_code == 200, answer.content.decode()[:3000]
    return str(answer.content.decode())


def many_products(cast: Cast, count: int) -> list[str]:
    """``count`` more products on the shelf, like the first, found by their codes; those codes."""
    codes = [f"XH-QX-530-0500-NV-06-N{number}" for number in range(count)]
    row = Sku.objects.filter(pk=cast.skus[1].pk).values().get()
    like = {name: value for name, value in row.items() if name != "id"}
    Sku.objects.bulk_create(
        Sku(**{**like, "code": code, "gtin13": "", "gtin14": "", "keys": [f"c{code.lower().replace('-', '')}"]})
        for code in codes
    )
    return codes
