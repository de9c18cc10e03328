"""The page of a price round: what stands there for whom, what publishing asks and drafts, whom it is not for."""

from datetime import timedelta

import pytest

from core.kernel import clock
from core.kernel.quantity import Unit
from dms.notices.models import Notice
from ordering.pricing.services import PriceChange, SetPrices, set_prices
from ordering.rounds.errors import TooManyLines
from ordering.rounds.models import PriceRound
from ordering.rounds.services import (
    DecideRound,
    Head,
    Put,
    decide_round,
    draft_round,
    return_list,
    returning,
    submit_round,
)
from tests.cast import Cast
from tests.factories.prices import make_list, make_price
from tests.frontend.console.conftest import Opens, placed


def approved(cast: Cast, amount: int = 190_000, code: str = "CITY") -> PriceRound:
    """A round on one list, from next week on, agreed to."""
    head = Head("春节提价", clock.now() + timedelta(days=7), funded_until=clock.now() + timedelta(days=9))
    put = Put(code, cast.skus[1].code, Unit.CASE, amount)
    row = draft_round(actor=cast.pricing, head=head, puts=(put,))
    row = submit_round(actor=cast.pricing, number=row.number, version=row.version)
    return decide_round(actor=cast.actor("finance"), command=DecideRound(row.number, row.version, approves=True))


def test_state_day_and_cut_off_stand_under_the_heading(cast: Cast, as_: Opens) -> None:
    row = approved(cast)
    page = as_("admin").get(f"/console/prices/rounds/{row.number}/").content.decode()
    head = page.split('<main id="main"')[1].split("twin")[0]
    assert row.number in head
    for instant in (row.takes_effect_at, row.funded_until):
        assert instant is not None
        assert clock.business_day(instant).isoformat() in head
    assert 'id="dlg-publish"' in page, "publishing is asked about"
    assert 'value="publish"' in page.split("<noscript>")[1].split("</noscript>")[0], "and does without scripts"


def test_publishing_a_raise_drafts_the_notice_to_its_tiers(cast: Cast, as_: Opens) -> None:
    row = approved(cast)
    said = {"act": "publish", "version": row.version}
    as_("admin").post(f"/console/prices/rounds/{row.number}/", said)
    notice = Notice.objects.get()
    assert (notice.title, notice.tiers, notice.published_at) == (row.title, ["CITY"], None)
    assert clock.business_day(row.takes_effect_at).isoformat() in notice.body
    as_("admin").post(f"/console/prices/rounds/{row.number}/", said)
    assert Notice.objects.count() == 1
    lower = approved(cast, 150_000)
    as_("admin").post(f"/console/prices/rounds/{lower.number}/", {"act": "publish", "version": lower.version})
    assert Notice.objects.count() == 1, "nobody is warned of a lower price"


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"scope": "TIER", "tier": "CITY", "region_code": "370000"}, [(["CITY"], ["370000"], [])]),
        ({"scope": "TIER", "tier": "CITY", "region_code": "440000"}, []),
        ({"scope": "TIER", "tier": "CITY", "kind": "FLOOR"}, []),
        ({"scope": "TIER", "tier": "CITY", "channel": "KA"}, []),
        ({"scope": "DEALER"}, [([], [], ["C1"])]),
    ],
)
def test_a_notice_is_drafted_only_to_whom_the_raise_touches(
    cast: Cast, as_: Opens, facts: dict[str, str], told: list[object]
) -> None:
    """A contract's dealer by name; of a list nobody pays by nobody hears. A red line is nobody's to know."""
    own = {"dealer": cast.c1} if facts["scope"] == "DEALER" else {}
    listed = make_list(cast.root, "OTHER", "其他", **facts, **own)
    make_price(listed, cast.skus[1], {1: 100_000})
    row = approved(cast, 120_000, "OTHER")
    as_("admin").post(f"/console/prices/rounds/{row.number}/", {"act": "publish", "version": row.version})
    row.refresh_from_db()
    assert row.status == "PUBLISHED"
    assert [(one.tiers, one.region_codes, one.dealer_codes) for one in Notice.objects.all()] == told
    admin, address = as_("admin"), f"/console/prices/rounds/{row.number}/"
    assert ("/console/notices/new/?" in admin.get(address).content.decode()) == bool(told)
    answer = admin.get(f"/console/notices/new/?round={row.number}")
    if told:
        initial = answer.context["form"].initial
        assert initial.get("tiers") or initial.get("dealer_codes")
    else:
        assert answer["Location"] == address, "no form: empty would be everybody"
        assert "无法只通知" in admin.get(address).content.decode()


def test_who_may_not_read_orders_is_told_so(cast: Cast, as_: Opens) -> None:
    placed(cast, (3, 1))
    row = approved(cast)
    address = f"/console/prices/rounds/{row.number}/"
    assert not cast.pricing.can("orders.read") and cast.admin.can("orders.read")
    assert "无权查看订单" in as_("pricing").get(address).content.decode()
    assert "无权查看订单" not in as_("admin").get(address).content.decode()


def test_a_round_that_reaches_beyond_the_seat_offers_no_steps(cast: Cast, as_: Opens) -> None:
    cast.seat_limited()
    row = approved(cast)
    address = f"/console/prices/rounds/{row.number}/"
    page = as_("admin_qingdao").get(address).content.decode()
    assert "超出您的负责范围" in page
    assert 'name="act"' not in page.split('<main id="main"')[1]
    assert "dlg-publish" not in page


def test_a_list_goes_back_to_an_earlier_day_by_a_round(cast: Cast, as_: Opens) -> None:
    """Prices that were set directly have no round to revert: the list itself is put back, once."""
    today, code = clock.business_day(), cast.skus[1].code
    changes = (
        PriceChange(code, Unit.CASE, 179_000, is_meant=True),
        PriceChange(cast.skus[4].code, Unit.CASE, 30_000, is_meant=True),
    )
    set_prices(actor=cast.pricing, command=SetPrices("CITY", changes))
    address = f"/console/prices/matrix/?list=CITY&at={today}"
    assert "/return/" not in as_("pricing").get(address).content.decode(), "today is not over"
    day = (today - timedelta(days=3)).isoformat()
    page = as_("pricing").get(f"/console/prices/matrix/?list=CITY&at={day}")
    assert "/prices/list/CITY/return/" in page.content.decode()
    said = {"at": day, "once": "K"}
    first = as_("pricing").post("/console/prices/list/CITY/return/", said)
    assert as_("pricing").post("/console/prices/list/CITY/return/", said)["Location"] == first["Location"]
    (row,) = PriceRound.objects.all()
    assert first["Location"] == f"/console/prices/rounds/{row.number}/"
    lines = set(row.lines.values_list("sku__code", "unit", "min_quantity", "amount"))
    assert lines == {(code, "CASE", 1, 178_000), (cast.skus[4].code, "CASE", 1, None)}
    same = as_("pricing").post("/console/prices/list/NAT/return/", {"at": day, "once": "L"})
    assert same["Location"].startswith("/console/prices/matrix/")
    assert PriceRound.objects.count() == 1


def test_a_list_too_long_to_be_compared_is_put_back_by_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off, what is missing on one side would end."""
    monkeypatch.setattr(returning, "MOST_COMPARED", 1)
    head = Head("撤回", clock.now() + timedelta(days=1))
    with pytest.raises(TooManyLines):
        return_list(actor=cast.pricing, list_code="NAT", as_of=clock.now() - timedelta(days=1), head=head)
    assert not PriceRound.objects.exists()
