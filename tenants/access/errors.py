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


class DutiesCollide(DomainError):
    """Two codes nobody holds together (职责分离)."""

    code = "access.duties_collide"
    text = N_("One person must not hold both: %(codes)s. Give one of them to somebody else.")


class UnknownLine(DomainError):
    """A product line the brand does not have."""

    code = "access.unknown_line"
    text = N_("There is no product line %(code)s.")


class InvitationPending(DomainError):
    """Somebody invited that account name to this house already."""

    code = "access.invitation_pending"
    kind = Kind.CONFLICT
    text = N_("%(name)s is invited already. Send the link again from the list of invitations.")


class InvitationOver(DomainError):
    """Accepted, withdrawn, expired, or void because the inviter has lost the right."""

    code = "access.invitation_over"
    kind = Kind.CONFLICT
    text = N_("This invitation is no longer valid. Ask for a new one.")


class OtherPerson(DomainError):
    """The link belongs to another account name."""

    code = "access.other_person"
    kind = Kind.FORBIDDEN
    text = N_("This invitation is for another mobile number or e-mail address. Sign in with that account.")


class NameNotProved(DomainError):
    """The account has the invited name, and nobody has shown yet that it is really theirs."""

    code = "access.name_not_proved"
    kind = Kind.FORBIDDEN
    text = N_("Prove first that this mobile number or e-mail address is yours: a code is sent there.")


class NotForARole(DomainError):
    """Codes a custom role cannot carry."""

    code = "access.not_for_a_role"
    text = N_("A role of your own needs permissions of its side, without the right to change seats: %(codes)s.")


class RoleTaken(DomainError):
    """Two roles of one side have the same name."""

    code = "access.role_taken"
    kind = Kind.CONFLICT
    text = N_("There is a role called %(name)s already.")


class RoleInUse(DomainError):
    """Somebody has the role, or is invited to it."""

    code = "access.role_in_use"
    kind = Kind.CONFLICT
    text = N_("%(count)s seats or invitations still have this role. Give them another one first.")


class NothingLent(DomainError):
    """Codes the giver does not have, or that are never lent."""

    code = "access.nothing_lent"
    text = N_("Choose out of the seat's own rights; the right to change seats is never handed over: %(codes)s.")


class BadAbsence(DomainError):
    """Ends before it begins, lies in the past or lasts too long."""

    code = "access.bad_absence"
    text = N_("An absence ends after it begins, not in the past, and lasts at most %(most)s days.")


class NoColleague(DomainError):
    """Rights are lent inside one house, to another person."""

    code = "access.no_colleague"
    text = N_("Choose a colleague of the same company.")


class ActingSeat(DomainError):
    """What was lent is not lent on, and not changed by itself."""

    code = "access.acting_seat"
    kind = Kind.FORBIDDEN
    text = N_("You are acting for somebody else. Change to your own seat for this.")


class TokenOver(DomainError):
    """Revoked or ended: nothing to rotate."""

    code = "access.token_over"
    kind = Kind.CONFLICT
    text = N_("This access has ended. Give a new one.")


class TooManySignUps(DomainError):
    """Somebody keeps trying to sign up on one invitation."""

    code = "access.too_many_sign_ups"
    kind = Kind.BUSY
    text = N_("Too many tries. Please wait %(minutes)s minutes and try again.")


class TooManyLetters(DomainError):
    """Invitations are mail in the brand's name to whoever they name: so many, and no more."""

    code = "access.too_many_letters"
    kind = Kind.BUSY
    text = N_("Very many invitations were mailed from here. Please wait %(minutes)s minutes and go on then.")


class AddressWasWrittenTo(DomainError):
    """Nobody's mailbox is filled with invitations."""

    code = "access.address_was_written_to"
    kind = Kind.BUSY
    text = N_("%(count)s invitations were mailed to this address today. Send the last link yourself, or wait a day.")


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


class SoleAdministrator(DomainError):
    """Whoever alone can let people into a brand cannot vanish from it."""

    code = "access.sole_administrator"
    kind = Kind.CONFLICT
    text = N_("You are the only administrator of %(brands)s. Make somebody else an administrator there first.")


class TooManyViews(DomainError):
    """A list has room for so many saved views of one seat."""

    code = "access.too_many_views"
    kind = Kind.CONFLICT
    text = N_("A list keeps at most %(most)s views. Remove one you no longer need.")


class ViewNameTaken(DomainError):
    """Two views of one list have the same name."""

    code = "access.view_name_taken"
    kind = Kind.CONFLICT
    text = N_("This list has a view called %(name)s already.")


class BadView(DomainError):
    """No name, no list, or more filters than a view keeps."""

    code = "access.bad_view"
    text = N_("Give the view a name; it keeps a search and filters of one list.")
