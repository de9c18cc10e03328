"""People in the console: inviting, changing roles and limits, own roles, stand-ins, who can do what, tokens."""

import re
from datetime import timedelta

from django.utils import timezone

from core.kernel import clock
from tenants.access.models import ApiToken, CustomRole, Delegation, Invitation, Seat
from tests.cast import Cast
from tests.clients import HostClient, visitor
from tests.factories.people import make_person
from tests.frontend.console.conftest import Opens
from tests.tenants.access.offers import lent

SAID = {"account": "13912345678", "name": "新同事", "roles": ["brand_rep"]}


def test_invites_shows_the_link_once_renews_and_withdraws(cast: Cast, desk: HostClient) -> None:
    assert desk.post("/console/seats/invite/", {**SAID, "account": "谁"}).status_code == 422
    page = desk.post("/console/seats/invite/", {**SAID, "regions": "山东省济南市、370200"}, follow=True)
    links = set(re.findall(r"/invitation/[\w-]{43}/", page.content.decode()))
    assert len(links) == 1
    assert "139****5678" in page.content.decode()
    assert not re.search(r"/invitation/[\w-]{43}/", desk.get("/console/seats/invitations/").content.decode())
    offer = Invitation.objects.get()
    assert offer.scope_regions == ["370100", "370200"]
    assert visitor(cast.portal).get(links.pop()).status_code == 200
    assert desk.post("/console/seats/invite/", SAID).status_code == 422
    again = desk.post(f"/console/seats/invitations/{offer.pk}/renew/", follow=True).content.decode()
    assert re.search(r"/invitation/[\w-]{43}/", again)
    assert desk.post(f"/console/seats/invitations/{offer.pk}/withdraw/").status_code == 302
    assert desk.post(f"/console/seats/invitations/{offer.pk}/renew/").status_code == 409


def test_changes_roles_and_limits_of_a_seat_and_closes_it(cast: Cast, desk: HostClient) -> None:
    seat = cast.seats["rep"]
    said = {"roles": ["brand_region_manager"], "regions": "山东省", "below": "C1", "version": "1"}
    assert desk.post(f"/console/seats/{seat.pk}/", {**said, "regions": "月球"}).status_code == 422
    assert desk.post(f"/console/seats/{seat.pk}/", said).status_code == 302
    seat.refresh_from_db()
    assert (seat.roles, seat.scope_regions, seat.scope_dealer_id) == (["brand_region_manager"], ["370000"], cast.c1.pk)
    page = desk.get(f"/console/seats/{seat.pk}/").content.decode()
    assert "山东省" in page
    assert desk.post(f"/console/seats/{seat.pk}/", said).status_code == 422  # somebody has changed it since
    collide = {"roles": ["brand_pricing", "brand_sales_admin"], "version": str(seat.version)}
    refused = desk.post(f"/console/seats/{seat.pk}/", collide).content.decode()
    assert "orders.approve" not in refused.split("form")[1]
    assert desk.post(f"/console/seats/{seat.pk}/", {"act": "close"}).status_code == 302
    assert Seat.objects.get(pk=seat.pk).status == "CLOSED"
    assert desk.post(f"/console/seats/{cast.seats['admin'].pk}/", {"act": "close"}).status_code == 422


def test_makes_changes_and_retires_a_role(cast: Cast, desk: HostClient) -> None:
    said = {"name": "查价", "codes": ["prices.read", "catalogue.read"]}
    assert desk.post("/console/seats/roles/new/", {**said, "codes": ["access.edit"]}).status_code == 422
    assert desk.post("/console/seats/roles/new/", said).status_code == 302
    role = CustomRole.objects.get()
    assert "查价" in desk.get("/console/seats/invite/").content.decode()
    address = f"/console/seats/roles/{role.code}/"
    refused = desk.post(address, {**said, "codes": ["orders.place", "orders.approve"]})
    assert refused.status_code == 422
    assert "下单" in refused.content.decode()
    assert desk.post(address, {**said, "name": "看价"}).status_code == 302
    assert desk.post(address, {"act": "retire"}).status_code == 302
    assert desk.get(address).status_code == 404


def test_hands_over_and_takes_back(cast: Cast, as_: Opens) -> None:
    finance = as_("finance")
    today = timezone.localdate(clock.now())
    said = {
        "giver": str(cast.seats["finance"].pk),
        "receiver": str(cast.seats["warehouse"].pk),
        "from_day": f"{today}",
        "until_day": f"{today + timedelta(days=3)}",
        "reason": "年假",
        "codes": ["ledger.read"],
    }
    assert finance.post("/console/seats/stand-ins/new/", {**said, "until_day": "2020-01-01"}).status_code == 422
    other = {**said, "giver": str(cast.seats["rep"].pk)}
    assert finance.post("/console/seats/stand-ins/new/", other).status_code == 422
    assert finance.post("/console/seats/stand-ins/new/", said).status_code == 302
    choice = as_("warehouse").get("/seat/").content.decode()
    assert "品牌财务" in choice
    assert "年假" in as_("warehouse").get("/console/seats/stand-ins/").content.decode()
    assert "年假" not in as_("rep").get("/console/seats/stand-ins/").content.decode()
    ended = finance.post(f"/console/seats/stand-ins/{Delegation.objects.get().pk}/end/")
    assert ended.status_code == 302
    assert "品牌财务" not in as_("warehouse").get("/seat/").content.decode()


