"""Dealers, stock, long acts, seats, tokens and settings by their forms."""

import importlib
import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.catalogue.models import Sku
from core.db.acts import public
from core.jobs.models import Job
from core.kernel.quantity import Unit
from dms.dealers.models import Credential, Dealer
from dms.notices import services as notices
from dms.notices.services import WriteNotice
from dms.stock import services as stock
from dms.stock.models import Movement, Stock
from dms.stock.services import OpenCount
from frontend.console.auditwords import TOPICS, known_events
from frontend.ui.codewords import known_codes
from ordering.orders.models import OrderingSettings
from ordering.pricing.services import PriceChange, SetPrices, set_prices
from tenants.access.models import ApiToken
from tenants.access.roles import CODES
from tenants.brands.models import Brand
from tests.cast import Cast
from tests.clients import HostClient
from tests.frontend.console.conftest import Opens

C1 = "/console/dealers/code/C1/"


def test_sets_up_a_dealer_and_changes_it(cast: Cast, desk: HostClient) -> None:
    said = {"code": "C9", "name": "德州新商贸", "tier": "CITY", "region_code": "371400", "channel": "TRADITIONAL"}
    bad = desk.post("/console/dealers/new/", said | {"uscc": "91350100M000100Y4Z", "contact_phone": "12"})
    assert bad.status_code == 422
    assert "德州新商贸" in bad.content.decode()
    assert desk.post("/console/dealers/new/", said).status_code == 302
    changed = {"act": "change", "name": "德州新名酒", "region_code": "371400", "channel": "KA"}
    assert desk.post("/console/dealers/code/C9/", changed).status_code == 302
    assert Dealer.objects.get(code="C9").name == "德州新名酒"


def test_suspending_needs_a_reason(cast: Cast, desk: HostClient) -> None:
    assert desk.post(C1, {"act": "suspend", "reason": ""}).status_code == 422
    assert desk.post(C1, {"act": "suspend", "reason": "串货"}).status_code == 302
    assert Dealer.objects.get(code="C1").status == "SUSPENDED"
    refused = desk.post(C1, {"act": "activate"})
    assert refused.status_code == 422
    assert "信用代码" in refused.content.decode()
    Dealer.objects.filter(code="C1").update(uscc="91350100M000100Y43")
    assert desk.post(C1, {"act": "activate"}).status_code == 302
    assert Dealer.objects.get(code="C1").status == "ACTIVE"


def test_records_a_licence_and_refuses_a_wrong_number(cast: Cast, desk: HostClient) -> None:
    said = {"act": "credential", "type": "JY", "number": "JY15308250014108", "valid_from": "2026-01-01"}
    refused = desk.post(C1, said)
    assert refused.status_code == 422
    assert "JY15308250014108" in refused.content.decode()
    assert desk.post(C1, said | {"number": "JY15308250014109"}).status_code == 302
    assert Credential.objects.filter(dealer=cast.c1, number="JY15308250014109").exists()


def test_finance_books_a_payment_once(cast: Cast, as_: Opens) -> None:
    finance = as_("finance")
    said = {"act": "pay_in", "amount": "¥12,345.60", "reference": "ICBC-1"}
    assert finance.post(C1, said).status_code == 302
    assert finance.post(C1, said).status_code == 302
    assert "¥12,345.60" in finance.get(f"{C1}?tab=account").content.decode()
    assert finance.post(C1, said | {"amount": "-1"}).status_code == 422
    assert as_("rep").get(f"{C1}?tab=account").context["tab"] == "facts"


def test_finance_gives_a_rebate_once(cast: Cast, as_: Opens) -> None:
    finance = as_("finance")
    said = {"act": "rebate", "amount": "350.00", "reference": "Q4", "reason": "四季度返利"}
    assert finance.post(C1, said).status_code == 302
    assert finance.post(C1, said).status_code == 302
    page = finance.get(f"{C1}?tab=account").content.decode()
    assert "¥350.00" in page and "¥700.00" not in page
    assert finance.post(C1, said | {"reference": "Q5", "reason": " "}).status_code == 422
    assert "¥350.00" in as_("buyer_c1").get("/account/").content.decode()


