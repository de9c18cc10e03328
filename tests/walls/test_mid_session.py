"""What somebody loses while they work is lost at the very next request: on pages, in calls by session and by token.

Each story works through all three doors first. Plain seats, roles and limits: tests/tenants/access/test_in_mid_session.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from core.db.acts import public
from core.kernel import clock
from core.kernel.actor import Actor, Side
from core.kernel.operators import AUDIT, SECURITY, SYSTEM
from tenants.access.models import Invitation, Seat
from tenants.access.services import change_role, change_seat, close_seat, end_delegation, make_role, revoke_token
from tenants.brands.services import make_read_only, require_second_factor, resume, suspend
from tenants.people.models import Operator
from tenants.people.operators import dismiss_operator, lock_person
from tenants.people.sign_ins import end_all_sessions
from tests.cast import Cast
from tests.clients import HostClient, signed_in, visitor
from tests.factories.operators import at_desk, make_operator
from tests.factories.people import make_person
from tests.tenants.access.offers import lent, offered

PAGE, CALL = "/console/dealers/", "/api/v1/dealers"
GONE, FORBIDDEN, CLOSED = (302, 401, 401), (403, 403, 403), (503, 503, 503)


@dataclass
class Doors:
    """One seat's three ways in, open since before the story."""

    browser: HostClient
    program: HostClient
    bearer: dict[str, str]

    @classmethod
    def of(cls, cast: Cast, seat: Seat, actor: Actor | None = None) -> "Doors":
        token = cast.token(actor) if actor else ""
        return cls(signed_in(cast.portal, seat), visitor(cast.portal), {"authorization": f"Bearer {token}"})

    def answers(self, page: str = PAGE, call: str = CALL) -> tuple[int, int, int]:
        """Statuses of the page, of a call by session and of a call by token."""
        return (
            self.browser.get(page).status_code,
            self.browser.get(call).status_code,
            self.program.get(call, headers=self.bearer).status_code,
        )

    def writes(self, invitation: Invitation, number: int) -> tuple[int, int, int]:
        """Statuses of the same three, each writing something: an invitation is renewed, two dealers are set up."""
        path = reverse("console:renew_invitation", settings.URLCONF_BRAND, kwargs={"invitation_id": invitation.pk})
        statuses = [self.browser.post(path).status_code]
        for client, headers in ((self.browser, {}), (self.program, self.bearer)):
            code = f"N{number}{len(statuses)}"
            body = {"code": code, "name": f"商贸{code}", "tier": "CITY", "region": "370300", "parent": "ROOT"}
            key = {"idempotency-key": f"in-mid-session-{code}"}
            statuses.append(client.post(CALL, json.dumps(body), "application/json", headers=key | headers).status_code)
        return statuses[0], statuses[1], statuses[2]


@pytest.fixture
def operator(db: None) -> Actor:
    return make_operator("运维甲", SYSTEM)


def test_a_closed_seat_is_out(cast: Cast) -> None:
    doors = Doors.of(cast, cast.seats["rep"], cast.rep)
    assert doors.answers() == (200, 200, 200)
    close_seat(actor=cast.admin, seat_id=cast.rep.seat_id)
    assert doors.answers() == GONE


def test_a_custom_role_narrowed_narrows_everybody_who_has_it(cast: Cast) -> None:
    codes = ["catalogue.read", "dealers.read"]
    role = make_role(actor=cast.admin, name="查户", side=Side.BRAND, codes=codes)
    change_seat(actor=cast.admin, seat_id=cast.seats["rep"].pk, roles=[role.code])
    doors = Doors.of(cast, cast.seats["rep"], cast.rep)
    assert doors.answers() == (200, 200, 200)
    change_role(actor=cast.admin, code=role.code, name="查户", codes=["catalogue.read"])
    assert doors.answers() == FORBIDDEN


