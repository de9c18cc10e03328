"""What operators do is done by verbs, with a reason, and stands in the audit trail under their name."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pyotp
import pytest
from django.conf import settings
from django.core import mail

from core.db.acts import public
from core.events.models import Delivery, Event
from core.files.rules import Type
from core.files.services import keep_produced
from core.jobs.models import Job
from core.kernel import clock
from core.project.demo.platform import FACTOR_SECRET
from core.vault.services import seal
from tenants.access.models import Invitation, Seat
from tenants.brands.models import Brand, Domain
from tenants.organisations.models import Licence, Organisation
from tenants.people.models import FactorReset, Operator, SignIn, User
from tests.cast import Cast
from tests.clients import HostClient, visitor
from tests.factories.operators import OPS, at_desk, make_operator
from tests.factories.people import PASSWORD, make_person
from tests.portals import XINGHE, TestPortal

WHY = {"reason": "工单 4711"}
USCC = "91350100M000100Y43"


def audit(kind: str) -> list[Event]:
    """Happenings of a kind in the public schema."""
    with public():
        return list(Event.objects.filter(kind=kind))


def test_a_person_is_locked_out_everywhere_and_let_in_again(db: None) -> None:
    actor = make_operator("卫安全", "security")
    client = at_desk(actor)
    person = make_person("当事人")
    with public():
        SignIn.objects.create(person=person, started_at=clock.now(), seen_at=clock.now())
    assert client.post(f"/people/user/{person.pk}/deed/lock/", {"reason": " "}).status_code == 422
    assert client.post(f"/people/user/{person.pk}/deed/lock/", WHY).status_code == 302
    with public():
        assert not User.objects.get(pk=person.pk).is_active
        assert not SignIn.objects.filter(person=person, ended_at=None).exists()
    told = audit("people.person_locked.v1")
    assert [(one.person_id, one.payload["reason"]) for one in told] == [(actor.person_id, "工单 4711")]
    assert client.post(f"/people/user/{person.pk}/deed/unlock/", WHY).status_code == 302
    with public():
        assert User.objects.get(pk=person.pk).is_active


def test_nobody_locks_himself_or_changes_his_own_roles(db: None) -> None:
    actor = make_operator("卫安全", "security")
    client = at_desk(actor)
    assert client.post(f"/people/user/{actor.person_id}/deed/lock/", WHY).status_code == 403
    given = {"roles": ["security", "onboarding"], **WHY}
    assert client.post(f"/people/operator/{actor.person_id}/deed/roles/", given).status_code == 403


def test_a_second_factor_falls_only_by_two_operators(db: None) -> None:
    first, second = make_operator("卫安全", "security"), make_operator("卫复核", "security")
    person = make_person("当事人")
    with public():
        User.objects.filter(pk=person.pk).update(totp_sealed=seal("X"), totp_confirmed_at=clock.now())
    assert at_desk(first).post(f"/people/user/{person.pk}/deed/factor/", WHY).status_code == 302
    with public():
        asked = FactorReset.objects.get(person=person)
    assert at_desk(first).post(f"/people/factorreset/{asked.pk}/deed/agree/", WHY).status_code == 403
    with public():
        assert User.objects.get(pk=person.pk).has_second_factor
    assert at_desk(second).post(f"/people/factorreset/{asked.pk}/deed/agree/", WHY).status_code == 302
    with public():
        assert not User.objects.get(pk=person.pk).has_second_factor
    assert at_desk(second).post(f"/people/factorreset/{asked.pk}/deed/agree/", WHY).status_code == 404


def test_roles_that_must_be_apart_are_refused(db: None) -> None:
    client = at_desk(make_operator("卫安全", "security"))
    person = make_person("新人", email="new@ops.example")
    given = {"identifier": "new@ops.example", "roles": ["system", "audit"], **WHY}
    assert client.post("/people/operator/deed/appoint/", given).status_code == 422
    assert client.post("/people/operator/deed/appoint/", {**given, "roles": ["audit"]}).status_code == 302
    with public():
        assert Operator.objects.get(pk=person.pk).roles == ["audit"]


def test_a_brand_is_closed_with_a_reason_and_opened_again(xinghe: TestPortal) -> None:
    client = at_desk(make_operator("沈系统", "system"))
    with public():
        brand = Brand.objects.get(slug=XINGHE.slug)
    for deed in ("suspend", "read-only"):
        form = client.get(f"/brands/brand/{brand.pk}/deed/{deed}/").content.decode()
        assert "访客可见" in form, "what is typed stands on the portal"
    assert client.post(f"/brands/brand/{brand.pk}/deed/suspend/", WHY).status_code == 302
    with public():
        assert Brand.objects.get(pk=brand.pk).state == "SUSPENDED"
    assert client.post(f"/brands/brand/{brand.pk}/deed/resume/", WHY).status_code == 302
    with public():
        assert Brand.objects.get(pk=brand.pk).state == "ACTIVE"
    assert [one.payload["reason"] for one in audit("brands.brand_state_changed.v1")][:1] == ["工单 4711"]
    wrong = {"slug": "chishui", **WHY}
    assert client.post(f"/brands/brand/{brand.pk}/deed/delete/", wrong).status_code == 422


def test_the_duty_of_a_second_factor_is_said_not_toggled(xinghe: TestPortal) -> None:
    """Sent twice (a double click, two operators) it is still what was meant, and why is kept."""
    client = at_desk(make_operator("沈系统", "system"))
    with public():
        brand = Brand.objects.get(slug=XINGHE.slug)
    address = f"/brands/brand/{brand.pk}/deed/factor/"
    assert client.post(address, {"on": "on"}).status_code == 422, "without a reason"
    for _ in range(2):
        assert client.post(address, {"on": "on", **WHY}).status_code == 302
    with public():
        assert Brand.objects.get(pk=brand.pk).requires_second_factor
    kept = [one.payload for one in audit("brands.second_factor_required.v1")]
    assert kept == [{"on": True, "reason": "工单 4711"}]


def test_a_brand_is_exported_with_a_reason(xinghe: TestPortal) -> None:
    client = at_desk(make_operator("沈系统", "system"))
    with public():
        brand = Brand.objects.get(slug=XINGHE.slug)
    address = f"/brands/brand/{brand.pk}/deed/export/"
    assert client.post(address).status_code == 422
    assert client.post(address, WHY).status_code == 302
    with public():
        assert Job.objects.get(kind="brands.export").parameters == {"slug": XINGHE.slug, "reason": "工单 4711"}


def test_a_deletion_that_failed_is_taken_up_at_the_desk(xinghe: TestPortal) -> None:
    client = at_desk(make_operator("沈系统", "system"))
    given = {"slug": XINGHE.slug, **WHY}
    with public():
        brand = Brand.objects.get(slug=XINGHE.slug)
    address = f"/brands/brand/{brand.pk}/deed/delete/"
    assert client.post(address, given).status_code == 302
    with public():
        assert Brand.objects.get(pk=brand.pk).state == "DELETING"
        Job.objects.filter(kind="brands.delete").update(status="FAILED")
    assert client.get(address).status_code == 200
    assert client.post(address, given).status_code == 302
    with public():
        assert sorted(Job.objects.filter(kind="brands.delete").values_list("status", flat=True)) == ["FAILED", "QUEUED"]


def test_a_host_is_claimed_at_the_desk(xinghe: TestPortal) -> None:
    client = at_desk(make_operator("沈系统", "system"))
    with public():
        brand = Brand.objects.get(slug=XINGHE.slug)
    given = {"host": "dinghuo.xinghe.example", **WHY}
    answer = client.post(f"/brands/brand/{brand.pk}/deed/host/", given)
    with public():
        claimed = Domain.objects.get(domain="dinghuo.xinghe.example")
    assert answer["Location"] == f"/brands/domain/{claimed.pk}/change/"
    assert claimed.verified_at is None
    assert claimed.challenge in client.get(answer["Location"]).content.decode()


def test_a_licence_is_verified_with_the_days_of_the_paper(db: None) -> None:
    client = at_desk(make_operator("迎入驻", "onboarding"))
    with public():
        house = Organisation.objects.create(
            uscc=USCC, name="济南泉城名酒有限公司", kind="DEALER", created_at=clock.now()
        )
        paper = Licence.objects.create(
            organisation=house,
            type="TRADEMARK_AUTH",
            number="SQ-2026-01",
            valid_from="2026-01-01",
            valid_to="2030-12-31",
            submitted_at=clock.now(),
        )
    address = f"/organisations/licence/{paper.pk}/deed/verify/"
    assert client.get(address).status_code == 200
    answer = client.post(address, {"valid_from": "2026-01-01", "valid_to": "2031-06-30", "scope": "山东"})
    assert answer.status_code == 302, answer.content.decode()
    with public():
        assert Licence.objects.get(pk=paper.pk).status == "VERIFIED"
    assert client.post(f"/organisations/licence/{paper.pk}/deed/reject/", WHY).status_code in (409, 422)


def test_a_delivery_that_fails_is_dropped_with_a_reason(xinghe: TestPortal) -> None:
    event = Event.objects.create(
        kind="little.thing_done.v1", aggregate_type="thing", aggregate_id="A-1", at=clock.now()
    )
    stuck = Delivery.objects.create(event=event, handler="little.hear", attempts=3, due_at=clock.now(), last_error="x")
    client = at_desk(make_operator("沈系统", "system"))
    assert "little.hear" in client.get("/deliveries/").content.decode()
    address = f"/deliveries/{xinghe.schema}/{stuck.pk}/drop/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, WHY).status_code == 302
    assert not Delivery.objects.filter(pk=stuck.pk).exists()
    assert Event.objects.get(kind="events.delivery_dropped.v1").payload["reason"] == "工单 4711"
    assert client.post("/deliveries/pg_catalog/1/drop/", WHY).status_code == 404


def test_a_new_brand_is_handed_to_its_first_administrator_and_to_no_second(cast: Cast) -> None:
    client = at_desk(make_operator("迎入驻", "onboarding"))
    with public():
        brand = Brand.objects.get(slug=XINGHE.slug)
    address = f"/brands/brand/{brand.pk}/administrator/"
    given = {"account": "13900139001", "name": "新管理员", **WHY}
    assert client.post(address, given).status_code == 409
    Seat.objects.filter(roles__contains=["brand_admin"]).update(status="CLOSED")
    links = []
    for _ in range(2):
        answer = client.post(address, given)
        assert answer.status_code == 200
        links.append(re.findall(r"/invitation/[^<]+", answer.content.decode())[0])
    old, new = (visitor(cast.portal).get(link) for link in links)
    assert "新管理员" not in old.content.decode()
    assert new.status_code == 200
    assert Invitation.objects.get(withdrawn_at=None).roles == ["brand_admin"]
    told = audit("access.first_administrator_invited.v1")
    assert [one.payload for one in told] == [{"reason": "工单 4711"}] * 2
    assert "13900139001" not in str([one.payload for one in told])


def test_the_paper_lies_beside_the_form(db: None) -> None:
    client = at_desk(make_operator("迎入驻", "onboarding"))
    with public():
        house = Organisation.objects.create(name="济南泉城名酒有限公司", kind="DEALER", created_at=clock.now())
        kept = keep_produced(
            name="licence.png", content=b"\x89PNG", content_type=Type.PNG, dealer_id=None, seat_id=None
        )
        paper = Licence.objects.create(
            organisation=house,
            type="JY",
            number="JY1",
            valid_from="2026-01-01",
            submitted_at=clock.now(),
            file_ids=[kept.pk],
        )
    picture = f"/licences/{paper.pk}/scan/0/"
    assert picture in client.get(f"/organisations/licence/{paper.pk}/deed/verify/").content.decode()
    answer = client.get(picture)
    assert (answer.status_code, answer["Content-Disposition"]) == (200, "inline")
    assert client.get(f"/licences/{paper.pk}/scan/1/").status_code == 404
    assert at_desk(make_operator("卫安全", "security")).get(picture).status_code == 403


def test_organisations_come_in_as_a_job(db: None, django_capture_on_commit_callbacks: Any) -> None:
    client = at_desk(make_operator("迎入驻", "onboarding"))
    rows = ("统一社会信用代码,名称,类型", f"{USCC},济南泉城名酒有限公司,经销商", "123,错码公司,酒厂")
    table = BytesIO("\n".join(rows).encode())
    table.name = "companies.csv"
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/organisations/organisation/deed/import/", {"table": table})
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer["Location"]).content.decode()
    with public():
        job = Job.objects.get(kind="organisations.import")
        assert (job.status, job.done, job.failed) == ("DONE_WITH_ERRORS", 1, 1)
        assert Organisation.objects.get(uscc=USCC).kind == "DEALER"
    assert "统一社会信用代码" in page


@pytest.fixture
def operator(db: None) -> User:
    """Somebody who may sit at the desk, with a second factor."""
    person = make_person("沈系统", email="system@ops.example")
    make_operator_of(person)
    with public():
        User.objects.filter(pk=person.pk).update(totp_sealed=seal(FACTOR_SECRET), totp_confirmed_at=clock.now())
    return person


def make_operator_of(person: User) -> None:
    """Give the person the system's role."""
    with public():
        Operator.objects.create(pk=person.pk, roles=["system"], since=clock.now())