def test_terms_are_set(cast: Cast, desk: HostClient) -> None:
    assert desk.post(C1, {"act": "limit", "credit_limit": "200000", "terms_days": "45"}).status_code == 302
    assert "200000.00" in desk.get(f"{C1}?tab=account").content.decode()


def test_phones_are_masked(cast: Cast, desk: HostClient) -> None:
    said = {
        "act": "address",
        "recipient": "李敏",
        "phone": "13812344471",
        "region_code": "370102",
        "line": "历山路 1 号",
    }
    assert desk.post(C1, said).status_code == 302
    html = desk.get(C1).content.decode()
    assert "13812344471" not in html
    assert "138****4471" in html


def test_adjusts_stock_once_however_often_it_is_sent(cast: Cast, desk: HostClient) -> None:
    said = {"once": "k1", "warehouse": "W1", "sku_code": cast.skus[1].code, "sign": "-", "cases": "1", "bottles": "2"}
    missing = desk.post("/console/stock/adjust/", said)
    assert missing.status_code == 422
    assert 'value="k1"' in missing.content.decode()
    said["reason"] = "破损"
    assert desk.post("/console/stock/adjust/", said).status_code == 302
    assert desk.post("/console/stock/adjust/", said).status_code == 302
    assert Stock.objects.get(sku=cast.skus[1], warehouse=cast.w1).on_hand == 592
    assert Movement.objects.filter(kind="ADJUSTMENT").count() == 1


def test_transfers_and_shows_movements(cast: Cast, desk: HostClient) -> None:
    said = {"code": "W2", "name": "二仓", "kind": "CLOUD", "region_code": "370100", "priority": ""}
    assert desk.post("/console/stock/warehouses/new/", said).status_code == 302
    goods = {"rows": "1", "sku-0": cast.skus[1].code, "cases-0": "2"}
    move = {"once": "k", "act": "at_once", "from_code": "W1", "to_code": "W2", **goods}
    assert desk.post("/console/stock/transfer/", move).status_code == 302
    assert Stock.objects.get(sku=cast.skus[1], warehouse__code="W2").on_hand == 12
    assert desk.post("/console/stock/transfer/", move | {"once": "k3", "cases-0": "9999"}).status_code == 422
    assert "W2" in desk.get(f"/console/stock/code/{cast.skus[1].code}/").content.decode()


def table(text: str) -> SimpleUploadedFile:
    """A csv as a browser sends it."""
    return SimpleUploadedFile("商品.csv", BytesIO(text.encode("utf-8-sig")).read(), "text/csv")


def test_imports_products_by_preview_and_confirmation(
    cast: Cast, desk: HostClient, django_capture_on_commit_callbacks: "object"
) -> None:
    head = "编码,名称,香型,度数,容量,箱规,产品线\n"
    rows = "XH-QX-450-0500-NV-06,新品四五度,清香,45,500,6,经典系列\nXH-BAD,坏行,未知香型,999,500,6,经典系列\n"
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's fixture
        sent = desk.post("/console/import/products/", {"file": table(head + rows)})
    assert sent.status_code == 302
    page = desk.get(sent["Location"])
    job = Job.objects.get()
    assert job.is_dry_run
    assert "新品四五度" in page.content.decode()
    assert not Sku.objects.filter(code="XH-QX-450-0500-NV-06").exists()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's fixture
        done = desk.post(f"/console/jobs/{job.pk}/confirm/")
    assert Sku.objects.filter(code="XH-QX-450-0500-NV-06").exists()
    assert desk.get(done["Location"]).status_code == 200
    assert desk.post(f"/console/jobs/{job.pk}/confirm/")["Location"] == done["Location"]


