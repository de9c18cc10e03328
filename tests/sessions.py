"""A signed-in session and a token for a seat, made without typing a password: for live tests and measurements."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase

from core.db.acts import brand_schema, public
from core.kernel import clock
from core.kernel.brand import BrandFacts
from core.web.sessions import HOST
from tenants.access import rules
from tenants.access.models import ApiToken, Seat
from tenants.access.roles import codes_of
from tenants.access.sessions import take_seat
from tenants.people.models import HostSession, SignIn, User


def token_for(seat: Seat) -> str:
    """A token of all the seat's rights, good for a day. Inside the seat's schema."""
    key, secret = rules.new_token()
    ApiToken.objects.create(
        key=key,
        secret_digest=rules.digest(secret),
        name="test",
        seat=seat,
        codes=sorted(codes_of(seat.roles)),
        expires_at=clock.now() + timedelta(days=1),
        created_at=clock.now(),
    )
    return rules.token_text(key, secret)


def cookie_for(seat: Seat, brand: BrandFacts) -> str:
    """The value of a session cookie of the seat's person, who is made when nobody knows them yet."""
    with public():
        user, _ = User.objects.get_or_create(
            pk=seat.person_id, defaults={"name": seat.person_name, "created_at": clock.now()}
        )
    session: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore()
    note_signed_in(session, user, host=f"{brand.slug}.{settings.BASE_DOMAIN}")
    with brand_schema(brand.schema_name):
        take_seat(session, brand, seat)
        session.save()
    return str(session.session_key)


def note_signed_in(session: SessionBase, user: User, *, host: str, has_second_factor: bool = False) -> SignIn:
    """Let the session be one of ``user``'s on ``host``, of a sign-in of its own; the caller saves it."""
    now = clock.now()
    with public():
        if session.session_key is None:
            session.create()
        sign_in = SignIn.objects.create(
            person=user, started_at=now, seen_at=now, second_factor_at=now if has_second_factor else None
        )
        HostSession.objects.create(sign_in=sign_in, session_key=str(session.session_key), host=host, started_at=now)
    session[HOST] = host
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["sign_in"], session["factor"], session["checked_at"] = str(sign_in.pk), has_second_factor, now.timestamp()
    return sign_in
