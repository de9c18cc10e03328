"""The pages where a list is opened and changed, and where the brand says how prices are found."""

import pytest

from dms.dealers.models import PriceGroup
from frontend.console.forms.prices import FactorField
from ordering.pricing.models import PriceList, PricingSettings
from tests.cast import Cast
from tests.frontend.console.conftest import Opens

LIST = {"round_to": "1", "round_mode": "HALF_UP"}
CITY = {"name": "市级", "parent_code": "NAT", "is_active": "on"}
NAT = {"name": "全国", "parent_code": "CITY", "is_active": "on"}


def test_a_derived_floor_list_is_opened_and_changed(cast: Cast, as_: Opens) -> None:
    client = as_("pricing")
    said = {**LIST, "code": "RED", "name": "红线价", "kind": "FLOOR", "scope": "NATIONAL", "currency": "CNY"}
    client.post("/console/prices/new/", {**said, "parent_code": "NAT", "factor_ppm": "92.5 %", "channel": "KA"})
    made = PriceList.objects.get(code="RED")
    assert (made.kind, made.channel, made.factor_ppm) == ("FLOOR", "KA", 925_000)
    assert made.parent == cast.national
    page = client.get("/console/prices/list/RED/change/")
    assert "92.5" in page.content.decode()
    changed = {**LIST, "name": "红线", "parent_code": "CITY", "factor_ppm": "90", "is_active": "on", "version": "1"}
    assert client.post("/console/prices/list/RED/change/", changed).status_code == 422, "the red line is not the desk's"
    client = as_("admin")
    assert client.post("/console/prices/list/RED/change/", changed).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.parent, made.factor_ppm, made.channel, made.version) == ("红线", cast.city, 900_000, "", 2)
    late = client.post("/console/prices/list/RED/change/", {**changed, "name": "迟到"})
    assert late.status_code != 302, "somebody changed it meanwhile"


def test_a_loop_and_a_wrong_factor_are_said_at_their_fields(cast: Cast, as_: Opens) -> None:
    client = as_("pricing")
    client.post("/console/prices/list/CITY/change/", {**LIST, **CITY, "version": "1"})
    loop = client.post("/console/prices/list/NAT/change/", {**LIST, **NAT, "version": "1"})
    assert loop.context["form"].errors.keys() == {"parent_code"}
    for factor in ("0", "1001", "abc", "95.00001"):
        wrong = client.post("/console/prices/list/NAT/change/", {**LIST, "name": "全国", "factor_ppm": factor})
        assert wrong.context["form"].errors.keys() == {"factor_ppm"}


def test_rules_for_prices_and_the_order_of_groups(cast: Cast, as_: Opens) -> None:
    client = as_("admin")
    url = "/console/prices/settings/"
    assert client.get(url).status_code == 200
    said = {"act": "rules", "choice": "LOWEST", "changes_need_approval": "on", "version": "1"}
    assert client.post(url, said).status_code == 302
    settings = PricingSettings.objects.get()
    assert (settings.choice, settings.changes_need_approval, settings.version) == ("LOWEST", True, 2)
    assert client.post(url, {**said, "choice": "FIRST_LIST"}).status_code != 302, "somebody changed it meanwhile"
    for code in ("A", "B"):
        assert client.post(url, {"act": "groups", "code": code, "name": code, "place-A": "1"}).status_code == 302
    client.post(url, {"act": "groups", "place-A": "2", "place-B": "1"})
    assert list(PriceGroup.objects.order_by("rank").values_list("code", flat=True)) == ["B", "A"]
    assert as_("pricing").get(url).status_code == 403


@pytest.mark.parametrize("version", [None, "", "0"])
def test_a_form_that_does_not_say_what_it_saw_changes_nothing(cast: Cast, as_: Opens, version: str | None) -> None:
    seen = {} if version is None else {"version": version}
    changed = as_("admin").post("/console/prices/list/CITY/change/", {**LIST, **CITY, **seen})
    rules = as_("admin").post("/console/prices/settings/", {"act": "rules", "choice": "LOWEST", **seen})
    assert (changed.status_code, rules.status_code) == (422, 422)
    cast.city.refresh_from_db()
    assert (cast.city.version, cast.city.parent) == (1, None)
    assert not PricingSettings.objects.filter(choice="LOWEST").exists()


@pytest.mark.parametrize(("ppm", "said"), [(1_000_000, "100"), (950_000, "95"), (925_000, "92.5"), (1, "0.0001")])
def test_a_factor_comes_back_as_it_was_typed(ppm: int, said: str) -> None:
    field = FactorField()
    assert (field.prepare_value(ppm), field.to_python(said)) == (said, ppm)


def test_a_list_saved_as_it_was_opened_stays_as_it_is(cast: Cast, as_: Opens) -> None:
    client = as_("pricing")
    form = client.get("/console/prices/list/CITY/change/").context["form"]
    said = {one.html_name: one.value() for one in form if one.value() not in (None, False)}
    client.post("/console/prices/list/CITY/change/", said)
    cast.city.refresh_from_db()
    assert (cast.city.version, cast.city.factor_ppm) == (1, 1_000_000)
