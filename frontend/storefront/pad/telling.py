"""What happened on the pad, in a sentence."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from frontend.storefront.pad.lines import counted
from ordering.orders.selectors import LastChange
from ordering.orders.services import Late, Undone


def pasted(added: int, grown: int, kept: int, joined: int = 0) -> str:
    """What became of the pasted lines."""
    parts = []
    if added:
        parts.append(ngettext("%(count)s line added.", "%(count)s lines added.", added) % {"count": added})
    if joined:
        words = ngettext(
            "%(count)s of them is the same product as another and was added to it.",
            "%(count)s of them are the same products as others and were added to them.",
            joined,
        )
        parts.append(words % {"count": joined})
    if grown:
        words = ngettext(
            "%(count)s of them was in the cart already: the quantities were added up.",
            "%(count)s of them were in the cart already: the quantities were added up.",
            grown,
        )
        parts.append(words % {"count": grown})
    if kept:
        parts.append(_("What needs a look is marked."))  # the page counts it, with what lay there before
    return " ".join(parts) or _("There was nothing to add.")


def removed(count: int) -> str:
    """How many lines went."""
    if not count:
        return _("These lines were gone already.")
    return ngettext("%(count)s line removed.", "%(count)s lines removed.", count) % {"count": count}


def undone(what: Undone) -> str:
    """What was taken back, and what was not since it was changed in between."""
    parts = []
    if what.back:
        words = ngettext(
            "Undone: %(count)s line is as it was before.", "Undone: %(count)s lines are as before.", what.back
        )
        parts.append(words % {"count": what.back})
    if what.stay:
        parts.append(_stayed(what.stay))
    return " ".join(parts)


def arrived(late: Late) -> str:
    """What became of the quantities a device set without a connection."""
    parts = []
    if late.done:
        words = ngettext(
            "%(count)s line changed without a connection is saved.",
            "%(count)s lines changed without a connection are saved.",
            late.done,
        )
        parts.append(words % {"count": late.done})
    if late.stay:
        parts.append(_stayed(late.stay))
    return " ".join(parts) or _("There was nothing to add.")


def _stayed(count: int) -> str:
    words = ngettext(
        "%(count)s line was changed since and stays as it is.",
        "%(count)s lines were changed since and stay as they are.",
        count,
    )
    return words % {"count": count}


def undoing(last: LastChange, name: str = "") -> str:
    """The button that takes the last change back; ``name`` of the product it was about."""
    if last.deed == "SET" and len(last.codes) < 2:
        unit = (*last.was, *last.now)[0][1]
        was, now = (" + ".join(counted(*one) for one in held or ((0, unit),)) for held in (last.was, last.now))
        return _("Undo %(name)s: %(was)s → %(now)s") % {"name": name or last.codes[0], "was": was, "now": now}
    if last.deed == "SET":
        words = ngettext("Undo: %(count)s line changed", "Undo: %(count)s lines changed", last.count)
    elif last.deed == "PASTE":
        words = ngettext("Undo: %(count)s line added", "Undo: %(count)s lines added", last.count)
    elif last.deed == "CLEAR":
        words = ngettext("Undo: pad emptied of %(count)s line", "Undo: pad emptied of %(count)s lines", last.count)
    else:
        words = ngettext("Undo: %(count)s line removed", "Undo: %(count)s lines removed", last.count)
    return words % {"count": last.count}
