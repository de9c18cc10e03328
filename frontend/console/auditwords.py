"""What happened, in words: one row a kind of event."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_WORDS: Mapping[str, str | Promise] = {
    "access.seat_opened.v1": _("Seat opened"),
    "access.seat_roles_changed.v1": _("Roles changed"),
    "access.seat_closed.v1": _("Seat closed"),
    "access.invited.v1": _("Somebody invited"),
    "access.invitation_renewed.v1": _("Invitation renewed"),
    "access.invitation_withdrawn.v1": _("Invitation withdrawn"),
    "access.seat_scope_changed.v1": _("Limits of a seat changed"),
    "access.rights_lent.v1": _("Rights handed over"),
    "access.rights_returned.v1": _("Rights taken back"),
    "access.role_made.v1": _("Own role made"),
    "access.role_changed.v1": _("Own role changed"),
    "access.role_retired.v1": _("Own role retired"),
    "access.token_rotated.v1": _("API token secret renewed"),
    "access.token_issued.v1": _("API token issued"),
    "access.view_shared.v1": _("View of a list shared"),
    "access.view_unshared.v1": _("View of a list no longer shared"),
    "access.token_revoked.v1": _("API token revoked"),
    "events.delivery_retried.v1": _("Delivery of an event tried again by the platform"),
    "events.delivery_dropped.v1": _("Delivery of an event dropped by the platform"),
    "jobs.job_stopped.v1": _("Job stopped by the platform"),
    "jobs.list_exported.v1": _("List taken out as a file"),
    "access.first_administrator_invited.v1": _("First administrator invited by the platform"),
    "brands.brand_created.v1": _("Portal written down"),
    "brands.brand_opened.v1": _("Portal opened"),
    "brands.brand_state_changed.v1": _("Portal closed or opened again"),
    "brands.brand_exported.v1": _("Portal's data exported"),
    "brands.brand_imported.v1": _("Portal came from another server"),
    "brands.brand_deleted.v1": _("Portal deleted"),
    "brands.brand_look_changed.v1": _("Portal appearance changed"),
    "brands.brand_listed.v1": _("Entry in the public directory changed"),
    "brands.second_factor_required.v1": _("Duty of a second step at sign-in changed"),
    "brands.domain_added.v1": _("Host claimed"),
    "brands.domain_checked.v1": _("Host verified"),
    "brands.domain_removed.v1": _("Host removed"),
    "brands.domain_lost.v1": _("Host without its record"),
    "billing.paid_in.v1": _("Payment booked"),
    "billing.terms_set.v1": _("Terms of an account set"),
    "billing.balance_opened.v1": _("Opening balance booked"),
    "billing.rebate_added.v1": _("Rebate added to the pool"),
    "catalogue.producer_saved.v1": _("Producer saved"),
    "catalogue.producer_licence_checked.v1": _("Producer's licence checked by the platform"),
    "catalogue.producer_licence_ending.v1": _("Producer's licence about to end"),
    "catalogue.licence_submitted.v1": _("Producer's licence sent to be verified"),
    "catalogue.organisations_used.v1": _("Producer tied to the public register"),
    "catalogue.line_saved.v1": _("Product line saved"),
    "catalogue.spu_saved.v1": _("Family saved"),
    "catalogue.sku_saved.v1": _("Product saved"),
    "catalogue.skus_merged.v1": _("Products imported"),
    "catalogue.shelf_state_changed.v1": _("Shelf state changed"),
    "catalogue.sku_pictures_changed.v1": _("Pictures changed"),
    "catalogue.skus_told_apart.v1": _("Products told apart"),
    "catalogue.settings_changed.v1": _("Catalogue rules changed"),
    "dms.dealer_created.v1": _("Dealer set up"),
    "dms.dealer_changed.v1": _("Dealer changed"),
    "dms.dealer_status_changed.v1": _("State of a dealer changed"),
    "dms.credential_recorded.v1": _("Licence recorded"),
    "dms.credential_decided.v1": _("Licence accepted or refused"),
    "dms.credential_checked.v1": _("Licence checked by the platform"),
    "dms.credential_ending.v1": _("Licence about to end"),
    "dms.credentials_ending.v1": _("Licences about to end"),
    "dms.licence_submitted.v1": _("Licence sent to be verified"),
    "dms.licence_recalled.v1": _("Licence taken back"),
    "dms.organisations_used.v1": _("Firms tied to the public register"),
    "dms.paper_rules_changed.v1": _("Rules for licences changed"),
    "dms.notice_rules_changed.v1": _("Rules for notices changed"),
    "dms.address_saved.v1": _("Address saved"),
    "dms.address_deleted.v1": _("Address removed"),
    "dms.price_group_saved.v1": _("Dealer group saved"),
    "dms.price_groups_ordered.v1": _("Order of price groups changed"),
    "dms.territory_granted.v1": _("Grant given"),
    "dms.grant_changed.v1": _("Grant changed"),
    "dms.grant_renewed.v1": _("Grant renewed"),
    "dms.grant_ended.v1": _("Grant ended"),
    "dms.grant_withdrawn.v1": _("Grant withdrawn before it began"),
    "dms.zone_saved.v1": _("Zone drawn"),
    "dms.zone_closed.v1": _("Zone closed"),
    "dms.outlet_supply_changed.v1": _("Supplier of an outlet changed"),
    "dms.outlet_supply_withdrawn.v1": _("Change of an outlet's supplier taken back"),
    "dms.dealer_supplier_changed.v1": _("Outlet taken over by its new supplier"),
    "dms.territory_rules_changed.v1": _("Rules for ground changed"),
    "dms.notice_written.v1": _("Notice written"),
    "dms.notice_changed.v1": _("Notice changed"),
    "dms.notice_published.v1": _("Notice published"),
    "dms.notice_withdrawn.v1": _("Notice withdrawn"),
    "dms.notice_receipted.v1": _("Receipt of a notice confirmed"),
    "dms.market_quotes_recorded.v1": _("Market quotes written down"),
    "dms.warehouse_opened.v1": _("Warehouse opened"),
    "dms.warehouse_changed.v1": _("Warehouse changed"),
    "dms.stock_counted.v1": _("Stock counted"),
    "dms.stock_adjusted.v1": _("Stock adjusted"),
    "dms.stock_transferred.v1": _("Stock transferred"),
    "dms.stock_count_opened.v1": _("Stock count opened"),
    "dms.stock_count_entered.v1": _("Figures of a stock count entered"),
    "dms.stock_count_moved_on.v1": _("Stock count finished, reopened or cancelled"),
    "dms.stock_transfer_moved_on.v1": _("Transfer drafted, sent or cancelled"),
    "dms.stock_thresholds_set.v1": _("Stock thresholds set"),
    "dms.stock_low.v1": _("Stock fell under a threshold"),
    "ordering.order_placed.v1": _("Order placed"),
    "ordering.order_approved.v1": _("Order approved"),
    "ordering.order_rejected.v1": _("Order rejected"),
    "ordering.order_cancelled.v1": _("Order cancelled"),
    "ordering.order_expired.v1": _("Order expired"),
    "ordering.order_amended.v1": _("Order changed before its approval"),
    "ordering.order_closed_short.v1": _("Rest of an order closed"),
    "ordering.funds_asked.v1": _("Money for an order asked for"),
    "ordering.staff_note_added.v1": _("Note among colleagues written"),
    "ordering.carrier_changed.v1": _("Carrier of a shipment changed"),
    "ordering.order_allocated.v1": _("Goods allocated"),
    "ordering.order_shipped.v1": _("Goods shipped"),
    "ordering.shipment_received.v1": _("Shipment signed for"),
    "ordering.settings_changed.v1": _("Ordering rules changed"),
    "ordering.price_list_created.v1": _("Price list opened"),
    "ordering.price_list_changed.v1": _("Price list changed"),
    "ordering.pricing_settings_changed.v1": _("Rules for prices changed"),
    "ordering.prices_changed.v1": _("Prices changed"),
    "ordering.prices_imported.v1": _("Prices imported"),
    "ordering.prices_taken_back.v1": _("Planned prices taken back"),
    "ordering.price_round_drafted.v1": _("Price round drafted"),
    "ordering.price_round_changed.v1": _("Price round changed"),
    "ordering.price_round_submitted.v1": _("Price round submitted"),
    "ordering.price_round_approved.v1": _("Price round approved"),
    "ordering.price_round_sent_back.v1": _("Price round sent back"),
    "ordering.price_round_published.v1": _("Price round published"),
    "ordering.price_round_withdrawn.v1": _("Price round withdrawn"),
    "promotions.policy_saved.v1": _("Promotion policy written"),
    "promotions.policy_submitted.v1": _("Promotion policy submitted"),
    "promotions.policy_approved.v1": _("Promotion policy approved"),
    "promotions.policy_rejected.v1": _("Promotion policy sent back"),
    "promotions.policy_paused.v1": _("Promotion policy paused"),
    "promotions.policy_resumed.v1": _("Promotion policy resumed"),
    "promotions.policy_began.v1": _("Promotion began, dealers were told"),
    "promotions.policy_ended.v1": _("Promotion policy ended"),
    "promotions.policy_deleted.v1": _("Draft of a promotion policy deleted"),
    "promotions.coupons_given.v1": _("Coupons given"),
    "promotions.coupon_withdrawn.v1": _("Coupon withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Topic:
    """A chip of the trail: its word, and how the kinds begin that it shows."""

    word: str | Promise
    kinds: tuple[str, ...]


PORTAL = "portal"
"""What the platform keeps of the brand: in the public schema, so on a list of its own."""
_LICENCES = (
    *("dms.credential", "dms.licence_", "dms.organisations_used", "dms.paper_rules_changed"),
    *("catalogue.producer_licence", "catalogue.licence_", "catalogue.organisations_used"),
)
TOPICS: Mapping[str, Topic] = {
    "ordering": Topic(_("Orders and prices"), ("ordering.", "promotions.")),
    "catalogue": Topic(_("Products"), ("catalogue.",)),
    "dms": Topic(_("Dealers and stock"), ("dms.",)),
    "licences": Topic(_("Licences"), _LICENCES),
    "billing": Topic(_("Money"), ("billing.",)),
    "access": Topic(_("Seats"), ("access.",)),
    "tokens": Topic(_("API tokens"), ("access.token_",)),
    "settings": Topic(
        _("Settings"),
        (
            *("ordering.settings_changed", "catalogue.settings_changed"),
            *("dms.paper_rules_changed", "dms.notice_rules_changed"),
        ),
    ),
    "jobs": Topic(_("Imports and exports"), ("jobs.",)),
    PORTAL: Topic(_("Portal and hosts"), ()),
}
"""What the filter offers, by the word of its address."""


def event_words(kind: str) -> str:
    """What a kind of event is called; an unknown one reads as itself."""
    return str(_WORDS.get(kind, kind))


def known_events() -> frozenset[str]:
    """Every kind with words: for the test that compares them with the rooms'."""
    return frozenset(_WORDS)
