"""A policy opened in its form and kept as it stands is the same policy: every step, every part, in any currency."""

from datetime import UTC, datetime, time
from typing import Any

import pytest

from frontend.console.forms.policy_fields import CodesField, clock_field
from frontend.console.forms.promotions import KIND_FORMS, PolicyForm
from ordering.promotions.models import PromotionPolicy
from ordering.promotions.rules.policies import Audience, Bundle, Goods, Ladder, Measure, Reward, TierStep
from ordering.promotions.rules.reading import read_terms
from ordering.promotions.rules.terms import Terms
from tests.cast import Cast
from tests.factories.policies import make_policy
from tests.frontend.console.conftest import Opens

ZONE = "Asia/Shanghai"
YEAR = Audience(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def form_of(kind: str, currency: str = "CNY", **said: Any) -> PolicyForm:
    """A form of the kind; ``said`` is its data or its first values."""
    return KIND_FORMS[kind](currency=currency, is_new=False, product_lines=[], dealers=[], skus=[], **said)


def kept(kind: str, reward: Reward, currency: str) -> Reward:
    """What a policy gives after its form was opened and sent as it came."""
    terms = Terms("年货节", YEAR, Goods(), reward)
    opened = form_of(kind, currency, initial=KIND_FORMS[kind].first_values(terms, ZONE, currency))
    sent = form_of(kind, currency, data={one.name: one.value() for one in opened if one.value() is not None})
    assert sent.is_valid(), sent.errors
    return read_terms(sent.document(ZONE)).reward


@pytest.mark.parametrize("currency", ["CNY", "JPY"])
@pytest.mark.parametrize("count", [1, 5, 8, 20])
def test_a_ladder_keeps_its_steps_and_their_amounts(count: int, currency: str) -> None:
    steps = tuple(TierStep(20_000 * place, off=600 * place) for place in range(1, count + 1))
    ladder = Ladder(Measure.AMOUNT, steps)
    assert kept("LADDER", ladder, currency) == ladder


@pytest.mark.parametrize("count", [2, 5, 9, 20])
def test_a_bundle_keeps_its_parts(count: int) -> None:
    bundle = Bundle({f"SKU-{place:02}": place for place in range(1, count + 1)}, price=990_000)
    assert kept("BUNDLE", bundle, "CNY") == bundle


def test_a_form_has_a_row_to_go_on_with_up_to_what_the_room_takes() -> None:
    for count, rows in ((1, 5), (5, 6), (19, 20), (20, 20)):
        first = {f"start_{place}": "1" for place in range(1, count + 1)}
        assert (f"start_{rows}" in form_of("LADDER", initial=first).fields, rows) == (True, rows)
        assert f"start_{rows + 1}" not in form_of("LADDER", initial=first).fields
    assert "start_21" not in form_of("LADDER", data={"start_999999999": "1"}).fields


def test_a_policy_in_yen_is_shown_told_and_kept_in_yen(cast: Cast, as_: Opens) -> None:
    policy = make_policy(cast.root, "YEN", Ladder(Measure.AMOUNT, (TierStep(20_000, off=600),)))
    PromotionPolicy.objects.filter(pk=policy.pk).update(currency="JPY")
    text = as_("pricing").get("/console/promotions/policy/YEN/terms/").content.decode()
    assert 'name="start_1" value="20000"' in text
    assert 'name="off_1" value="600"' in text
    assert "currency=JPY" in text
    form = {"name": "YEN", "measure": "AMOUNT", "start_1": "20000", "off_1": "600"}
    form |= {"starts_on": "2026-01-01", "ends_on": "2099-12-31"}
    said = as_("pricing").post("/console/promotions/preview/?kind=LADDER&own=YEN&currency=JPY", form).content.decode()
    assert "20,000" in said
    assert "20,000.00" not in said


def test_a_product_in_two_rows_of_a_bundle_is_told_at_the_second(cast: Cast, as_: Opens) -> None:
    first, second = cast.skus[1], cast.skus[2].code
    form = {"code": "TWO", "name": "组合", "price": "900", "starts_on": "2026-01-01", "ends_on": "2099-12-31"}
    form |= {"part_1": first.code, "cases_1": "1", "part_2": second, "cases_2": "1", "part_3": first.name}
    answer = as_("pricing").post("/console/promotions/new/?kind=BUNDLE", {**form, "cases_3": "5"})
    text = answer.content.decode()
    assert (answer.status_code, text.count("上面的行里已有这个商品")) == (422, 1)
    assert text.index('name="part_3"') < text.index("上面的行里已有这个商品") < text.index('name="part_4"')
    assert not PromotionPolicy.objects.exists()
    answer = as_("pricing").post("/console/promotions/new/?kind=BUNDLE", {**form, "part_3": "", "cases_3": ""})
    assert answer.status_code == 302


def test_seconds_of_a_policy_made_by_a_program_stay_when_it_is_saved_again() -> None:
    field = clock_field("From", "")
    assert 'value="10:00:30"' in field.widget.render("at", time(10, 0, 30))
    assert 'step="1"' in field.widget.render("at", time(10, 0, 30))
    assert field.clean("10:00:30") == time(10, 0, 30)
    assert 'value="10:00"' in field.widget.render("at", time(10))
    assert "step" not in field.widget.render("at", time(10))


def test_dealers_labels_and_products_are_found_by_what_people_type(cast: Cast, as_: Opens) -> None:
    planner = as_("pricing")
    cast.c1.labels = ["重点客户"]
    cast.c1.save(update_fields=["labels"])
    sku = cast.skus[1]

    def lines(what: str, typed: str) -> str:
        return planner.get(f"/console/promotions/find/{what}/", {"q": typed}).content.decode().strip()

    assert f'data-line="C1 {cast.c1.name}"' in lines("dealers", cast.c1.name[:2])
    assert "重点客户" in lines("labels", "客户")
    assert f'data-line="{sku.code} {sku.name}"' in lines("skus", sku.code)
    assert lines("skus", "") == lines("dealers", "") == ""
    assert planner.get("/console/promotions/find/people/").status_code == 404
    assert as_("finance").get("/console/promotions/find/dealers/", {"q": "C1"}).status_code == 403


SAID = {
    "name": "挑选",
    "starts_on": "2026-01-01",
    "ends_on": "2099-12-31",
    "brand_share_bp": "100",
    "buy": "10",
    "give": "1",
    "unit": "CASE",
}


def test_lines_of_code_and_name_are_read_and_chosen_ones_stand_by_name(cast: Cast, as_: Opens) -> None:
    planner, sku = as_("pricing"), cast.skus[1]
    form = {
        **SAID,
        "code": "picks",
        "sku": f"{sku.code} {sku.name}",
        "dealers": f"C1 {cast.c1.name}\nC2",
        "skus": sku.name,
    }
    assert planner.post("/console/promotions/new/?kind=GIFT", form).status_code == 302
    terms = PromotionPolicy.objects.get(code="PICKS").versions.get().terms
    assert terms["audience"]["dealers"] == ["C1", "C2"]
    assert (terms["reward"]["sku"], terms["goods"]["skus"]) == (sku.code, [sku.code])
    text = planner.get("/console/promotions/policy/PICKS/terms/").content.decode()
    assert f"C1 {cast.c1.name}\nC2 {cast.c2.name}" in text
    assert 'data-picks="/console/promotions/find/skus/"' in text
    twice = planner.post("/console/promotions/new/?kind=GIFT", {**form, "code": "two", "sku": f"{sku.code}\nOTHER"})
    assert twice.status_code == 422
    assert "只能填一个" in twice.content.decode()


KNOWN = (
    ("SD30", "Jinan Spirits, Ltd"),
    ("SD31", "青岛岱岳，烟酒、副食"),
    ("SD32", "Yantai"),
    ("QH", "Qinghe"),
)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("SD30 Jinan Spirits, Ltd\nSD31 青岛岱岳，烟酒、副食", ["SD30", "SD31"]),
        ("Jinan Spirits, Ltd", ["SD30"]),
        ("SD30, sd32，SD99", ["SD30", "SD32", "SD99"]),
        ("SD30 Jinan Spirits, Ltd, SD32", ["SD30", "Ltd", "SD32"]),
        ("SD32 Yantai, SD30", ["SD32", "SD30"]),
        ("SD32 Yantai, QH Qinghe", ["SD32", "QH"]),
        ("SD32 An older name, Ltd", ["SD32"]),
        ("SD77 Beyond what is offered, Ltd", ["SD77"]),
        ("SD32 An older name, SD99", ["SD32", "SD99"]),
        ("SD32\tYantai\r\nSD30\tJinan Spirits, Ltd", ["SD32", "SD30"]),
    ],
)
def test_a_comma_of_a_name_does_not_part_what_was_picked(text: str, codes: list[str]) -> None:
    field = CodesField()
    field.options = KNOWN
    assert field.clean(text) == codes


def test_a_policy_for_a_name_with_a_comma_is_saved_again_as_it_stands() -> None:
    field = CodesField()
    field.options = KNOWN
    assert field.clean(field.prepare_value([code for code, _name in KNOWN])) == [code for code, _name in KNOWN]
