"""Refusals of seats and tokens."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class RolesNotOfSide(DomainError):
    """A role of the other side of the counter, an unknown one, or none at all."""

    code = "access.roles_not_of_side"
    text = N_("Choose at least one role, and only roles of this side: %(roles)s is not.")


class SeatTaken(DomainError):
    """The person has an active seat there already."""

    code = "access.seat_taken"
    kind = Kind.CONFLICT
    text = N_("%(name)s already has a seat at %(dealer)s.")


class PersonUnproved(DomainError):
    """Another brand wrote the person down and chose the first password: whoever knows it would come in here."""

    code = "seat.person_unproved"
    kind = Kind.CONFLICT
    text = N_(
        "The owner of this mobile number or e-mail address has not confirmed the account yet. Use another one for now."
    )


class OwnSeat(DomainError):
    """Nobody takes away or widens their own rights."""

    code = "access.own_seat"
    kind = Kind.FORBIDDEN
    text = N_("You cannot change your own seat. Ask another administrator.")


class CodesTooWide(DomainError):
    """A token may do no more than its seat."""

    code = "access.codes_too_wide"
    text = N_("The seat itself does not include %(codes)s.")


class BadTokenLife(DomainError):
    """A token ends within a year."""

    code = "access.bad_token_life"
    text = N_("A token lasts between 1 and %(most)s days.")


class NoSeat(DomainError):
    """The person is known, but has no seat in this brand."""

    code = "access.no_seat"
    kind = Kind.FORBIDDEN
    text = N_("This account has no access to %(brand)s. Ask your contact at the brand for an invitation.")
