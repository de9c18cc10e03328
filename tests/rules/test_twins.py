"""Suspected duplicates: what two entries of one product look like."""

from dataclasses import replace

import pytest

from core.catalogue.rules.twins import Reason, TwinFacts, suspects

QHF = TwinFacts(1, "FJ-QX-530-0500-Y20-06", "青花汾酒20", 1, "QX", 530, 500, 6, "Y20", "", "6901234567892")


def found(*rows: TwinFacts) -> list[tuple[int, int | None, tuple[str, ...]]]:
    """Suspects as plain values."""
    return [(one.first, one.second, tuple(map(str, one.reasons))) for one in suspects(rows)]


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"name": "青花汾酒20 53度500ml*6瓶"}, {Reason.SAME_FACTS}),
        ({"name": "青花 汾酒 20"}, {Reason.SAME_FACTS}),
        ({"name": "西凤酒", "abv_tenths": 550}, {Reason.BARCODE}),
        ({"name": "青花汾酒20", "aroma": "JA", "gtin13": ""}, {Reason.SAME_FACTS, Reason.AROMA}),
        ({"name": "青花汾酒二", "gtin13": ""}, set()),
        ({"name": "青花汾酒20", "bottles_per_case": 12}, set()),
    ],
)
def test_what_makes_two_products_suspicious(changes: dict[str, object], reasons: set[Reason]) -> None:
    other = replace(QHF, id=2, code="X", spu_id=2, **changes)  # type: ignore[arg-type]  # fields by name
    told = [set(one.reasons) for one in suspects([QHF, other])]
    assert all(reasons <= one for one in told)
    assert bool(told) == bool(reasons)


def test_one_bottle_in_two_cases_is_no_slip() -> None:
    assert not found(QHF, replace(QHF, id=2, code="FJ-QX-530-0500-Y20-12", bottles_per_case=12))


def test_nearly_the_same_name_in_the_same_pack_is_looked_at() -> None:
    one = replace(QHF, name="剑南春水晶剑珍藏版", gtin13="")
    told = found(one, replace(one, id=2, spu_id=2, name="剑南春水晶剑珍藏板", gtin13=""))
    assert told == [(1, 2, ("near_name",))]


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        ("青花汾酒20 53度 500ml*6", False),
        ("青花汾酒20 52度 500ml*6", True),
        ("青花汾酒20 475ml", True),
        ("青花汾酒20 500ml*12", True),
        ("青花汾酒20", False),
    ],
)
def test_a_name_that_says_otherwise_than_its_figures_is_told(name: str, is_told: bool) -> None:
    assert found(replace(QHF, name=name)) == ([(1, None, ("title",))] if is_told else [])


def test_what_was_told_apart_is_not_shown_again() -> None:
    rows = [QHF, replace(QHF, id=2, code="X", spu_id=2)]
    assert len(suspects(rows)) == 1
    assert not suspects(rows, frozenset({(1, 2)}))


def test_the_surest_stand_first() -> None:
    weak = replace(QHF, id=3, spu_id=3, name="洋河梦之蓝 52度", abv_tenths=530, gtin13="")
    rows = [weak, QHF, replace(QHF, id=2, code="X", spu_id=2)]
    assert [one.first for one in suspects(rows)] == [1, 3]