def test_who_can_do_what_and_why(cast: Cast, desk: HostClient) -> None:
    lent(cast, "finance", "warehouse", "ledger.read")
    page = desk.get("/console/seats/rights/?by=permission&code=ledger.read").content.decode()
    body = page.split("<tbody>")[1]
    assert "仓储主管" in body
    assert "代品牌财务办理" in body
    assert "产品经理" not in body
    assert desk.get("/console/seats/rights/").status_code == 200
    assert desk.get("/console/seats/rights/?side=dealer&q=泉城").status_code == 200
    assert 'action="/console/export/rights/?by=permission&amp;code=ledger.read"' in page


def test_a_new_secret_is_shown_once(cast: Cast, desk: HostClient) -> None:
    cast.token(cast.admin)
    token = ApiToken.objects.get()
    page = desk.post(f"/console/tokens/{token.key}/rotate/", follow=True).content.decode()
    assert re.search(rf"jm_{token.key}_[0-9a-f]{{48}}", page)
    assert not re.search(r"jm_[0-9a-f]{16}_", desk.get("/console/tokens/").content.decode())
    desk.post(f"/console/tokens/{token.key}/revoke/")
    assert desk.post(f"/console/tokens/{token.key}/rotate/").status_code == 409


def test_who_works_here_already_is_named_before_another_seat_is_offered(cast: Cast, desk: HostClient) -> None:
    make_person(cast.sales_admin.person_name, phone="13800138002")
    said = {**SAID, "account": "13800138002", "name": "坏"}
    shown = desk.post("/console/seats/invite/", said)
    page = shown.content.decode()
    assert shown.status_code == 422
    assert cast.sales_admin.person_name in page
    assert "销售内勤" in page
    assert 'name="sure"' not in page, "the very seat is there: nothing to be sure of"
    assert desk.post("/console/seats/invite/", {**said, "sure": "on"}).status_code == 422
    elsewhere = {**said, "dealer_code": "C1", "roles": ["dealer_buyer"]}
    page = desk.post("/console/seats/invite/?side=dealer", elsewhere).content.decode()
    assert 'name="sure"' in page
    assert not Invitation.objects.exists()
    assert desk.post("/console/seats/invite/?side=dealer", {**elsewhere, "sure": "on"}).status_code == 302
    assert Invitation.objects.get().dealer_id == cast.c1.pk


def test_who_works_at_another_brand_is_a_stranger_here(cast: Cast, desk: HostClient) -> None:
    make_person("别家员工", phone="13800138003")
    assert desk.post("/console/seats/invite/", {**SAID, "account": "13800138003"}).status_code == 302


def test_a_role_that_is_refused_offers_no_right_to_change_seats(cast: Cast, desk: HostClient) -> None:
    said = {"name": "查价", "codes": ["prices.read", "catalogue.read"]}
    desk.post("/console/seats/roles/new/", said)
    role = CustomRole.objects.get()
    Seat.objects.filter(pk=cast.seats["rep"].pk).update(roles=["brand_rep", role.code])
    refused = desk.post(f"/console/seats/roles/{role.code}/", {"act": "retire"})
    assert refused.status_code == 422
    assert 'value="prices.read"' in refused.content.decode()
    assert 'value="access.edit"' not in refused.content.decode()


def test_an_administrator_hands_everything_over_but_what_must_not_meet(cast: Cast, as_: Opens) -> None:
    today = timezone.localdate(clock.now())
    said = {
        "giver": str(cast.seats["admin"].pk),
        "receiver": str(cast.seats["sales_admin"].pk),
        "from_day": f"{today}",
        "until_day": f"{today + timedelta(days=3)}",
        "reason": "年假",
    }
    admin = as_("admin")
    assert "不得由一人兼任" in admin.get("/console/seats/stand-ins/new/").content.decode()
    refused = admin.post("/console/seats/stand-ins/new/", {**said, "codes": ["orders.place", "orders.approve"]})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert page.index("不得兼任") < page.index('name="giver"'), "at the top, not under the last box"
    done = admin.post("/console/seats/stand-ins/new/", said, follow=True).content.decode()
    assert "以下权限未移交" in done
    assert "orders.place" not in Delegation.objects.get().codes


def test_everything_of_the_console_stands_in_a_landmark_of_its_own_name(cast: Cast, desk: HostClient) -> None:
    page = desk.get("/console/seats/rights/").content.decode()
    rail = page.index('<aside class="rail" aria-label="')
    assert rail < page.index('class="rail__brand"') < page.index("</aside>")
    names = re.findall(r'<nav [^>]*aria-label="([^"]+)"', page[: page.index("<dialog")] + page[page.index("<main") :])
    assert {"排列方式", "哪方人员"} <= set(names)
