"""The page of the price matrix: SKU × list, edited like a spreadsheet."""

import orjson
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.catalogue.selectors import lines_visible_to
from core.web.requests import SignedInRequest
from frontend.console.doors import staff_page
from frontend.console.forms.matrix import words_for_figures
from frontend.console.lists import chips_of
from frontend.console.once import KEY
from frontend.console.pricematrix import (
    MOST_LISTS,
    Asked,
    Layout,
    asked_of,
    layout_of,
    lists_for_page,
    payer_of,
    rows_for_page,
    step_text,
    step_words,
)
from frontend.console.shell import shown
from frontend.ui.words import status_word
from ordering.pricing.permissions import Permission
from ordering.pricing.selectors.matrix import Mark, matrix_block
from ordering.pricing.selectors.settings import changes_by_rounds

ROWS_AT_FIRST = 40
"""What comes with the page itself, so that the first cells wait for nothing else."""


@staff_page(permission=Permission.READ)
def price_matrix(request: SignedInRequest) -> HttpResponse:
    """The matrix as of a day; what is changed rules from that day on."""
    asked = asked_of(request)
    layout = layout_of(request, asked)
    may_edit = not asked.is_past and any(one.is_editable for one in layout.shown)
    by_rounds = changes_by_rounds(request.actor)
    alone = layout.shown[0] if len(layout.shown) == 1 else None
    boot = _boot(request, asked, layout, may_edit=may_edit) | {"byRounds": by_rounds}
    context = {
        "asked": asked,
        "shown_lists": layout.shown,
        "offered_lists": [(one, payer_of(one), one in layout.shown) for one in layout.every],
        "offered_steps": [(step_text(one), step_words(one), one in layout.steps) for one in layout.offered],
        "alone": alone,
        "may_return": asked.is_past and alone is not None and alone.is_editable,
        "may_trace": request.actor.can("dealers.read"),
        "key_name": KEY,
        "most_lists": MOST_LISTS,
        "lines": list(lines_visible_to(request.actor)),
        "chips": _chips(request),
        "may_edit": may_edit,
        "by_rounds": by_rounds,
        "boot": boot,
        "boot_json": orjson.dumps(boot).decode(),
        "keys": _keys(),
        "words_json": orjson.dumps(words_for_figures() | _words()).decode(),
    }
    return shown(request, "console/price_matrix.html", context, at="prices")


def _chips(request: SignedInRequest) -> object:
    words = {"": _("All"), Mark.FLOOR: _("Below the floor"), Mark.INVERTED: _("Inverted")}
    return chips_of(request, "only", [(str(value), word, None) for value, word in words.items()])


def _boot(request: SignedInRequest, asked: Asked, layout: Layout, *, may_edit: bool) -> dict[str, object]:
    """What the page's script begins with."""
    first = None
    if not asked.only:
        block = matrix_block(
            actor=request.actor, lists=layout.lists, asked=asked.rows, at=asked.at, limit=ROWS_AT_FIRST
        )
        first = {"from": 0, "total": block.total, "rows": rows_for_page(block, layout.lists, layout.steps)}
    return {
        "lists": lists_for_page(layout),
        "shown": len(layout.shown),
        "steps": [
            {"unit": one.unit, "from": one.min_quantity, "key": step_text(one), "label": step_words(one)}
            for one in layout.steps
        ],
        "day": "" if asked.at is None else asked.day.isoformat(),
        "edit": may_edit,
        "block": reverse("console:price_block"),
        "save": reverse("console:save_prices"),
        "round": reverse("console:round_of_prices"),
        "seat": str(request.actor.seat_id),
        "states": {code: status_word("sku", code) for code in ("DRAFT", "OFF", "DISCONTINUED")},
        "first": first,
    }


def _words() -> dict[str, str]:
    return {
        "ends": _("not sold"),
        "unsold": _("not sold in this unit"),
        "none": _("no price"),
        "was": _("was {was}"),
        "guarded": _(
            "To set a price of its own, press F2: the product's other steps of this list then need theirs too."
        ),
        "takesOver": _("A price of its own takes the place of all that is derived here for the product."),
        "rises": _("dearer than a smaller quantity ({other})"),
        "leaps": _("at least doubled or halved: was {was}"),
        "floor": _("{by} below the floor price {floor}"),
        "useFloor": _("Change to {floor}"),
        "above": _("Inverted: {list} under it pays {amount}"),
        "below": _("Inverted: {list} above it pays {amount}"),
        "changed": _("{n} changed"),
        "unread": _("{n} cannot be read"),
        "save": _("Save {n} prices"),
        "saveNone": _("Save prices"),
        "more": _("and {n} more"),
        "saveOne": _("Save 1 price"),
        "saved": _("{n} prices saved."),
        "savedOne": _("Price saved."),
        "notSaved": _("{n} cells were not saved. What stands against them is written at each."),
        "held": _("Not saved: another cell of the same list was refused."),
        "pasted": _("{n} cells pasted."),
        "filled": _("{n} cells filled down."),
        "copied": _("{n} cells copied."),
        "undone": _("Undone: {n} cells."),
        "redone": _("Done again: {n} cells."),
        "outside": _("{n} values lay outside the table and were left out."),
        "locked": _("{n} cells cannot be changed and were left as they are."),
        "empty": _("{n} empty values changed nothing. To end a price, empty its cell with Delete."),
        "mend": _("First mend or undo what cannot be read."),
        "readonly": _("This cell cannot be changed."),
        "nothing": _("Nothing to paste: copy cells in a spreadsheet first."),
        "blocked": _("The browser does not let the page read the clipboard. Press Ctrl V."),
        "round": _("Put {n} on a price round"),
        "roundNone": _("Put on a price round"),
        "expired": _("You are no longer signed in. Sign in again in another tab and save: what you typed stands here."),
        "broken": _("The server did not take this in (error {status}). What you typed still stands here; save again."),
        "askNone": _("Nothing was saved yet."),
        "askSaved": _("{n} saved already; these wait for your answer."),
        "askHouses": _("Saved, they rule at once. Dealers concerned: {n}"),
        "askHousesDay": _("Saved, they rule from {day} on. Dealers concerned: {n}"),
        "keptLists": _("{n} on lists or quantity steps that are not shown"),
        "keptDay": _("{n} for {day}"),
        "keptNow": _("{n} for today"),
        "offline": _("The connection failed. Your changes still stand here; save again."),
        "loading": _("Loading …"),
        "noRows": _("No product fits. Try other words, or take the filters off."),
        "selected": _("{rows} rows × {columns} columns selected"),
        "draft": _("{n} changes that were not saved have been put back."),
    }


def _keys() -> list[tuple[list[str], str]]:
    """The matrix's keys and what they do."""
    return [
        (["↑ ↓ ← →"], _("Go to the next cell; with Ctrl to the edge")),
        (["Enter", "F2"], _("Edit; Enter again takes the value and goes down")),
        (["Tab"], _("Take the value and go right; after Esc, leave the table")),
        (["Esc"], _("Leave the cell as it was")),
        (["Delete"], _("Empty: the price ends")),
        (["Shift ↑ ↓ ← →"], _("Select a block")),
        (["Ctrl C", "Ctrl V"], _("Copy out, paste a block from a spreadsheet")),
        (["Ctrl D"], _("Fill the block with its first row")),
        (["Ctrl Z", "Ctrl Y"], _("Undo, do again: edits, pastes, fills")),
        (["Ctrl S"], _("Save")),
    ]