def test_a_disguised_upload_is_refused(cast: Cast, desk: HostClient) -> None:
    upload = SimpleUploadedFile("商品.xlsx", b"<html><script>alert(1)</script>", "application/vnd.ms-excel")
    assert desk.post("/console/import/products/", {"file": upload}).status_code == 422
    assert desk.post("/console/import/products/", {}).status_code == 422
    assert desk.get("/console/import/nothing/").status_code == 404
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "audit/?since=0001-01-01",
        "audit/?until=9999-12-31",
        "prices/matrix/?list=CITY&at=0001-01-01",
        f"orders/?page={'9' * 5000}",
    ],
)
def test_days_and_numbers_beyond_use_are_left_out(cast: Cast, desk: HostClient, address: str) -> None:
    assert desk.get(f"/console/{address}").status_code == 200


def test_the_brands_own_code_is_no_dealer_to_seat_people_at(cast: Cast, desk: HostClient) -> None:
    said = {"account": "13912345679", "name": "王经理", "roles": ["dealer_buyer"]}
    refused = desk.post("/console/seats/invite/?side=dealer", {**said, "dealer_code": "ROOT"})
    assert refused.status_code == 422
    assert refused.context["form"].errors.keys() == {"dealer_code"}


def test_the_page_of_an_export_stays_readable_when_it_is_done(cast: Cast, desk: HostClient) -> None:
    page = desk.post("/console/export/products/", {"as": "xlsx"})
    assert page.status_code == 302
    Job.objects.update(status=Job.Status.DONE, result={"rows": 25}, done=25, total=25)
    assert "25" in desk.get(page["Location"]).content.decode()


def test_a_token_is_shown_once(cast: Cast, desk: HostClient) -> None:
    said = {"name": "ERP", "days": "30", "codes": ["orders.read"]}
    html = desk.post("/console/tokens/", said, follow=True).content.decode()
    (secret,) = re.findall(r'id="secret">(jm_[^<]+)<', html)
    assert secret not in desk.get("/console/tokens/?issued=1").content.decode()
    assert ApiToken.objects.filter(name="ERP").count() == 1
    token = ApiToken.objects.get(name="ERP")
    assert token.codes == ["orders.read"]
    assert desk.post(f"/console/tokens/{token.key}/revoke/").status_code == 302
    assert ApiToken.objects.get(pk=token.pk).revoked_at is not None
    assert desk.post("/console/tokens/", {"name": "x", "days": "4000"}).status_code == 422


def test_changes_the_rules_and_refuses_a_pale_accent(cast: Cast, desk: HostClient) -> None:
    rules = {
        "act": "rules",
        "approval_hours": "48",
        "minimum_amount": "500",
        "auto_approve_up_to": "0",
        "tax_rate": "13",
    }
    form = desk.get("/console/settings/").context["rules"]
    assert desk.post("/console/settings/", rules | {"version": form["version"].value()}).status_code == 302
    assert desk.post("/console/settings/", rules | {"minimum_amount": "1"}).status_code == 422, "seen by nobody"
    row = OrderingSettings.objects.get()
    assert (row.approval_hours, row.minimum_amount, row.requires_grant) == (48, 50_000, False)
    look = {"act": "look", "name": "杏禾酒业", "name_en": "Xinghe", "seal": "杏", "accent": "#ffee88"}
    refused = desk.post("/console/settings/look/", look)
    assert refused.status_code == 422
    assert "#ffee88" in refused.content.decode()
    assert desk.post("/console/settings/look/", look | {"accent": "#234f8e"}).status_code == 302
    with public():
        assert Brand.objects.get(slug="xinghe").accent == "#234f8e"


