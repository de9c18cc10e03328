"""Finding by number, name or pinyin; views of lists kept from the page; the tray of long acts."""

import re

import pytest

from core.db.acts import act
from core.jobs.models import Job
from core.kernel import clock
from dms.dealers.models import Dealer
from tenants.access.models import SavedView
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.channel import DealerFacts, make_dealer
from tests.factories.goods import SkuFacts, make_sku
from tests.frontend.console.conftest import Opens, confirmed, placed
from tests.ordering.watching import statements


def options(client: HostClient, text: str) -> str:
    """What the palette shows."""
    answer = client.get("/console/find/", {"q": text, "part": "options"})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_pages_are_found_by_name_pinyin_and_initials(desk: HostClient) -> None:
    for words in ("操作记录", "caozuo", "czjl", "CZ"):
        assert "/console/audit/" in options(desk, words), words
    assert "/console/orders/" in options(desk, "")


def test_documents_are_found_whatever_part_is_typed(cast: Cast, desk: HostClient) -> None:
    number = confirmed(cast, (3, 1))
    for words in (number, number[-6:].lower(), cast.c1.name[:2]):
        assert f"/console/orders/{number}/" in options(desk, words), words
    assert f"/console/products/code/{cast.skus[1].code}/" in options(desk, cast.skus[1].code)
    assert "/console/dealers/code/C1/" in options(desk, cast.c1.name)
    initials = cast.c1.search_text.split()[-1]
    assert "/console/dealers/code/C1/" in options(desk, initials) or cast.c1.code in options(desk, "c1")


def test_what_only_sounds_alike_is_not_shown_beside_what_is_called_so(cast: Cast, desk: HostClient) -> None:
    with act():
        make_sku(SkuFacts("XH-QX-530-0577-NV-06", "泉城老窖", 6, "6909900009998", 600))
        facts = DealerFacts("QQ1", "泉城老酒行", Dealer.Tier.CITY, "370100", 100_000)
        make_dealer(facts, parent=cast.root, supplier=cast.root)
    assert "XH-QX-530-0577-NV-06" in options(desk, "泉城老客")
    found = options(desk, "泉城老酒")
    assert "/console/dealers/code/QQ1/" in found
    assert "XH-QX-530-0577-NV-06" not in found


def test_what_a_role_may_not_open_is_not_found(as_: Opens, cast: Cast) -> None:
    number = placed(cast)
    found = options(as_("product"), number)
    assert number not in found
    assert "/console/audit/" not in options(as_("product"), "操作记录")


def test_the_same_statements_for_one_finding_and_for_many(cast: Cast, desk: HostClient) -> None:
    placed(cast, (3, 1))
    options(desk, "泉")
    with statements() as few:
        options(desk, "泉")
    for _ in range(6):
        placed(cast, (3, 1))
    with statements() as many:
        options(desk, "泉")
    assert len(few) == len(many) <= 10


def test_it_is_a_page_without_script(cast: Cast, desk: HostClient) -> None:
    page = desk.get("/console/find/", {"q": "没有这个东西"})
    assert page.status_code == 200
    assert 'name="q"' in page.content.decode()
    assert "没有找到" in page.content.decode()


def test_a_view_is_kept_from_the_list_and_stands_above_it(cast: Cast, desk: HostClient) -> None:
    before = desk.get("/console/orders/?q=370000").content.decode()
    assert 'action="/console/views/"' in before
    kept = desk.post(
        "/console/views/",
        {"list": "orders", "name": "山东", "query": "q=370000", "next": "/console/orders/?q=370000", "default": "1"},
    )
    assert (kept.status_code, kept["Location"]) == (302, "/console/orders/?q=370000")
    page = desk.get("/console/orders/?page=1&q=370000").content.decode()
    assert "山东" in page
    assert 'href="/console/orders/?q=370000" aria-current="page"' in page
    assert 'class="rail__link" href="/console/orders/?q=370000"' in page


def test_what_is_removed_comes_back_by_the_toast(cast: Cast, desk: HostClient) -> None:
    desk.post("/console/views/", {"list": "orders", "name": "山东", "query": "q=370000", "next": "/console/orders/"})
    view = SavedView.objects.get()
    desk.post(f"/console/views/{view.pk}/", {"act": "remove", "next": "/console/orders/"})
    assert not SavedView.objects.exists()
    page = desk.get("/console/orders/").content.decode()
    assert '<input type="hidden" name="query" value="q=370000">' in page
    assert 'role="status" data-tone="good" data-toast' in page


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", ""])
def test_it_leads_back_into_the_house_only(desk: HostClient, target: str) -> None:
    said = {"list": "orders", "name": "甲", "query": "q=1", "next": target}
    assert desk.post("/console/views/", said)["Location"] == "/"


def test_the_tray_shows_ones_own_long_acts(cast: Cast, desk: HostClient, as_: Opens) -> None:
    assert "tray__job" not in desk.get("/console/").content.decode()
    with act():
        job = Job.objects.create(
            kind="stock.count",
            status=Job.Status.RUNNING,
            seat_id=cast.seats["admin"].pk,
            person_id=cast.seats["admin"].person_id,
            dealer_id=cast.root.pk,
            total=10,
            done=4,
            created_at=clock.now(),
        )
    assert f"/console/jobs/{job.pk}/" in desk.get("/console/").content.decode()
    assert desk.get("/console/tray/").status_code == 200
    assert "tray__job" not in as_("sales_admin").get("/console/").content.decode()
    with act():
        Job.objects.filter(pk=job.pk).update(status=Job.Status.DONE, finished_at=clock.now())
    assert desk.get("/console/tray/").status_code == 286


def rows_of(page: str) -> list[str]:
    """What the rows of a list are called, in their order."""
    return re.findall(r"<a data-row-link[^>]*>([^<]+)</a>", page)


def test_lists_are_sorted_by_what_the_head_says(cast: Cast, desk: HostClient) -> None:
    with act():
        for number, name in enumerate(("重庆渝味酒业", "安徽徽酒商行", "长沙糖酒公司")):
            facts = DealerFacts(f"Z{number}", name, Dealer.Tier.CITY, "370100", 100_000)
            make_dealer(facts, parent=cast.root, supplier=cast.root)
    first = desk.get("/console/dealers/?view=list&tier=CITY&sort=name").content.decode()
    last = desk.get("/console/dealers/?view=list&tier=CITY&sort=-name").content.decode()
    new = {"重庆渝味酒业", "安徽徽酒商行", "长沙糖酒公司"}
    assert [name for name in rows_of(first) if name in new] == ["安徽徽酒商行", "长沙糖酒公司", "重庆渝味酒业"]
    assert [name for name in rows_of(last) if name in new] == ["重庆渝味酒业", "长沙糖酒公司", "安徽徽酒商行"]
    assert 'aria-sort="ascending"' in first


@pytest.mark.parametrize(
    "path",
    [
        "seats/?sort=-name",
        "licences/?concern=all&sort=dealer",
        "prices/?sort=-code",
        "products/families/?sort=line",
        "jobs/?sort=failed",
        "dealers/?view=list&q=c&sort=-supplier",
        "dealers/?view=list&q=c&sort=password",
    ],
)
def test_every_list_takes_its_sorts_and_no_others(desk: HostClient, path: str) -> None:
    assert desk.get(f"/console/{path}").status_code == 200
