"""The desk is there for operators alone: no other host or session, no brand's administrator, no role too many."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from core.db.acts import public
from core.files.rules import Purpose, Type
from core.files.services import keep_produced
from core.jobs.models import Job
from core.kernel import clock
from core.kernel.errors import NotPermitted
from core.kernel.operators import CONFLICTS, ROLE_CODES, Ops
from tenants.access.desk import OPEN
from tenants.access.roles import CODES
from tenants.brands.models import Brand
from tenants.people.models import FactorReset, Operator
from tests.cast import Cast
from tests.clients import HostClient, platform_client, visitor
from tests.factories.operators import OPS, at_desk, make_operator
from tests.factories.people import make_person
from tests.portals import XINGHE, TestPortal

IDS = {
    "object_id": "1",
    "name": "lock",
    "brand_id": 1,
    "schema": "public",
    "delivery_id": 1,
    "deed": "retry",
    "job_id": "0198aaaa-0000-7000-8000-000000000000",
    "licence_id": "0198aaaa-0000-7000-8000-000000000000",
    "place": 0,
}


def addresses() -> list[str]:
    """Every path of the desk's host with some ids in it, but those open to all."""
    return sorted(set(_paths(get_resolver(settings.URLCONF_OPS), "")))


def _paths(resolver: URLResolver, space: str) -> list[str]:
    found: list[str] = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            found += _paths(pattern, f"{pattern.namespace}:" if pattern.namespace else space)
        elif pattern.name not in OPEN and pattern.name:
            found.append(_path(pattern, space))
    return found


def _path(pattern: URLPattern, space: str) -> str:
    ids = {name: IDS[name] for name in pattern.pattern.converters}
    return reverse(f"{space}{pattern.name}", settings.URLCONF_OPS, kwargs=ids)


def test_there_are_addresses_to_try() -> None:
    assert len(addresses()) > 40


def test_nobody_is_sent_to_the_sign_in_page(db: None) -> None:
    client = HostClient(OPS)
    for path in addresses():
        for method in ("get", "post"):
            answer = getattr(client, method)(path)
            assert (answer.status_code, answer.get("Location")) == (302, "/sign-in/"), path


def test_a_brands_administrator_is_nobody_there(cast: Cast) -> None:
    client = cast.client(cast.admin)
    client.defaults["HTTP_HOST"] = OPS
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.cookies[settings.DESK_COOKIE_NAME] = session
    for path in addresses():
        answer = client.get(path, headers={"host": OPS})
        assert answer.status_code == 302, path
        assert answer["Location"] == "/sign-in/", path


def test_an_operators_session_of_another_host_opens_nothing(db: None) -> None:
    client = at_desk(make_operator("值守", "system"), is_begun_here=False)
    assert client.get("/").status_code == 302


def test_a_dismissed_operator_is_out_with_the_next_request(db: None) -> None:
    actor = make_operator("值守", "system")
    client = at_desk(actor)
    assert client.get("/").status_code == 200
    with public():
        Operator.objects.filter(pk=actor.person_id).update(ended_at=clock.now())
    assert client.get("/").status_code == 302


def test_the_desk_is_not_there_on_other_hosts(xinghe: TestPortal) -> None:
    for client in (visitor(xinghe), platform_client()):
        for path in addresses():
            if path == "/" or path.startswith("/brands/") or path in ("/jobs/",):
                continue
            assert client.get(path).status_code == 404, path


def test_brand_pages_are_not_there_at_the_desk(db: None) -> None:
    client = at_desk(make_operator("值守", "system"))
    for path in ("/console/", "/orders/", "/api/v1/orders", "/portals/", "/account/", "/seat/", "/styleguide/"):
        assert client.get(path).status_code == 404, path


def test_the_cookie_and_the_policy_are_the_desks_own(db: None) -> None:
    answer = at_desk(make_operator("值守", "system")).get("/")
    assert "unsafe-eval" in answer["Content-Security-Policy"]
    assert "unsafe-eval" not in platform_client().get("/")["Content-Security-Policy"]
    assert settings.SESSION_COOKIE_NAME not in answer.cookies


