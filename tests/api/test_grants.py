"""Grants by the interface: who holds what on a day, given once, changed, ended and renewed."""

from dms.territories.models import Grant
from tests.api.calling import Api
from tests.cast import Cast
from tests.ordering.watching import statements

NEW = {"dealer": "C2", "region": "370300", "channels": ["KA", "HORECA"], "kind": "EXCLUSIVE", "contract": "HT-9"}


def test_given_once_however_often_it_is_sent(cast: Cast) -> None:
    api = Api(cast, cast.admin)
    made = api.post("grants", NEW, 201, key="once")
    assert api.answer["Location"] == f"/api/v1/grants/{made['id']}"
    assert api.post("grants", NEW, 201, key="once") == made
    assert api.answer["Idempotency-Replayed"] == "true"
    assert api.get(f"grants/{made['id']}") == made
    assert (made["channels"], made["region"], made["zone"], made["skus"]) == (["HORECA", "KA"], "370300", None, [])
    assert api.post("grants", NEW, 409)["code"] == "territories.held_already"
    assert Grant.objects.filter(dealer=cast.c2, region_code="370300").count() == 1


def test_a_conflict_names_the_grant_in_the_way(cast: Cast) -> None:
    api = Api(cast, cast.admin)
    made = api.post("grants", NEW, 201)
    told = api.post("grants", {"dealer": "P1", "region": "370000", "kind": "EXCLUSIVE"}, 409)
    (fault,) = told["errors"]
    assert (fault["code"], fault["fields"]["grant_id"]) == ("territories.conflict", made["id"])
    assert (fault["fields"]["dealer_code"], fault["fields"]["since"]) == ("C2", "2026-01-12")


def test_what_held_on_a_day(cast: Cast) -> None:
    api = Api(cast, cast.admin)
    sku = cast.skus[1].code
    made = api.post("grants", {"dealer": "C2", "region": "370300", "skus": [sku], "valid_to": "2026-06-01"}, 201)

    def found(query: str) -> list[int]:
        return [one["id"] for one in api.get(f"grants?region=370302&{query}")["items"]]

    assert made["id"] in found("on=2026-05-31")
    assert made["id"] not in found("on=2026-06-01")
    assert found("on=2026-06-01&state=ENDED") == [made["id"]]
    (one,) = [one for one in api.get("grants?dealer=C2&on=2026-02-01")["items"] if one["id"] == made["id"]]
    assert one["skus"] == [sku]
    for query in ("on=1.2.2026", "kind=OWNED", "state=GONE", "channel=MOON", "colour=red"):
        api.get(f"grants?{query}", 422)


def test_changed_ended_and_renewed(cast: Cast) -> None:
    api = Api(cast, cast.admin)
    made = api.post("grants", NEW, 201)
    changed = api.post(f"grants/{made['id']}/change", {"effective_on": "2026-03-01", "kind": "SHARED", "priority": 3})
    assert (changed["follows"], changed["kind"], changed["priority"]) == (made["id"], "SHARED", 3)
    assert changed["channels"] == ["HORECA", "KA"], "what was not sent stays"
    ended = api.post(f"grants/{changed['id']}/end", {"ends_on": "2026-06-01", "version": changed["version"]})
    assert ended["valid_to"] == "2026-06-01"
    assert api.post(f"grants/{changed['id']}/end", {"ends_on": "2026-05-01", "version": 1}, 409)["code"]
    renewed = api.post(f"grants/{changed['id']}/renewal", {"valid_to": "2027-06-01", "contract": "HT-10"}, 201)
    assert (renewed["valid_from"], renewed["contract"]) == ("2026-06-01", "HT-10")
    api.post(f"grants/{changed['id']}/renewal", {}, 409)


def test_bad_bodies_and_strangers(cast: Cast) -> None:
    api = Api(cast, cast.admin)
    for body in (
        {},
        {"dealer": "C2"},
        {"dealer": "C2", "region": "370300", "priority": 0},
        {"dealer": "C2", "region": "370300", "priority": 10**14},
        {"dealer": "C2", "region": "370300", "channels": "KA"},
        {"dealer": "C2", "region": "370300", "colour": "red"},
        {"dealer": "C2", "region": "370300", "valid_from": "9999-12-31"},
    ):
        api.post("grants", body, 422)
    api.post("grants", NEW, 400, key="")
    api.get("grants/999999", 404)
    api.get(f"grants/{10**30}", 404)
    Api(cast, cast.sales_admin).post("grants", NEW, 403)
    Api(cast, cast.buyer_c1).get("grants", 403)


def test_a_slice_costs_the_same_for_few_and_for_many(cast: Cast) -> None:
    api = Api(cast, cast.admin)
    api.get("grants")
    with statements() as few:
        api.get("grants")
    rows = [
        Grant(dealer=cast.c2, region_code="370300", valid_from="2026-01-12", created_at=cast.c2.created_at)
        for _ in range(60)
    ]
    Grant.objects.bulk_create(rows)
    with statements() as many:
        assert api.get("grants")["next"]
    assert len(few) == len(many)
