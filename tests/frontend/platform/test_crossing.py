"""From host to host without a password: by a ticket that works once, within a minute, on one host, in one browser."""

import logging
import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing

from core.db.acts import public
from core.kernel import clock
from frontend.platform.crossing import COOKIE
from frontend.platform.entrances import COOKIE as CAME
from tenants.access.models import Seat
from tenants.brands.addresses import address_of
from tenants.brands.models import Brand, Domain
from tenants.people.models import HostSession, SignIn, Ticket, User
from tenants.people.sign_ins import end_all_sessions
from tests.cast import Cast
from tests.clients import PLATFORM, HostClient, signed_in, visitor
from tests.factories.people import PASSWORD, make_person
from tests.frontend.platform.conftest import PHONE, Person
from tests.frontend.platform.travelling import Traveller, ticket_in
from tests.portals import CHISHUI, XINGHE

ENTER = f"http://{XINGHE.host}/enter/"


def arrive(person: Person, url: str = ENTER) -> Any:
    """As far as the page with the form, on the target's host."""
    answer = person.browser.open(url)
    assert answer.status_code == 200
    assert "data-enter" in answer.content.decode()
    return answer


def is_in(client: HostClient) -> bool:
    """Whether somebody sits in a seat on the client's host."""
    return bool(client.get("/api/v1/me").status_code == 200)


def refused(answer: Any) -> bool:
    """Whether nobody was let in, and the page says what to do now."""
    return bool(answer.status_code == 422 and "/sign-in/" in answer.content.decode())


def test_somebody_signed_in_on_the_platform_enters_a_brand(cast: Cast, buyer: Person) -> None:
    page = arrive(buyer, f"{ENTER}?next=/orders/%3Fpage%3D2")
    answer = buyer.browser.send_form(XINGHE.host, page)
    assert (answer.status_code, answer["Location"]) == (302, "/orders/?page=2")
    client = buyer.browser.on(XINGHE.host)
    assert is_in(client)
    assert COOKIE not in {name for name, morsel in client.cookies.items() if morsel.value}
    with public():
        assert SignIn.objects.count() == 1, "the session belongs to the platform's sign-in"
        assert set(HostSession.objects.values_list("host", flat=True)) == {PLATFORM, XINGHE.host}


def test_without_next_one_lands_at_home(cast: Cast, buyer: Person) -> None:
    assert buyer.browser.send_form(XINGHE.host, arrive(buyer))["Location"] == "/"


def test_a_custom_domain_is_entered_alike(cast: Cast, buyer: Person) -> None:
    with public():
        brand = Brand.objects.get(slug="xinghe")
        Domain.objects.create(tenant=brand, domain="order.xinghe.example", is_primary=False, verified_at=clock.now())
    page = arrive(buyer, "http://order.xinghe.example/enter/")
    assert buyer.browser.send_form("order.xinghe.example", page).status_code == 302
    assert is_in(buyer.browser.on("order.xinghe.example"))


def test_who_is_signed_out_gives_the_password_on_the_platform_and_comes_back(cast: Cast) -> None:
    make_person(cast.buyer_c1.person_name, phone=PHONE)
    browser = Traveller()
    form = browser.open(f"{ENTER}?next=/orders/")
    assert browser.visited[-1].startswith(f"http://{PLATFORM}/sign-in/") or "/sign-in/" in browser.visited[-1]
    onward = parse_qs(urlsplit(browser.visited[-1]).query)["next"][0]
    assert form.status_code == 200
    answer = browser.on(PLATFORM).post("/sign-in/", {"identifier": PHONE, "password": PASSWORD, "next": onward})
    page = browser.open(f"http://{PLATFORM}{answer['Location']}")
    assert browser.send_form(XINGHE.host, page)["Location"] == "/orders/"


def test_from_a_brand_to_the_platform_and_on_to_the_other_brand(cast: Cast, chishui_cast: Cast, buyer: Person) -> None:
    browser = Traveller()
    browser.take(signed_in(cast.portal, cast.seats["buyer_c1"]))
    page = browser.open(f"http://{PLATFORM}/enter/?from={XINGHE.host}&next=/portals/")
    answer = browser.send_form(PLATFORM, page)
    assert answer["Location"] == "/portals/"
    there = browser.open(f"http://{CHISHUI.host}/enter/")
    assert browser.send_form(CHISHUI.host, there).status_code == 302
    assert is_in(browser.on(CHISHUI.host))


def test_who_is_in_already_goes_on_at_once(cast: Cast, buyer: Person) -> None:
    buyer.browser.send_form(XINGHE.host, arrive(buyer))
    before = len(buyer.browser.visited)
    answer = buyer.browser.on(XINGHE.host).get("/enter/?next=/orders/")
    assert (answer.status_code, answer["Location"]) == (302, "/orders/")
    assert len(buyer.browser.visited) == before


