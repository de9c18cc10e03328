"""Shopping lists from a file, on the storefront: uploaded, looked at, confirmed once, by whoever may order."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.files.models import StoredFile
from core.files.selectors import open_file
from core.jobs import services as jobs
from core.jobs.exports import ask_export
from core.jobs.models import Job
from ordering.lists.models import ShoppingList
from ordering.lists.services import MakeList, make_list
from ordering.orders.services import CartLine
from tests.cast import Cast
from tests.clients import HostClient, signed_in


def upload(client: HostClient, table: str, **said: str) -> Any:
    """What the upload of a table of lists answers."""
    file = SimpleUploadedFile("清单.csv", table.encode(), "text/csv")
    return client.post("/lists/import/", {"file": file, **said})


def test_lists_are_taken_in_looked_at_and_confirmed_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a purchaser, who may keep no files: the upload is for the job alone."""
    buyer, client = cast.buyer_c1, signed_in(cast.portal, cast.seats["buyer_c1"])
    monkeypatch.setattr(jobs, "actor_of_seat", {buyer.seat_id: buyer}.get)
    assert 'href="/lists/import/"' in client.get("/lists/").content.decode()
    page = client.get("/lists/import/").content.decode()
    assert "/lists/import/template/xlsx/" in page and "清单名称" in page
    assert client.get("/lists/import/template/csv/").status_code == 200
    assert client.get("/lists/import/template/pdf/").status_code == 404
    one = cast.skus[1].code
    address = upload(client, f"清单名称,商品编码,数量\n周末,{one},5\n周末,NO-SUCH,1\n")["Location"]
    jobs.run(Job.objects.get().pk)
    shown = client.get(address).content.decode()
    assert "NO-SUCH" in shown and "确认" in shown and not ShoppingList.objects.exists()
    assert "导入常购清单" in client.get("/files-of-mine/").content.decode()
    runs = {client.post(f"{address}confirm/")["Location"] for _ in range(2)}
    assert len(runs) == 1
    jobs.run(Job.objects.get(is_dry_run=False).pk)
    assert ShoppingList.objects.get().line_count == 1
    assert 'href="/lists/"' in client.get(runs.pop()).content.decode()
    colleague = signed_in(cast.portal, cast.seats["admin_c1"])
    assert "confirm/" not in colleague.get(address).content.decode()
    assert colleague.post(f"{address}confirm/").status_code == 404
    assert signed_in(cast.portal, cast.seats["buyer_c2"]).get(address).status_code == 404


def test_a_bad_file_of_lists_is_refused_beside_its_field(cast: Cast) -> None:
    client = signed_in(cast.portal, cast.seats["buyer_c1"])
    assert client.post("/lists/import/", {}).status_code == 422
    picture = SimpleUploadedFile("清单.xlsx", b"\x89PNG\r\n\x1a\n" + b"x" * 60, "image/png")
    assert client.post("/lists/import/", {"file": picture}).status_code == 422
    assert upload(client, "商品编码,数量\n1,1\n", list="长" * 41).status_code == 422
    assert not Job.objects.exists()
    assert signed_in(cast.portal, cast.seats["finance_c1"]).get("/lists/import/").status_code == 403


def test_the_import_of_one_list_knows_its_name(cast: Cast) -> None:
    client = signed_in(cast.portal, cast.seats["buyer_c1"])
    row = make_list(actor=cast.buyer_c1, command=MakeList("开门红", (CartLine(cast.skus[1].code, 1),)))
    assert f'href="/lists/import/?list={row.pk}"' in client.get(f"/lists/{row.pk}/").content.decode()
    assert 'value="开门红"' in client.get(f"/lists/import/?list={row.pk}").content.decode()
    stranger = signed_in(cast.portal, cast.seats["buyer_c2"])
    assert "开门红" not in stranger.get(f"/lists/import/?list={row.pk}").content.decode()


def test_a_list_that_went_out_comes_in_as_it_was(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = cast.actor("admin_c1")
    monkeypatch.setattr(jobs, "actor_of_seat", {actor.seat_id: actor}.get)
    lines = (CartLine(cast.skus[1].code, 1), CartLine(cast.skus[2].code, 4))
    row = make_list(actor=actor, command=MakeList("开门红", lines))
    make_list(actor=actor, command=MakeList("另一份", (CartLine(cast.skus[3].code, 1),)))
    out = ask_export(
        actor=actor, name="lists", asked={"list": str(row.pk)}, as_csv=False, language="zh-hans", zone="Asia/Shanghai"
    )
    jobs.run(out.pk)
    out.refresh_from_db()
    assert out.result == {"rows": 2}
    with open_file(StoredFile.objects.get(pk=out.result_file_id or "")) as content:
        file = SimpleUploadedFile("清单.xlsx", content.read())
    client = signed_in(cast.portal, cast.seats["admin_c1"])
    address = client.post("/lists/import/", {"file": file})["Location"]
    job = Job.objects.get(pk=address.split("/")[-2])
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.result["same"]) == ("DONE", 2)
