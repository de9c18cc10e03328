"""A seat revoked or changed while somebody works: the very next request knows, by page and by token."""

import json
import re
from datetime import timedelta

import pytest

from core.kernel import clock
from core.kernel.actor import Scope
from ordering.orders.models import OrderLine
from tenants.access.models import Seat
from tenants.access.services import change_seat, close_seat, end_delegation, rotate_token
from tests.cast import Cast
from tests.clients import HostClient, signed_in, visitor
from tests.factories.seats import make_seat
from tests.ordering.watching import statements
from tests.tenants.access.offers import lent


def called(cast: Cast, token: str, path: str = "/api/v1/me") -> int:
    """The status of a call by token."""
    return int(visitor(cast.portal).get(path, headers={"authorization": f"Bearer {token}"}).status_code)


def seated_on(cast: Cast, seat: Seat) -> HostClient:
    """A browser on that seat."""
    return signed_in(cast.portal, seat)


def token_on(page: HostClient, path: str) -> str:
    """The token in the forms of a page."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.get(path).content.decode())
    assert found is not None
    return found[1]


def test_a_closed_seat_ends_page_and_token(cast: Cast) -> None:
    page, token = cast.client(cast.rep), cast.token(cast.rep)
    assert (page.get("/console/dealers/").status_code, called(cast, token)) == (200, 200)
    close_seat(actor=cast.admin, seat_id=cast.rep.seat_id)
    assert (page.get("/console/dealers/").status_code, called(cast, token)) == (302, 401)


def test_other_roles_rule_page_and_token(cast: Cast) -> None:
    page, token = cast.client(cast.warehouse), cast.token(cast.warehouse)
    assert (page.get("/console/stock/").status_code, called(cast, token, "/api/v1/stock")) == (200, 200)
    change_seat(actor=cast.admin, seat_id=cast.warehouse.seat_id, roles=["brand_product"])
    assert (page.get("/console/stock/").status_code, called(cast, token, "/api/v1/stock")) == (403, 403)


def test_other_limits_rule_page_and_token(cast: Cast) -> None:
    page, token = cast.client(cast.rep), cast.token(cast.rep)
    assert (page.get("/console/dealers/code/C2/").status_code, called(cast, token, "/api/v1/dealers/C2")) == (200, 200)
    change_seat(actor=cast.admin, seat_id=cast.rep.seat_id, scope=Scope(regions=("370100",)))
    assert (page.get("/console/dealers/code/C2/").status_code, called(cast, token, "/api/v1/dealers/C2")) == (404, 404)


def test_rights_taken_back_end_the_acting_seat(cast: Cast) -> None:
    delegation = lent(cast, "finance", "product", "dealers.read")
    page = seated_on(cast, delegation.seat)
    assert page.get("/console/dealers/").status_code == 200
    end_delegation(actor=cast.finance, delegation_id=delegation.pk)
    assert page.get("/console/dealers/").status_code == 302
    assert cast.client(cast.product).get("/console/dealers/").status_code == 403


def test_the_acting_seat_says_for_whom_at_the_head_of_the_page(cast: Cast) -> None:
    page = seated_on(cast, lent(cast, "finance", "product", "dealers.read").seat)
    html = page.get("/console/dealers/").content.decode()
    assert "代 品牌财务" in html
    assert "/seat/" in html  # there is a choice now, though the session began before


def test_a_new_secret_rules_and_the_old_one_for_a_day(cast: Cast) -> None:
    old = cast.token(cast.rep)
    _, new = rotate_token(actor=cast.rep, key=old.split("_")[1], overlap_hours=24)
    assert (called(cast, old), called(cast, new)) == (200, 200)
    with clock.at(clock.now() + timedelta(hours=24)):
        assert (called(cast, old), called(cast, new)) == (401, 200)


def test_a_form_of_the_former_seat_goes_into_nobodys_cart(cast: Cast) -> None:
    own = cast.seats["buyer_c1"]
    other = make_seat(cast.portal, own.person_name, cast.c2, "dealer_buyer")
    page = cast.client(cast.buyer_c1, enforce_csrf_checks=True)
    said = {"text": f"{cast.skus[1].code} 4", "csrfmiddlewaretoken": token_on(page, "/pad/")}
    fresh = token_on(page, "/seat/")
    assert page.post("/seat/", {"seat": str(other.pk), "csrfmiddlewaretoken": fresh}).status_code == 302
    assert page.post("/pad/lines/", said).status_code == 403
    assert not OrderLine.objects.exists()
    assert page.post("/pad/lines/", {**said, "csrfmiddlewaretoken": token_on(page, "/pad/")}).status_code == 302
    assert OrderLine.objects.get().order.buyer_id == cast.c2.pk


def test_the_same_seat_again_keeps_its_forms(cast: Cast) -> None:
    page = cast.client(cast.buyer_c1, enforce_csrf_checks=True)
    said = {"text": f"{cast.skus[1].code} 4", "csrfmiddlewaretoken": token_on(page, "/pad/")}
    page.post("/seat/", {"seat": str(cast.buyer_c1.seat_id), "csrfmiddlewaretoken": token_on(page, "/seat/")})
    assert page.post("/pad/lines/", said).status_code == 302


@pytest.mark.parametrize("kind", ["plain", "own", "acting"])
def test_who_somebody_is_is_one_statement(cast: Cast, kind: str) -> None:
    seat = cast.seats["finance"]
    if kind == "acting":
        seat = lent(cast, "finance", "product", "dealers.read").seat
    client = seated_on(cast, seat)
    client.get("/api/v1/me")
    with statements() as seen:
        answer = client.get("/api/v1/me")
    assert answer.status_code == 200
    assert len([sql for sql in seen if "access_" in sql]) == 1
    assert json.loads(answer.content)["side"] == "brand"
