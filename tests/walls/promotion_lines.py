"""The lines of promotions' pages, on the storefront and in the console."""

from tests.walls.console_lines import staff_form, staff_with
from tests.walls.ids import BUYERS, policy_root
from tests.walls.registry import CELLS, DEALERS, Cell, get, post, those_with

get("storefront:promotions", *those_with("promotions.read", of=DEALERS))
post("storefront:wish", *BUYERS)
get("console:promotions", *staff_with("promotions.read"))
staff_form("new_promotion", *staff_with("promotions.write"))
staff_form("promotion", *staff_with("promotions.read"), code=policy_root)
staff_form("edit_promotion", *staff_with("promotions.write"), code=policy_root)
get("console:promotion_find", *staff_with("promotions.write"), what=lambda world: "dealers")
staff_form("simulator", *staff_with("promotions.read"))
CELLS.append(Cell("console:preview_promotion", "POST", staff_with("promotions.write"), {}, may_refuse=True))
