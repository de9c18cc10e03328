"""One price round, two hands at one moment: published once, decided once. The round's row lock decides.

Each runs the known-bad way too, the row read without its lock: it must be seen to fail.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from core.db.locks import locked
from core.events.models import Event
from core.kernel import clock
from core.kernel.errors import refuse_all
from core.kernel.quantity import Unit
from ordering.rounds.models import PriceRound
from ordering.rounds.services import (
    DecideRound,
    Head,
    Put,
    PutLines,
    decide_round,
    draft_round,
    locking,
    publish_round,
    publishing,
    put_lines,
    submit_round,
    withdraw_round,
)
from tests.races.conftest import Contest, at_once

pytestmark = pytest.mark.races
PAUSE_S, PATIENCE_S = 0.4, 30
"""For the other's reading: a moment where it waits for a lock, else as long as a busy machine may need."""


@pytest.fixture(params=["locked", "known-bad"])
def is_locked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[bool]:
    """Both ways; in either, who has read the round waits a moment for the other to have read it too."""
    is_good, both, real = request.param == "locked", Barrier(2), locked

    def slowly(rows: Any, rank: Any) -> Any:
        found = real(rows, rank) if is_good else list(rows)
        with suppress(BrokenBarrierError):
            both.wait(PAUSE_S)
        return found

    monkeypatch.setattr(locking, "locked", slowly)
    yield is_good


@pytest.fixture
def submitted(contest: Contest) -> PriceRound:
    """A round somebody else may decide on."""
    actor = contest.cast.pricing
    row = draft_round(actor=actor, head=Head("提价", clock.now() + timedelta(days=30)))
    puts = (Put("NAT", contest.cast.skus[1].code, Unit.CASE, 210_000),)
    row = put_lines(actor=actor, command=PutLines(row.number, row.version, puts))
    return submit_round(actor=actor, number=row.number, version=row.version)


@pytest.fixture
def approved(submitted: PriceRound, contest: Contest) -> PriceRound:
    """A round that may be published."""
    command = DecideRound(submitted.number, submitted.version, approves=True)
    return decide_round(actor=contest.cast.admin, command=command)


def test_it_is_decided_once(submitted: PriceRound, contest: Contest, is_locked: bool) -> None:
    version = submitted.version
    acts = [
        partial(
            decide_round,
            actor=contest.cast.actor(who),
            command=DecideRound(submitted.number, version, approves=approves, reason="太高"),
        )
        for who, approves in (("admin", True), ("finance", False))
    ]
    found = sorted(at_once(*acts))
    assert (found in (["done", "round.state"], ["conflict.version", "done"])) is is_locked, found


def test_it_is_published_or_withdrawn(approved: PriceRound, contest: Contest, is_locked: bool) -> None:
    row = approved
    publishes = partial(publish_round, actor=contest.cast.pricing, number=row.number, version=row.version)
    withdraws = partial(withdraw_round, actor=contest.cast.admin, number=row.number, version=row.version)
    found = at_once(publishes, withdraws)
    assert (sorted(found) in (["done", "round.state"], ["conflict.version", "done"])) is is_locked, found
    kinds = ("ordering.price_round_published.v1", "ordering.price_round_withdrawn.v1")
    assert (Event.objects.filter(aggregate_id=row.number, kind__in=kinds).count() == 1) is is_locked


def test_two_rounds_for_one_moment_are_not_both_published(contest: Contest, monkeypatch: pytest.MonkeyPatch) -> None:
    assert published_at_once(contest, monkeypatch, is_locked=True) == ["done", "round.instant_taken"]


def test_read_without_the_lists_lock_both_are(contest: Contest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The known-bad way: what is taken is looked up before anybody waits for the lists."""
    assert published_at_once(contest, monkeypatch, is_locked=False) == ["done", "done"]


def published_at_once(contest: Contest, monkeypatch: pytest.MonkeyPatch, *, is_locked: bool) -> list[str]:
    """Two rounds over one price for one instant, published together; who has looked waits for the other to look."""
    cast, at = contest.cast, clock.now() + timedelta(days=30)
    rounds = []
    for amount in (210_000, 220_000):
        row = draft_round(actor=cast.pricing, head=Head(f"提价 {amount}", at))
        puts = (Put("NAT", cast.skus[1].code, Unit.CASE, amount),)
        row = put_lines(actor=cast.pricing, command=PutLines(row.number, row.version, puts))
        row = submit_round(actor=cast.pricing, number=row.number, version=row.version)
        rounds.append(decide_round(actor=cast.admin, command=DecideRound(row.number, row.version, approves=True)))
    if not is_locked:
        monkeypatch.setattr(publishing, "LOCK_LISTS", publishing.LOCK_LISTS.replace("FOR UPDATE", ""))
    both, real = Barrier(2), refuse_all

    def slowly(faults: Any) -> None:
        real(faults)
        with suppress(BrokenBarrierError):
            both.wait(PAUSE_S if is_locked else PATIENCE_S)

    monkeypatch.setattr(publishing, "refuse_all", slowly)
    return sorted(
        at_once(*[partial(publish_round, actor=cast.pricing, number=row.number, version=row.version) for row in rounds])
    )
