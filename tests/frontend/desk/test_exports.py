"""The desk's lists as files: what the page shows, for the roles that see it, and nobody else's to download."""

import csv
import io
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.urls import reverse
from openpyxl import load_workbook

from core.db.acts import public
from core.events.models import Delivery, Event
from core.files.models import StoredFile
from core.files.selectors import open_file
from core.jobs import services as jobs
from core.jobs.exports import ask_export, known_exports
from core.jobs.models import Job
from core.kernel import clock
from core.kernel.actor import Side
from core.kernel.errors import Missing
from core.kernel.operators import ROLE_CODES
from tenants.brands.models import Brand
from tenants.organisations.models import Organisation
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.operators import at_desk, make_operator
from tests.factories.papers import make_organisation
from tests.factories.people import make_person
from tests.walls.desk_lines import LIST_CODES

LISTS = {listed.name: listed for listed in known_exports() if listed.side is Side.PLATFORM}
ROLES = {name: next(role for role in ROLE_CODES if LISTS[name].permission in ROLE_CODES[role]) for name in LISTS}


def desk_of(role: str, language: str = "zh-hans") -> HostClient:
    """The browser of an operator in this role."""
    client = at_desk(make_operator(f"值守 {role}", role))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def door(name: str, asked: dict[str, str]) -> str:
    """Where a list is asked for."""
    return f"{reverse('desk_list_out', settings.URLCONF_OPS, args=[name])}?{urlencode(asked)}"


def taken_out(client: HostClient, name: str, form: str = "csv", **asked: str) -> Job:
    """The job of a list, run to its end as a worker would."""
    answer = client.post(door(name, asked), {"as": form})
    assert answer.status_code == 302, answer.content.decode()
    with public():
        job = Job.objects.get(pk=answer["Location"].split("/")[-2])
        jobs.run(job.pk)
        job.refresh_from_db()
    assert (job.status, job.failures) == ("DONE", [])
    return job


def content_of(job: Job) -> bytes:
    """The file it made."""
    assert job.result_file_id is not None
    with public(), open_file(StoredFile.objects.get(pk=job.result_file_id)) as content:
        return content.read()


def rows_of(job: Job) -> list[dict[str, str]]:
    """Its rows, where it is csv."""
    return list(csv.DictReader(io.StringIO(content_of(job).decode("utf-8-sig"))))


def row_of_each(cast: Cast) -> None:
    """Something in the lists that would be empty."""
    with public():
        person = make_person("当事人", phone="13912345678", email="party@shop.example")
        make_organisation("FFF")
        Event.objects.create(
            kind="people.person_locked.v1",
            aggregate_type="person",
            aggregate_id=str(person.pk),
            aggregate_version=1,
            at=clock.now(),
            payload={"reason": "离职"},
        )
    with cast.portal.inside():
        Job.objects.create(kind="catalogue.import_products", status="FAILED", created_at=clock.now())
        event = Event.objects.create(
            kind="little.thing.v1", aggregate_type="thing", aggregate_id="1", aggregate_version=1, at=clock.now()
        )
        Delivery.objects.create(event=event, handler="little.hear", attempts=5, due_at=clock.now())


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_list_of_the_desk_goes_out(cast: Cast, name: str, form: str) -> None:
    row_of_each(cast)
    job = taken_out(desk_of(ROLES[name]), name, form)
    if form == "csv":
        assert len(rows_of(job)) == job.result["rows"] == job.done
    else:
        sheet = load_workbook(io.BytesIO(content_of(job))).active
        assert sheet is not None and sheet.max_row == job.result["rows"] + 1
    with public():
        told = Event.objects.get(kind="jobs.list_exported.v1")
    assert (told.aggregate_id, told.payload["rows"], told.person_id) == (name, job.result["rows"], job.seat_id)


def test_every_list_has_its_line_in_the_walls() -> None:
    assert {name: listed.permission for name, listed in LISTS.items()} == LIST_CODES


@pytest.mark.parametrize("role", ROLE_CODES)
def test_each_role_takes_out_what_it_sees_and_nothing_else(cast: Cast, role: str) -> None:
    client = desk_of(role)
    for name, listed in LISTS.items():
        jobs.STARTS.forgive(f"public {make_operator(f'值守 {role}', role).seat_id}")
        status = client.post(door(name, {}), {"as": "csv"}).status_code
        assert status == (302 if listed.permission in ROLE_CODES[role] else 403), name
    assert client.post(door("nothing", {}), {"as": "csv"}).status_code == 404
    assert client.get(door("brand", {})).status_code == 405


def test_no_seat_of_a_brand_takes_a_list_of_the_desk(cast: Cast) -> None:
    for actor in (cast.admin, cast.actor("admin_c1")):
        with pytest.raises(Missing):
            ask_export(actor=actor, name="signin", asked={}, as_csv=True, language="en", zone="Asia/Shanghai")