@pytest.mark.parametrize("end", ["taken back", "over", "giver left", "giver lost it"])
def test_lent_rights_end_with_their_loan_and_with_their_giver(cast: Cast, end: str) -> None:
    loan = lent(cast, "finance", "product", "dealers.read")
    doors = Doors.of(cast, loan.seat)
    assert doors.answers()[:2] == (200, 200)
    later = clock.now()
    stories: dict[str, Callable[[], object]] = {
        "taken back": lambda: end_delegation(actor=cast.finance, delegation_id=loan.pk),
        "over": lambda: None,
        "giver left": lambda: close_seat(actor=cast.admin, seat_id=cast.finance.seat_id),
        "giver lost it": lambda: change_seat(actor=cast.admin, seat_id=cast.finance.seat_id, roles=["brand_product"]),
    }
    stories[end]()
    with clock.at(later + timedelta(days=8) if end == "over" else later):
        assert doors.answers()[:2] in (GONE[:2], FORBIDDEN[:2])


def test_a_revoked_token_is_out_and_its_seats_session_stays(cast: Cast) -> None:
    doors = Doors.of(cast, cast.seats["rep"], cast.rep)
    revoke_token(actor=cast.rep, key=doors.bearer["authorization"].split("_")[1])
    assert doors.answers() == (200, 200, 401)


def test_whoever_is_signed_out_elsewhere_is_out_and_the_token_stays(cast: Cast) -> None:
    doors = Doors.of(cast, cast.seats["rep"], cast.rep)
    assert doors.answers() == (200, 200, 200)
    end_all_sessions(cast.rep.person_id)
    assert doors.answers() == (302, 401, 200)


def test_a_suspended_portal_is_closed_to_everybody_at_once(
    cast: Cast, operator: Actor, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    doors = Doors.of(cast, cast.seats["rep"], cast.rep)
    assert doors.answers() == (200, 200, 200)
    with django_capture_on_commit_callbacks(execute=True):
        suspend(actor=operator, slug=cast.portal.slug, reason="欠费")
    assert doors.answers() == CLOSED
    with django_capture_on_commit_callbacks(execute=True):
        resume(actor=operator, slug=cast.portal.slug)
    assert doors.answers() == (200, 200, 200)


def test_a_read_only_portal_is_read_and_not_written(
    cast: Cast, operator: Actor, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    doors = Doors.of(cast, cast.seats["admin"], cast.admin)
    invitation, _ = offered(cast)
    assert doors.writes(invitation, 1) == (302, 201, 201)
    with django_capture_on_commit_callbacks(execute=True):
        make_read_only(actor=operator, slug=cast.portal.slug, reason="对账")
    assert doors.answers() == (200, 200, 200)
    assert doors.writes(invitation, 2) == FORBIDDEN


def test_a_second_factor_asked_for_now_is_asked_of_who_is_in_already(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    doors = Doors.of(cast, cast.seats["rep"], cast.rep)
    asking = cast.admin
    with django_capture_on_commit_callbacks(execute=True):
        require_second_factor(actor=asking, on=True)
    page, call, token = doors.answers()
    assert (page, call) != (200, 200)
    assert doors.browser.get(PAGE)["Location"].startswith("/profile/second-factor/")
    assert token == 200, "a token was issued by somebody who had to prove it"


def test_an_operator_dismissed_or_given_other_roles_is_so_at_once(db: None) -> None:
    security = make_operator("卫安全", SECURITY)
    at_work = make_operator("沈系统", SYSTEM)
    desk = at_desk(at_work)
    assert desk.get("/brands/brand/").status_code == desk.get("/brands/brand/deed/open/").status_code == 200
    with public():
        Operator.objects.filter(pk=at_work.person_id).update(roles=[AUDIT])
    assert (desk.get("/brands/brand/").status_code, desk.get("/brands/brand/deed/open/").status_code) == (200, 403)
    dismiss_operator(actor=security, person_id=at_work.person_id, reason="离任")
    assert desk.get("/brands/brand/").status_code == 302


def test_a_locked_person_is_out_on_every_host(cast: Cast) -> None:
    security = make_operator("卫安全", SECURITY)
    person = make_person(cast.rep.person_name)
    doors = Doors.of(cast, cast.seats["rep"], cast.rep)
    assert doors.answers() == (200, 200, 200)
    lock_person(actor=security, person_id=person.pk, reason="冒用")
    assert doors.answers()[:2] == GONE[:2]
