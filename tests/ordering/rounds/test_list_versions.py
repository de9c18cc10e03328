"""The versions of a price list: what made each, through which round, and the way back to one."""

from datetime import timedelta

import pytest

from core.kernel import clock
from core.kernel.errors import Missing
from core.kernel.quantity import Unit
from ordering.pricing.services import ChangeList, PriceChange, SetPrices, change_list, set_prices
from ordering.rounds.models import PriceRoundLine
from ordering.rounds.selectors import ListVersion, version_events, version_of, versions_told
from ordering.rounds.services import (
    DecideRound,
    Head,
    Put,
    decide_round,
    draft_round,
    publish_round,
    submit_round,
    withdraw_round,
)
from tests.cast import Cast
from tests.clients import HostClient, signed_in

PATH = "/console/prices/list/CITY/versions/"


def priced(cast: Cast, amount: int) -> None:
    change = PriceChange(cast.skus[1].code, Unit.CASE, amount, is_meant=True)
    set_prices(actor=cast.pricing, command=SetPrices("CITY", (change,)))


def versions(cast: Cast) -> list[ListVersion]:
    return list(versions_told(cast.pricing, version_events(cast.pricing, "CITY")))


def desk(cast: Cast) -> HostClient:
    return signed_in(cast.portal, cast.seats["admin"])


def test_each_change_says_who_when_and_how_many(cast: Cast) -> None:
    before = len(versions(cast))
    priced(cast, 170_000)
    change_list(actor=cast.pricing, command=ChangeList("CITY", name="市级新价"))
    found = versions(cast)
    assert len(found) == before + 2
    renamed, set_anew = found[:2]
    assert (renamed.changed, renamed.change_count, renamed.rules_from) == (("name",), None, None)
    assert (set_anew.change_count, set_anew.person_id, set_anew.sets_prices) == (1, cast.pricing.person_id, True)
    assert set_anew.person_name
    assert (
        f'操作人">{set_anew.person_name}<' in signed_in(cast.portal, cast.seats["pricing"]).get(PATH).content.decode()
    )
    assert renamed.version == set_anew.version + 1


def test_a_round_stands_behind_what_it_wrote_and_took_back(cast: Cast) -> None:
    priced(cast, 170_000)
    at = clock.start_of_day(clock.business_day() + timedelta(days=7))
    put = Put("CITY", cast.skus[1].code, Unit.CASE, 190_000)
    row = draft_round(actor=cast.pricing, head=Head("春节提价", at), puts=(put,))
    row = submit_round(actor=cast.pricing, number=row.number, version=row.version)
    finance = cast.actor("finance")
    row = decide_round(actor=finance, command=DecideRound(row.number, row.version, approves=True))
    row = publish_round(actor=finance, number=row.number, version=row.version)
    (planned, *_earlier) = versions(cast)
    assert planned.round == row
    assert planned.rules_from == at
    page = desk(cast).get(PATH).content.decode()
    badges = [one.split("</th>")[0] for one in page.split('<th scope="row">')[1:]]
    assert "待生效" in badges[0], "the newest is not what the list says now"
    assert ["当前" in one for one in badges] == [False, True]
    assert row.number in page
    assert f"at={clock.business_day(at).isoformat()}" in page, "the list as it will be"
    withdraw_round(actor=finance, number=row.number, version=row.version)
    (taken, *_earlier) = versions(cast)
    assert (taken.round, taken.change_count, taken.sets_prices) == (row, 1, False)
    page = desk(cast).get(PATH).content.decode()
    assert "待生效" not in page, "it is planned no more"
    assert page.count(">当前<") == 1


def test_one_press_drafts_the_way_back_to_a_version_of_the_same_day(cast: Cast) -> None:
    with clock.at(clock.now() - timedelta(minutes=5)):
        priced(cast, 170_000)
    wanted = versions(cast)[0].version
    priced(cast, 150_000)
    client = desk(cast)
    page = client.get(PATH).content.decode()
    assert f'name="version" value="{wanted}"' in page
    assert f'name="version" value="{wanted + 1}"' not in page, "it says these prices now"
    answer = client.post("/console/prices/list/CITY/return/", {"version": wanted})
    (line,) = PriceRoundLine.objects.all()
    assert line.amount == 170_000
    assert answer["Location"].endswith(f"/rounds/{line.round.number}/")


def test_what_is_planned_for_later_is_told_on_the_way_back(cast: Cast) -> None:
    """It rules from its day on over the prices that were put back."""
    with clock.at(clock.now() - timedelta(minutes=5)):
        priced(cast, 170_000)
    wanted = versions(cast)[0].version
    priced(cast, 150_000)
    at = clock.start_of_day(clock.business_day() + timedelta(days=7))
    later = (
        PriceChange(cast.skus[1].code, Unit.CASE, 190_000, valid_from=at, is_meant=True),
        PriceChange(cast.skus[4].code, Unit.CASE, 30_000, valid_from=at, is_meant=True),
    )
    set_prices(actor=cast.pricing, command=SetPrices("CITY", later))
    client = desk(cast)
    where = client.post("/console/prices/list/CITY/return/", {"version": wanted})["Location"]
    page = client.get(where).content.decode()
    assert "另有 2 个计划价格" in page, "also of what the draft does not touch"
    again = desk(cast).get(where).content.decode()
    assert "另有 2 个计划价格" not in again, "said once to who drafts"
    assert "本单 1 个价格" in again, "and to everybody who looks"
    assert clock.business_day(at).isoformat() in again


def test_another_houses_list_has_no_versions(cast: Cast) -> None:
    priced(cast, 170_000)
    with pytest.raises(Missing):
        version_events(cast.actor("admin_c1"), "CITY")
    with pytest.raises(Missing):
        version_of(cast.pricing, "CITY", 99)
    assert desk(cast).get("/console/prices/list/C1-NAT/versions/").status_code == 404
    assert desk(cast).post("/console/prices/list/CITY/return/", {"version": "99"}).status_code == 404


def test_the_lists_of_prices_lead_to_versions_and_the_other_doors(cast: Cast) -> None:
    page = desk(cast).get("/console/prices/").content.decode()
    doors = (PATH, "/console/prices/matrix/", "/console/prices/rounds/", "/console/prices/landed/")
    assert all(f'href="{door}"' in page for door in doors)
    matrix = desk(cast).get("/console/prices/matrix/?list=CITY").content.decode()
    assert f'href="{PATH}"' in matrix
    assert 'id="mx-trace"' in matrix
