"""The first step of signing in: account name and password."""

import hashlib
import secrets

from django.contrib.auth import authenticate
from django.core.cache import caches

from core.db.acts import act, public
from core.kernel.text import normalised
from core.web.throttling import Pauses, Throttle
from tenants.people import letters, rules
from tenants.people.errors import NotAnAccountName, SignInRefused, TooManyTries
from tenants.people.models import User
from tenants.people.selectors import person_named

ACCOUNT_TRIES = Pauses("sign-in.account", free=5, first_s=60, longest_s=3600, memory_s=86_400)
ADDRESS_TRIES = Throttle("sign-in.address", limit=100, window_s=900)
"""An address may be a whole company's: it gets more tries than one account."""


def prove_identity(*, identifier: str, password: str, address: str, browser: str = "") -> User:
    """The person whose account name and password these are. ``address`` is where the try came from.

    Counts the try for account and address; for a ``browser`` the account has signed in with before by itself, so that
    a stranger's tries cannot keep the person out. Raises ``TooManyTries`` or ``SignInRefused``, never telling whether
    the account exists.
    """
    wait = ADDRESS_TRIES.try_once(address)
    if wait:  # before the account is looked at: a blocked address lengthens nobody's pause
        raise TooManyTries(minutes=rules.minutes(wait))
    account = _tries_of(account_key(identifier), browser)
    attempt = ACCOUNT_TRIES.try_once(account)
    if attempt.wait_s:
        raise TooManyTries(minutes=rules.minutes(attempt.wait_s))
    person = authenticate(None, identifier=identifier, password=password)
    if not isinstance(person, User):
        if attempt.number == ACCOUNT_TRIES.free:
            _tell_of_pauses(identifier)
        raise SignInRefused
    ACCOUNT_TRIES.forgive(account)
    return person


def end_pauses(account: str) -> None:
    """Forget the tries of an account name, those of every browser that is known to it too: somebody proved anew."""
    caches["shared"].set(_round_key(account), secrets.token_hex(8), timeout=ACCOUNT_TRIES.memory_s)


def _tries_of(account: str, browser: str) -> str:
    """Under what tries are counted: nobody can list an account's browsers, so a new round lets go of all at once.

    A round is remembered as long as tries are: what was counted before it is forgotten by then.
    """
    current = caches["shared"].get(_round_key(account)) or ""
    return " ".join(filter(None, (account, current, browser)))


def _round_key(account: str) -> str:
    return f"sign-in.round:{hashlib.sha256(account.encode()).hexdigest()[:32]}"


def account_key(identifier: str) -> str:
    """One key for all spellings of an account name."""
    try:
        return rules.account_name(identifier).value
    except NotAnAccountName:
        return normalised(identifier).lower()[:200]


def _tell_of_pauses(identifier: str) -> None:
    """The same statements whether somebody has this name or not."""
    try:
        person = person_named(rules.account_name(identifier))
    except NotAnAccountName:
        return
    with public(), act():
        context = {"tries": ACCOUNT_TRIES.free, "minutes": rules.minutes(ACCOUNT_TRIES.first_s)}
        letters.tell(letters.SIGN_IN_PAUSED, person, context)
