"""What a house takes out of its portal: its own lists as it sees them, amounts only for who may know them."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.files.models import StoredFile
from core.files.selectors import open_file
from core.jobs import services as jobs
from core.jobs.exports import ask_export, known_exports
from core.jobs.models import Job
from core.kernel import clock
from core.kernel.actor import Actor, Side
from dms.dealers.models import Credential
from dms.notices.services import WriteNotice, publish_notice, write_notice
from ordering.orders.services import OrderedLine, PlaceOrder, place_order
from tests.cast import Cast
from tests.clients import signed_in

LISTS = sorted(listed.name for listed in known_exports() if listed.side is Side.DEALER)


def taken_out(monkeypatch: pytest.MonkeyPatch, actor: Actor, name: str, **asked: str) -> list[dict[str, str]]:
    """The rows of a list, run to its end as a worker would."""
    monkeypatch.setattr(jobs, "actor_of_seat", {actor.seat_id: actor}.get)
    job = ask_export(actor=actor, name=name, asked=asked, as_csv=True, language="zh-hans", zone="Asia/Shanghai")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.status == "DONE", job.failures
    assert job.result_file_id is not None
    with open_file(StoredFile.objects.get(pk=job.result_file_id)) as content:
        return list(csv.DictReader(io.StringIO(content.read().decode("utf-8-sig"))))


@pytest.mark.parametrize("name", LISTS)
def test_every_list_of_the_storefront_goes_out(cast: Cast, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    taken_out(monkeypatch, cast.actor("admin_c1"), name)


def test_a_house_takes_out_what_it_bought_and_sold_and_nothing_of_others(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = (OrderedLine(cast.skus[1].code, 1),)
    own = place_order(actor=cast.buyer_c1, command=PlaceOrder(lines=lines)).number
    sold = place_order(actor=cast.actor("buyer_t1"), command=PlaceOrder(lines=lines)).number
    admin = cast.actor("admin_c1")
    assert [row["订单号"] for row in taken_out(monkeypatch, admin, "orders")] == [own]
    assert [row["订单号"] for row in taken_out(monkeypatch, admin, "sales")] == [sold]
    assert taken_out(monkeypatch, admin, "orders", status="CANCELLED") == []


def test_who_may_not_know_what_the_house_pays_gets_no_amounts(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    place_order(actor=cast.buyer_c1, command=PlaceOrder(lines=(OrderedLine(cast.skus[1].code, 1),)))
    blind = replace(cast.buyer_c1, codes=cast.buyer_c1.codes - {"prices.purchase"})
    (row,) = taken_out(monkeypatch, blind, "orders")
    assert "应付" not in row and "其中税额" not in row
    assert "应付" in taken_out(monkeypatch, cast.buyer_c1, "orders")[0]


def test_a_file_is_asked_for_followed_and_downloaded(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = cast.actor("admin_c1")
    client = signed_in(cast.portal, cast.seats["admin_c1"])
    assert "/export/orders/" in client.get("/orders/").content.decode()
    opened = client.get("/export/orders/")
    assert (opened.status_code, opened["Location"]) == (302, "/files-of-mine/"), "a reload of the address alone"
    page = client.post("/export/orders/?status=CONFIRMED", {"as": "csv"})
    assert page.status_code == 302
    waiting = client.get(page["Location"])
    assert waiting.status_code == 200 and "?part=progress" in waiting.content.decode()
    monkeypatch.setattr(jobs, "actor_of_seat", {actor.seat_id: actor}.get)
    jobs.run(Job.objects.get().pk)
    done = client.get(page["Location"]).content.decode()
    address = f"/api/v1/jobs/{Job.objects.get().pk}/file"
    assert address in done
    assert client.get(address).status_code == 200
    assert page["Location"] in client.get("/files-of-mine/").content.decode()
    stranger = signed_in(cast.portal, cast.seats["buyer_t1"])
    assert stranger.get(page["Location"]).status_code == 404


def test_a_file_that_was_left_is_found_from_any_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = cast.actor("admin_c1")
    client = signed_in(cast.portal, cast.seats["admin_c1"])
    assert "tray__job" not in client.get("/products/").content.decode()
    address = client.post("/export/orders/", {"as": "csv"})["Location"]
    page = client.get("/products/").content.decode()
    assert "tray__job" in page and address in page and "/files-of-mine/" in page
    assert client.get("/files-of-mine/tray/").status_code == 200
    monkeypatch.setattr(jobs, "actor_of_seat", {actor.seat_id: actor}.get)
    jobs.run(Job.objects.get().pk)
    assert client.get("/files-of-mine/tray/").status_code == 286
    assert address in client.get("/account/").content.decode()
    Job.objects.update(finished_at=clock.now() - timedelta(hours=1))
    assert "tray__job" not in client.get("/account/").content.decode()


def test_pages_ask_for_no_files_where_none_was_asked_for(cast: Cast) -> None:
    client = signed_in(cast.portal, cast.seats["admin_c1"])
    client.get("/addresses/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/addresses/")
    assert not [query for query in seen.captured_queries if "jobs_job" in query["sql"]]


def test_a_house_takes_out_its_own_people_and_papers(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = cast.actor("admin_c1")
    names = {row["名称"] for row in taken_out(monkeypatch, admin, "colleagues")}
    assert {seat.person_name for key, seat in cast.seats.items() if key.endswith("_c1")} <= names
    assert not names & {cast.seats[key].person_name for key in ("buyer_c2", "admin")}
    cast.token(admin)
    (token,) = taken_out(monkeypatch, admin, "tokens")
    assert "jm_" not in str(token) and token["所属人"] == admin.person_name
    papers = {row["编号"] for row in taken_out(monkeypatch, admin, "licences")}
    assert papers == set(Credential.objects.filter(dealer=cast.c1).values_list("number", flat=True))


def test_a_notice_goes_out_to_those_it_was_for(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = write_notice(actor=cast.admin, command=WriteNotice("春节停发", "二月九日起停发货。"))
    publish_notice(actor=cast.admin, notice_id=draft.pk, version=draft.version)
    rows = taken_out(monkeypatch, cast.actor("admin_c1"), "notices")
    assert [(row["标题"], row["已读时间"]) for row in rows] == [("春节停发", "")]


def test_cards_have_the_button_where_the_seat_may_have_the_list(cast: Cast) -> None:
    admin, buyer = (signed_in(cast.portal, cast.seats[key]) for key in ("admin_c1", "buyer_c1"))
    for page, name in (("licences", "licences"), ("colleagues", "colleagues")):
        assert f'action="/export/{name}/"' in admin.get(f"/{page}/").content.decode()
    assert "/export/colleagues/" not in buyer.get("/colleagues/").content.decode()
    for name in ("colleagues", "invitations", "stand_ins", "tokens"):
        assert buyer.post(f"/export/{name}/", {"as": "csv"}).status_code == 403, name
