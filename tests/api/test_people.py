"""Seats, invitations and tokens by the interface: as the document says, and never a secret."""

from tenants.access.models import Seat
from tests.api.calling import Api
from tests.cast import Cast
from tests.tenants.access.offers import PHONE, offered


def test_seats_are_listed_and_closed_once(cast: Cast) -> None:
    admin, seat = Api(cast, cast.admin), cast.seats["rep"]
    first = admin.get("seats?limit=3")
    second = admin.get(f"seats?limit=200&after={first['next']}")
    assert {one["id"] for one in first["items"]}.isdisjoint(one["id"] for one in second["items"])
    assert len(first["items"]) + len(second["items"]) == len(cast.seats)
    closed = admin.post(f"seats/{seat.pk}/closure", status=201, key="leaver-1")
    assert closed["status"] == "CLOSED"
    assert admin.post(f"seats/{seat.pk}/closure", status=201, key="leaver-1") == closed
    admin.post(f"seats/{seat.pk}/closure", status=404)
    admin.post(f"seats/{cast.admin.seat_id}/closure", status=403)
    assert [one["id"] for one in admin.get("seats?status=CLOSED")["items"]] == [str(seat.pk)]
    Api(cast, cast.buyer_c1).get("seats", 403)


def test_a_dealer_sees_and_closes_its_own_people_only(cast: Cast) -> None:
    owner = Api(cast, cast.admin_c1)
    assert {one["house"] for one in owner.get("seats")["items"]} == {cast.c1.name}
    owner.post(f"seats/{cast.seats['buyer_c2'].pk}/closure", status=404)
    owner.post(f"seats/{cast.seats['buyer_c1'].pk}/closure", status=201)
    assert Seat.objects.get(pk=cast.seats["buyer_c1"].pk).status == Seat.Status.CLOSED


def test_invitations_are_listed_masked_and_withdrawn(cast: Cast) -> None:
    offer, token = offered(cast, by="admin_c1")
    owner = Api(cast, cast.admin_c1)
    text = str(owner.get("invitations"))
    assert "139****5678" in text
    assert PHONE not in text
    assert token not in text
    Api(cast, cast.buyer_c2).post(f"invitations/{offer.pk}/withdrawal", status=403)
    owner.post(f"invitations/{offer.pk}/withdrawal", status=201)
    owner.post(f"invitations/{offer.pk}/withdrawal", status=409)
    assert owner.get("invitations")["items"] == []


def test_tokens_are_listed_without_secrets_and_revoked(cast: Cast) -> None:
    buyer = Api(cast, cast.buyer_c1)
    key, secret = buyer.headers["authorization"].split("_")[1:]
    items = buyer.get("tokens")["items"]
    assert [(one["key"], one["is_revoked"]) for one in items] == [(key, False)]
    assert secret not in str(items)
    other = Api(cast, cast.buyer_c2)
    other.post(f"tokens/{key}/revocation", status=404)
    buyer.post(f"tokens/{key}/revocation", status=201)
    assert buyer.client.get("/api/v1/me", headers=buyer.headers).status_code == 401
