"""The shelf state of a SKU: DRAFT → ON → OFF → ON … → DISCONTINUED, and the licence it takes to be ON."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.kernel.errors import DomainError, Kind
from core.kernel.identifiers import is_liquor_sc
from core.kernel.text import N_


class ShelfState(StrEnum):
    """Where a SKU stands: being written, orderable, taken down for now, gone for good."""

    DRAFT = "DRAFT"
    ON = "ON"
    OFF = "OFF"
    DISCONTINUED = "DISCONTINUED"


SHELF_TRANSITIONS: dict[ShelfState, frozenset[ShelfState]] = {
    ShelfState.DRAFT: frozenset({ShelfState.ON}),
    ShelfState.ON: frozenset({ShelfState.OFF, ShelfState.DISCONTINUED}),
    ShelfState.OFF: frozenset({ShelfState.ON, ShelfState.DISCONTINUED}),
    ShelfState.DISCONTINUED: frozenset(),
}


class ShelfStateRefused(DomainError):
    """The SKU cannot go from its shelf state to the wanted one."""

    code = "catalogue.shelf_transition"
    kind = Kind.CONFLICT
    text = N_("The product cannot go there from where it is.")


_WAYS_OUT = {
    ShelfState.DRAFT: N_("A draft can only go on the shelf."),
    ShelfState.ON: N_("A product on the shelf can only be taken down or discontinued."),
    ShelfState.OFF: N_("A product off the shelf can only go back on or be discontinued."),
    ShelfState.DISCONTINUED: N_("A discontinued product stays discontinued. Make a new one instead."),
}


class ProducerLicenceRefused(DomainError):
    """Baijiu may only be ON with its producer's SC licence for liquor in force (handbook §2.4)."""

    code = "catalogue.producer_licence_missing"
    kind = Kind.CONFLICT
    text = N_("The producer has no SC licence on file. Add it before the product goes on the shelf.")


@dataclass(frozen=True, slots=True)
class ProducerLicence:
    """The producer's SC number as on file (empty: none) and its last day, where known.

    ``is_refuted``: the platform looked at it and did not find it right, or it was revoked.
    """

    sc_no: str = ""
    valid_to: date | None = None
    is_refuted: bool = False


def check_shelf_change(
    state: ShelfState, wanted: ShelfState, *, licence: ProducerLicence, needs_licence: bool, day: date
) -> None:
    """Refuse a change of shelf state that the table or the licence gate forbids.

    ``needs_licence`` is true for baijiu unless the brand's settings lift it. Raises ``ShelfStateRefused`` or
    ``ProducerLicenceRefused``.
    """
    if wanted not in SHELF_TRANSITIONS[state]:
        raise ShelfStateRefused(_WAYS_OUT[state], state=state.value, wanted=wanted.value)
    if wanted is ShelfState.ON and needs_licence:
        _check_licence(licence, day)


def _check_licence(licence: ProducerLicence, day: date) -> None:
    if not licence.sc_no:
        raise ProducerLicenceRefused
    if not is_liquor_sc(licence.sc_no):
        raise ProducerLicenceRefused(
            N_("The producer's licence “%(value)s” is not an SC licence for liquor (SC115…)."),
            code="catalogue.producer_licence_not_liquor",
            value=licence.sc_no,
        )
    if licence.is_refuted:
        raise ProducerLicenceRefused(
            N_("The producer's SC licence “%(value)s” was rejected when it was verified. Send the right one."),
            code="catalogue.producer_licence_refuted",
            value=licence.sc_no,
        )
    if licence.valid_to is not None and licence.valid_to < day:
        raise ProducerLicenceRefused(
            N_("The producer's SC licence ran out on %(day)s."),
            code="catalogue.producer_licence_expired",
            day=licence.valid_to.isoformat(),
        )
