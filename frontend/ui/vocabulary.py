"""Words for codes that are no statuses: tiers, channels, aromas, kinds of warehouse, movement, journal …"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.catalogue.rules import AROMA_NAMES

_TERMS: dict[str, dict[str, str | Promise]] = {
    "tier": {
        "BRAND": pgettext_lazy("tier", "Brand"),
        "PROVINCIAL": pgettext_lazy("tier", "Provincial distributor"),
        "CITY": pgettext_lazy("tier", "City distributor"),
        "COUNTY": pgettext_lazy("tier", "County distributor"),
        "TERMINAL": pgettext_lazy("tier", "Outlet"),
    },
    "channel": {
        "*": pgettext_lazy("channel", "All channels"),
        "TRADITIONAL": pgettext_lazy("channel", "Traditional trade"),
        "KA": pgettext_lazy("channel", "Key accounts"),
        "CATERING": pgettext_lazy("channel", "Catering"),
        "HORECA": pgettext_lazy("channel", "Catering"),
        "GROUP_BUY": pgettext_lazy("channel", "Group purchase"),
        "BANQUET": pgettext_lazy("channel", "Banquets"),
        "ECOMMERCE": pgettext_lazy("channel", "E-commerce"),
        "ONLINE": pgettext_lazy("channel", "E-commerce"),
        "DIRECT": pgettext_lazy("channel", "Direct sales"),
    },
    "aroma": {str(code): gettext_lazy(words) for code, words in AROMA_NAMES.items()},
    "sells_in": {
        "CASE": pgettext_lazy("sells in", "By the case"),
        "BOTTLE": pgettext_lazy("sells in", "By the bottle"),
        "BOTH": pgettext_lazy("sells in", "Case or bottle"),
    },
    "warehouse": {
        "FACTORY": pgettext_lazy("warehouse", "Distillery warehouse"),
        "CLOUD": pgettext_lazy("warehouse", "Third-party warehouse"),
        "DEALER": pgettext_lazy("warehouse", "Dealer's warehouse"),
        "FRONT": pgettext_lazy("warehouse", "Forward warehouse"),
        "TRANSIT": pgettext_lazy("warehouse", "In transit"),
        "CUSTODY": pgettext_lazy("warehouse", "Sealed-jar store"),
        "DEFECT": pgettext_lazy("warehouse", "Damaged goods"),
    },
    "condition": {
        "AVAILABLE": pgettext_lazy("condition", "Available"),
        "PLEDGED": pgettext_lazy("condition", "Pledged"),
        "DEFECT": pgettext_lazy("condition", "Damaged"),
        "CUSTODY": pgettext_lazy("condition", "In custody"),
    },
    "movement": {
        "RECEIPT": pgettext_lazy("movement", "Received"),
        "SHIPMENT": pgettext_lazy("movement", "Shipped"),
        "COUNT": pgettext_lazy("movement", "Stock count"),
        "ADJUSTMENT": pgettext_lazy("movement", "Adjusted"),
        "TRANSFER_OUT": pgettext_lazy("movement", "Transferred out"),
        "TRANSFER_IN": pgettext_lazy("movement", "Transferred in"),
        "OPENING": pgettext_lazy("movement", "Opening stock"),
    },
    "journal": {
        "PAY_IN": pgettext_lazy("journal", "Payment received"),
        "SALE": pgettext_lazy("journal", "Goods received"),
        "REPAYMENT": pgettext_lazy("journal", "Credit repaid"),
        "REVERSAL": pgettext_lazy("journal", "Reversal"),
        "OPENING": pgettext_lazy("journal", "Opening balance"),
        "REBATE": pgettext_lazy("journal", "Rebate granted"),
    },
    "grant_kind": {
        "EXCLUSIVE": pgettext_lazy("grant kind", "Exclusive"),
        "SHARED": pgettext_lazy("grant kind", "Shared"),
        "RESERVED": pgettext_lazy("grant kind", "Reserved by the brand"),
    },
    "price_kind": {
        "SALE": pgettext_lazy("price kind", "Sale"),
        "FLOOR": pgettext_lazy("price kind", "Floor price"),
        "GUIDE": pgettext_lazy("price kind", "Retail guide price"),
    },
    "price_scope": {
        "DEALER": pgettext_lazy("price scope", "One dealer"),
        "GROUP": pgettext_lazy("price scope", "Dealer group"),
        "TIER": pgettext_lazy("price scope", "Dealer tier"),
        "NATIONAL": pgettext_lazy("price scope", "Nationwide"),
    },
    "credential_type": {
        "BUSINESS": pgettext_lazy("credential type", "Business licence"),
        "JY": pgettext_lazy("credential type", "Food business licence"),
        "PREPACK": pgettext_lazy("credential type", "Prepackaged food filing"),
        "LIQUOR_WHOLESALE": pgettext_lazy("credential type", "Liquor wholesale licence"),
        "TRADEMARK_AUTH": pgettext_lazy("credential type", "Trademark authorisation"),
        "GENERAL_TAXPAYER": pgettext_lazy("credential type", "General VAT taxpayer"),
        "SC": pgettext_lazy("credential type", "Food production licence (SC)"),
    },
    "licence_need": {
        "BUSINESS": pgettext_lazy("licence need", "Business licence"),
        "FOOD": pgettext_lazy("licence need", "Food business licence or prepackaged food filing"),
        "WHOLESALE": pgettext_lazy("licence need", "Liquor wholesale licence"),
    },
    "organisation": {
        "DISTILLERY": pgettext_lazy("organisation", "Distillery"),
        "OPERATOR": pgettext_lazy("organisation", "Brand operator"),
        "DEALER": pgettext_lazy("organisation", "Dealer"),
        "OUTLET": pgettext_lazy("organisation", "Outlet"),
        "SERVICE": pgettext_lazy("organisation", "Service provider"),
    },
    "side": {
        "brand": pgettext_lazy("side", "Brand staff"),
        "dealer": pgettext_lazy("side", "Dealer"),
    },
    "source": {
        "PAGE": pgettext_lazy("source", "Web page"),
        "API": pgettext_lazy("source", "Interface"),
        "IMPORT": pgettext_lazy("source", "Import"),
        "REPLAY": pgettext_lazy("source", "Taken over"),
    },
}


def term(kind: str, code: str) -> str:
    """The translated word for ``code``. An unknown code reads as itself; KeyError for an unknown ``kind``."""
    return str(_TERMS[kind].get(str(code), code))


def known_terms() -> dict[str, tuple[str, ...]]:
    """Every kind and its codes: for the living page and for tests that compare with the rooms' enums."""
    return {kind: tuple(codes) for kind, codes in _TERMS.items()}
