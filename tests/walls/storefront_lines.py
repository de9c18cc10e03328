"""The storefront's lines: a house's own documents."""

from tests.walls.ids import (
    BUYERS,
    HOUSE_HEADS,
    SKU,
    address_c1,
    invitation_c1,
    job_c1,
    list_c1,
    notice_c1,
    one_view,
    seat_of_buyer_c1,
    shipment_c1,
    sku,
    stand_in_c1,
    token_c1,
    view_c1,
    waiting_c1,
    waiting_paper,
    waiting_scan,
    waiting_t1,
)
from tests.walls.registry import C1, DEALERS, EVERYBODY, STAFF, get, post, those_with

get("storefront:home", *EVERYBODY)  # the brand's staff are sent on to the console
get("storefront:notices", *DEALERS)
get("storefront:find", *DEALERS)
get("storefront:me", *DEALERS)
post("storefront:notices_read", *DEALERS)
post("storefront:notice_read", *C1, notice_id=notice_c1)
get("storefront:tokens", *DEALERS)
post("storefront:tokens", *DEALERS, may_refuse=True)
post("storefront:rotate_token", "admin_c1", key=token_c1)
post("storefront:revoke_token", "admin_c1", key=token_c1)
get("storefront:lists", *BUYERS)
get("storefront:lists_import", *BUYERS)
post("storefront:lists_import", *BUYERS, may_refuse=True)
get("storefront:list_template", *BUYERS, ending=lambda _: "csv")
post("storefront:lists", *BUYERS, may_refuse=True)
get("storefront:list", "buyer_c1", list_id=list_c1)
post("storefront:list", "buyer_c1", may_refuse=True, list_id=list_c1)
post("storefront:list_line", "buyer_c1", may_refuse=True, list_id=list_c1)
post("storefront:list_order", "buyer_c1", list_id=list_c1)
post("storefront:list_delete", "buyer_c1", list_id=list_c1)
post("storefront:add_to_list", "buyer_c1", data=lambda world: {"sku": SKU, "list": str(world.lists["buyer_c1"])})
get("storefront:colleagues", *DEALERS)
get("storefront:invite", *HOUSE_HEADS)
post("storefront:invite", *HOUSE_HEADS, may_refuse=True)
get("storefront:lend", *DEALERS)
post("storefront:lend", *DEALERS, may_refuse=True)
get("storefront:colleague", *those_with("access.read", of=C1), seat_id=seat_of_buyer_c1)
post("storefront:colleague", *those_with("access.edit", of=C1), may_refuse=True, seat_id=seat_of_buyer_c1)
post("storefront:renew_invitation", *those_with("access.edit", of=C1), invitation_id=invitation_c1)
post("storefront:withdraw_invitation", *those_with("access.edit", of=C1), invitation_id=invitation_c1)
post("storefront:end_stand_in", "admin_c1", "finance_c1", "warehouse_c1", delegation_id=stand_in_c1)
post("storefront:views", *DEALERS, may_refuse=True, data=one_view)
post("storefront:view", "admin_c1", view_id=view_c1, data=one_view)
get("storefront:licences", *DEALERS)
post("storefront:licences", *those_with("files.upload", of=DEALERS), may_refuse=True)
post("storefront:licence_recall", *those_with("files.upload", of=C1), credential_id=waiting_paper, may_refuse=True)
get("storefront:licence_scan", *C1, credential_id=waiting_paper, file_id=waiting_scan)
get("storefront:catalogue", *those_with("prices.read", of=DEALERS))
get("storefront:suggest", *those_with("prices.read", of=DEALERS))
get("storefront:product", *those_with("prices.read", of=DEALERS), code=sku)
get("storefront:account", *those_with("ledger.read", of=DEALERS))
post("storefront:export", *those_with("orders.read", of=DEALERS), name=lambda world: "orders")
get("storefront:exports", *DEALERS)
get("storefront:tray", *DEALERS)
get("storefront:file", *those_with("jobs.read", of=those_with("orders.read", of=C1)), job_id=job_c1)
post("storefront:file_confirm", job_id=job_c1)  # nobody: it is no preview
post(
    "storefront:file_stop",
    *those_with("jobs.read", of=those_with("orders.read", of=C1)),
    may_refuse=True,
    job_id=job_c1,
)
get("storefront:pad", *BUYERS)
get("storefront:checkout", *BUYERS)
get("storefront:scan", *BUYERS)
post("storefront:ask_for_money", *BUYERS, may_refuse=True)
ADDRESSED = those_with("dealers.edit_own", of=DEALERS)
get("storefront:addresses", *ADDRESSED)
get("storefront:new_address", *ADDRESSED)
post("storefront:new_address", *ADDRESSED, may_refuse=True)
get("storefront:address", *those_with("dealers.edit_own", of=C1), address_id=address_c1)
post("storefront:address", *those_with("dealers.edit_own", of=C1), may_refuse=True, address_id=address_c1)
post("storefront:remove_address", *those_with("dealers.edit_own", of=C1), address_id=address_c1)
get("storefront:pad_goods", *BUYERS)
get("storefront:pad_kept", *BUYERS)
get("storefront:reminders", *BUYERS)
post("storefront:remind", *BUYERS, data=lambda _: {"sku": SKU})
post("storefront:pad_sent", *BUYERS, may_refuse=True)
for page in (
    *("pad_aside", "pad_clear", "pad_go_on", "pad_line", "pad_paste", "pad_remove_bad", "pad_undo", "scan_code"),
    *("put", "checkout"),
):
    post(f"storefront:{page}", *BUYERS, may_refuse=True, data=lambda world: {"sku": SKU, "quantity": "1"})
get("storefront:orders", *DEALERS)
get("storefront:order", *C1, *those_with("orders.read", of=STAFF), number=waiting_c1)  # staff are sent on to their desk
get("storefront:order", *C1, "buyer_t1", number=waiting_t1)
post("storefront:cancel", *those_with("orders.cancel", of=C1), number=waiting_c1)
get("storefront:amend", *those_with("orders.place", of=C1), number=waiting_c1)
post("storefront:amend", *those_with("orders.place", of=C1), may_refuse=True, number=waiting_c1)
get("storefront:amend", "admin_c1", "buyer_t1", number=waiting_t1)
post("storefront:order_usual", *BUYERS)
post("storefront:reorder", *those_with("orders.place", of=C1), number=waiting_c1)
get("storefront:receive", *those_with("fulfilment.read", of=C1), number=shipment_c1)
post(
    "storefront:receive",
    *those_with("fulfilment.receive", of=C1),
    number=shipment_c1,
    data=lambda world: {"all": "1"},
)
get("storefront:sales", *DEALERS)
get("storefront:sale", *C1, number=waiting_t1)
post("storefront:sale_approve", "admin_c1", number=waiting_t1)
post("storefront:sale_reject", "admin_c1", number=waiting_t1, data=lambda world: {"reason": "缺货"})
post("storefront:sale_ship", *those_with("fulfilment.ship", of=C1), number=waiting_t1, may_refuse=True)
get("storefront:stock", *those_with("stock.read", of=DEALERS))
post("storefront:stock", *those_with("stock.read", of=DEALERS), may_refuse=True)
get("storefront:stock_goods", *those_with("stock.read", of=those_with("catalogue.read", of=DEALERS)), code=sku)
post(
    "storefront:stock_goods",
    *those_with("stock.read", of=those_with("catalogue.read", of=DEALERS)),
    may_refuse=True,
    code=sku,
)
