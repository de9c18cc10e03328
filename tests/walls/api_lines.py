"""The lines of the interface for programs: the same documents by the same verbs."""

from tests.walls.ids import (
    BUYERS,
    SKU,
    address_c1,
    bottles_in_w1,
    changed_policy,
    confirmed_c1,
    coupon_root,
    dealer_c1,
    dealer_t1,
    from_w1,
    grant_c1,
    invitation_c1,
    list_c1,
    market_quote,
    new_address,
    new_dealer,
    new_grant,
    new_policy,
    new_words,
    notice_c1,
    one_case,
    one_quote,
    own_job,
    own_token,
    policy_root,
    seat_of_buyer_c1,
    seat_of_rep,
    shipment_c1,
    sku,
    supply_t1,
    waiting_c1,
    waiting_t1,
    zone,
)
from tests.walls.registry import C1, DEALERS, EVERYBODY, STAFF, get, post, those_with

get("api_cart", *BUYERS, "admin", "rep")
post("api_cart", *BUYERS, method="PUT", data=one_case)
post("api_cart_lines", *BUYERS, data=one_case)
post("api_order_checks", *BUYERS, data=one_case)
get("api_orders", *those_with("orders.read"))
post("api_orders", *BUYERS, data=one_case, may_refuse=True)
get("api_order", *those_with("orders.read", of=(*STAFF, *C1)), number=waiting_c1)
get("api_order", *C1, "buyer_t1", number=waiting_t1)
get("api_order_shipments", *those_with("fulfilment.read", of=(*STAFF, *C1)), number=confirmed_c1)
get("api_shipment", *those_with("fulfilment.read", of=(*STAFF, *C1)), number=shipment_c1)
post(
    "api_order_amendments",
    *those_with("orders.approve", of=STAFF),
    *those_with("orders.place", of=C1),
    number=waiting_c1,
    may_refuse=True,
    data=lambda _: {"version": 9, "lines": [{"sku": SKU, "quantity": 1}], "reason": "-"},
)
post("api_order_cancellation", *those_with("orders.cancel", of=(*STAFF, *C1)), number=waiting_c1)
post("api_order_approval", *those_with("orders.approve", of=STAFF), number=waiting_c1)
post("api_order_rejection", *those_with("orders.approve", of=STAFF), number=waiting_c1, data=lambda _: {"reason": "-"})
post("api_order_allocation", *those_with("fulfilment.allocate", of=STAFF), number=confirmed_c1, may_refuse=True)
post(
    "api_order_shipments",
    *those_with("fulfilment.ship", of=STAFF),
    number=confirmed_c1,
    may_refuse=True,
    data=lambda _: {"warehouse": "W1"},
)
post(
    "api_order_closure",
    *those_with("orders.cancel", of=STAFF),
    number=confirmed_c1,
    may_refuse=True,
    data=lambda _: {"consent": "-"},
)
post(
    "api_shipment_carrier",
    *those_with("fulfilment.ship", of=STAFF),
    method="PUT",
    number=shipment_c1,
    may_refuse=True,
    data=lambda _: {"carrier": "-", "tracking_number": "-"},
)
post("api_shipment_receipt", *those_with("fulfilment.receive", of=C1), number=shipment_c1)
get("api_skus", *those_with("catalogue.read"))
get("api_sku", *those_with("catalogue.read"), code=sku)
get("api_price_lists", *those_with("prices.read"))
post(
    "api_price_lists",
    *those_with("prices.edit"),
    data=lambda _: {"code": "WALL", "name": "墙", "scope": "NATIONAL"},
    may_refuse=True,
)
post(
    "api_price_list",
    *those_with("prices.edit", of=STAFF),
    method="PUT",
    code=lambda world: "CITY",
    data=lambda _: {"name": "市级"},
    may_refuse=True,
)
get("api_price_settings", *those_with("prices.read", of=STAFF))
post(
    "api_price_settings",
    *those_with("settings.edit", of=STAFF),
    method="PUT",
    data=lambda _: {"changes_need_approval": False},
    may_refuse=True,
)
get(
    "api_price_trace",
    *(set(those_with("prices.read", of=STAFF)) & set(those_with("dealers.read"))),
    code=dealer_c1,
    sku=sku,
)
get("api_price_groups", *those_with("dealers.read", of=STAFF))
post(
    "api_price_groups",
    *those_with("dealers.edit", of=STAFF),
    method="PUT",
    data=lambda _: {"codes": []},
    may_refuse=True,
)
post(
    "api_price_group",
    *those_with("dealers.edit", of=STAFF),
    method="PUT",
    code=lambda world: "WALL",
    data=lambda _: {"name": "墙"},
    may_refuse=True,
)
get(
    "api_landed_prices",
    *(set(those_with("prices.read", of=STAFF)) & set(those_with("promotions.read"))),
    sku=sku,
)
get(
    "api_market_inversions",
    *(set(those_with("prices.read", of=STAFF)) & set(those_with("promotions.read")) & set(those_with("market.read"))),
)
get("api_price_entries", *those_with("prices.read", of=STAFF), code=lambda world: "CITY")
get("api_price_entries", *those_with("prices.read", of=C1), code=lambda world: "C1-NAT")
post(
    "api_price_entries",
    *those_with("prices.edit", of=STAFF),
    method="PUT",
    code=lambda world: "CITY",
    data=lambda world: {"changes": [{"sku": SKU, "unit": "CASE", "amount": "1700.00"}]},
    may_refuse=True,
)
get("api_me", *EVERYBODY)
get("api_seats", *those_with("access.read"))
post("api_seat_closure", *those_with("access.edit", of=STAFF), may_refuse=True, seat_id=seat_of_rep)
post("api_seat_closure", *those_with("access.edit", of=(*STAFF, *C1)), may_refuse=True, seat_id=seat_of_buyer_c1)
get("api_invitations", *those_with("access.read"))
post("api_invitation_withdrawal", *those_with("access.edit", of=(*STAFF, *C1)), invitation_id=invitation_c1)
get("api_tokens", *EVERYBODY)
post("api_token_revocation", "admin", key=own_token)
get("api_job", *those_with("jobs.read", of=those_with("catalogue.import", of=STAFF)), job_id=own_job)
get("api_job_file", *those_with("jobs.read", of=those_with("catalogue.import", of=STAFF)), job_id=own_job)
post("api_catalogue_imports", *those_with("catalogue.import"), may_refuse=True)
get("api_account", *those_with("ledger.read"))
get("api_account_statement", *those_with("ledger.read", of=DEALERS))
get("api_dealers", *those_with("dealers.read"))
get("api_dealer", *those_with("dealers.read", of=STAFF), "admin_c1", "buyer_t1", code=dealer_t1)
get(
    "api_dealer_statement",
    *those_with("ledger.read", of=those_with("dealers.read", of=STAFF)),
    "admin_c1",
    code=dealer_c1,
)
post("api_dealers", *those_with("dealers.edit"), may_refuse=True, data=new_dealer)
get("api_addresses", *EVERYBODY)
KEEPERS_OF_C1 = (*those_with("dealers.edit", of=STAFF), *those_with("dealers.edit_own", of=C1))
post("api_dealer_addresses", *KEEPERS_OF_C1, data=new_address, code=lambda world: "C1")
post(
    "api_dealer_address",
    *KEEPERS_OF_C1,
    method="PUT",
    data=new_address,
    code=lambda world: "C1",
    address_id=address_c1,
)
post("api_dealer_address_removal", *KEEPERS_OF_C1, code=lambda world: "C1", address_id=address_c1)
get("api_grants", *those_with("territories.read"))
post("api_grants", *those_with("territories.edit"), may_refuse=True, data=new_grant)
get("api_grant", *those_with("territories.read", of=STAFF), grant_id=grant_c1)
post("api_grant_change", *those_with("territories.edit"), may_refuse=True, grant_id=grant_c1)
post(
    "api_grant_end",
    *those_with("territories.edit"),
    may_refuse=True,
    grant_id=grant_c1,
    data=lambda _: {"ends_on": "2030-01-01"},
)
post("api_grant_renewal", *those_with("territories.edit"), may_refuse=True, grant_id=grant_c1)
get("api_stock", *those_with("stock.read"))
post("api_stock_counts", *those_with("stock.count", of=STAFF), may_refuse=True, data=bottles_in_w1)
post("api_stock_adjustments", *those_with("stock.adjust", of=STAFF), may_refuse=True, data=bottles_in_w1)
post("api_stock_transfers", *those_with("stock.transfer", of=STAFF), may_refuse=True, data=from_w1)
post("api_grant_withdrawal", *those_with("territories.edit"), may_refuse=True, grant_id=grant_c1)
get("api_zones", *those_with("territories.read"))
get("api_zone", *those_with("territories.read", of=STAFF), code=zone)
post(
    "api_zones", *those_with("territories.edit"), data=lambda _: {"code": "N-Z", "name": "新区", "regions": ["370300"]}
)
post(
    "api_zone_redrawing",
    *those_with("territories.edit"),
    may_refuse=True,
    code=zone,
    data=lambda _: {"name": "新区", "regions": ["370300"], "version": 1},
)
post("api_zone_closure", *those_with("territories.edit"), may_refuse=True, code=zone)
get("api_outlet_supplies", *those_with("territories.read", of=STAFF), code=dealer_t1)
post(
    "api_outlet_supplies",
    *those_with("territories.edit"),
    code=dealer_t1,
    may_refuse=True,
    data=lambda _: {"supplier": "ROOT"},
)
post("api_supply_withdrawal", *those_with("territories.edit"), may_refuse=True, supply_id=supply_t1)
get("api_notices", *those_with("notices.read", of=STAFF))
post("api_notices", *those_with("notices.write", of=STAFF), data=new_words)
get("api_notice", *those_with("notices.read", of=STAFF), notice_id=notice_c1)
post(
    "api_notice_change",
    *those_with("notices.write", of=STAFF),
    may_refuse=True,
    notice_id=notice_c1,
    data=lambda _: {"title": "到货", "body": "新酒。", "version": 1},
)
post(
    "api_notice_publication",
    *those_with("notices.write", of=STAFF),
    notice_id=notice_c1,
    data=lambda _: {"version": 1},
)
post("api_notice_withdrawal", *those_with("notices.write", of=STAFF), notice_id=notice_c1)
get("api_promotions", *those_with("promotions.read"))
get("api_policies", *those_with("promotions.read"))
post("api_policies", *those_with("promotions.write"), data=new_policy)
post(
    "api_promotion_simulations",
    *those_with("promotions.read", of=STAFF),
    data=lambda _: {"buyer": "C1", "lines": [{"sku": SKU, "quantity": 1}]},
)
get("api_policy", *those_with("promotions.read", of=STAFF), code=policy_root)
post("api_policy_change", *those_with("promotions.write", of=STAFF), code=policy_root, data=changed_policy)
for act in ("submission", "recall", "pause", "resumption", "end"):
    post(
        f"api_policy_{act}",
        *those_with("promotions.write", of=STAFF),
        may_refuse=True,
        code=policy_root,
        data=lambda _: {"version": 1},
    )
