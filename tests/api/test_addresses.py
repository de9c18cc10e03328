"""Addresses by the interface: added once, changed, taken away, each house its own."""

from dms.dealers.models import Address
from tests.api.calling import Api
from tests.cast import Cast

NEW = {"recipient": "赵收货", "phone": "13800000009", "region": "370102", "line": "经十路 9 号", "label": "东仓"}


def test_added_once_changed_and_removed(cast: Cast) -> None:
    api = Api(cast, cast.admin_c1)
    made = api.post("dealers/C1/addresses", NEW, 201, key="once")
    assert api.post("dealers/C1/addresses", NEW, 201, key="once") == made
    assert (made["phone"], made["is_default"]) == ("138****0009", False)
    changed = api.put(f"dealers/C1/addresses/{made['id']}", {**NEW, "is_default": True})
    assert changed == {**made, "is_default": True}
    assert next(one["id"] for one in api.get("addresses")["items"]) == made["id"]
    first = Address.objects.filter(dealer=cast.c1).order_by("pk")[0]
    assert api.post(f"dealers/C1/addresses/{made['id']}/removal")["default"] == first.pk
    api.post(f"dealers/C1/addresses/{made['id']}/removal", status=404)
    api.post("dealers/C1/addresses", {**NEW, "phone": "x"}, 422)


def test_each_house_its_own(cast: Cast) -> None:
    api = Api(cast, cast.admin_c1)
    theirs = Address.objects.get(dealer=cast.t1)
    api.post("dealers/T1/addresses", NEW, 404)
    api.put(f"dealers/C1/addresses/{theirs.pk}", NEW, 404)
    api.post(f"dealers/C1/addresses/{theirs.pk}/removal", status=404)
    assert Api(cast, cast.admin).get("addresses") == {"items": []}
    Api(cast, cast.buyer_c1).post("dealers/C1/addresses", NEW, 403)
    assert [one["label"] for one in Api(cast, cast.buyer_c1).get("addresses")["items"]]
