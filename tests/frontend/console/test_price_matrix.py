"""The price matrix's doors: the page, rows by block, cells saved each with its own answer."""

import json
from datetime import timedelta
from typing import Any

import pytest

from core.kernel import clock
from dms.dealers.models import Dealer
from ordering.pricing.models import PriceEntry, PriceList, PricingSettings
from ordering.rounds.models import PriceRound
from tests.cast import Cast
from tests.clients import HostClient
from tests.factories.prices import make_list, make_price
from tests.factories.wide import make_many_skus, price_all
from tests.frontend.console.conftest import Opens
from tests.ordering.watching import statements

PAGE = "/console/prices/matrix/"
SAVE = "/console/prices/matrix/cells/"
ROWS = "/console/prices/matrix/rows/"
ROUND = "/console/prices/matrix/round/"
Answer = dict[str, Any]
Cell = list[object]


def boot(client: HostClient, query: str = "") -> Answer:
    """What the page's script begins with."""
    found: Answer = client.get(f"{PAGE}{query}").context["boot"]
    return found


def rows(client: HostClient, *lists: str, steps: tuple[str, ...] = ("CASE-1",), **more: object) -> dict[str, list[Any]]:
    """The cells of the rows by SKU."""
    asked = [("list", code) for code in lists] + [("step", step) for step in steps] + [("count", 100), *more.items()]
    answer = client.get(f"{ROWS}?{'&'.join(f'{name}={value}' for name, value in asked)}").json()
    return {row[0]: row[4] for row in answer["rows"]}


def cell(cast: Cast, number: int, text: str, before: int | None, *, code: str = "CITY", meant: bool = False) -> Cell:
    """One cell as the page sends it."""
    return [code, cast.skus[number].code, "CASE", 1, text, before, meant]


def save(client: HostClient, *cells: Cell, day: str = "", status: int = 200) -> Answer:
    """Save cells; the answer."""
    answer = client.post(SAVE, json.dumps({"day": day, "cells": cells}), content_type="application/json")
    assert answer.status_code == status, answer.content
    found: Answer = answer.json()
    return found


def became(answer: Answer) -> dict[int, str]:
    """What became of the cells that were not saved."""
    told = answer["cells"]
    assert isinstance(told, list)
    return {line: word for line, word, *_rest in told}


def amount(cast: Cast, number: int, code: str = "CITY") -> int | None:
    """What rules in the database now."""
    entries = PriceEntry.objects.filter(price_list__code=code, sku=cast.skus[number], unit="CASE", min_quantity=1)
    found: int | None = entries.filter(valid_from__lte=clock.now()).latest("valid_from").amount
    return found


def test_one_list_opens_with_all_its_steps_and_several_with_the_case(cast: Cast, desk: HostClient) -> None:
    one = boot(desk, "?list=CITY")
    assert [step["key"] for step in one["steps"]] == ["CASE-1", "CASE-10", "BOTTLE-1"]
    first = one["first"]["rows"][0]
    assert first[0] == cast.skus[1].code
    assert first[4][:3] == [178_000, 170_000, False]
    every = boot(desk)
    assert [step["key"] for step in every["steps"]] == ["CASE-1"]
    assert [one["code"] for one in every["lists"]] == ["NAT", "CITY", "C2"]


def test_an_old_address_of_a_list_leads_to_its_columns(cast: Cast, desk: HostClient) -> None:
    answer = desk.get("/console/prices/list/CITY/?q=abc&at=2026-01-20")
    assert answer["Location"] == "/console/prices/matrix/?q=abc&at=2026-01-20&list=CITY"
    assert desk.get("/console/prices/list/C1-NAT/").status_code == 404
    assert "C1-NAT" not in desk.get(PAGE).content.decode()


