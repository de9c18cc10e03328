"""The long acts the console knows: their words, what they take in, where they lead back to."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class ImportKind:
    """An import by its word in the URL. ``columns`` are those a file needs, ``back`` the list it fills."""

    slug: str
    kind: str
    title: Words
    text: Words
    columns: tuple[Words, ...]
    permission: str
    back: str
    at: str
    needs_warehouse: bool = False


IMPORTS: Mapping[str, ImportKind] = {
    one.slug: one
    for one in (
        ImportKind(
            "products",
            "catalogue.import_products",
            _("Import products"),
            _("New products become drafts, known codes are changed. You see it all before anything is written."),
            (
                _("Code"),
                _("Name"),
                _("Aroma type"),
                _("Strength"),
                _("Bottle ml"),
                _("Bottles a case"),
                _("Product line"),
            ),
            "catalogue.import",
            "console:products",
            "products",
        ),
        ImportKind(
            "dealers",
            "dealers.import",
            _("Import dealers"),
            _("New dealers are set up, known codes are changed. You see it all before anything is written."),
            (_("Code"), _("Name"), _("Tier"), _("Parent code"), _("Division"), _("Unified social credit code")),
            "dealers.import",
            "console:dealers",
            "dealers",
        ),
        ImportKind(
            "count",
            "stock.count",
            _("Import a stock count"),
            _("What was counted becomes the stock on hand; every difference is a movement with its reason."),
            (_("Code"), _("Cases"), _("Bottles")),
            "stock.count",
            "console:stock",
            "stock",
            needs_warehouse=True,
        ),
    )
}
BY_KIND: Mapping[str, ImportKind] = {one.kind: one for one in IMPORTS.values()}

_WORDS: Mapping[str, Words] = {
    **{one.kind: one.title for one in IMPORTS.values()},
    "catalogue.export_products": _("Export products"),
    "dealers.export": _("Export dealers"),
    "stock.export": _("Export stock"),
    "prices.import": _("Import prices"),
    "orders.export": _("Export orders"),
}


def kind_words(kind: str) -> str:
    """What a kind of job is called; an unknown one reads as itself."""
    return str(_WORDS.get(kind, kind))
