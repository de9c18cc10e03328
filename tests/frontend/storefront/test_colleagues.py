"""A dealer's people among themselves: inviting, roles, closing, handing work over."""

import re
from datetime import timedelta

from django.utils import timezone

from core.kernel import clock
from tenants.access.models import ApiToken, Delegation, Invitation, Seat
from tests.cast import Cast
from tests.frontend.storefront.conftest import Opens

SECRET = r"jm_[0-9a-f]{16}_"
SAID = {"account": "13912345678", "name": "小周", "roles": ["dealer_finance"]}


def test_the_owner_invites_renews_and_withdraws(cast: Cast, as_: Opens) -> None:
    owner = as_("admin_c1")
    assert owner.post("/colleagues/invite/", {**SAID, "roles": ["brand_admin"]}).status_code == 422
    owner.post("/colleagues/invite/", SAID)
    kept = owner.session["sealed_link"]
    assert "/invitation/" not in str(kept), "the link lies sealed until it is shown"
    page = owner.get("/colleagues/").content.decode()
    assert re.search(r"/invitation/[\w-]{43}/", page)
    assert owner.post("/colleagues/invite/", SAID).status_code == 422
    offer = Invitation.objects.get()
    assert (offer.dealer_id, offer.side) == (cast.c1.pk, "dealer")
    assert as_("buyer_t1").post(f"/colleagues/invitations/{offer.pk}/renew/").status_code == 404
    assert owner.post(f"/colleagues/invitations/{offer.pk}/renew/").status_code == 302
    assert owner.post(f"/colleagues/invitations/{offer.pk}/withdraw/").status_code == 302
    assert Invitation.objects.get().withdrawn_at is not None


def test_a_buyer_sees_no_seats_and_invites_nobody(cast: Cast, as_: Opens) -> None:
    buyer = as_("buyer_c1")
    page = buyer.get("/colleagues/").content.decode()
    assert "泉城老板" not in page
    assert buyer.get("/colleagues/invite/").status_code == 403
    assert buyer.post("/colleagues/invite/", SAID).status_code == 403
    assert buyer.get(f"/colleagues/{cast.seats['buyer_c1'].pk}/").status_code == 403


def test_the_owner_changes_roles_and_closes_a_seat(cast: Cast, as_: Opens) -> None:
    owner, seat = as_("admin_c1"), cast.seats["buyer_c1"]
    address = f"/colleagues/{seat.pk}/"
    assert owner.get(address).status_code == 200
    assert owner.post(address, {"roles": []}).status_code == 422
    assert owner.post(address, {"roles": ["dealer_warehouse"]}).status_code == 302
    assert Seat.objects.get(pk=seat.pk).roles == ["dealer_warehouse"]
    own = f"/colleagues/{cast.seats['admin_c1'].pk}/"
    assert owner.post(own, {"act": "close"}).status_code == 403
    for stranger in ("buyer_c2", "rep"):
        assert owner.get(f"/colleagues/{cast.seats[stranger].pk}/").status_code == 404
    assert owner.post(address, {"act": "close"}).status_code == 302
    assert Seat.objects.get(pk=seat.pk).status == "CLOSED"


def test_work_is_handed_over_by_kind_and_taken_back(cast: Cast, as_: Opens) -> None:
    buyer, today = as_("buyer_c1"), timezone.localdate(clock.now())
    said = {
        "receiver": str(cast.seats["warehouse_c1"].pk),
        "from_day": f"{today}",
        "until_day": f"{today + timedelta(days=2)}",
        "reason": "出差",
        "work": ["dealer_buyer"],
    }
    assert buyer.get("/colleagues/stand-in/").status_code == 200
    assert buyer.post("/colleagues/stand-in/", {**said, "receiver": "x"}).status_code == 422
    assert buyer.post("/colleagues/stand-in/", said).status_code == 302
    delegation = Delegation.objects.get()
    assert "orders.place" in delegation.codes
    assert "出差" in as_("warehouse_c1").get("/colleagues/").content.decode()
    assert "出差" not in as_("finance_c1").get("/colleagues/").content.decode()
    assert as_("finance_c1").post(f"/colleagues/stand-in/{delegation.pk}/end/").status_code == 403
    assert as_("warehouse_c1").post(f"/colleagues/stand-in/{delegation.pk}/end/").status_code == 302


def test_a_buyer_gives_a_program_access_with_the_rights_chosen(cast: Cast, as_: Opens) -> None:
    buyer, said = as_("buyer_c1"), {"name": "ERP", "days": "３０", "codes": ["orders.read"]}
    assert buyer.post("/tokens/", {**said, "codes": ["access.edit"]}).status_code == 422
    page = buyer.post("/tokens/", said, follow=True).content.decode()
    token = ApiToken.objects.get()
    assert (token.seat_id, token.codes) == (cast.seats["buyer_c1"].pk, ["orders.read"])
    assert re.search(rf"jm_{token.key}_[0-9a-f]{{48}}", page)
    assert not re.search(SECRET, buyer.get("/tokens/?issued=1").content.decode())
    again = buyer.post(f"/tokens/{token.key}/rotate/", follow=True).content.decode()
    assert re.search(rf"jm_{token.key}_[0-9a-f]{{48}}", again)
    assert buyer.post(f"/tokens/{token.key}/revoke/").status_code == 302
    assert buyer.post(f"/tokens/{token.key}/rotate/").status_code == 409


def test_the_owner_ends_a_colleagues_access_and_strangers_see_none(cast: Cast, as_: Opens) -> None:
    cast.token(cast.buyer_c1)
    token = ApiToken.objects.get()
    for stranger in ("finance_c1", "buyer_c2"):
        assert token.key not in as_(stranger).get("/tokens/").content.decode()
    assert as_("finance_c1").post(f"/tokens/{token.key}/revoke/").status_code == 403
    assert as_("buyer_c2").post(f"/tokens/{token.key}/revoke/").status_code == 404
    owner = as_("admin_c1")
    page = owner.get("/tokens/").content.decode()
    assert f"/tokens/{token.key}/revoke/" in page
    assert f"/tokens/{token.key}/rotate/" not in page  # a secret that acts in somebody else's name
    assert owner.post(f"/tokens/{token.key}/revoke/").status_code == 302
    assert ApiToken.objects.get().revoked_at is not None