def test_who_is_in_without_a_seat_chooses_one(cast: Cast, buyer: Person, second_seat: str) -> None:
    buyer.browser.send_form(XINGHE.host, arrive(buyer))
    client = buyer.browser.on(XINGHE.host)
    assert client.get("/enter/?next=/orders/")["Location"] == "/seat/?next=%2Forders%2F"
    shown = client.get("/seat/").content.decode()
    assert buyer.user.name in shown
    assert f"{address_of(PLATFORM)}/enter/?from={XINGHE.host}" in shown


def test_somebody_invited_comes_in_before_they_have_a_seat(cast: Cast, buyer: Person) -> None:
    page = arrive(buyer, f"{ENTER}?next=/invitation/abc/")
    Seat.objects.filter(person_id=buyer.user.pk).update(status=Seat.Status.CLOSED)
    assert buyer.browser.send_form(XINGHE.host, page)["Location"] == "/invitation/abc/"


def test_another_person_in_the_same_browser_is_replaced(cast: Cast, buyer: Person) -> None:
    """The portals' links name the sign-in they mean: a session of somebody else does not answer for it."""
    other = signed_in(cast.portal, cast.seats["buyer_p1"])
    former = other.session["sign_in"]
    buyer.browser.take(other)
    page = buyer.browser.open(f"http://{PLATFORM}/portals/")
    door = f"{address_of(XINGHE.host)}/enter/"
    link = next(part for part in page.content.decode().split('"') if part.startswith(door)).replace("&amp;", "&")
    buyer.browser.send_form(XINGHE.host, arrive(buyer, link))
    assert other.get("/api/v1/me").json()["person"] == cast.buyer_c1.person_name
    with public():
        assert SignIn.objects.get(pk=former).ended_at is not None, "it reached no other host"


def test_the_asked_seat_is_taken(cast: Cast, buyer: Person, second_seat: str) -> None:
    page = arrive(buyer, f"{ENTER}?seat={second_seat}")
    assert buyer.browser.send_form(XINGHE.host, page)["Location"] == "/"
    assert buyer.browser.on(XINGHE.host).session["seat"] == second_seat


def test_with_several_seats_and_none_asked_one_chooses(cast: Cast, buyer: Person, second_seat: str) -> None:
    assert buyer.browser.send_form(XINGHE.host, arrive(buyer))["Location"] == "/seat/"


def test_a_strangers_seat_is_not_taken(cast: Cast, buyer: Person, second_seat: str) -> None:
    page = arrive(buyer, f"{ENTER}?seat={cast.seats['admin'].pk}")
    assert buyer.browser.send_form(XINGHE.host, page)["Location"] == "/seat/"


def test_a_ticket_used_twice_is_refused(cast: Cast, buyer: Person) -> None:
    page = arrive(buyer)
    kept = buyer.browser.on(XINGHE.host).cookies[COOKIE].value
    assert buyer.browser.send_form(XINGHE.host, page).status_code == 302
    thief = visitor(cast.portal)
    thief.cookies[COOKIE] = kept
    answer = thief.post("/enter/", {"ticket": ticket_in(page)})
    assert refused(answer)
    assert not is_in(thief)


def test_a_ticket_on_another_host_is_refused(cast: Cast, chishui_cast: Cast, buyer: Person) -> None:
    page = arrive(buyer)
    elsewhere = visitor(chishui_cast.portal)
    elsewhere.cookies[COOKIE] = buyer.browser.on(XINGHE.host).cookies[COOKIE].value
    assert refused(elsewhere.post("/enter/", {"ticket": ticket_in(page)}))
    assert refused(buyer.browser.send_form(XINGHE.host, page)), "whoever tried it used it up"


@pytest.mark.parametrize("nonce", ["", "another nonce of another browser of some length"])
def test_a_ticket_in_another_browser_is_refused(cast: Cast, buyer: Person, nonce: str) -> None:
    page = arrive(buyer)
    thief = visitor(cast.portal)
    if nonce:
        thief.cookies[COOKIE] = nonce
    assert refused(thief.post("/enter/", {"ticket": ticket_in(page)}))
    assert not is_in(thief)


def test_a_ticket_lured_out_for_a_strangers_nonce_is_worth_nothing(cast: Cast, buyer: Person) -> None:
    """Somebody leads a signed-in person to the issuer with the digest of his own nonce; he never sees the ticket."""
    stranger = Traveller()
    start = stranger.on(XINGHE.host).get("/enter/")
    lure = start["Location"]
    page = buyer.browser.open(lure)
    assert refused(buyer.browser.send_form(XINGHE.host, page))
    assert not is_in(stranger.on(XINGHE.host))


