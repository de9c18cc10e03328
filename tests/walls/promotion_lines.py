"""The lines of promotions' pages, on the storefront and in the console."""

from tests.walls.ids import BUYERS
from tests.walls.registry import DEALERS, get, post, those_with

get("storefront:promotions", *those_with("promotions.read", of=DEALERS))
post("storefront:wish", *BUYERS)
