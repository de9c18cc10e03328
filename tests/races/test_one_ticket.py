"""One ticket, many who hold it at the same moment: one gets in, and a variant that looks first lets several in."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import urlencode

import pytest
from django.db import connection

from core.db.acts import act, public
from core.kernel import clock
from frontend.platform.crossing import COOKIE
from tenants.people.errors import TicketRefused
from tenants.people.models import HostSession, SignIn, Ticket
from tenants.people.tickets import digest, issue_ticket, new_nonce, use_ticket
from tests.factories.people import make_person
from tests.live import Reply
from tests.portals import XINGHE
from tests.races.conftest import Contest

pytestmark = pytest.mark.races
TICKETS, HOLDERS = 15, 4
CSRF = "a" * 32

Use = Callable[[str, str], None]


@pytest.fixture
def sign_in(contest: Contest) -> SignIn:
    """The buyer, signed in on the platform."""
    person, now = make_person(contest.cast.seats["buyer_c1"].person_name), clock.now()
    with public():
        return SignIn.objects.create(person=person, started_at=now, seen_at=now)


def ticket_of(sign_in: SignIn, nonce: str) -> str:
    return issue_ticket(
        person_id=sign_in.person_id, sign_in_id=sign_in.pk, host=XINGHE.host, browser_digest=digest(nonce)
    )


def test_of_all_who_send_one_ticket_at_once_one_gets_in(contest: Contest, sign_in: SignIn) -> None:
    for _ in range(TICKETS):
        nonce = new_nonce()
        text = ticket_of(sign_in, nonce)

        def send(text: str = text, nonce: str = nonce) -> list[Reply]:
            with contest.caller("") as caller:
                caller.cookie = f"{COOKIE}={nonce}; jmc={CSRF}"
                form = urlencode({"ticket": text, "csrfmiddlewaretoken": CSRF}).encode()
                kind = {"Content-Type": "application/x-www-form-urlencoded"}
                return [caller.send("POST", "/enter/", form, headers=kind)]

        statuses = Counter(reply.status for reply in contest.all_at_once([send] * HOLDERS))
        assert statuses == {302: 1, 422: HOLDERS - 1}
    with public():
        assert HostSession.objects.filter(sign_in=sign_in, host=XINGHE.host).count() == TICKETS


def winners(sign_in: SignIn, use: Use) -> list[int]:
    """How many got in with each ticket."""
    counts = []
    for _ in range(TICKETS):
        nonce = new_nonce()
        text, start = ticket_of(sign_in, nonce), Barrier(HOLDERS)

        def hold(_: int, text: str = text, nonce: str = nonce, start: Barrier = start) -> bool:
            try:
                start.wait()
                use(text, nonce)
            except TicketRefused:
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(HOLDERS) as pool:
            counts.append(sum(pool.map(hold, range(HOLDERS))))
    return counts


def properly(text: str, nonce: str) -> None:
    use_ticket(text=text, host=XINGHE.host, nonce=nonce)


def looking_first(text: str, nonce: str) -> None:
    """The known-bad way: read that it is unused, then write that it is used."""
    with public(), act():
        found = Ticket.objects.filter(digest=digest(text), used_at__isnull=True).first()
        if found is None:
            raise TicketRefused
        found.used_at = clock.now()
        found.save(update_fields=["used_at"])


def test_one_conditional_update_lets_one_in(sign_in: SignIn) -> None:
    assert winners(sign_in, properly) == [1] * TICKETS


def test_looking_before_writing_is_seen_to_fail(sign_in: SignIn) -> None:
    assert max(winners(sign_in, looking_first)) > 1, "this race can see the fault"
