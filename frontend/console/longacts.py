"""The long acts the console knows: their words, what they take in, where they lead back to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.catalogue import resources as products
from core.catalogue.resources.preview import PreviewLine, PreviewNote, preview_lines
from core.files.guides import GuideColumn, TemplateFile
from core.jobs.exports import export_title
from core.jobs.models import JobRow
from core.jobs.selectors import in_column
from core.kernel.actor import Actor
from dms.dealers import resources as dealers
from dms.dealers.resources import addresses, openings
from dms.sellthrough import resources as quotes
from dms.stock import resources as stock
from dms.territories import resources as grants
from frontend.ui.previews import Difference, PreviewRow, plain_row
from ordering.pricing import resources as prices
from ordering.pricing.selectors import changes_by_rounds
from ordering.promotions.resources import coupons, policies
from ordering.promotions.resources.words import in_words

Words = str | Promise


@dataclass(frozen=True, slots=True)
class ImportKind:
    """An import by its word in the URL. ``guide`` tells the columns the reader knows, ``back`` is the list it fills,
    ``labels`` name the columns (msgids) of its preview. ``asks_day``: the rows stand on a day that is chosen with them.

    ``template`` makes the file to fill in: for an actor, the code of a warehouse (empty where none is asked), as csv.
    ``closed`` says why the house takes in no such file; empty where it does. ``in_words`` says a column's stored value.
    """

    slug: str
    kind: str
    title: Words
    text: Words
    guide: Callable[[], tuple[GuideColumn, ...]]
    template: Callable[[Actor, str, bool], TemplateFile]
    permission: str
    back: str
    at: str
    needs_warehouse: bool = False
    asks_day: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    closed: Callable[[Actor], Words] = lambda _actor: ""
    in_words: Callable[[str, str], str] | None = None


def _prices_closed(actor: Actor) -> Words:
    return _("Prices change by approved price rounds only: put them on one.") if changes_by_rounds(actor) else ""


IMPORTS: Mapping[str, ImportKind] = {
    one.slug: one
    for one in (
        ImportKind(
            "products",
            "catalogue.import_products",
            _("Import products"),
            _("New products become drafts, known codes are changed. You see it all before anything is written."),
            products.import_guide,
            lambda _actor, _warehouse, is_csv: products.import_template(is_csv=is_csv),
            "catalogue.import",
            "console:products",
            "products",
        ),
        ImportKind(
            "dealers",
            "dealers.import",
            _("Import dealers"),
            _("New dealers are set up, known codes are changed. You see it all before anything is written."),
            dealers.import_guide,
            lambda _actor, _warehouse, is_csv: dealers.import_template(is_csv=is_csv),
            "dealers.import",
            "console:dealers",
            "dealers",
            labels=dealers.LABELS,
        ),
        ImportKind(
            "count",
            "stock.count",
            _("Import a stock count"),
            _("What was counted becomes the stock on hand; every difference is a movement with its reason."),
            stock.import_guide,
            lambda actor, warehouse, is_csv: stock.import_template(actor, warehouse, is_csv=is_csv),
            "stock.count",
            "console:stock",
            "stock",
            needs_warehouse=True,
            labels=stock.LABELS,
        ),
        ImportKind(
            "grants",
            "territories.import",
            _("Import grants"),
            _("New grants are given, what is held already stays as it is. You see it all before anything is written."),
            grants.import_guide,
            lambda _actor, _warehouse, is_csv: grants.import_template(is_csv=is_csv),
            "territories.edit",
            "console:grants",
            "territories",
            labels=grants.LABELS,
        ),
        ImportKind(
            "addresses",
            "dealers.import_addresses",
            _("Import addresses"),
            _("Where dealers take goods in. New addresses are written down, known ones are changed."),
            addresses.import_guide,
            lambda _actor, _warehouse, is_csv: addresses.import_template(is_csv=is_csv),
            "dealers.import",
            "console:dealers",
            "dealers",
            labels=addresses.LABELS,
        ),
        ImportKind(
            "openings",
            "dealers.import_openings",
            _("Import opening balances"),
            _("What dealers owed and had paid before their accounts began, and their credit limits: once an account."),
            openings.import_guide,
            lambda _actor, _warehouse, is_csv: openings.import_template(is_csv=is_csv),
            "ledger.set_limit",
            "console:dealers",
            "dealers",
            asks_day=True,
            labels=openings.LABELS,
        ),
        ImportKind(
            "prices",
            "prices.import",
            _("Import prices"),
            _("Prices of many lists in one file. What rules already stays as it is; you see it all beforehand."),
            prices.import_guide,
            lambda _actor, _warehouse, is_csv: prices.import_template(is_csv=is_csv),
            "prices.edit",
            "console:prices",
            "prices",
            labels=prices.LABELS,
            closed=_prices_closed,
        ),
        ImportKind(
            "promotions",
            policies.IMPORT,
            _("Import promotions"),
            _("Every row becomes a draft or the next version of a policy; a colleague approves it before it rules."),
            policies.import_guide,
            lambda _actor, _warehouse, is_csv: policies.import_template(is_csv=is_csv),
            "promotions.write",
            "console:promotions",
            "promotions",
            labels=policies.LABELS,
            in_words=in_words,
        ),
        ImportKind(
            "coupons",
            coupons.IMPORT,
            _("Import coupons"),
            _("A row a code, for one dealer or for whoever names it. Codes that stand already are not given again."),
            coupons.import_guide,
            lambda _actor, _warehouse, is_csv: coupons.import_template(is_csv=is_csv),
            "promotions.write",
            "console:promotions",
            "promotions",
            labels=coupons.LABELS,
            in_words=in_words,
        ),
        ImportKind(
            "quotes",
            "market.import",
            _("Import market quotes"),
            _("What was heard by product, division and day. A row of a key that has one corrects it; nothing is lost."),
            quotes.import_guide,
            lambda _actor, _warehouse, is_csv: quotes.import_template(is_csv=is_csv),
            "market.import",
            "console:quotes",
            "quotes",
            labels=quotes.LABELS,
        ),
    )
}
OF_DEALERS = ("dealers", "addresses", "openings")
"""The imports the pages of dealers lead to."""
BY_KIND: Mapping[str, ImportKind] = {one.kind: one for one in IMPORTS.values()}


def imports_of_dealers(actor: Actor) -> list[ImportKind]:
    """What the actor may take in about dealers."""
    return [one for one in map(IMPORTS.__getitem__, OF_DEALERS) if actor.can(one.permission)]


def preview_rows(kind: str, rows: Iterable[JobRow]) -> tuple[PreviewRow, ...]:
    """Rows a job left to be looked at, in the present language."""
    if kind == IMPORTS["products"].kind:
        return tuple(map(_product_row, preview_lines(rows)))
    wanted = BY_KIND.get(kind)
    labels, in_words = (wanted.labels, wanted.in_words) if wanted else ({}, None)
    return tuple(plain_row(row, labels, in_words) for row in rows)


def _product_row(line: PreviewLine) -> PreviewRow:
    changes = tuple(Difference(column, before, after) for column, before, after in line.changes)
    notes = (_noted(note) for note in (*line.problems, *line.guesses, *line.advice))
    return PreviewRow(line.row, line.code, line.name, line.fate, changes, (*notes,))


def _noted(note: PreviewNote) -> str:
    return in_column(" ".join(filter(None, (note.column, note.value))), note.text)


_WORDS: Mapping[str, Words] = {
    **{one.kind: one.title for one in IMPORTS.values()},
}


def kind_words(kind: str) -> str:
    """What a kind of job is called; an unknown one reads as itself."""
    if title := export_title(kind):
        return gettext("Export: %(list)s") % {"list": title}
    return str(_WORDS.get(kind, kind))