post("api_policy_removal", *those_with("promotions.write", of=STAFF), may_refuse=True, code=policy_root)
post(
    "api_policy_decision",
    *those_with("promotions.approve", of=STAFF),
    may_refuse=True,
    code=policy_root,
    data=lambda _: {"version": 1, "approves": True},
)
get("api_policy_coupons", *those_with("promotions.read", of=STAFF), code=policy_root)
post(
    "api_policy_coupons",
    *those_with("promotions.write", of=STAFF),
    code=policy_root,
    data=lambda _: {"coupons": [{"most_uses": 1}]},
)
post("api_coupon_withdrawal", *those_with("promotions.write", of=STAFF), coupon=coupon_root)
get("api_market_quotes", *those_with("market.read", of=STAFF))
post("api_market_quotes", *those_with("market.write", of=STAFF), data=one_quote)
get("api_latest_market_quotes", *those_with("market.read", of=STAFF))
post("api_market_quote_withdrawal", *those_with("market.write", of=STAFF), may_refuse=True, quote_id=market_quote)
get("api_board", *EVERYBODY)
post("api_board_reading", *C1, notice_id=notice_c1)
get("api_stock_thresholds", *those_with("stock.read"))
post(
    "api_stock_thresholds",
    *those_with("stock.thresholds"),
    data=lambda _: {"lines": [{"sku": SKU, "bottles": 6}]},
)
get("api_stock_alerts", *EVERYBODY)
get("api_lists", *BUYERS, "admin", "rep")
post("api_lists", *BUYERS, data=lambda _: {"name": "接口清单"})
get("api_list", "buyer_c1", list_id=list_c1)
post(
    "api_list_change",
    "buyer_c1",
    may_refuse=True,
    list_id=list_c1,
    data=lambda _: {"name": "改名", "is_shared": False, "version": 1},
)
post("api_list_lines", "buyer_c1", list_id=list_c1, data=lambda _: {"lines": [{"sku": SKU, "quantity": 2}]})
post("api_list_removal", "buyer_c1", list_id=list_c1)
post("api_list_use", "buyer_c1", may_refuse=True, list_id=list_c1)
