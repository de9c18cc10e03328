"""Refusals of people and sign-in."""

from core.kernel.errors import DomainError, Kind
from core.kernel.text import N_


class NotAnAccountName(DomainError):
    """Neither a phone number nor an e-mail address."""

    code = "people.not_an_account_name"
    text = N_("Enter a mobile number or an e-mail address.")


class SignInRefused(DomainError):
    """Unknown account, wrong password or closed account: the three are never told apart."""

    code = "people.sign_in_refused"
    text = N_("Account and password do not match. Check both and try again.")


class TooManyTries(DomainError):
    """Too many wrong passwords for one account or from one address."""

    code = "people.too_many_tries"
    kind = Kind.BUSY
    text = N_("Too many tries. Please wait %(minutes)s minutes and try again.")


class AccountTaken(DomainError):
    """Somebody has signed up with this phone or e-mail."""

    code = "people.account_taken"
    kind = Kind.CONFLICT
    text = N_("There is already an account with this mobile number or e-mail address.")


class WeakPassword(DomainError):
    """The password does not satisfy the validators; ``reasons`` are their words, translated already."""

    code = "people.weak_password"
    text = N_("Choose another password. %(reasons)s")


class SignInOver(DomainError):
    """The sign-in was ended while something was still to be done with it."""

    code = "people.sign_in_over"
    kind = Kind.CONFLICT
    text = N_("You were signed out meanwhile. Please sign in again.")


class TicketRefused(DomainError):
    """A ticket that was used, is over, or belongs to another host or browser: the reasons are never told apart."""

    code = "people.ticket_refused"
    text = N_("This passage is not valid any more. It works once, within a minute, in the browser that asked for it.")


class NameMissing(DomainError):
    """A person without a name."""

    code = "people.name_missing"
    text = N_("Enter your name.")


class WrongPassword(DomainError):
    """Somebody signed in was asked for the password once more, and it is not the one."""

    code = "people.wrong_password"
    text = N_("This is not your password.")


class WrongCode(DomainError):
    """The code of the second factor, or of a text message, is not the one; or it was used before."""

    code = "people.wrong_code"
    text = N_("This code is not right, or it was used before. Wait for the next one and try again.")


class FactorStands(DomainError):
    """A second factor is set up already; it has to be taken away first."""

    code = "people.factor_stands"
    kind = Kind.CONFLICT
    text = N_("Your sign-in code is set up already. Turn it off first if you want to move it to another device.")


class NoFactorBegun(DomainError):
    """There is no second factor, or none waiting for its first code."""

    code = "people.no_factor_begun"
    kind = Kind.CONFLICT
    text = N_("Start setting up the sign-in code first.")


class ResetGone(DomainError):
    """The link or code of a forgotten password was used, is too old, or was tried too often."""

    code = "people.reset_gone"
    kind = Kind.CONFLICT
    text = N_("This link or code has expired or was used already. Ask for a new one.")


class NoTextMessages(DomainError):
    """A mobile number was given where no text messages can be sent."""

    code = "people.no_text_messages"
    text = N_("Text messages cannot be sent here. Enter your e-mail address, or ask your contact at the brand.")


class AddressGone(DomainError):
    """The code of a phone or e-mail was used, is too old, was tried too often, or belongs to another sign-in."""

    code = "people.address_gone"
    kind = Kind.CONFLICT
    text = N_("This code has expired, was tried too often or was used already. Ask for a new one.")


class WrongAddressCode(DomainError):
    """The code sent to a phone or e-mail is another one."""

    code = "people.wrong_address_code"
    text = N_("This code is not right. Look at the last message and try again.")


class AddressTaken(DomainError):
    """Told only to somebody who has proved that the phone or e-mail is theirs, and never whose account it is."""

    code = "people.address_taken"
    kind = Kind.CONFLICT
    text = N_(
        "Another account signs in with this mobile number or e-mail address. Sign in there, with a new password if you "
        "have forgotten it, or use another one here."
    )


class AddressNeeded(DomainError):
    """The last proved way back to an account cannot be taken away."""

    code = "people.address_needed"
    kind = Kind.CONFLICT
    text = N_("Prove your other mobile number or e-mail address first: without one nobody can find back in.")


class NothingToProve(DomainError):
    """There is no phone or e-mail of this kind with the account."""

    code = "people.nothing_to_prove"
    kind = Kind.CONFLICT
    text = N_("There is nothing here to prove or to take away.")


class StepExpired(DomainError):
    """Too much time went by between password and code, or the password was changed meanwhile."""

    code = "people.step_expired"
    kind = Kind.CONFLICT
    text = N_("Too much time went by. Enter your password again.")


class StillOperator(DomainError):
    """Somebody who runs the platform cannot vanish from its records."""

    code = "people.still_operator"
    kind = Kind.CONFLICT
    text = N_("You are an operator of the platform. Let another one end your role first.")
