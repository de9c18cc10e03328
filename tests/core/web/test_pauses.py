"""Growing pauses between tries."""

import time
from collections.abc import Callable

import pytest

from core.web.throttling import Pauses

TRIES = Pauses("testing", free=3, first_s=60, longest_s=300, memory_s=3600)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let time go by, for the cache too."""
    shift = [0.0]
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + shift[0])

    def go_on(seconds: float) -> None:
        shift[0] += seconds

    return go_on


def test_the_first_tries_are_free_and_the_pauses_after_them_double(later: Callable[[float], None]) -> None:
    assert [TRIES.try_once("a").number for _ in range(3)] == [1, 2, 3]
    waits = []
    for _ in range(4):
        waits.append(TRIES.try_once("a").wait_s)
        later(waits[-1] + 1)
        assert TRIES.try_once("a").wait_s == 0
    assert [round(wait, -1) for wait in waits] == [60, 120, 240, 300]


def test_tries_within_a_pause_do_not_lengthen_it(later: Callable[[float], None]) -> None:
    for _ in range(3):
        TRIES.try_once("a")
    for _ in range(20):
        assert TRIES.try_once("a").wait_s
    later(61)
    assert TRIES.try_once("a").number == 4


def test_another_key_does_not_wait_and_a_success_forgives() -> None:
    for _ in range(4):
        TRIES.try_once("a")
    assert TRIES.try_once("b").number == 1
    TRIES.forgive("a")
    assert TRIES.try_once("a").number == 1


def test_tries_are_forgotten_after_a_while(later: Callable[[float], None]) -> None:
    for _ in range(3):
        TRIES.try_once("a")
    later(3601)
    assert TRIES.try_once("a").number == 1
