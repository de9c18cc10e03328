"""Permission codes in words, for people who give a program some of their rights."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_WORDS: Mapping[str, str | Promise] = {
    "catalogue.read": _("See products"),
    "catalogue.edit": _("Change products"),
    "catalogue.import": _("Import products"),
    "dealers.read": _("See dealers"),
    "dealers.edit": _("Change dealers"),
    "dealers.import": _("Import dealers"),
    "dealers.edit_own": _("Change the company's own addresses"),
    "territories.read": _("See grants"),
    "territories.edit": _("Give and end grants"),
    "stock.read": _("See stock"),
    "stock.adjust": _("Adjust stock"),
    "stock.count": _("Book stock counts"),
    "stock.transfer": _("Transfer stock"),
    "stock.thresholds": _("Set stock thresholds"),
    "ledger.read": _("See accounts"),
    "ledger.pay_in": _("Book payments"),
    "ledger.set_limit": _("Set credit limits"),
    "prices.read": _("See prices"),
    "prices.edit": _("Change prices"),
    "prices.approve": _("Approve price rounds and prices under the floor"),
    "prices.purchase": _("See the company's purchase prices"),
    "promotions.read": _("See promotions"),
    "promotions.write": _("Plan promotions"),
    "promotions.approve": _("Approve promotions"),
    "orders.read": _("See orders"),
    "orders.place": _("Place orders"),
    "orders.approve": _("Approve and reject orders"),
    "orders.cancel": _("Cancel orders"),
    "orders.note": _("Write notes among colleagues about orders"),
    "fulfilment.read": _("See shipments"),
    "fulfilment.allocate": _("Allocate goods"),
    "fulfilment.ship": _("Ship goods"),
    "fulfilment.receive": _("Sign for goods"),
    "notices.read": _("See notices to dealers"),
    "notices.write": _("Write notices to dealers"),
    "market.read": _("See market quotes"),
    "market.write": _("Write market quotes down"),
    "market.import": _("Import market quotes"),
    "access.read": _("See seats and the audit trail"),
    "access.edit": _("Open and close seats"),
    "jobs.read": _("See imports and exports"),
    "files.upload": _("Upload files"),
    "settings.edit": _("Change settings"),
}


def code_words(code: str) -> str:
    """What a permission code lets one do; an unknown one reads as itself."""
    return str(_WORDS.get(code, code))


def code_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """The codes with their words, in the table's order."""
    wanted = set(codes)
    return [(code, str(words)) for code, words in _WORDS.items() if code in wanted]


def known_codes() -> frozenset[str]:
    """Every code with words: for the test that compares them with the roles'."""
    return frozenset(_WORDS)
