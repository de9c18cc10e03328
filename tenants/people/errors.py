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
