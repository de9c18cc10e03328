"""Long acts on brands are followed on one page; what waits for a worker, an archive, a reason is said there."""

import re
import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.utils.translation import gettext

from core.catalogue.rules import AROMA_NAMES, Aroma
from core.db.acts import public
from core.files.rules import Purpose, Type
from core.files.services import keep_produced
from core.jobs.models import Job
from core.kernel import clock
from core.tasks.workers import note_alive
from core.web import figures
from frontend.platform.desk import everywhere
from frontend.ui.vocabulary import term
from tenants.access.models import Seat
from tenants.brands.desk_deeds import AROMAS
from tenants.brands.errors import RecordGone
from tenants.brands.models import Announcement, Brand, Domain
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.operators import at_desk, make_operator
from tests.frontend.desk.test_deeds import WHY, audit
from tests.portals import XINGHE, TestPortal


@pytest.fixture
def client(db: None) -> HostClient:
    """The desk of somebody who may do everything with brands, in English."""
    found = at_desk(make_operator("沈系统", "system"))
    found.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return found


def page(client: HostClient, address: str) -> str:
    """What is read there."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def job_of(kind: str, status: str = "DONE", **facts: Any) -> Job:
    """A job of the public schema, begun just now."""
    with public():
        return Job.objects.create(**{"kind": kind, "status": status, "created_at": clock.now(), **facts})


def of_xinghe() -> Brand:
    """The brand's row."""
    with public():
        return Brand.objects.get(slug=XINGHE.slug)


def test_an_import_is_followed_like_an_opening_and_is_not_called_done(client: HostClient) -> None:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as whole:
        whole.writestr("manifest.json", "{}")
        whole.writestr("brand.json", "{}")
    archive.seek(0)
    archive.name = "xinghe.zip"
    answer = client.post("/brands/brand/deed/import/", {"archive": archive})
    assert answer.status_code == 302, answer.content.decode()
    with public():
        job = Job.objects.get(kind="brands.import")
    assert answer["Location"] == f"/setting-up/{job.pk}/"
    shown = page(client, answer["Location"])
    assert "Importing a brand" in shown
    assert "Done." not in shown
    assert "steps/" in shown, "it asks for itself again"


def test_a_brand_that_came_in_is_a_click_away(client: HostClient, xinghe: TestPortal) -> None:
    job = job_of("brands.import", result={"slug": XINGHE.slug})
    shown = page(client, f"/setting-up/{job.pk}/")
    assert "The portal stands and answers." in shown
    assert f"/brands/brand/{of_xinghe().pk}/change/" in shown
    with public():
        Brand.objects.filter(slug=XINGHE.slug).update(state="SUSPENDED")
    shown = page(client, f"/setting-up/{job.pk}/")
    assert "in the state it left with" in shown
    assert "Open the portal" not in shown


def test_opening_and_deleting_are_not_called_done_before_they_are(client: HostClient, xinghe: TestPortal) -> None:
    given = {"slug": "new-river", "name": "新河酒业", "currency": "CNY", "language": "zh-hans"}
    deeds = (
        ("/brands/brand/deed/open/", given),
        (f"/brands/brand/{of_xinghe().pk}/deed/export/", WHY),
        (f"/brands/brand/{of_xinghe().pk}/deed/delete/", {"slug": XINGHE.slug, **WHY}),
    )
    for address, form in deeds:
        answer = client.post(address, form)
        assert answer["Location"].startswith("/setting-up/"), address
        shown = page(client, answer["Location"])
        assert "Done." not in shown, address
        assert "It is being set up." not in shown


def test_the_archive_of_a_deleted_brand_is_found(client: HostClient, xinghe: TestPortal) -> None:
    with public():
        kept = keep_produced(
            name="xinghe.zip",
            content=b"PK",
            content_type=Type.ZIP,
            dealer_id=None,
            seat_id=None,
            purpose=Purpose.ARCHIVE,
        )
        Brand.objects.filter(slug=XINGHE.slug).update(state="DELETED", name="", deleted_at=clock.now())
    job = job_of("brands.delete", parameters={"slug": XINGHE.slug}, result_file_id=kept.pk)
    link, brand = f"/jobs/{job.pk}/file/", of_xinghe()
    assert link in page(client, f"/setting-up/{job.pk}/")
    assert link in page(client, f"/brands/brand/{brand.pk}/change/")
    assert re.search(rf"<a[^>]*>\s*{XINGHE.slug}\s*</a>", page(client, "/brands/brand/?state=DELETED"))
    onboarding = at_desk(make_operator("迎入驻", "onboarding"))
    for address in (f"/setting-up/{job.pk}/", f"/brands/brand/{brand.pk}/change/"):
        assert link not in page(onboarding, address), "whoever may not fetch it is not offered it"


