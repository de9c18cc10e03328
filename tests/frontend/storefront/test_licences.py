"""A house's own licences: what blocks ordering, sending a renewed one, and the way there from a closed gate."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.db.acts import public
from core.files.models import StoredFile
from dms.dealers.models import Credential, Dealer
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.papers import JY, make_firm, picture, send_paper
from tests.frontend.storefront.conftest import Opens
from tests.frontend.storefront.test_orders import Places, placed

__all__ = ["placed"]

PAGE = "/licences/"


@pytest.fixture
def firm(cast: Cast) -> Dealer:
    """C1 with its USCC; its food permit ended yesterday."""
    Credential.objects.filter(dealer=cast.c1, type="JY").update(
        valid_from=date(2021, 1, 12), valid_to=date(2026, 1, 11), number=JY
    )
    return make_firm(cast.c1)


def filled(**more: object) -> dict[str, object]:
    scan = SimpleUploadedFile("许可证.png", picture().read(), "image/png")
    said = {"type": "JY", "number": JY, "valid_from": "2026-01-12", "valid_to": "2031-01-11", "scan": scan}
    return {**said, **more}


def test_everybody_of_the_house_reads_what_blocks(firm: Dealer, as_: Opens) -> None:
    for seat in ("admin_c1", "buyer_c1", "finance_c1", "warehouse_c1"):
        text = as_(seat).get(PAGE).content.decode()
        assert "暂不能下新单" in text
        assert "已于 2026-01-11 到期" in text
        assert ('enctype="multipart/form-data"' in text) == (seat == "admin_c1")
    assert "资质齐全" in as_("buyer_c2").get(PAGE).content.decode()


def test_the_administrator_sends_a_renewed_one_and_takes_it_back(firm: Dealer, as_: Opens) -> None:
    boss = as_("admin_c1")
    assert boss.post(PAGE, filled())["Location"] == PAGE
    row = Credential.objects.get(check_status="SUBMITTED")
    text = boss.get(PAGE).content.decode()
    assert "核验中" in text
    assert f"{JY} 处理中" in text
    assert boss.get(f"{PAGE}{row.pk}/scan/{row.file_ids[0]}/").status_code == 200
    assert as_("buyer_t1").get(f"{PAGE}{row.pk}/scan/{row.file_ids[0]}/").status_code == 404
    assert as_("buyer_c1").post(f"{PAGE}{row.pk}/recall/").status_code == 403
    assert as_("admin_c1").post(f"{PAGE}{row.pk}/recall/").status_code == 302
    row.refresh_from_db()
    assert row.check_status == "WITHDRAWN"


def test_a_wrong_form_comes_back_marked_and_keeps_no_file(firm: Dealer, as_: Opens) -> None:
    boss = as_("admin_c1")
    for wrong in ({"number": "JY1"}, {"valid_to": "2026-01-11", "valid_from": "2021-01-01"}, {"scan": ""}):
        answer = boss.post(PAGE, filled(**wrong))
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.content.decode()
    with public():
        assert not StoredFile.objects.exists()
    assert as_("buyer_c1").post(PAGE, filled()).status_code in {403, 422}
    assert not Credential.objects.filter(check_status="SUBMITTED").exists()


def test_a_closed_gate_leads_here(firm: Dealer, cast: Cast, as_: Opens) -> None:
    buyer = as_("buyer_c1")
    buyer.post("/products/cart/", {"sku": cast.skus[1].code, "quantity": "1"})
    for page in ("/pad/", "/checkout/"):
        text = buyer.get(page).content.decode()
        assert "食品经营许可（备案）已于 2026-01-11 到期" in text
        assert f'href="{PAGE}"' in text


def test_english_readers_get_english(firm: Dealer, cast: Cast, buyer: HostClient) -> None:
    send_paper(cast.admin_c1, "C1", valid_from=date(2026, 1, 12))
    buyer.cookies["jm_language"] = "en"
    text = buyer.get(PAGE).content.decode()
    assert "My licences" in text
    assert "我的资质" not in text


def test_the_first_page_says_what_is_due_and_by_whom_and_offers_no_order(
    firm: Dealer, cast: Cast, as_: Opens, placed: Places
) -> None:
    number = placed("buyer_c2", (1, 2))
    assert f'action="/orders/{number}/again/"' in as_("buyer_c2").get("/").content.decode()
    text = as_("buyer_c1").get("/").content.decode()
    assert "暂不能下新单" in text
    assert "已于 2026-01-11 到期" in text
    assert "请联系贵司管理员上传换新的资质" in text
    assert "/again/" not in text
    assert "请上传换新的资质" in as_("admin_c1").get("/").content.decode()
    page = as_("buyer_c1").get(PAGE).content.decode()
    assert "请联系贵司管理员上传换新的资质" in page
    assert "请在下方上传" not in page