def test_the_audit_trail_names_who_did_what(cast: Cast, desk: HostClient) -> None:
    desk.post(C1, {"act": "suspend", "reason": "稽查"})
    html = desk.get("/console/audit/?room=dms&q=C1").content.decode()
    assert "经销商状态变更" in html
    assert "管理员" in html
    assert "C1" not in desk.get("/console/audit/?room=billing").content.decode().split("<tbody>")[-1]


def _bodies(desk: HostClient, query: str) -> str:
    return desk.get(f"/console/audit/?{query}").content.decode().split("<tbody>")[-1].split("</tbody>")[0]


def test_the_audit_trail_says_which_step_was_done_and_leads_there(cast: Cast, desk: HostClient) -> None:
    sheet = stock.open_count(actor=cast.admin, command=OpenCount("W1")).number
    stock.cancel_count(actor=cast.admin, number=sheet)
    written = notices.write_notice(actor=cast.admin, command=WriteNotice(title="春节放假", body="初七恢复发货。"))
    change = PriceChange(cast.skus[1].code, Unit.CASE, 179_100)
    set_prices(actor=cast.admin, command=SetPrices("CITY", (change,)))
    html = desk.get("/console/audit/").content.decode()
    assert "盘点已取消" in html
    assert f'href="/console/stock/counts/{sheet}/"' in html
    assert f'href="/console/notices/{written.pk}/">春节放假</a>' in html
    assert f"{cast.skus[1].code} ≥ 1: ¥1,791.00" in html


def test_the_audit_trail_is_narrowed_by_a_typed_name(cast: Cast, desk: HostClient) -> None:
    desk.post(C1, {"act": "suspend", "reason": "稽查"})
    page = desk.get("/console/audit/").content.decode()
    assert cast.seats["buyer_c1"].person_name not in page, "a page names the people of its rows and nobody else"
    assert "经销商状态变更" in _bodies(desk, "who=管理")
    assert "经销商状态变更" not in _bodies(desk, "who=没有这个人")
    assert "经销商状态变更" not in _bodies(desk, f"who={cast.seats['buyer_c1'].person_name}")


@pytest.mark.parametrize(
    ("topic", "path", "said", "words"),
    [
        ("tokens", "tokens/", {"name": "ERP", "days": "30", "codes": ["orders.read"]}, "签发接口令牌"),
        ("licences", "settings/", {"act": "papers", "version": "0", "wholesale_provinces": ["370000"]}, "资质规则变更"),
        ("settings", "settings/", {"act": "papers", "version": "0", "wholesale_provinces": ["370000"]}, "资质规则变更"),
        ("portal", "settings/look/", {"act": "look", "name": "杏禾", "seal": "杏"}, "门户外观变更"),
    ],
)
def test_the_audit_trail_is_narrowed_by_topic(
    cast: Cast, desk: HostClient, topic: str, path: str, said: dict[str, object], words: str
) -> None:
    assert desk.post(f"/console/{path}", said).status_code == 302
    rows = _bodies(desk, f"room={topic}")
    assert words in rows
    assert "管理员" in rows
    assert words not in _bodies(desk, "room=billing")


def test_every_topic_of_the_trail_finds_something() -> None:
    for code, topic in TOPICS.items():
        for beginning in topic.kinds:
            assert any(kind.startswith(beginning) for kind in known_events()), (code, beginning)


def test_every_permission_code_has_words() -> None:
    assert known_codes() == CODES


def test_every_event_of_the_rooms_has_words() -> None:
    rooms = (
        "core.catalogue",
        "tenants.access",
        "tenants.brands",
        "billing.ledger",
        "dms.dealers",
        "dms.territories",
        "dms.stock",
    )
    found = set()
    for room in (*rooms, "ordering.pricing", "ordering.orders", "ordering.fulfilment"):
        words = vars(importlib.import_module(f"{room}.events")).values()
        found |= {word for word in words if isinstance(word, str) and re.fullmatch(r"\w+\.\w+\.v\d+", word)}
    assert found - known_events() == set()
