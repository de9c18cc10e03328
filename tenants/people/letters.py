"""What people are told about their own account, by mail where an e-mail is known, else by text message."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.utils import translation

from core.kernel.text import N_
from core.messages import port
from core.messages.models import Message
from core.messages.registry import MessageTemplate, message_template
from core.messages.services import Addressee, write_to
from core.vault.services import unseal
from tenants.people.models import User

RESET_LINK = message_template(
    "people.reset_link",
    subject=N_("Set a new password"),
    body=N_(
        "Somebody asked for a new password for your account. If it was you, open this address within "
        "%(minutes)s minutes:\n\n%(link)s\n\nIf it was not you, do nothing: your password stays as it is."
    ),
)
RESET_CODE = message_template(
    "people.reset_code",
    subject=N_("Set a new password"),
    body=N_("%(code)s is your code for a new password, good for %(minutes)s minutes. Tell it to nobody."),
)
PASSWORD_CHANGED = message_template(
    "people.password_changed",
    subject=N_("Your password was changed"),
    body=N_(
        "The password of your account was changed and you were signed out on all other devices. "
        "If it was not you, set a new password at once by “Forgot your password?” on the sign-in page."
    ),
)
SIGN_IN_PAUSED = message_template(
    "people.sign_in_paused",
    subject=N_("Wrong passwords were tried on your account"),
    body=N_(
        "Somebody entered a wrong password for your account %(tries)s times. Signing in now pauses after each further "
        "try. If it was you, wait %(minutes)s minutes or set a new password. If not, your password still holds; "
        "turn on the sign-in code for more safety."
    ),
)
CODES_PAUSED = message_template(
    "people.codes_paused",
    subject=N_("Wrong sign-in codes were tried on your account"),
    body=N_(
        "Somebody who knows your password entered a wrong sign-in code %(tries)s times. "
        "If it was not you, change your password at once."
    ),
)
FACTOR_ON = message_template(
    "people.factor_on",
    subject=N_("The sign-in code is on"),
    body=N_("From now on signing in to your account asks for a code from your authenticator app after the password."),
)
FACTOR_OFF = message_template(
    "people.factor_off",
    subject=N_("The sign-in code is off"),
    body=N_(
        "Signing in to your account asks for the password only. If you did not want this, change your password "
        "and turn the sign-in code on again."
    ),
)
RECOVERY_CODE_USED = message_template(
    "people.recovery_code_used",
    subject=N_("A recovery code was used"),
    body=N_(
        "A recovery code was used to sign in to your account; %(left)s are left. "
        "If it was not you, change your password."
    ),
)


ADDRESS_CODE = message_template(
    "people.address_code",
    subject=N_("Your code"),
    body=N_(
        "%(code)s is the code that proves this address as yours, good for %(minutes)s minutes. Tell it to nobody. "
        "If you did not ask for it, do nothing."
    ),
)
ADDRESS_CHANGED = message_template(
    "people.address_changed",
    subject=N_("What you sign in with was changed"),
    body=N_(
        "A mobile number or e-mail address of your account was added or changed, and you were signed out on all other "
        "devices. If it was not you, set a new password at once by “Forgot your password?” on the sign-in page, or "
        "write to your contact at the brand."
    ),
)
ADDRESS_REMOVED = message_template(
    "people.address_removed",
    subject=N_("You do not sign in with this any more"),
    body=N_(
        "A mobile number or e-mail address of your account was taken away, and you were signed out on all other "
        "devices. If it was not you, set a new password at once by “Forgot your password?” on the sign-in page, or "
        "write to your contact at the brand."
    ),
)


def language_for(person: User | None) -> str:
    """The person's own language, else the one of the page they are on."""
    return (person.language if person else "") or translation.get_language() or settings.LANGUAGE_CODE


def tell(template: MessageTemplate, person: User | None, context: Mapping[str, str | int] | None = None) -> None:
    """Tell somebody what happened to their account, inside the act it happened in, in the public schema.

    One statement whether or not somebody is known (``None``): a stranger learns nothing from the time it takes.
    """
    write_to(addressee=_addressee(person), template=template, context=context or {})


def addresses_of(person: User) -> list[Addressee]:
    """Every way the person is reached now: kept before a change, so that the former ways are told of it."""
    language, found = language_for(person), []
    if person.email_sealed:
        found.append(Addressee(unseal(person.email_sealed), Message.Way.MAIL, language, person.pk))
    if person.phone_sealed and port.sms_sender():
        found.append(Addressee(unseal(person.phone_sealed), Message.Way.SMS, language, person.pk))
    return found


def tell_at(template: MessageTemplate, addressees: Iterable[Addressee]) -> None:
    """Tell somebody at all these addresses, inside the act it happened in, in the public schema."""
    for addressee in addressees:
        write_to(addressee=addressee, template=template, context={})


def _addressee(person: User | None) -> Addressee:
    language = language_for(person)
    if person is None or not person.is_active:
        return Addressee(address="", way=Message.Way.MAIL, language=language)
    if person.email_sealed:
        return Addressee(unseal(person.email_sealed), Message.Way.MAIL, language, person.pk)
    number = unseal(person.phone_sealed) if port.sms_sender() else ""
    return Addressee(number, Message.Way.SMS, language, person.pk)