def test_saves_cells_of_two_lists_in_one_request(cast: Cast, desk: HostClient) -> None:
    answer = save(desk, cell(cast, 1, "1790.00", 178_000), cell(cast, 2, "1190", 120_000, code="NAT"))
    assert (answer["written"], answer["amounts"], answer["cells"]) == (2, {"0": 179_000, "1": 119_000}, [])
    assert (amount(cast, 1), amount(cast, 2, "NAT")) == (179_000, 119_000)
    assert rows(desk, "NAT", "CITY")[cast.skus[1].code] == [198_000, 179_000]


def on_round(client: HostClient, *cells: Cell, key: str = "K1", status: int = 200) -> Answer:
    """Put cells on a round; the answer."""
    body = json.dumps({"day": "", "key": key, "cells": cells})
    answer = client.post(ROUND, body, content_type="application/json")
    assert answer.status_code == status, answer.content
    found: Answer = answer.json()
    return found


def test_cells_are_put_on_a_round_once_and_no_price_changes(cast: Cast, desk: HostClient) -> None:
    cells = (cell(cast, 1, "1790.00", 178_000), cell(cast, 2, "", 120_000, code="NAT"))
    first, again = on_round(desk, *cells), on_round(desk, *cells)
    assert first == again
    (row,) = PriceRound.objects.all()
    assert first["url"] == f"/console/prices/rounds/{row.number}/"
    lines = row.lines.order_by("price_list__code").values_list("price_list__code", "amount")
    assert list(lines) == [("CITY", 179_000), ("NAT", None)]
    assert row.takes_effect_at == clock.start_of_day(clock.business_day() + timedelta(days=1))
    assert (amount(cast, 1), amount(cast, 2, "NAT")) == (178_000, 120_000)
    assert desk.get(first["url"]).status_code == 200


def test_a_cell_that_is_no_price_or_no_product_drafts_nothing(cast: Cast, desk: HostClient) -> None:
    told = on_round(desk, cell(cast, 1, "1.234", 178_000), cell(cast, 2, "1190", 120_000), status=422)
    assert became(told) == {0: "bad", 1: "held"}
    unknown = ["CITY", "NONE", "CASE", 1, "5", None, False]
    assert "NONE" in on_round(desk, unknown, status=422)["told"]
    assert not PriceRound.objects.exists()


def test_where_rounds_alone_change_prices_the_page_offers_nothing_else(cast: Cast, desk: HostClient) -> None:
    plain = desk.get(PAGE).content.decode()
    assert 'id="mx-save"' in plain and 'id="mx-round"' in plain
    PricingSettings.objects.create(changes_need_approval=True)
    page = desk.get(PAGE).content.decode()
    assert 'id="mx-save"' not in page and 'id="mx-auto"' not in page and 'id="mx-round"' in page
    for address in (PAGE, "/console/prices/"):
        assert "/console/import/prices/" not in desk.get(address).content.decode()
    closed = desk.get("/console/import/prices/").content.decode()
    assert 'type="file"' not in closed
    assert "/console/prices/rounds/" in closed


@pytest.mark.parametrize("code", ["CI\0TY", "CITY"])
def test_a_code_that_cannot_be_stored_is_told_as_the_page_reads_it(cast: Cast, desk: HostClient, code: str) -> None:
    sku = cast.skus[1].code + ("" if "\0" in code else "\0")
    assert save(desk, [code, sku, "CASE", 1, "5", None, False], status=422)["told"]


def test_what_is_no_price_is_refused_at_its_cell_and_nothing_of_its_list_is_saved(cast: Cast, desk: HostClient) -> None:
    before = PriceEntry.objects.count()
    wrong = [cell(cast, 1, "1.234", 178_000), cell(cast, 2, "-5", 108_000), cell(cast, 3, "便宜", None)]
    answer = save(desk, *wrong, cell(cast, 4, "30", None), status=422)
    assert became(answer) == {0: "bad", 1: "bad", 2: "bad", 3: "held"}
    assert PriceEntry.objects.count() == before
    both = save(desk, wrong[0], cell(cast, 2, "1190", 120_000, code="NAT"), status=422)
    assert (became(both), both["amounts"]) == ({0: "bad"}, {"1": 119_000})