def signed_in_as(identifier: str, code: str) -> tuple[int, HostClient]:
    """What the form answers, and the browser after it."""
    client = HostClient(OPS)
    answer = client.post("/sign-in/", {"identifier": identifier, "password": PASSWORD, "code": code})
    return answer.status_code, client


def test_signing_in_takes_the_code_once(operator: User) -> None:
    assert signed_in_as("system@ops.example", "")[0] == 422
    code = pyotp.TOTP(FACTOR_SECRET).at(clock.now())
    status, client = signed_in_as("system@ops.example", code)
    assert status == 302
    assert client.get("/").status_code == 200
    assert client.cookies[settings.DESK_COOKIE_NAME]["samesite"] == "Strict"
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    assert signed_in_as("system@ops.example", code)[0] == 422
    client.post("/sign-out/")
    assert client.get("/").status_code == 302
    assert mail.outbox == []


def test_wrong_passwords_from_elsewhere_keep_no_operator_out(operator: User) -> None:
    code = pyotp.TOTP(FACTOR_SECRET).at(clock.now())
    status, client = signed_in_as("system@ops.example", code)
    assert status == 302
    client.post("/sign-out/")
    given = {"identifier": "system@ops.example", "password": "not this one at all", "code": "123456"}
    tries = [HostClient(OPS).post("/sign-in/", given).status_code for _ in range(6)]
    assert tries[-1] == 429
    with clock.at(clock.now() + timedelta(minutes=1)):
        given |= {"password": PASSWORD, "code": pyotp.TOTP(FACTOR_SECRET).at(clock.now())}
        assert client.post("/sign-in/", given).status_code == 302, "from the browser one works at"


def test_who_is_no_operator_reads_what_a_wrong_password_reads(db: None) -> None:
    make_person("路人", email="nobody@shop.example")
    client = HostClient(OPS)
    given = {"identifier": "nobody@shop.example", "code": "123456"}
    known = client.post("/sign-in/", {**given, "password": PASSWORD})
    wrong = client.post("/sign-in/", {**given, "password": "not this one at all"})
    assert (known.status_code, wrong.status_code) == (422, 422)
    assert said(known) == said(wrong) != []


def said(answer: Any) -> list[str]:
    """What the page says went wrong."""
    return re.findall(r"notice__body[^>]*>([^<]+)<", answer.content.decode())


def test_an_operator_without_a_factor_is_shown_where_to_set_one_up(db: None) -> None:
    make_operator_of(make_person("沈系统", email="system@ops.example"))
    client = HostClient(OPS)
    answer = client.post("/sign-in/", {"identifier": "system@ops.example", "password": PASSWORD, "code": "-"})
    assert answer.status_code == 422
    assert "/profile/second-factor/" in answer.content.decode()
