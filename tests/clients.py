"""Django's test client on a host of the product; the test's own schema stays what it was."""

from typing import Any

from django.test import Client

from core.db.acts import connection, public
from tenants.access.models import Seat
from tests.factories.people import make_person
from tests.portals import TestPortal
from tests.sessions import note_signed_in

PLATFORM = "jiumai.localhost"


class HostClient(Client):
    """A client that speaks to one host. A request leaves the connection as it found it."""

    def __init__(self, host: str, **options: Any) -> None:
        super().__init__(**{"raise_request_exception": True, **options}, headers={"host": host})
        self.host = host

    def request(self, **request: Any) -> Any:
        """Send the request; the search path of the test is put back after."""
        tenant, includes_public = connection.tenant, connection.include_public_schema
        try:
            return super().request(**request)
        finally:
            connection.set_tenant(tenant, include_public=includes_public)


def no_records(_name: str) -> tuple[str, ...]:
    """The name servers of tests: they know of no record."""
    return ()


def platform_client(**options: Any) -> HostClient:
    """Nobody, on the platform's host."""
    return HostClient(PLATFORM, **options)


def visitor(portal: TestPortal, **options: Any) -> HostClient:
    """Nobody, on a brand's host."""
    return HostClient(portal.host, **options)


def signed_in(portal: TestPortal, seat: Seat, **options: Any) -> HostClient:
    """The person of ``seat``, signed in and seated on the brand's host."""
    client = HostClient(portal.host, **options)
    person = make_person(seat.person_name)
    with public():
        session = client.session
        session.update({"seat": str(seat.pk), "schema": portal.schema})
        note_signed_in(session, person, host=portal.host)
        session.save()
    return client
