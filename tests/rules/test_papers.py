"""Papers of a dealer: what opens the gate, what a renewal replaces, in what state one is, when somebody is warned."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.endings import ENDED, THRESHOLDS, threshold
from core.kernel.identifiers import InvalidIdentifier, paper_number
from dms.dealers.rules import (
    GATE_TYPES,
    Licence,
    Need,
    Standing,
    State,
    missing_papers,
    opens_order_gate,
    province_of,
    replaces,
    state_of,
)

TODAY = date(2026, 1, 12)
DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
PAPERS = st.builds(
    lambda kind, start, length: Licence(kind, "1", start, start + timedelta(days=length) if length else None),
    st.sampled_from(sorted(GATE_TYPES)),
    DAYS,
    st.integers(0, 2000),
)


def paper(kind: str, start: date = date(2020, 1, 1), end: date | None = None) -> Licence:
    return Licence(kind, "1", start, end)


@given(st.lists(PAPERS, max_size=6), DAYS, st.booleans())
def test_the_gate_is_open_when_every_need_is_met_on_the_day(held: list[Licence], day: date, wholesale: bool) -> None:
    valid = {one.type for one in held if one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)}
    is_open = "BUSINESS" in valid and bool(valid & {"JY", "PREPACK"}) and (not wholesale or "LIQUOR_WHOLESALE" in valid)
    assert opens_order_gate(held, day, wholesale=wholesale) == is_open


def test_what_is_missing_names_its_last_day() -> None:
    held = [paper("BUSINESS"), paper("JY", end=date(2025, 6, 1)), paper("PREPACK", end=date(2026, 1, 11))]
    missing = missing_papers(held, TODAY, wholesale=True)
    assert [(one.need, one.ended_on) for one in missing] == [
        (Need.FOOD, date(2026, 1, 11)),
        (Need.WHOLESALE, None),
    ]


@pytest.mark.parametrize(("day", "is_open"), [(date(2026, 1, 31), True), (date(2026, 2, 1), False)])
def test_a_paper_holds_on_its_last_day(day: date, is_open: bool) -> None:
    assert opens_order_gate([paper("BUSINESS"), paper("JY", end=date(2026, 1, 31))], day) == is_open


@given(PAPERS, PAPERS, DAYS)
def test_a_renewal_that_begins_later_never_replaces_what_is_in_force(new: Licence, old: Licence, day: date) -> None:
    if old.is_valid_on(day) and new.valid_from > day and new.valid_from != old.valid_from:
        assert not replaces(new, old, day)


@pytest.mark.parametrize(
    ("new", "old", "expected"),
    [
        (paper("JY", date(2026, 1, 1)), paper("JY", date(2021, 1, 1), date(2026, 2, 1)), True),
        (paper("JY", date(2026, 2, 1)), paper("JY", date(2021, 1, 1), date(2026, 3, 1)), False),
        (paper("JY", date(2026, 1, 1)), paper("JY", date(2021, 1, 1), date(2025, 12, 31)), False),
        (paper("JY", date(2021, 1, 1)), paper("JY", date(2021, 1, 1), date(2025, 12, 31)), True),
    ],
)
def test_what_a_paper_replaces(new: Licence, old: Licence, expected: bool) -> None:
    assert replaces(new, old, TODAY) is expected


@pytest.mark.parametrize(
    ("check", "accepted", "decided", "start", "end", "state"),
    [
        ("NONE", True, True, date(2020, 1, 1), None, State.VALID),
        ("VERIFIED", True, True, date(2026, 1, 13), None, State.UPCOMING),
        ("VERIFIED", True, True, date(2020, 1, 1), date(2026, 3, 14), State.VALID),
        ("VERIFIED", True, True, date(2020, 1, 1), date(2026, 3, 13), State.EXPIRING),
        ("VERIFIED", True, True, date(2020, 1, 1), TODAY, State.EXPIRING),
        ("NONE", True, True, date(2020, 1, 1), date(2026, 1, 11), State.EXPIRED),
        ("SUBMITTED", False, False, TODAY, None, State.CHECKING),
        ("VERIFIED", False, False, TODAY, None, State.OPEN),
        ("NONE", False, False, TODAY, None, State.OPEN),
        ("VERIFIED", False, True, TODAY, None, State.REFUSED),
        ("REJECTED", False, False, TODAY, None, State.REJECTED),
        ("WITHDRAWN", False, False, TODAY, None, State.WITHDRAWN),
        ("SUBMITTED", False, False, date(2020, 1, 1), date(2026, 1, 11), State.EXPIRED),
    ],
)
def test_the_state_of_a_paper(
    check: str, accepted: bool, decided: bool, start: date, end: date | None, state: State
) -> None:
    assert state_of(Standing(check, accepted, decided, start, end), TODAY) is state


@given(st.integers(-400, 400))
def test_the_nearest_threshold_is_due(days: int) -> None:
    due = threshold(days)
    expected = ENDED if days < 0 else next((one for one in sorted(THRESHOLDS) if days <= one), None)
    assert due == expected


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        ("BUSINESS", "91350100m000100y43", "91350100M000100Y43"),
        ("GENERAL_TAXPAYER", "91350100M000100Y43", "91350100M000100Y43"),
        ("SC", "11552038220099", "SC11552038220099"),
        ("JY", "JY15308250014109", "JY15308250014109"),
        ("PREPACK", "15308250014109", "YB15308250014109"),
        ("LIQUOR_WHOLESALE", " 鲁酒批字  12 ", "鲁酒批字 12"),
    ],
)
def test_the_number_of_a_paper_has_one_form(kind: str, text: str, number: str) -> None:
    assert paper_number(kind, text) == number


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("BUSINESS", "91350100M000100Y4Z"),
        ("SC", "SC11552038200099"),
        ("SC", "11552038200099"),
        ("PREPACK", "JY15308250014109"),
        ("JY", "JY15308250014108"),
    ],
)
def test_a_number_that_cannot_be_is_refused(kind: str, text: str) -> None:
    with pytest.raises(InvalidIdentifier):
        paper_number(kind, text)


@pytest.mark.parametrize(("code", "province"), [("370102", "370000"), ("370000", "370000"), ("", ""), ("CN", "")])
def test_the_province_of_a_division(code: str, province: str) -> None:
    assert province_of(code) == province