def test_an_emptied_cell_ends_its_price(cast: Cast, desk: HostClient) -> None:
    save(desk, cell(cast, 2, "", 108_000))
    assert amount(cast, 2) is None
    assert rows(desk, "CITY")[cast.skus[2].code] == [None]


def test_prices_of_a_coming_day_begin_on_it(cast: Cast, desk: HostClient) -> None:
    day = clock.business_day() + timedelta(days=20)
    save(desk, cell(cast, 1, "1800", 178_000), day=day.isoformat())
    entry = PriceEntry.objects.get(price_list__code="CITY", sku=cast.skus[1], amount=180_000)
    assert entry.valid_from == clock.start_of_day(day)
    (found,) = rows(desk, "CITY")[cast.skus[1].code]
    assert found[:1] == [178_000]
    assert f"{day} 起" in found[1]
    assert rows(desk, "CITY", at=day)[cast.skus[1].code] == [180_000]


def test_a_day_that_is_over_is_looked_at_only(cast: Cast, desk: HostClient) -> None:
    assert boot(desk, "?at=2026-01-01")["edit"] is False
    answer = save(desk, cell(cast, 1, "1790", 178_000), day="2026-01-01", status=422)
    assert became(answer) == {0: "bad"}
    assert amount(cast, 1) == 178_000


def test_two_tabs_that_touch_other_cells_both_save(cast: Cast, desk: HostClient) -> None:
    save(desk, cell(cast, 1, "1791", 178_000))
    save(desk, cell(cast, 2, "1079", 108_000))
    assert (amount(cast, 1), amount(cast, 2)) == (179_100, 107_900)


def test_the_same_cell_in_two_tabs_is_told_and_nothing_is_lost(cast: Cast, desk: HostClient) -> None:
    save(desk, cell(cast, 1, "1791", 178_000))
    late = save(desk, cell(cast, 1, "1792", 178_000), cell(cast, 2, "1079", 108_000), status=422)
    assert became(late) == {0: "overtaken", 1: "held"}
    told = late["cells"][0]
    assert "¥1,791.00" in told[2] and "¥1,792.00" in told[2]
    assert told[3] == 179_100
    assert amount(cast, 1) == 179_100
    save(desk, cell(cast, 1, "1792", 179_100), cell(cast, 2, "1079", 108_000))
    assert (amount(cast, 1), amount(cast, 2)) == (179_200, 107_900)
    save(desk, cell(cast, 1, "1792", 179_100))  # the same as somebody else's is no quarrel
    assert amount(cast, 1) == 179_200