def test_people_go_out_as_masked_as_they_are_listed(cast: Cast) -> None:
    row_of_each(cast)
    job = taken_out(desk_of("security"), "user", q="13912345678")
    (row,) = rows_of(job)
    assert row["名称"] == "当事人"
    text = content_of(job).decode("utf-8-sig")
    assert "13912345678" not in text and "party@shop.example" not in text and "5678" in text
    with public():
        assert "13912345678" not in str(Event.objects.get(kind="jobs.list_exported.v1").payload)


def test_a_file_holds_what_the_page_was_narrowed_to_in_its_order(cast: Cast) -> None:
    with public():
        brands = list(Brand.objects.order_by("name"))
        Brand.objects.filter(pk=brands[0].pk).update(state="READ_ONLY")
    client = desk_of("system")
    assert [row["简称"] for row in rows_of(taken_out(client, "brand", state="READ_ONLY"))] == [brands[0].slug]
    assert len(rows_of(taken_out(client, "brand", q="没有这样的"))) == 0
    up = [row["简称"] for row in rows_of(taken_out(client, "brand", o="1"))]
    down = [row["简称"] for row in rows_of(taken_out(client, "brand", o="-1"))]
    assert up == sorted(up) == down[::-1] and len(up) == len(brands)
    told = client.get("/brands/brand/?state=READ_ONLY&p=1").content.decode()
    assert 'action="/lists-out/brand/ask/?state=READ_ONLY"' in told


@pytest.mark.parametrize("asked", [{"open": "perhaps"}, {"o": "nine.-x"}, {"e": "1"}, {"password": "x"}, {"p": "99"}])
def test_what_is_no_filter_of_the_page_narrows_nothing(cast: Cast, asked: dict[str, str]) -> None:
    client = desk_of("security")
    assert taken_out(client, "user", **asked).result == taken_out(client, "user").result


def test_the_lists_over_all_brands_are_narrowed_to_one(cast: Cast) -> None:
    row_of_each(cast)
    client = desk_of("system")
    (row,) = rows_of(taken_out(client, "deliveries"))
    assert (row["处理程序"], row["次数"]) == ("little.hear", "5")
    assert len(rows_of(taken_out(client, "deliveries", schema="public"))) == 0
    assert len(rows_of(taken_out(client, "brand_jobs", schema=cast.portal.schema))) == 1


def test_nothing_in_a_file_is_run_as_a_formula(cast: Cast) -> None:
    with public():
        Organisation.objects.filter(pk=make_organisation("FFF").pk).update(name="=1+1")
    job = taken_out(desk_of("onboarding"), "organisation", q="=1+1")
    assert [row["登记名称"] for row in rows_of(job)] == ["'=1+1"]


def test_a_file_is_for_those_who_could_have_asked_for_it(cast: Cast) -> None:
    row_of_each(cast)
    client = desk_of("security")
    job = taken_out(client, "user")
    page = client.get(f"/lists-out/{job.pk}/").content.decode()
    address = f"/jobs/{job.pk}/file/"
    assert address in page and address in client.get(f"/jobs/job/{job.pk}/change/").content.decode()
    assert client.get(address)["Content-Disposition"].startswith("attachment")
    assert desk_of("audit").get(address).status_code == 200
    stranger = desk_of("system")
    assert stranger.get(address).status_code == 404
    assert address not in stranger.get(f"/jobs/job/{job.pk}/change/").content.decode()
    assert stranger.get(f"/lists-out/{job.pk}/").status_code == 404
    assert stranger.get(f"/lists-out/{job.pk}/steps/").status_code == 404


def test_a_second_click_finds_the_file_of_the_first(cast: Cast) -> None:
    client = desk_of("system")
    first = client.post(door("brand", {}), {"as": "csv"})["Location"]
    assert client.post(door("brand", {}), {"as": "csv"})["Location"] == first
    assert "hx-get" in client.get(first).content.decode()


def test_the_trail_names_the_list(cast: Cast) -> None:
    taken_out(desk_of("system"), "brand")
    page = desk_of("audit", "en").get("/events/event/").content.decode()
    assert "List taken out as a file" in page and "List Brands" in page
    (row, *_) = rows_of(taken_out(desk_of("audit", "en"), "event"))
    assert row["About"] == "List Brands" and row["Who"] == "值守 system"


def test_a_file_tells_time_as_the_desk_does(cast: Cast) -> None:
    with public():
        make_person("当事人")
        at = clock.now() - timedelta(days=1)
        Organisation.objects.filter(pk=make_organisation("FFF").pk).update(created_at=at)
    client = desk_of("onboarding")
    (row, *_) = rows_of(taken_out(client, "organisation", o="-3"))
    assert row["创建时间"] in client.get("/organisations/organisation/?o=-3").content.decode()