def test_operators_and_seats_share_no_code() -> None:
    assert all(code.startswith("ops.") for code in Ops)
    assert not set(Ops) & CODES


def test_no_verb_of_a_brand_takes_an_operator(db: None) -> None:
    for role in ROLE_CODES:
        actor = make_operator("值守", role)
        assert not actor.is_brand_staff
        for code in CODES:
            with pytest.raises(NotPermitted):
                actor.require(code)


def test_roles_are_kept_apart() -> None:
    assert {frozenset({"system", "security"}), frozenset({"audit", "system"}), frozenset({"audit", "security"})} <= set(
        CONFLICTS
    )
    assert not {code for code in ROLE_CODES["audit"] if not code.endswith(".read")}
    readers = [role for role, codes in ROLE_CODES.items() if Ops.READ_AUDIT in codes]
    assert readers == ["audit"]
    assert [role for role, codes in ROLE_CODES.items() if Ops.EDIT_OPERATORS in codes] == ["security"]


def deeds(actor_role: str) -> list[tuple[str, str]]:
    """Deeds on real rows: address and the code it needs."""
    with public():
        person = make_person("当事人")
        brand = Brand.objects.get(slug=XINGHE.slug)
        asked = FactorReset.objects.create(
            person=person,
            reason="丢了手机",
            asked_by=brand.public_id,
            asked_at=clock.now(),
            expires_at=clock.now() + timedelta(days=1),
        )
    found = [
        (f"/people/user/{person.pk}/deed/lock/", Ops.EDIT_PEOPLE),
        (f"/people/user/{person.pk}/deed/sign-out/", Ops.EDIT_PEOPLE),
        (f"/people/factorreset/{asked.pk}/deed/agree/", Ops.EDIT_PEOPLE),
        ("/people/operator/deed/appoint/", Ops.EDIT_OPERATORS),
        (f"/brands/brand/{brand.pk}/deed/suspend/", Ops.EDIT_BRANDS),
        (f"/brands/brand/{brand.pk}/deed/delete/", Ops.DELETE_BRANDS),
        ("/brands/brand/deed/open/", Ops.EDIT_BRANDS),
        ("/brands/announcement/deed/publish/", Ops.EDIT_ANNOUNCEMENTS),
        ("/organisations/organisation/deed/import/", Ops.EDIT_ORGANISATIONS),
        ("/deliveries/public/1/drop/", Ops.EDIT_DELIVERIES),
        (f"/brand-jobs/public/{person.pk}/stop/", Ops.EDIT_JOBS),
    ]
    assert actor_role in ROLE_CODES
    return [(path, code) for path, code in found]


@pytest.mark.parametrize("role", ROLE_CODES)
def test_each_role_does_its_deeds_and_no_others(db: None, role: str) -> None:
    client = at_desk(make_operator("值守", role))
    for path, code in deeds(role):
        status = client.get(path).status_code
        assert (status == 200) is (code in ROLE_CODES[role]), (path, status)
        if code not in ROLE_CODES[role]:
            assert client.post(path, {"reason": "试试"}).status_code in (403, 404), path


@pytest.mark.parametrize("role", ROLE_CODES)
@pytest.mark.parametrize("kind", ["brands.export", "brands.delete"])
def test_a_whole_brands_archive_is_for_those_who_may_delete_brands(db: None, role: str, kind: str) -> None:
    client = at_desk(make_operator("值守", role))
    with public():
        kept = keep_produced(
            name="a.zip", content=b"PK", content_type=Type.ZIP, dealer_id=0, seat_id=None, purpose=Purpose.ARCHIVE
        )
        job = Job.objects.create(kind=kind, status=Job.Status.DONE, result_file_id=kept.pk, created_at=clock.now())
    status = client.get(reverse("desk_job_file", settings.URLCONF_OPS, kwargs={"job_id": job.pk})).status_code
    assert (status == 200) is ({Ops.READ_JOBS, Ops.DELETE_BRANDS} <= ROLE_CODES[role]), (role, status)
