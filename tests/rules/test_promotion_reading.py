"""Terms as strangers send them: whatever stands where, faults are told by field and nothing else is raised."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.errors import DomainError
from ordering.promotions.rules.reading import read_terms

DAYS = {"starts_at": "2026-01-01T00:00:00+08:00", "ends_at": "2026-02-01T00:00:00+08:00"}
REWARDS: list[dict[str, Any]] = [
    {"kind": "PERCENT_OFF", "off_bp": 500},
    {"kind": "FIXED_PRICE", "amount": 100, "unit": "CASE"},
    {"kind": "LADDER", "measure": "CASES", "steps": [{"start": 5, "off": 10}], "repeats": False},
    {"kind": "BUNDLE", "parts": {"L1": 1, "L2": 2}, "price": 100},
    {"kind": "GIFT", "buy": 10, "give": 1, "unit": "BOTTLE", "sku": "L1", "most": 4},
    {"kind": "REBATE_OFFSET", "cap_bp": 500},
]
nested: list[Any] = []
for _ in range(5_000):
    nested = [nested]
ODD: tuple[object, ...] = ([], ["CASES"], {}, {"a": 1}, nested, 1.5, True, -1, 2**62, "", "x" * 90)
odd_values = st.sampled_from(ODD)


def terms(reward: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "P", "audience": dict(DAYS), "reward": reward, **more}


def fields_of(document: dict[str, Any]) -> set[str]:
    """The fields that are faulty; none where the document reads well."""
    try:
        read_terms(document)
    except DomainError as fault:
        return {one.field or "" for one in fault.problems()}
    return set()


@pytest.mark.parametrize("reward", REWARDS, ids=lambda one: one["kind"])
@given(st.data())
def test_an_odd_value_anywhere_is_a_fault_and_nothing_worse(reward: dict[str, Any], data: st.DataObject) -> None:
    document = terms(dict(reward), goods={"skus": ["L1"]}, limits={"amount": 5}, is_public=True, rank=1)
    assert fields_of(document) == set()
    holder = data.draw(st.sampled_from([document, *(one for one in document.values() if isinstance(one, dict))]))
    holder[data.draw(st.sampled_from(sorted(holder)))] = data.draw(odd_values)
    fields_of(document)


@pytest.mark.parametrize(
    "value", [["CASES"], {"a": 1}, nested, 7, "OTHER"], ids=["list", "object", "deep", "n", "word"]
)
@pytest.mark.parametrize(("place", "name"), [(1, "unit"), (2, "measure"), (4, "unit")])
def test_what_is_no_word_is_told_by_field(place: int, name: str, value: object) -> None:
    assert fields_of(terms({**REWARDS[place], name: value})) == {f"reward.{name}"}


def test_a_value_nested_beyond_printing_is_told_by_field() -> None:
    assert fields_of(terms(REWARDS[0], audience={**DAYS, "starts_at": nested})) == {"audience.starts_at"}
    assert fields_of(terms(REWARDS[0], goods=nested, rank=nested)) == {"goods", "rank"}
