"""The lines: every address and method of a brand's host, and who may (see registry.py)."""

from collections.abc import Callable

from dms.territories.models import Grant
from tests.walls.registry import C1, CELLS, DEALERS, EVERYBODY, STAFF, Cell, get, open_to_all, post, those_with
from tests.walls.world import World

BUYERS = those_with("orders.place", of=DEALERS)
HOUSE_HEADS = those_with("access.edit", of=DEALERS)
SKU = "XH-QX-530-0500-Y20-06"
EDITORS = those_with("catalogue.edit")


def waiting_c1(world: World) -> object:
    """C1's order that waits for the brand."""
    return world.waiting["c1"]


def confirmed_c1(world: World) -> object:
    """C1's order that is on its way."""
    return world.confirmed["c1"]


def shipment_c1(world: World) -> object:
    """C1's shipment."""
    return world.shipments["c1"]


def address_c1(world: World) -> object:
    """Where C1 takes goods in."""
    return world.addresses["c1"]


def waiting_t1(world: World) -> object:
    """T1's order, which C1 sells."""
    return world.waiting["t1"]


def job_c1(world: World) -> object:
    """A file C1's administrator asked for."""
    return world.jobs["admin_c1"]


def own_job(world: World) -> object:
    """A job of the brand's product people."""
    return world.jobs["product"]


def waiting_paper(world: World) -> object:
    """C1's food permit that waits to be verified."""
    return world.papers["c1"].pk


def waiting_scan(world: World) -> object:
    """Its scan."""
    return world.papers["c1"].file_ids[0]


def sc_maker(world: World) -> object:
    """The producer whose SC licence waits to be verified."""
    return world.makers[0].pk


def sc_scan(world: World) -> object:
    """Its scan."""
    return world.makers[0].sc_file_ids[0]


def own_file(world: World) -> object:
    """A file of the brand's product people."""
    return world.files["product"]


def own_token(world: World) -> object:
    """A token of the administrator."""
    return world.tokens["admin"]


def token_c1(world: World) -> object:
    """A token of C1's administrator."""
    return world.tokens["admin_c1"]


def own_view(world: World) -> object:
    """A list's view the administrator keeps."""
    return world.views["admin"]


def view_c1(world: World) -> object:
    """A list's view C1's administrator keeps."""
    return world.views["admin_c1"]


def list_c1(world: World) -> object:
    """The shopping list C1's purchaser keeps for itself."""
    return world.lists["buyer_c1"]


def notice_c1(world: World) -> object:
    """The notice for the city dealers of C1's ground."""
    return world.notices["c1"]


def own_invitation(world: World) -> object:
    """A seat the administrator offered."""
    return world.invitations["admin"]


def invitation_c1(world: World) -> object:
    """A seat C1's administrator offered."""
    return world.invitations["admin_c1"]


def stand_in_c1(world: World) -> object:
    """Who stands in for C1's finance."""
    return world.stand_ins["finance_c1"]


def seat_of_buyer_c1(world: World) -> object:
    """The seat of C1's purchaser."""
    return world.cast.seats["buyer_c1"].pk


def own_host(world: World) -> object:
    """A host the brand has claimed."""
    return world.host


def seat_of_rep(world: World) -> object:
    """The representative's seat."""
    return world.cast.seats["rep"].pk


def own_count(world: World) -> object:
    """A stock count of the brand's."""
    return world.stock_papers["count"]


def own_transfer(world: World) -> object:
    """A transfer between two of the brand's warehouses."""
    return world.stock_papers["transfer"]


def sku(_: World) -> object:
    """A product on the shelf."""
    return SKU


def dealer_c1(_: World) -> object:
    """C1's code."""
    return "C1"


def dealer_t1(_: World) -> object:
    """T1's code."""
    return "T1"


def grant_c1(world: World) -> object:
    """A grant of C1, found in its own brand wherever the walk stands."""
    with world.cast.portal.inside():
        return Grant.objects.filter(dealer=world.cast.c1).values_list("pk", flat=True).first()


def zone(world: World) -> object:
    """A zone of the brand."""
    return world.zone


def family(_: World) -> object:
    """The family of the product."""
    return SKU.lower()


def one_case(_: World) -> dict[str, object]:
    """One case of it, as JSON."""
    return {"lines": [{"sku": SKU, "quantity": 1}]}


def new_dealer(_: World) -> dict[str, object]:
    """A dealer nobody has yet."""
    return {"code": "N1", "name": "新商贸", "tier": "CITY", "region": "370300", "parent": "ROOT"}


def new_grant(_: World) -> dict[str, object]:
    """Ground nobody holds yet, for C2."""
    return {"dealer": "C2", "region": "370300"}


def bottles_in_w1(_: World) -> dict[str, object]:
    """Some bottles at the brand's warehouse."""
    return {"warehouse": "W1", "reason": "盘点", "lines": [{"sku": SKU, "bottles": 6}]}


