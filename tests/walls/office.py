"""The operator's desk with one row of every sort on it, its operators, and those who have no business there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings

from core.db.acts import public
from core.events.models import Delivery, Event
from core.files.rules import Purpose, Type
from core.files.services import keep_produced
from core.jobs.models import Job
from core.kernel import clock
from core.kernel.operators import ROLE_CODES
from tenants.brands.models import Announcement, Brand, Domain, SchemaState
from tenants.organisations.models import Licence
from tenants.people.models import FactorReset, Operator, SignIn
from tests.cast import Cast
from tests.clients import PLATFORM, HostClient
from tests.factories.operators import OPS, at_desk, make_operator
from tests.factories.papers import JY, keep_scan, make_organisation
from tests.factories.people import make_person
from tests.factories.seats import make_seat
from tests.sessions import note_signed_in
from tests.walls.walking import digest

Browser = Callable[[], HostClient]


@dataclass
class Office:
    """Ids by sort of row; makers of browsers by operator's role, and of those who must stay outside.

    ``before`` is the digest of the brand's schema.
    """

    schema: str
    rows: dict[str, object] = field(default_factory=dict)
    operators: dict[str, Browser] = field(default_factory=dict)
    outsiders: dict[str, Browser] = field(default_factory=dict)
    before: list[tuple[Any, ...]] = field(default_factory=list)

    @classmethod
    def build(cls, cast: Cast, other: Cast) -> "Office":
        """Inside the brand's schema, from where the stuck delivery and the job are."""
        office = cls(cast.portal.schema)
        office._leave_in_brand()
        with public():
            office._leave_in_public(cast.portal.slug)
        for role in ROLE_CODES:
            office.operators[role] = _again(at_desk(make_operator(f"值守 {role}", role), raise_request_exception=False))
        office._seat_outsiders(cast, other)
        office.before = digest()
        return office

    def _leave_in_brand(self) -> None:
        job = Job.objects.create(kind="catalogue.import_products", status=Job.Status.RUNNING, created_at=clock.now())
        event = Event.objects.create(
            kind="little.thing_happened.v1",
            aggregate_type="thing",
            aggregate_id="1",
            aggregate_version=1,
            at=clock.now(),
        )
        stuck = Delivery.objects.create(event=event, handler="little.hear", attempts=5, due_at=clock.now())
        self.rows |= {"brand_job": job.pk, "delivery": stuck.pk}

    def _leave_in_public(self, slug: str) -> None:
        now = clock.now()
        brand, person = Brand.objects.get(slug=slug), make_person("当事人", email="party@shop.example")
        sheet, archive = (
            keep_produced(name="a", content=b"PK", content_type=kind, dealer_id=0, seat_id=None, purpose=purpose)
            for kind, purpose in ((Type.XLSX, Purpose.RESULT), (Type.ZIP, Purpose.ARCHIVE))
        )
        jobs = {
            "job": Job.objects.create(
                kind="brands.provision", status="RUNNING", parameters={"slug": slug}, created_at=now
            ),
            "export": Job.objects.create(kind="lists.platform.organisation", result_file_id=sheet.pk, created_at=now),
            "own_list": Job.objects.create(
                kind="lists.platform.brand",
                seat_id=make_operator("值守 system", "system").seat_id,
                dealer_id=0,
                created_at=now,
            ),
            "archive": Job.objects.create(kind="brands.delete", result_file_id=archive.pk, created_at=now),
        }
        colleague, firm = make_person("另一位"), make_organisation("FFF")
        rows = {
            "brand": brand,
            "domain": Domain.objects.create(tenant=brand, domain="order.office.example", is_primary=False),
            "schema_state": SchemaState.objects.update_or_create(
                schema_name=brand.schema_name, defaults={"fingerprint": "f", "status": "CURRENT"}
            )[0],
            "announcement": Announcement.objects.create(
                title="维护", title_en="Work", from_at=now, until_at=now + timedelta(days=1), created_at=now
            ),
            "event": Event.objects.create(
                kind="people.person_locked.v1",
                aggregate_type="person",
                aggregate_id=str(person.pk),
                aggregate_version=1,
                at=now,
            ),
            "organisation": firm,
            "licence": Licence.objects.create(
                organisation=firm, type="JY", number=JY, valid_from=now.date(), submitted_at=now, file_ids=[keep_scan()]
            ),
            "person": person,
            "sign_in": SignIn.objects.create(person=person, started_at=now, seen_at=now),
            "operator": Operator.objects.create(person=colleague, roles=["onboarding"], since=now),
            "reset": FactorReset.objects.create(
                person=person,
                reason="丢了手机",
                asked_by=colleague.pk,
                asked_at=now,
                expires_at=now + timedelta(days=1),
            ),
        }
        self.rows |= {name: row.pk for name, row in {**rows, **jobs}.items()}

    def _seat_outsiders(self, cast: Cast, other: Cast) -> None:
        with other.portal.inside():
            make_seat(other.portal, "赤水主管", other.root, "brand_admin")
        people = {
            "staff": cast.admin.person_name,
            "dealer": cast.admin_c1.person_name,
            "other_brand": "赤水主管",
            "seatless": "路人",
            "operator_elsewhere": "值守 system",
        }
        for key, name in people.items():
            self.outsiders[key] = _again(_signed_in_elsewhere(name))
        dismissed = make_operator("离任", "system", "onboarding")
        self.outsiders["dismissed"] = _again(at_desk(dismissed, raise_request_exception=False))
        with public():
            Operator.objects.filter(pk=dismissed.person_id).update(ended_at=clock.now())


def _signed_in_elsewhere(name: str) -> HostClient:
    """A session of the platform's host, shown at the desk under both names of the cookie."""
    client = HostClient(PLATFORM)
    with public():
        session = client.session
        note_signed_in(session, make_person(name), host=PLATFORM, has_second_factor=True)
        session.save()
    for cookie in (settings.DESK_COOKIE_NAME, settings.SESSION_COOKIE_NAME):
        client.cookies[cookie] = str(session.session_key)
    return client


def _again(client: HostClient) -> Browser:
    """A maker of browsers with the client's cookies as they are now."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}

    def browser() -> HostClient:
        fresh = HostClient(OPS, raise_request_exception=False)
        for name, value in cookies.items():
            fresh.cookies[name] = value
        return fresh

    return browser
