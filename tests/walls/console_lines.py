"""The console's lines: the brand's staff only."""

from collections.abc import Callable

from tests.walls.ids import (
    EDITORS,
    dealer_c1,
    dealer_t1,
    family,
    grant_c1,
    market_quote,
    notice_c1,
    one_view,
    own_count,
    own_file,
    own_host,
    own_invitation,
    own_job,
    own_token,
    own_transfer,
    own_view,
    sc_maker,
    sc_scan,
    seat_of_rep,
    shown_picture,
    sku,
    thumb_side,
    waiting_c1,
    waiting_paper,
    waiting_scan,
    zone,
)
from tests.walls.registry import CELLS, EVERYBODY, STAFF, Cell, get, post, those_with
from tests.walls.world import World


def staff_form(name: str, *who: str, **ids: Callable[[World], object]) -> None:
    """A page with a form: read by ``who``, and an empty form of theirs is answered, not obeyed."""
    get(f"console:{name}", *who, **ids)
    CELLS.append(Cell(f"console:{name}", "POST", who, ids, may_refuse=True))


def staff_with(code: str) -> tuple[str, ...]:
    """The brand's staff with a permission."""
    return those_with(code, of=STAFF)


get("console:home", *STAFF)
get("console:messages", *STAFF)
get("console:find", *STAFF)
get("console:tray", *STAFF)
staff_form("orders", *staff_with("orders.read"))
staff_form("order", *staff_with("orders.read"), number=waiting_c1)
staff_form("order_amend", *staff_with("orders.approve"), number=waiting_c1)
get(
    "console:order_replay",
    *(set(staff_with("orders.read")) & set(staff_with("promotions.read"))),
    number=waiting_c1,
)
get("console:shipping", *staff_with("orders.read"))
get("console:print_picking", *staff_with("fulfilment.read"))
get("console:print_delivery", *staff_with("fulfilment.read"))
get("console:quiet", *(set(staff_with("orders.read")) & set(staff_with("dealers.read"))))
staff_form("products", *staff_with("catalogue.read"))
staff_form("product", *staff_with("catalogue.read"), code=sku)
staff_form("new_product", *EDITORS)
get("console:families", *EDITORS)
post("console:pictures", *staff_with("catalogue.edit"), may_refuse=True, code=sku)
get("console:duplicates", *staff_with("catalogue.edit"))
post("console:settle_duplicate", *staff_with("catalogue.edit"), may_refuse=True)
staff_form("new_family", *EDITORS)
staff_form("family", *EDITORS, code=family)
staff_form("producers", *EDITORS)
staff_form("lines", *EDITORS)
get("console:prices", *staff_with("prices.read"))
get("console:price_list", *staff_with("prices.read"), code=lambda world: "CITY")
get("console:list_versions", *staff_with("prices.read"), code=lambda world: "CITY")
get("console:price_matrix", *staff_with("prices.read"))
get("console:price_block", *staff_with("prices.read"))
post("console:save_prices", *staff_with("prices.edit"), may_refuse=True)
post("console:return_prices", *staff_with("prices.edit"), may_refuse=True, code=lambda world: "CITY")
post("console:round_of_prices", *staff_with("prices.edit"), may_refuse=True)
staff_form("new_list", *staff_with("prices.edit"))
get("console:price_trace", *(set(staff_with("prices.read")) & set(staff_with("dealers.read"))))
get("console:waterfall", *(set(staff_with("promotions.read")) & set(staff_with("prices.read"))))
get("console:inversions", *(set(staff_with("market.read")) & set(staff_with("promotions.read"))))
get("console:quotes", *staff_with("market.read"))
staff_form("new_quotes", *staff_with("market.write"))
staff_form("change_list", *staff_with("prices.edit"), code=lambda world: "CITY")
staff_form("price_settings", *staff_with("settings.edit"))
get("console:quote_course", *staff_with("market.read"), code=sku)
post("console:withdraw_quote", *staff_with("market.write"), may_refuse=True, quote_id=market_quote)
get("console:dealers", *staff_with("dealers.read"))
get("console:branch", *staff_with("dealers.read"), code=dealer_c1)
staff_form("dealer", *staff_with("dealers.read"), code=dealer_c1)
staff_form("new_dealer", *staff_with("dealers.edit"))
for name in ("territories", "grants", "gaps", "outlets"):
    get(f"console:{name}", *staff_with("territories.read"))
