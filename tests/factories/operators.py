"""Operators as plain rows, and a client that sits at the desk."""

from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from core.db.acts import public
from core.kernel import clock
from core.kernel.actor import Actor
from core.web.sessions import HOST
from tenants.people.models import Operator, SignIn
from tenants.people.operators import operator_actor
from tests.clients import HostClient
from tests.factories.people import make_person

OPS = "ops.jiumai.localhost"


def make_operator(name: str, *roles: str) -> Actor:
    """Somebody who runs the platform in these roles."""
    person = make_person(name)
    with public():
        Operator.objects.update_or_create(pk=person.pk, defaults={"roles": list(roles), "since": clock.now()})
    actor = operator_actor(person.pk)
    assert actor is not None
    return actor


def at_desk(actor: Actor, *, is_begun_here: bool = True, **options: Any) -> HostClient:
    """The operator's browser on the desk's host; ``is_begun_here`` False: with a session of another host."""
    client = HostClient(OPS, **options)
    person = make_person(actor.person_name)
    now = clock.now()
    with public():
        sign_in = SignIn.objects.create(person=person, started_at=now, seen_at=now, second_factor_at=now)
        session = client.session
        session.update(
            {
                HOST: OPS,
                SESSION_KEY: str(person.pk),
                BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                HASH_SESSION_KEY: person.get_session_auth_hash(),
                "checked_at": now.timestamp(),
                "sign_in": str(sign_in.pk),
                "factor": True,
                **({"desk": True} if is_begun_here else {}),
            }
        )
        session.save()
    client.cookies[settings.DESK_COOKIE_NAME] = str(session.session_key)
    return client
