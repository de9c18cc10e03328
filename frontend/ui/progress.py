"""The five statuses of an order as one line: which are done, which is the one that moves now."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from frontend.ui.shapes import FiveStatuses, OrderFlow
from frontend.ui.words import status_word

KINDS = ("order", "payment", "fulfilment", "invoice", "settlement")

NAMES: dict[str, str | Promise] = {
    "order": pgettext_lazy("progress", "Order"),
    "payment": pgettext_lazy("progress", "Payment"),
    "fulfilment": pgettext_lazy("progress", "Delivery"),
    "invoice": pgettext_lazy("progress", "Invoice"),
    "settlement": pgettext_lazy("progress", "Settlement"),
}

STATE_WORDS: dict[str, str | Promise] = {
    "done": _("done"),
    "now": _("under way"),
    "part": _("partly done"),
    "next": _("not begun"),
    "bad": _("stopped"),
}

_DONE = {
    "order": {"APPROVED", "CONFIRMED", "CLOSED_SHORT", "COMPLETED"},
    "payment": {"FUNDED", "REFUNDED"},
    "fulfilment": {"RECEIVED"},
    "invoice": {"ISSUED_FULL", "RED_ISSUED"},
    "settlement": {"SETTLED"},
}
_BEGUN_NOT = {"payment": {"UNPAID"}, "fulfilment": {"NONE"}, "invoice": {"NONE"}, "settlement": {"OPEN"}}
_STOPPED = {"order": {"REJECTED", "CANCELLED", "EXPIRED"}, "settlement": {"DISPUTED"}}


class Step(NamedTuple):
    """One step as the line shows it."""

    kind: str
    name: str
    word: str
    state: str
    state_word: str
    note: str


def _own_state(kind: str, value: str) -> str:
    if value in _STOPPED.get(kind, ()):
        return "bad"
    if value in _DONE[kind]:
        return "done"
    return "next" if value in _BEGUN_NOT.get(kind, ()) else "part"


def states(statuses: FiveStatuses) -> tuple[str, ...]:
    """State of each of the five: the first that is not done is ``now``; nothing is once the order itself stopped."""
    own = [_own_state(kind, getattr(statuses, kind)) for kind in KINDS]
    if own[0] != "bad":
        for index, state in enumerate(own):
            if state != "done":
                own[index] = state if state == "bad" else "now"
                break
    return tuple(own)


def steps_of(flow: OrderFlow) -> tuple[Step, ...]:
    """The five steps with words in the language in force."""
    found = zip(KINDS, states(flow.statuses), strict=True)
    return tuple(
        Step(
            kind=kind,
            name=str(NAMES[kind]),
            word=status_word(kind, getattr(flow.statuses, kind)),
            state=state,
            state_word=str(STATE_WORDS[state]),
            note=flow.notes.get(kind, ""),
        )
        for kind, state in found
    )
