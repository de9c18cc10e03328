"""What lies in the dealers' carts today: orders begun and not sent."""

from datetime import datetime, timedelta

from core.kernel import clock
from core.project.demo import baskets
from core.project.demo.houses import NOT_YET, SUSPENDED
from core.project.demo.offer import on_shelf
from core.project.demo.world import World
from ordering.orders import services as orders

EVERY = 4
"""Each fourth dealer has something in its cart."""


def fill_carts(world: World, now: datetime) -> None:
    """Put a basket into some carts, within the last hours. Inside the brand's schema."""
    buyers = [dealer for dealer in world.dealers if dealer.code not in (NOT_YET, SUSPENDED)]
    for place, dealer in enumerate(buyers[::EVERY]):
        usual = baskets.usual_products(dealer, on_shelf(world), world.dice)
        lines = baskets.fill(dealer, usual, world.dice, place).lines
        cart = tuple(orders.CartLine(line.sku_code, line.quantity, line.unit) for line in lines)
        with clock.at(now - timedelta(minutes=11 * place + 5)):
            orders.save_cart(actor=world.buyers[dealer.code], command=orders.SaveCart(cart))
