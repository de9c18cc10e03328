"""Gifts that came, went or changed since a window last showed the pad: said in words, for they cost nothing to miss."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from core.catalogue.selectors.known import known_skus
from core.kernel.actor import Actor
from core.kernel.quantity import Unit
from core.kernel.text import whole_of
from frontend.storefront.goods import look_of
from frontend.storefront.pad.lines import counted
from ordering.orders.rules.checks import CheckedLine

Key = tuple[str, Unit]
_MOST_TEXT = 4_000


def mark_of(gifts: Iterable[CheckedLine]) -> str:
    """The gifts a window shows, ``code|unit=quantity``; parted by spaces."""
    return " ".join(f"{code}|{unit.value}={quantity}" for (code, unit), quantity in _summed(gifts).items())


def told(actor: Actor, seen: str, gifts: Iterable[CheckedLine]) -> tuple[str, bool]:
    """What became of the gifts a window showed (``seen``: its mark), and whether any of them is lost.

    Empty where nothing changed; else one statement, for their names.
    """
    before, after = _read(seen), _summed(gifts)
    changed = [key for key in dict.fromkeys((*before, *after)) if before.get(key, 0) != after.get(key, 0)]
    if not changed:
        return "", False
    names = {code: look_of(sku).name for code, sku in known_skus(actor, {code for code, _unit in changed}).items()}
    words = [_words(names.get(key[0], key[0]), key[1], before.get(key, 0), after.get(key, 0)) for key in changed]
    return " ".join(words), any(after.get(key, 0) < before.get(key, 0) for key in changed)


def _words(name: str, unit: Unit, before: int, after: int) -> str:
    said = {"name": name, "before": counted(before, unit), "after": counted(after, unit)}
    if not before:
        return _("A gift comes with it: %(after)s %(name)s.") % said
    if not after:
        return _("The gift of %(before)s %(name)s is gone: the order reaches it no longer.") % said
    return _("Gift %(name)s: %(before)s → %(after)s.") % said


def _summed(gifts: Iterable[CheckedLine]) -> Mapping[Key, int]:
    summed: dict[Key, int] = {}
    for gift in gifts:
        key = (gift.sku_code, gift.unit)
        summed[key] = summed.get(key, 0) + gift.quantity
    return summed


def _read(seen: str) -> Mapping[Key, int]:
    found: dict[Key, int] = {}
    for word in seen[:_MOST_TEXT].split():
        key, _sign, number = word.rpartition("=")
        code, _bar, unit = key.rpartition("|")
        quantity = whole_of(number)
        if code and unit in {one.value for one in Unit} and quantity:
            found[code, Unit(unit)] = quantity
    return found