def test_the_first_administrator_is_invited_only_while_there_is_none(client: HostClient, cast: Cast) -> None:
    brand, job = of_xinghe(), job_of("brands.provision", parameters={"slug": XINGHE.slug})
    addresses = (f"/brands/brand/{brand.pk}/change/", f"/setting-up/{job.pk}/")
    for address in addresses:
        assert "Invite the first administrator" not in page(client, address)
    Seat.objects.filter(roles__contains=["brand_admin"]).update(status="CLOSED")
    for address in addresses:
        assert "Invite the first administrator" in page(client, address)
    given = {"account": "13900139001", "name": "新管理员", **WHY}
    shown = client.post(f"/brands/brand/{brand.pk}/administrator/", given).content.decode()
    link = re.findall(r'<code class="desk-link">([^<]+)', shown)[0]
    assert f'data-copy="{link}"' in shown
    assert "desk/copy" in shown


def test_a_language_has_its_name(client: HostClient, xinghe: TestPortal) -> None:
    shown = page(client, f"/brands/brand/{of_xinghe().pk}/change/")
    assert len(re.findall("简体中文", shown)) == 2, "in the switch of languages, and as the brand's own"


def test_a_job_without_a_worker_says_since_when(client: HostClient) -> None:
    job = job_of("brands.provision", "QUEUED", created_at=clock.now() - timedelta(minutes=2))
    pages = ("/", f"/setting-up/{job.pk}/steps/", "/brand-jobs/")
    for address in pages[1:]:
        assert "No worker has answered since" in page(client, address), address
    assert "No worker has answered yet" in page(client, "/")
    note_alive()
    for address in pages:
        assert "No worker has answered" not in page(client, address), address
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert "No worker has answered since" in page(client, "/")


def test_the_overview_asks_no_brand(client: HostClient, xinghe: TestPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    def walked(*_: object) -> None:
        raise AssertionError("the first page walked over the brands")

    monkeypatch.setattr(everywhere, "places", walked)
    assert re.search(r"<strong>—</strong><span>Deliveries that fail", page(client, "/")), "nothing is known yet"
    told = figures.Figure("jiumai_deliveries", "", {"waiting": 7.0, "stuck": 341.0})
    figures.tell([told], at=clock.now())
    assert re.search(r"<strong>341</strong><span>Deliveries that fail", page(client, "/"))


def test_hosts_without_their_record_stand_on_the_overview(client: HostClient, xinghe: TestPortal) -> None:
    with public():
        Domain.objects.create(tenant=of_xinghe(), domain="order.example.com", is_primary=False, fault=RecordGone.code)
    assert re.search(r"<strong>1</strong><span>Hosts without their record", page(client, "/"))
    assert "order.example.com" in page(client, f"/brands/domain/?fault={RecordGone.code}")


def test_hosts_and_the_directory_ask_why(client: HostClient, xinghe: TestPortal) -> None:
    brand = of_xinghe()
    deeds: tuple[tuple[str, dict[str, object], str], ...] = (
        ("host", {"host": "order.example.com"}, "brands.domain_added.v1"),
        ("list", {"is_listed": "on", "introduction": "汾河边的酒"}, "brands.brand_listed.v1"),
        ("list", {"is_listed": "on", "introduction": "汾河边的好酒", "aromas": ["QX"]}, "brands.brand_listed.v1"),
    )
    for name, given, kind in deeds:
        address = f"/brands/brand/{brand.pk}/deed/{name}/"
        before = len(audit(kind))
        assert client.post(address, given).status_code == 422, name
        assert len(audit(kind)) == before
        assert client.post(address, {**given, **WHY}).status_code == 302, name
        assert len(audit(kind)) == before + 1
        assert all(one.payload["reason"] == WHY["reason"] for one in audit(kind)), name
    assert of_xinghe().aromas == ["QX"]


def test_every_fault_of_an_announcement_stands_at_its_field(client: HostClient) -> None:
    given = {
        "title": "停机",
        "title_en": "Maintenance",
        "tone": "INFO",
        "from_at": "2026-02-01T10:00",
        "until_at": "2026-01-01T10:00",
        "sides": "both",
        "slugs": "nobody, xinghe",
    }
    answer = client.post("/brands/announcement/deed/publish/", given)
    shown = answer.content.decode()
    assert answer.status_code == 422
    marked = re.findall(r'desk-field--bad"><label for="id_(\w+)"', shown)
    assert marked == ["until_at", "slugs"]
    assert "There is no brand of this short name: nobody." in shown
    assert not Announcement.objects.exists()


def test_a_chosen_file_finds_the_place_of_its_name(client: HostClient) -> None:
    """Unfold's script writes the name into a text field beside the file's, and fails where there is none."""
    for address in ("/brands/brand/deed/import/", "/organisations/organisation/deed/import/"):
        found = client.get(address)
        if found.status_code == 200:
            field = found.content.decode().split('<div class="desk-field', 1)[1]
            assert field.index('type="text"') < field.index('type="file"'), address


def test_aromas_are_called_alike_everywhere() -> None:
    """The desk, the faces and the catalogue's own files have one list of words."""
    assert [code for code, _ in AROMAS] == [code.value for code in Aroma]
    for code, words in AROMAS:
        assert str(words) == term("aroma", code) == gettext(AROMA_NAMES[Aroma(code)])