def test_after_sixty_seconds_it_is_over(cast: Cast, buyer: Person) -> None:
    page = arrive(buyer)
    with clock.at(clock.now() + timedelta(seconds=60)):
        assert refused(buyer.browser.send_form(XINGHE.host, page))
    page = arrive(buyer)
    with clock.at(clock.now() + timedelta(seconds=59)):
        assert buyer.browser.send_form(XINGHE.host, page).status_code == 302


def test_a_person_closed_meanwhile_is_refused(cast: Cast, buyer: Person) -> None:
    page = arrive(buyer)
    with public():
        User.objects.filter(pk=buyer.user.pk).update(is_active=False)
    assert refused(buyer.browser.send_form(XINGHE.host, page))


def test_a_sign_in_ended_meanwhile_is_refused(cast: Cast, buyer: Person) -> None:
    page = arrive(buyer)
    end_all_sessions(buyer.user.pk)
    assert refused(buyer.browser.send_form(XINGHE.host, page))
    assert not is_in(buyer.browser.on(XINGHE.host))


def test_without_a_seat_on_the_target_nobody_gets_in(cast: Cast, buyer: Person) -> None:
    page = arrive(buyer)
    Seat.objects.filter(person_id=buyer.user.pk).update(status=Seat.Status.CLOSED)
    answer = buyer.browser.send_form(XINGHE.host, page)
    assert answer.status_code == 403
    assert not is_in(buyer.browser.on(XINGHE.host))


@pytest.mark.parametrize("host", ["evil.example", "", "XINGHE.jiumai.localhost", PLATFORM, "xinghe.jiumai.localhost/x"])
def test_the_platform_leads_to_hosts_of_brands_only(cast: Cast, buyer: Person, host: str) -> None:
    client = HostClient(PLATFORM, raise_request_exception=False)
    client.cookies = buyer.platform.cookies
    assert client.get("/ticket/", {"to": host, "browser": "0" * 64}).status_code == 404
    with public():
        assert not Ticket.objects.exists()


def test_a_brands_host_leads_to_the_platform_only(cast: Cast, buyer: Person) -> None:
    client = signed_in(cast.portal, cast.seats["buyer_c1"], raise_request_exception=False)
    for host in (CHISHUI.host, XINGHE.host, "evil.example"):
        assert client.get("/ticket/", {"to": host, "browser": "0" * 64}).status_code == 404


def test_the_platform_asks_brands_only(cast: Cast) -> None:
    client = HostClient(PLATFORM, raise_request_exception=False)
    for host in ("evil.example", "", PLATFORM):
        assert client.get("/enter/", {"from": host}).status_code == 404


