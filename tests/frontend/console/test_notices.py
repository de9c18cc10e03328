"""Notices on both sides of the counter: written at a desk, read in a shop."""

import pytest
from django.db.models import F

from core.db.acts import act
from dms.notices.models import Notice, NoticeRead
from tenants.access.models import Seat
from tests.cast import Cast
from tests.clients import HostClient
from tests.ordering.watching import statements

WORDS = {"title": "春节放假", "body": "初七恢复发货。\n请提前下单。", "tone": "WARN", "tiers": ["CITY"]}


@pytest.fixture
def desk(cast: Cast) -> HostClient:
    """The sales desk's browser."""
    return cast.client(cast.sales_admin)


def published(desk: HostClient, **more: object) -> Notice:
    """Written and published through the pages."""
    answer = desk.post("/console/notices/new/", {**WORDS, **more})
    assert answer.status_code == 302
    row = Notice.objects.latest("pk")
    assert answer["Location"] == f"/console/notices/{row.pk}/"
    words = {**WORDS, **more, "version": row.version, "act": "publish"}
    assert desk.post(answer["Location"], words).status_code == 302
    row.refresh_from_db()
    return row


def test_a_notice_goes_from_the_desk_to_the_shop_and_back(cast: Cast, desk: HostClient) -> None:
    row = published(desk, needs_receipt="on", region_codes="山东省济南市")
    assert (row.region_codes, row.published_at is not None) == (["370100"], True)
    shop = cast.client(cast.buyer_c1)
    home = shop.get("/").content.decode()
    assert "春节放假" in home
    assert "我已阅读" in home
    assert "春节放假" not in cast.client(cast.buyer_c2).get("/").content.decode()
    answer = shop.post(f"/notices/{row.pk}/read/", {"next": "/"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "春节放假" not in shop.get("/").content.decode()
    assert "您已确认阅读" in shop.get("/notices/").content.decode()
    page = desk.get(f"/console/notices/{row.pk}/receipts/").content.decode()
    assert "采购员乙" in page
    assert "1 家经销商中已有 1 家阅读" in page


def test_the_bell_counts_unread_notices_at_once_for_the_reader(cast: Cast, desk: HostClient) -> None:
    row = published(desk)
    shop = cast.client(cast.buyer_c1)
    assert shop.get("/notices/").context["unread_count"] == 1
    shop.post("/notices/read/", {})
    assert shop.get("/notices/").context["unread_count"] == 0
    assert NoticeRead.objects.filter(notice=row).count() == 1


def test_the_same_form_sent_twice_is_one_draft(desk: HostClient) -> None:
    for _again in range(2):
        desk.post("/console/notices/new/", {**WORDS, "once": "k" * 32})
    assert Notice.objects.count() == 1


def test_a_refused_form_keeps_what_was_typed(desk: HostClient) -> None:
    answer = desk.post("/console/notices/new/", {**WORDS, "title": "", "region_codes": "不存在的地方"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "初七恢复发货" in text
    assert "不存在的地方" in text
    assert not Notice.objects.exists()


def test_the_preview_says_how_many_it_reaches_and_escapes(desk: HostClient) -> None:
    words = {"title": "<b>题", "body": "正文", "region_codes": "370100", "tone": "INFO"}
    text = desk.post("/console/notices/preview/", words).content.decode()
    assert "覆盖 2 家经销商" in text
    assert "&lt;b&gt;题" in text
    strange = desk.post("/console/notices/preview/", {**words, "region_codes": "999999", "tone": "<x>"})
    assert strange.status_code == 200
    assert not Notice.objects.exists()


def test_a_change_from_an_old_tab_is_refused_and_kept_on_the_form(desk: HostClient) -> None:
    row = published(desk)
    path = f"/console/notices/{row.pk}/"
    assert desk.post(path, {**WORDS, "body": "改过", "version": row.version}).status_code == 302
    answer = desk.post(path, {**WORDS, "body": "旧页", "version": row.version})
    assert answer.status_code == 422
    assert "旧页" in answer.content.decode()
    desk.post(f"{path}withdraw/")
    assert desk.post(path, {**WORDS, "body": "又改", "version": row.version + 2}).status_code == 422
    assert Notice.objects.get().body == "改过"


def test_what_was_just_typed_is_what_is_published(desk: HostClient) -> None:
    answer = desk.post("/console/notices/new/", WORDS)
    row = Notice.objects.get()
    assert 'form="notice-form"' in desk.get(answer["Location"]).content.decode()
    said = {**WORDS, "title": "元旦放假", "version": row.version, "act": "publish", "on": ""}
    assert desk.post(answer["Location"], said).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.published_at is not None) == ("元旦放假", True)


def test_a_day_that_is_none_publishes_nothing_and_keeps_what_was_typed(desk: HostClient) -> None:
    answer = desk.post("/console/notices/new/", WORDS)
    said = {**WORDS, "title": "元旦放假", "version": Notice.objects.get().version, "act": "publish", "on": "后天吧"}
    refused = desk.post(answer["Location"], said)
    assert refused.status_code == 422
    assert "元旦放假" in refused.content.decode()
    assert Notice.objects.get().published_at is None


def test_pages_cost_the_same_for_many_notices(cast: Cast, desk: HostClient) -> None:
    def costs() -> list[int]:
        counted = []
        shop = cast.client(cast.buyer_c1)
        for client, path in (
            (desk, "/console/notices/"),
            (desk, f"/console/notices/{first.pk}/receipts/"),
            (shop, "/notices/"),
            (shop, "/"),
        ):
            client.get(path)
            with statements() as seen:
                assert client.get(path).status_code == 200
            counted.append(len(seen))
        return counted

    first = published(desk)
    few = costs()
    for number in range(3):
        published(desk, title=f"公告{number}")
    assert costs() == few


def test_readers_see_no_buttons_to_write(cast: Cast, desk: HostClient) -> None:
    row = published(desk)
    reader = cast.client(cast.rep)
    assert "新公告" not in reader.get("/console/notices/").content.decode()
    page = reader.get(f"/console/notices/{row.pk}/")
    assert page.status_code == 200
    assert "<form id=" not in page.content.decode()
    assert reader.post(f"/console/notices/{row.pk}/withdraw/").status_code == 403


def test_single_dealers_are_named_by_code_by_name_or_by_search(cast: Cast, desk: HostClient) -> None:
    found = desk.get("/console/notices/dealers/", {"q": "c1"}).content.decode()
    assert f'data-line="C1 {cast.c1.name}"' in found
    assert "C2" not in found
    row = published(desk, tiers=[], dealer_codes=f"{cast.c2.name}\nC1 {cast.c1.name}\nc1")
    assert row.dealer_codes == ["C1", "C2"]
    page = desk.get(f"/console/notices/{row.pk}/").content.decode()
    assert f"C1 {cast.c1.name}\nC2 {cast.c2.name}" in page
    assert "覆盖 1 家经销商" in desk.post("/console/notices/preview/", {**WORDS, "dealer_codes": "C1"}).content.decode()
    refused = desk.post("/console/notices/new/", {**WORDS, "dealer_codes": "某某酒行"})
    assert "某某酒行" in str(refused.context["form"].errors["dealer_codes"])
    asked = desk.get("/console/notices/new/?dealer=C2").context["form"]
    assert asked.initial["dealer_codes"] == ["C2"]
    nobody = desk.get("/console/notices/new/?dealer=NOBODY")
    assert nobody["Location"] == "/console/notices/", "no form: empty would be everybody"
    assert "NOBODY" in desk.get("/console/notices/").content.decode()


def test_whoever_answers_for_one_province_is_told_to_name_it(cast: Cast) -> None:
    with act():
        Seat.objects.filter(pk=cast.sales_admin.seat_id).update(scope_regions=["370100"], version=F("version") + 1)
    desk = cast.client(cast.sales_admin)
    form = desk.get("/console/notices/new/")
    assert "济南市" in form.content.decode()
    refused = desk.post("/console/notices/new/", {**WORDS, "region_codes": ""})
    assert refused.status_code == 422
    assert "济南市" in str(refused.context["form"].errors["region_codes"])
    assert not Notice.objects.exists()