staff_form("grant", *staff_with("territories.read"), grant_id=grant_c1)
staff_form("new_grant", *staff_with("territories.edit"))
staff_form("zones", *staff_with("territories.read"))
staff_form("new_zone", *staff_with("territories.edit"))
staff_form("zone", *staff_with("territories.read"), code=zone)
staff_form("outlet", *staff_with("territories.read"), code=dealer_t1)
get("console:licences", *staff_with("dealers.read"))
get("console:licence_scan", *staff_with("dealers.read"), credential_id=waiting_paper, file_id=waiting_scan)
get("console:producer_scan", *staff_with("catalogue.edit"), producer_id=sc_maker, file_id=sc_scan)
get("console:notices", *those_with("notices.read", of=STAFF))
get("console:new_notice", *those_with("notices.write", of=STAFF))
post("console:new_notice", *those_with("notices.write", of=STAFF), may_refuse=True)
get("console:notice_houses", *those_with("notices.write", of=STAFF))
post("console:preview_notice", *those_with("notices.write", of=STAFF))
get("console:notice", *those_with("notices.read", of=STAFF), notice_id=notice_c1)
post("console:notice", *those_with("notices.write", of=STAFF), may_refuse=True, notice_id=notice_c1)
post("console:withdraw_notice", *those_with("notices.write", of=STAFF), notice_id=notice_c1)
get("console:notice_receipts", *those_with("notices.read", of=STAFF), notice_id=notice_c1)
staff_form("stock", *staff_with("stock.read"))
get("console:counts", *staff_with("stock.read"))
staff_form("new_count", *staff_with("stock.count"))
staff_form("count", *staff_with("stock.read"), number=own_count)
get("console:print_count", *staff_with("stock.read"), number=own_count)
get("console:movements", *staff_with("stock.read"), code=sku)
staff_form("adjust", *staff_with("stock.adjust"))
staff_form("new_transfer", *staff_with("stock.transfer"))
get("console:transfers", *staff_with("stock.read"))
staff_form("transfer", *staff_with("stock.read"), number=own_transfer)
staff_form("new_warehouse", *staff_with("stock.adjust"))
get("console:warehouses", *staff_with("stock.read"))
get("console:all_movements", *staff_with("stock.read"))
staff_form("warehouse", *staff_with("stock.adjust"), code=lambda world: "W1")
staff_form("import", *staff_with("catalogue.import"), slug=lambda world: "products")
get(
    "console:import_template",
    *staff_with("catalogue.import"),
    slug=lambda world: "products",
    ending=lambda world: "csv",
)
post("console:export", *staff_with("orders.read"), name=lambda world: "orders")
get("console:jobs", *staff_with("jobs.read"))
get("console:job", *those_with("jobs.read", of=staff_with("catalogue.import")), job_id=own_job)
post("console:confirm_job", *staff_with("catalogue.import"), may_refuse=True, job_id=own_job)
post("console:cancel_job", *staff_with("catalogue.import"), may_refuse=True, job_id=own_job)
get("console:seats", *staff_with("access.read"))
staff_form("seat", *staff_with("access.read"), seat_id=seat_of_rep)
staff_form("invite", *staff_with("access.edit"))
get("console:invitations", *staff_with("access.read"))
post("console:renew_invitation", *staff_with("access.edit"), invitation_id=own_invitation)
post("console:withdraw_invitation", *staff_with("access.edit"), invitation_id=own_invitation)
get("console:roles", *staff_with("access.read"))
staff_form("new_role", *staff_with("access.edit"))
staff_form("role", *staff_with("access.edit"), code=lambda world: world.roles["admin"])
get("console:stand_ins", *STAFF)
staff_form("lend", *STAFF)
post("console:end_stand_in", "admin", "finance", "warehouse", delegation_id=lambda world: world.stand_ins["finance"])
get("console:rights", *staff_with("access.read"))
staff_form("tokens", *STAFF)
post("console:rotate_token", "admin", key=own_token)
post("console:revoke_token", "admin", key=own_token)
staff_form("settings", *staff_with("settings.edit"))
staff_form("look", *staff_with("settings.edit"))
post("console:set_logo", *staff_with("settings.edit"), data=lambda _: {"act": "drop"}, shape=lambda _: "square")
get("console:look_preview", *staff_with("settings.edit"))
get("console:look_preview_css", *staff_with("settings.edit"))
staff_form("hosts", *staff_with("settings.edit"))
post("console:check_host", *staff_with("settings.edit"), host=own_host)
post("console:remove_host", *staff_with("settings.edit"), host=own_host)
post("console:views", *STAFF, may_refuse=True, data=one_view)
post("console:view", "admin", view_id=own_view, data=one_view)
get("console:audit", *staff_with("access.read"))
get("files:download", "product", file_id=own_file)
get("files:picture", *EVERYBODY, file_id=shown_picture, side=thumb_side)