@pytest.mark.parametrize(
    "next_url", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_leads_nowhere_else(cast: Cast, buyer: Person, next_url: str) -> None:
    page = buyer.browser.open(f"{ENTER}?next={next_url}")
    assert buyer.browser.send_form(XINGHE.host, page)["Location"] == "/"


def test_opening_the_page_again_uses_nothing_up(cast: Cast, buyer: Person) -> None:
    page = arrive(buyer)
    for _ in range(3):
        buyer.browser.on(XINGHE.host).get(buyer.browser.visited[-1].partition(XINGHE.host)[2])
    assert buyer.browser.send_form(XINGHE.host, page).status_code == 302


def test_the_exchange_needs_the_form_of_this_host(cast: Cast, buyer: Person) -> None:
    page = arrive(buyer)
    strict = HostClient(XINGHE.host, enforce_csrf_checks=True)
    strict.cookies = buyer.browser.on(XINGHE.host).cookies
    assert strict.post("/enter/", {"ticket": ticket_in(page)}).status_code == 403


def test_a_key_known_before_is_worth_nothing_after(cast: Cast, buyer: Person) -> None:
    """Session fixation: somebody plants a session's key in the browser before its person comes in."""
    planted = visitor(cast.portal)
    with public():
        session = planted.session
        session["planted"] = "yes"
        session.save()
    key = planted.cookies["jm"].value
    buyer.browser.take(planted)
    page = arrive(buyer)
    buyer.browser.send_form(XINGHE.host, page)
    assert planted.cookies["jm"].value != key
    assert "planted" not in planted.session
    thief = visitor(cast.portal)
    thief.cookies["jm"] = key
    assert not is_in(thief)


def test_a_password_rotates_the_key_too(cast: Cast, buyer: Person) -> None:
    client = visitor(cast.portal)
    client.post("/sign-in/", {"identifier": PHONE, "password": PASSWORD})
    first = client.cookies["jm"].value
    client.post("/sign-out/")
    client.cookies["jm"] = first
    client.post("/sign-in/", {"identifier": PHONE, "password": PASSWORD})
    assert client.cookies["jm"].value != first


def test_nothing_of_the_ticket_is_logged_and_its_text_is_stored_nowhere(
    cast: Cast, buyer: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page = arrive(buyer)
    text, nonce = ticket_in(page), buyer.browser.on(XINGHE.host).cookies[COOKIE].value
    buyer.browser.send_form(XINGHE.host, page)
    buyer.browser.send_form(XINGHE.host, page)
    said = "\n".join(
        record.getMessage() + str(record.__dict__) for record in caplog.records if record.name != "django.db.backends"
    )
    assert "enter" in said
    assert text not in said
    assert nonce not in said
    with public():
        row = Ticket.objects.get()
    assert text not in str(row.__dict__)
    assert nonce not in str(row.__dict__)


def test_no_page_with_a_ticket_is_kept_or_told_to_other_hosts(cast: Cast, buyer: Person) -> None:
    page = arrive(buyer)
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"
    cookie = buyer.browser.on(XINGHE.host).cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")


def test_a_person_asks_for_sixty_tickets_in_five_minutes_at_most(cast: Cast, buyer: Person) -> None:
    client = HostClient(PLATFORM, raise_request_exception=False)
    client.cookies = buyer.platform.cookies
    asked = {"to": XINGHE.host, "browser": "0" * 64}
    statuses = [client.get("/ticket/", asked).status_code for _ in range(61)]
    assert statuses == [200] * 60 + [503]


@pytest.fixture
def at_chishui(cast: Cast, chishui_cast: Cast) -> Traveller:
    """A browser in which somebody signed in by password at 赤水河, and nowhere else."""
    make_person(cast.buyer_c1.person_name, phone=PHONE)
    browser = Traveller()
    came = browser.on(CHISHUI.host).post("/sign-in/", {"identifier": PHONE, "password": PASSWORD})
    cookie = came.cookies[CAME]
    assert (cookie["domain"], cookie["path"], cookie["httponly"]) == (PLATFORM, "/sign-in/", True)
    for host in (PLATFORM, XINGHE.host):  # one domain: the browser sends it there too
        browser.on(host).cookies[CAME] = cookie.value
    return browser


def offers_of(page: Any) -> list[str]:
    return [unescape(url) for url in re.findall(r'href="(/enter/\?from=[^"]+)"', page.content.decode())]


def test_who_came_in_at_a_brand_first_needs_no_password_at_another(cast: Cast, at_chishui: Traveller) -> None:
    page = at_chishui.open(f"{ENTER}?next=/orders/")
    (offer,) = offers_of(page)
    assert f"从{CHISHUI.name}免密进入" in page.content.decode()
    page = at_chishui.open(f"http://{PLATFORM}{offer}")
    onward = at_chishui.send_form(PLATFORM, page)
    assert onward.status_code == 302
    page = at_chishui.open(f"http://{PLATFORM}{onward['Location']}")
    assert at_chishui.send_form(XINGHE.host, page)["Location"] == "/orders/"
    assert is_in(at_chishui.on(XINGHE.host))
    with public():
        assert SignIn.objects.count() == 1, "one sign-in on three hosts"


def test_the_list_of_portals_is_reached_from_a_brand_too(cast: Cast, at_chishui: Traveller) -> None:
    (offer,) = offers_of(at_chishui.open(f"http://{PLATFORM}/portals/"))
    answer = at_chishui.send_form(PLATFORM, at_chishui.open(f"http://{PLATFORM}{offer}"))
    assert answer["Location"] == "/portals/"


def test_where_nobody_is_signed_in_any_more_is_not_offered_again(cast: Cast, at_chishui: Traveller) -> None:
    at_chishui.on(CHISHUI.host).post("/sign-out/")
    (offer,) = offers_of(at_chishui.open(f"http://{PLATFORM}/portals/"))
    page = at_chishui.open(f"http://{PLATFORM}{offer}")
    assert "/sign-in/" in at_chishui.visited[-1]
    assert (page.status_code, offers_of(page)) == (200, [])


def test_a_made_up_or_customers_host_is_never_offered(cast: Cast, at_chishui: Traveller) -> None:
    client = at_chishui.on(PLATFORM)
    client.cookies[CAME] = signing.dumps(
        ["evil.example", "nobody.jiumai.localhost"], salt="frontend.platform.entrances"
    )
    assert offers_of(client.get("/sign-in/")) == []
    client.cookies[CAME] = "garbage"
    assert offers_of(client.get("/sign-in/")) == []
    with public():
        brand = Brand.objects.get(slug="xinghe")
        Domain.objects.create(tenant=brand, domain="order.xinghe.example", is_primary=False, verified_at=clock.now())
    own = HostClient("order.xinghe.example").post("/sign-in/", {"identifier": PHONE, "password": PASSWORD})
    assert (own.status_code, CAME in own.cookies) == (302, False)