def test_a_leap_or_a_rising_ladder_is_asked_about_first(cast: Cast, desk: HostClient) -> None:
    rising = ["CITY", cast.skus[1].code, "CASE", 50, "5000", None, False]
    answer = save(desk, rising, cell(cast, 2, "99999", 108_000), status=422)
    assert became(answer) == {0: "doubt", 1: "doubt"}
    assert amount(cast, 2) == 108_000
    assert answer["houses"] == Dealer.objects.filter(tier="CITY", status="ACTIVE", supplier=cast.root).count() > 0
    save(desk, [*rising[:6], True], cell(cast, 2, "99999", 108_000, meant=True))
    assert amount(cast, 2) == 9_999_900


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"day": "", "cells": 7}',
        '{"day": "tomorrow", "cells": []}',
        '{"day": "", "cells": [["CITY", "A", "BARREL", 1, "1", null, false]]}',
        '{"day": "", "cells": [["CITY", "A", "CASE", 0, "1", null, false]]}',
        '{"day": "", "cells": [["CITY", "A", "CASE", true, "1", null, false]]}',
        '{"day": "", "cells": [["CITY", "A", "CASE", 1, 5, null, false]]}',
        '{"day": "", "cells": [["CITY", "A", "CASE", 1, "5", "6", false]]}',
        '{"day": "", "cells": [[]]}',
    ],
)
def test_what_the_page_never_sends_changes_nothing(cast: Cast, desk: HostClient, body: str) -> None:
    before = PriceEntry.objects.count()
    answer = desk.post(SAVE, body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["told"]
    assert PriceEntry.objects.count() == before


def test_a_list_of_another_seller_and_too_many_cells_are_refused(cast: Cast, desk: HostClient) -> None:
    answer = save(desk, ["C1-NAT", cast.skus[1].code, "CASE", 1, "1", 208_000, True], status=422)
    assert became(answer) == {0: "bad"}
    many = [cell(cast, 1, "1", None)] * 5_001
    assert desk.post(SAVE, json.dumps({"day": "", "cells": many}), content_type="application/json").status_code == 422


def test_who_only_reads_sees_prices_and_cannot_save(cast: Cast, as_: Opens) -> None:
    reader = as_("rep")
    assert boot(reader)["edit"] is False
    body = json.dumps({"day": "", "cells": [cell(cast, 1, "1790", 178_000)]})
    assert reader.post(SAVE, body, content_type="application/json").status_code == 403
    assert amount(cast, 1) == 178_000


def test_rows_that_invert_and_rows_by_code(cast: Cast, desk: HostClient) -> None:
    county = make_list(cast.root, "COUNTY", "县级价", scope="TIER", tier=Dealer.Tier.COUNTY)
    make_price(county, cast.skus[1], {1: 178_000})
    assert list(rows(desk, "CITY", "COUNTY", only="inverted")) == [cast.skus[1].code]
    told = desk.get(f"{ROWS}?list=CITY&list=COUNTY&step=CASE-1&only=inverted&count=0").json()
    assert (told["codes"], told["total"], told["rows"]) == ([cast.skus[1].code], 1, [])
    later = rows(desk, "CITY", offset=2)
    assert list(later) == list(rows(desk, "CITY"))[2:]
    assert all(len(cells) == 1 for cells in later.values())
    codes = f"{cast.skus[2].code},{cast.skus[3].code}"
    assert sorted(rows(desk, "CITY", skus=codes)) == sorted(codes.split(","))
    under = {one["code"]: one["under"] for one in boot(desk, "?list=CITY")["lists"]}
    assert under == {"CITY": [1], "COUNTY": []}


def test_a_derived_price_says_so_and_an_own_one_takes_its_place(cast: Cast, desk: HostClient) -> None:
    make_list(cast.root, "NEAR", "派生价", parent=cast.city, factor_ppm=950_000)
    code = cast.skus[1].code
    assert rows(desk, "NEAR")[code] == [[169_100, "派生：市级价 × 95%", 1]]
    save(desk, cell(cast, 1, "1700", None, code="NEAR"))
    assert rows(desk, "NEAR", steps=("CASE-1", "CASE-10"))[code] == [170_000, None]


def test_statements_of_the_page_rows_and_a_save_stay_the_same(cast: Cast, desk: HostClient) -> None:
    counted = []
    for _round in range(2):
        for path in (PAGE, f"{ROWS}?list=NAT&list=CITY&step=CASE-1&count=500"):
            desk.get(path)
            with statements() as seen:
                assert desk.get(path).status_code == 200
            counted.append(len(seen))
        if not _round:
            price_all(cast.national, make_many_skus(cast.skus[1], 150), {1: 500, 10: 400})
    assert counted[:2] == counted[2:]
    assert counted[0] <= 12
    assert counted[1] <= 8
    with statements() as seen:
        save(desk, *(cell(cast, number, f"{500 + number}", None) for number in (4, 5)))
    assert len(seen) <= 14
    assert PriceList.objects.get(code="CITY").version == 2
