"""Resolving pasted terms: exactly where sure, by up to three proposals where not, in at most two statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue.models import Sku
from core.catalogue.rules.nearness import GramIndex
from core.catalogue.selectors import How, Match, find_skus, named_skus
from core.catalogue.services import write_documents
from core.kernel.actor import Actor
from tests.core.catalogue.shelfful import stock_the_shelf


@pytest.fixture
def shelf(buyer: Actor) -> Actor:
    """The known products among 300 others; whoever buys."""
    stock_the_shelf(300)
    return buyer


def one(actor: Actor, term: str) -> Match:
    return find_skus(actor, [term])[term]


@pytest.mark.parametrize(
    ("term", "how", "name"),
    [
        ("FJ-QX-530-0500-Y20-06", How.CODE, "青花汾酒20"),
        ("fj-qx-530-0500-y20-06 ", How.CODE, "青花汾酒20"),
        ("ＦＪ－ＱＸ－５３０－０５００－Ｙ２０－０６", How.CODE, "青花汾酒20"),
        ("6900000000042", How.BARCODE, None),
        ("青花汾酒20", How.NAME, "青花汾酒20"),
        ("青花 汾酒 20", How.NAME, "青花汾酒20"),
        ("青花汾酒２０", How.NAME, "青花汾酒20"),
        ("青花汾酒20 53度500ml*6瓶", How.NAME, "青花汾酒20"),
        ("第八代五粮液", How.NAME, "第八代五粮液"),
        ("第8代五粮液", How.NAME, "第八代五粮液"),
        ("梦之蓝M6", How.NAME, "梦之蓝M6"),
        ("梦之蓝m6+", How.NAME, "梦之蓝M6+"),
        ("剑南春水晶剑", How.NAME, "剑南春 水晶剑"),
        ("qhfj", How.INITIALS, "青花汾酒20"),
        ("QHFJ20", How.INITIALS, "青花汾酒20"),
        ("qinghuafenjiu20", How.INITIALS, "青花汾酒20"),
    ],
)
def test_a_sure_term_names_its_product(shelf: Actor, term: str, how: How, name: str | None) -> None:
    match = one(shelf, term)
    assert match.sku is not None
    assert (match.how, match.candidates) == (how, ())
    assert match.sku.name == name or name is None


@pytest.mark.parametrize("term", ["青花汾洒20", "青华汾酒20", "qinghuafenju", "汾酒青花20", "青花汾酒2O"])
def test_a_misspelled_term_only_proposes(shelf: Actor, term: str) -> None:
    match = one(shelf, term)
    assert (match.how, match.sku) == (How.NEAR, None)
    assert match.candidates[0].name == "青花汾酒20"
    assert len(match.candidates) <= 3


def test_the_first_letters_of_initials_only_propose(shelf: Actor) -> None:
    match = one(shelf, "qhf")
    assert (match.how, match.sku, match.candidates[0].name) == (How.NEAR, None, "青花汾酒20")


def test_one_bottle_in_two_cases_is_a_choice_unless_the_title_says_which(shelf: Actor) -> None:
    small = Sku.objects.get(name="飞天茅台")
    large = Sku.objects.get(code="XH-NX-520-0500-NV-06-00001")
    Sku.objects.filter(pk=large.pk).update(
        name="飞天茅台", bottles_per_case=12, abv_tenths=530, gtin13="6901234567892", gtin14="26901234567896"
    )
    Sku.objects.filter(pk=small.pk).update(gtin13="6901234567892", gtin14="16901234567899")
    write_documents([small.pk, large.pk])
    assert {sku.id for sku in one(shelf, "飞天茅台").candidates} == {small.pk, large.pk}
    assert {sku.id for sku in one(shelf, "6901234567892").candidates} == {small.pk, large.pk}
    for term, wanted in (
        ("飞天茅台 53度 500ml*12", large.pk),
        ("飞天茅台 500ml*6瓶", small.pk),
        ("26901234567896", large.pk),
    ):
        sku = one(shelf, term).sku
        assert sku is not None
        assert sku.id == wanted


def test_a_spreadsheet_that_ate_a_zero_is_understood(shelf: Actor) -> None:
    sku = Sku.objects.get(name="飞天茅台")
    Sku.objects.filter(pk=sku.pk).update(gtin13="0036000291452")
    write_documents([sku.pk])
    for term in ("0036000291452", "036000291452", "36000291452"):
        assert one(shelf, term).sku is not None


@pytest.mark.parametrize("term", ["", "   ", "🍶🍶", "没有的东西", "0000000000000", "'; DROP TABLE x; --", "x" * 5000])
def test_what_names_nothing_is_said_to_name_nothing(shelf: Actor, term: str) -> None:
    match = one(shelf, term)
    assert (match.how, match.sku, match.candidates) == (How.NONE, None, ())


def test_a_dealer_is_not_shown_what_is_not_on(shelf: Actor, product_manager: Actor) -> None:
    Sku.objects.filter(name="青花汾酒20").update(status="DRAFT")
    assert one(shelf, "FJ-QX-530-0500-Y20-06").sku is None
    assert one(product_manager, "FJ-QX-530-0500-Y20-06").sku is not None


@pytest.mark.parametrize("count", [1, 500])
def test_exact_terms_take_one_statement_and_any_terms_two(shelf: Actor, count: int) -> None:
    codes = list(Sku.objects.values_list("code", flat=True)[:count])
    with CaptureQueriesContext(connection) as statements:
        found = find_skus(shelf, codes)
    assert len(statements) == 1
    assert all(match.sku and match.sku.code == term for term, match in found.items())
    with CaptureQueriesContext(connection) as statements:
        find_skus(shelf, [*codes, "青花汾洒20", "没有的东西"])
    assert len(statements) == 2


grams = st.sets(st.sampled_from(["ab", "bc", "cd", "de", "ef", "fg", "gh"]), max_size=7)


@given(st.lists(grams, max_size=40), grams, st.integers(1, 7), st.integers(1, 5))
def test_counting_by_bit_planes_agrees_with_counting_one_by_one(
    documents: list[set[str]], query: set[str], needed: int, most: int
) -> None:
    found = GramIndex(documents, query).best(query, needed, most)
    shared = [len(query & document) for document in documents]
    enough = [place for place, count in enumerate(shared) if count >= needed]
    likest = sorted(enough, key=lambda place: (-shared[place], len(documents[place]), place))[:most]
    assert found == likest


def test_like_letters_of_other_characters_are_not_proposed(shelf: Actor) -> None:
    assert one(shelf, "梦知岚").candidates[0].name.startswith("梦之蓝")
    assert one(shelf, "懵纸南").candidates == ()


@pytest.mark.parametrize(
    ("term", "name"), [("sjj", "剑南春 水晶剑"), ("水晶剑", "剑南春 水晶剑"), ("SJJ", "剑南春 水晶剑")]
)
def test_a_part_that_one_product_alone_has_names_it(shelf: Actor, term: str, name: str) -> None:
    match = named_skus(shelf, [term, "6900000000042"])[term]
    assert match.sku is not None
    assert (match.how, match.sku.name, match.candidates) == (How.PART, name, ())


@pytest.mark.parametrize(
    "term", ["梦之", "x", "青", "清花汾酒", "青花汾洒20", "qhfjj20", "sjk", "没有的东西", "-1", "💰"]
)
def test_a_part_of_several_or_of_none_names_nothing(shelf: Actor, term: str) -> None:
    """What only sounds alike, or was meant with a slip, is still only proposed."""
    assert named_skus(shelf, [term])[term].sku is None


@pytest.mark.parametrize("count", [1, 400])
def test_parts_take_one_statement_more(shelf: Actor, count: int) -> None:
    terms = ["sjj", *(f"qq{number}" for number in range(count))]
    with CaptureQueriesContext(connection) as seen:
        assert named_skus(shelf, terms)["sjj"].sku is not None
    assert len(seen) == 3
