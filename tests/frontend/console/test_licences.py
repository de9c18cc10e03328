"""Dealers' licences at the desk: the list, the file's own part, the producer's, the rules."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.catalogue.models import Producer
from core.db.acts import PUBLIC, public
from core.events.models import Event
from core.events.relay import relay
from core.files.models import StoredFile
from dms.dealers.models import Credential, Dealer, DealerSettings
from dms.dealers.rules import Need
from dms.dealers.selectors import papers_of
from tenants.organisations.models import Licence, Organisation
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.papers import JY, SC, make_firm, picture, send_paper, uscc_of
from tests.frontend.console.conftest import Opens
from tests.portals import XINGHE

FILE = "/console/dealers/code/C1/?tab=licences"
TODAY = date(2026, 1, 12)


def scan(name: str = "许可证.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture().read(), "image/png")


def filled(**more: object) -> dict[str, object]:
    return {
        "act": "submit",
        "type": "JY",
        "number": JY,
        "valid_from": "2026-01-01",
        "valid_to": "2030-12-31",
        "scan": scan(),
        **more,
    }


@pytest.fixture
def firm(cast: Cast) -> Dealer:
    """C1 with its USCC, its food permit gone."""
    Credential.objects.filter(dealer=cast.c1).exclude(type="BUSINESS").delete()
    return make_firm(cast.c1)


def test_the_file_says_what_keeps_the_dealer_from_ordering(firm: Dealer, desk: HostClient) -> None:
    for page in ("/console/dealers/code/C1/", FILE):
        text = desk.get(page).content.decode()
        assert "暂不能下单" in text
        assert "食品经营许可证或预包装食品销售备案" in text


def test_sends_a_licence_with_its_scan(firm: Dealer, desk: HostClient) -> None:
    assert desk.post(FILE, filled()).status_code == 302
    row = Credential.objects.get(number=JY)
    assert (row.check_status, len(row.file_ids), row.is_accepted) == ("SUBMITTED", 1, False)
    text = desk.get(FILE).content.decode()
    assert "核验中" in text
    answer = desk.get(f"/console/licences/{row.pk}/scan/{row.file_ids[0]}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]  # a file is streamed


def test_a_refused_form_keeps_what_was_typed_and_no_file(firm: Dealer, desk: HostClient) -> None:
    answer = desk.post(FILE, filled(number="JY15308250014108"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "JY15308250014108" in text
    assert "校验" in text or "末位" in text or "最后一位" in text
    bad = desk.post(FILE, filled(scan=SimpleUploadedFile("a.png", b"MZ\x90\x00" + b"\x00" * 90)))
    assert bad.status_code == 422
    assert desk.post(FILE, filled(scan="")).status_code == 422
    with public():
        assert not StoredFile.objects.exists()
    assert not Credential.objects.filter(number=JY).exists()


def test_accepts_refuses_and_takes_back(firm: Dealer, cast: Cast, desk: HostClient) -> None:
    row = send_paper(cast.admin_c1, "C1")
    assert desk.post(FILE, {"act": "refuse", "credential": row.pk, "reason": ""}).status_code == 422
    assert desk.post(FILE, {"act": "refuse", "credential": row.pk, "reason": "名称不符"}).status_code == 302
    assert "名称不符" in desk.get(FILE).content.decode()
    assert desk.post(FILE, {"act": "accept", "credential": row.pk}).status_code == 302
    assert papers_of(cast.admin, "C1", TODAY).missing == ()
    other = send_paper(cast.admin, "C1", kind="PREPACK", number="YB15308250014109")
    assert desk.post(FILE, {"act": "recall", "credential": other.pk}).status_code == 302
    assert desk.post(FILE, {"act": "recall", "credential": other.pk}).status_code == 422
    assert desk.post(FILE, {"act": "accept", "credential": 999_999}).status_code == 404


def test_the_list_narrows_to_what_somebody_must_do(firm: Dealer, cast: Cast, desk: HostClient) -> None:
    make_firm(cast.c2)
    send_paper(cast.admin, "C1", valid_to=date(2026, 2, 1))
    Credential.objects.filter(dealer=cast.c2, type="JY").update(valid_to=date(2026, 1, 15), number="JY-C2-ENDS-SOON")
    Credential.objects.filter(dealer=cast.p1, type="JY").update(valid_to=date(2026, 1, 11), number="JY-P1-ENDED")
    seen = {
        concern: desk.get(f"/console/licences/?concern={concern}").content.decode()
        for concern in ("", "week", "month", "ended", "checking", "open", "rejected", "all", "nonsense")
    }
    where = {concern for concern, text in seen.items() if "JY-C2-ENDS-SOON" in text}
    assert where == {"", "week", "month", "all", "nonsense"}
    assert {concern for concern, text in seen.items() if "JY-P1-ENDED" in text} == {"ended", "all"}
    assert {concern for concern, text in seen.items() if JY in text} == {"checking", "all"}
    assert "剩 3 天" in seen["week"]
    assert "JY-C2-ENDS-SOON" not in desk.get("/console/licences/?q=泉城").content.decode()


def test_readers_see_and_change_nothing(firm: Dealer, cast: Cast, as_: Opens) -> None:
    row = send_paper(cast.admin_c1, "C1")
    rep = as_("rep")
    text = rep.get(FILE).content.decode()
    assert JY in text
    assert 'value="accept"' not in text
    assert rep.post(FILE, {"act": "accept", "credential": row.pk}).status_code in {403, 422}
    row.refresh_from_db()
    assert not row.is_accepted


def test_dealers_of_page_and_api_get_their_organisation(cast: Cast, desk: HostClient) -> None:
    said = {"code": "C8", "name": "德州新商贸", "tier": "CITY", "region_code": "371400", "channel": "TRADITIONAL"}
    assert desk.post("/console/dealers/new/", said | {"uscc": uscc_of("C8")}).status_code == 302
    body = {"code": "C7", "name": "滨州新商贸", "tier": "CITY", "region": "371600", "uscc": uscc_of("C7")}
    headers = {"idempotency-key": "set-up-c7"}
    made = desk.post("/api/v1/dealers", body, content_type="application/json", headers=headers)
    assert made.status_code == 201
    for code in ("C7", "C8"):
        with public():
            firm = Organisation.objects.get(uscc=uscc_of(code))
        assert Dealer.objects.get(code=code).organisation_id == firm.pk
    assert Event.objects.filter(kind="dms.organisations_used.v1").count() == 2


def test_the_rules_are_saved_from_the_settings_page(cast: Cast, desk: HostClient) -> None:
    page = desk.get("/console/settings/").content.decode()
    assert "山东省" in page
    said = {"act": "papers", "version": "0", "wholesale_provinces": ["370000"]}
    assert desk.post("/console/settings/", said).status_code == 302
    row = DealerSettings.objects.get()
    assert (row.wholesale_provinces, row.accepts_verified) == (["370000"], False)
    assert desk.post("/console/settings/", said).status_code == 422
    Credential.objects.filter(dealer=cast.c1).delete()
    missing = papers_of(cast.admin, "C1", TODAY).missing
    assert [one.need for one in missing] == [Need.BUSINESS, Need.FOOD, Need.WHOLESALE]


def test_a_producers_licence_is_sent_from_its_page(cast: Cast, as_: Opens) -> None:
    producer = Producer.objects.get()
    page, people = f"/console/products/producers/?edit={producer.name}", as_("product")
    assert "统一社会信用代码" in people.get(page).content.decode()
    said = {"current_name": producer.name, "name": producer.name, "uscc": uscc_of("MAKER"), "sc_no": SC}
    assert people.post(page, said).status_code == 302
    producer.refresh_from_db()
    assert producer.organisation_id is not None
    sends = {"act": "submit", "producer_name": producer.name, "sc_no": SC, "valid_from": "2026-01-01"}
    assert people.post(page, sends | {"sc_no": "SC11552038200099", "scan": scan()}).status_code == 422
    assert people.post(page, sends | {"scan": scan()}).status_code == 302
    producer.refresh_from_db()
    assert producer.sc_check == "SUBMITTED"
    file = people.get(f"/console/products/producers/{producer.pk}/scan/{producer.sc_file_ids[0]}/")
    assert file.status_code == 200
    relay(XINGHE.schema)
    relay(PUBLIC)
    with public():
        assert Licence.objects.get().number == SC