def one_view(_: World) -> dict[str, object]:
    """A list's filters under a name."""
    return {"list": "orders", "name": "本周", "query": "status=SUBMITTED", "next": "/"}


def from_w1(_: World) -> dict[str, object]:
    """Some bottles out of the brand's warehouse."""
    return {"from": "W1", "to": "W1", "lines": [{"sku": SKU, "bottles": 6}]}


# Open to everybody.
for name in ("healthz", "readyz", "metrics", "theme", "sign_in", "sign_out", "choose_seat", "set_language"):
    open_to_all(name, "answers on every host and shows nothing of anybody")
open_to_all("logo", "is the brand's own picture: it stands on the sign-in page")
open_to_all("certificate", "tells the proxy whether a host is one of ours, which whoever opens the host sees too")
open_to_all("dismiss_announcement", "puts a line of the platform's away in this browser only")
for name in ("manifest", "app_icon", "worker", "offline"):
    open_to_all(
        f"storefront:{name}", "names the brand as its sign-in page does, and nobody; phones ask without a person"
    )
for name in ("enter", "ticket"):
    open_to_all(name, "carries somebody's own sign-in from host to host; without a ticket or a sign-in it leads away")
open_to_all("invitation", "shows an invitation to whoever has its link, and nothing without one")
for name in ("sign_in_code", "forgot", "reset", "reset_link"):
    open_to_all(name, "for people signed out; answers alike whoever has the name, and knows nobody but this browser")
open_to_all("end_session", "ends sign-ins of whoever asks, and finds no others: test_devices.py")
open_to_all("openapi", "describes the interface, holds no data")
open_to_all("api_docs", "the same, to be read")
open_to_all("outbox:list", "in development only; not there in production")
open_to_all("ui:styleguide", "in development only; samples, no data")

open_to_all("address_code", "knows a code sent from this browser only, and leads to one's own page without one")
for name in (
    "profile",
    "change_password",
    "second_factor",
    "change_phone",
    "change_email",
):  # one's own only: there is nobody else's to name
    get(name, *EVERYBODY)
    post(name, *EVERYBODY, may_refuse=True)
# The storefront: a house's own documents.
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
get("storefront:file", *those_with("jobs.read", of=those_with("orders.read", of=C1)), job_id=job_c1)
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
get("storefront:pad_goods", *BUYERS)
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
post("storefront:order_usual", *BUYERS)
post("storefront:reorder", *those_with("orders.place", of=C1), number=waiting_c1)
get("storefront:receive", *those_with("fulfilment.read", of=C1), number=shipment_c1)
post(
    "storefront:receive",
    *those_with("fulfilment.receive", of=C1),
get("storefront:amend", *those_with("orders.place", of=C1), number=waiting_c1)
post("storefront:amend", *those_with("orders.place", of=C1), may_refuse=True, number=waiting_c1)
get("storefront:amend", "admin_c1", number=waiting_t1)
    number=shipment_c1,
    data=lambda world: {"all": "1"},
)
get("storefront:sales", *DEALERS)
get("storefront:sale", *C1, number=waiting_t1)
post("storefront:sale_approve", "admin_c1", number=waiting_t1)
post("storefront:sale_reject", "admin_c1", number=waiting_t1, data=lambda world: {"reason": "缺货"})
post("storefront:sale_ship", *those_with("fulfilment.ship", of=C1), number=waiting_t1, may_refuse=True)

# The interface for programs: the same documents by the same verbs.
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
post("api_order_cancellation", *those_with("orders.cancel", of=(*STAFF, *C1)), number=waiting_c1)
post("api_order_approval", *those_with("orders.approve", of=STAFF), number=waiting_c1)
post("api_order_rejection", *those_with("orders.approve", of=STAFF), number=waiting_c1, data=lambda _: {"reason": "-"})
post("api_order_allocation", *those_with("fulfilment.allocate", of=STAFF), number=confirmed_c1, may_refuse=True)
post(
    "api_order_shipments",
post(
    "api_order_amendments",
    *those_with("orders.approve", of=STAFF),
    *those_with("orders.place", of=C1),
    number=waiting_c1,
    may_refuse=True,
    data=lambda _: {"version": 9, "lines": [{"sku": SKU, "quantity": 1}], "reason": "-"},
)
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


# The console: the brand's staff only.
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
staff_form("price_list", *staff_with("prices.read"), code=lambda world: "CITY")
staff_form("new_list", *staff_with("prices.edit"))
staff_form("order_amend", *staff_with("orders.approve"), number=waiting_c1)
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
post("console:preview_notice", *those_with("notices.write", of=STAFF))
get("console:notice", *those_with("notices.read", of=STAFF), notice_id=notice_c1)
post("console:notice", *those_with("notices.write", of=STAFF), may_refuse=True, notice_id=notice_c1)
post("console:publish_notice", *those_with("notices.write", of=STAFF), notice_id=notice_c1)
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
get("console:rights_file", *staff_with("access.read"))
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
