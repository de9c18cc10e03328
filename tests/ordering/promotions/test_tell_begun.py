"""A promotion that begins is told to those it is for, once; not before, not paused, not as a further version."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.events.models import Event
from core.kernel import clock
from core.messages.models import Message
from ordering.promotions import services
from ordering.promotions.models import PromotionPolicy
from ordering.promotions.rules.policies import Audience, PercentOff
from ordering.promotions.rules.terms import terms_of
from tests.cast import Cast
from tests.factories.policies import add_version, make_coupon, make_policy


@pytest.fixture(autouse=True)
def _today_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cast's fixed day counts as the present: an act of the past would tell nobody."""
    monkeypatch.setattr(clock, "is_fixed", lambda: False)


def soon(hours: int = -1, **whom: frozenset[str]) -> Audience:
    """From some hours off (past ones are negative) for ten days."""
    now = clock.now()
    return Audience(now + timedelta(hours=hours), now + timedelta(days=10), **whom)  # type: ignore[arg-type]  # sets of codes


def told_houses(cast: Cast) -> set[int | None]:
    seats = set(Message.objects.filter(template="promotions.began", way="IN_APP").values_list("seat_id", flat=True))
    return {seat.dealer_id for seat in cast.seats.values() if seat.pk in seats}


def test_those_it_is_for_are_written_to_once(cast: Cast) -> None:
    make_policy(cast.root, "CITY", PercentOff(500), audience=soon(tiers=frozenset({"CITY"})))
    assert services.tell_begun() == 1
    customers = {
        one.pk for one in (cast.c1, cast.c2, cast.p1) if one.supplier_id == cast.root.pk and one.tier == "CITY"
    }
    assert customers
    assert told_houses(cast) == customers
    message = Message.objects.filter(template="promotions.began")[0]
    assert (message.subject, message.link) == ("促销开始：CITY", "/promotions/#CITY")
    count = Message.objects.count()
    assert services.tell_begun() == 0
    assert Message.objects.count() == count
    (event,) = Event.objects.filter(kind="promotions.policy_began.v1")
    assert (event.payload["policy"], event.payload["houses"]) == ("CITY", len(customers))


def test_nobody_hears_of_what_has_not_begun_is_paused_unapproved_or_old(cast: Cast) -> None:
    make_policy(cast.root, "LATER", PercentOff(500), audience=soon(hours=2))
    make_policy(cast.root, "OLD", PercentOff(500), audience=soon(hours=-30))
    for code, facts in {"PAUSED": {"status": "PAUSED"}, "ENDED": {"status": "ENDED"}}.items():
        make_policy(cast.root, code, PercentOff(500), audience=soon())
        PromotionPolicy.objects.filter(code=code).update(**facts)
    waits = make_policy(cast.root, "WAITS", PercentOff(500), audience=soon())
    waits.versions.update(status="SUBMITTED")
    assert services.tell_begun() == 0
    assert told_houses(cast) == set()


def test_the_house_may_choose_silence_and_newcomers_offers_are_silent(cast: Cast) -> None:
    quiet = make_policy(cast.root, "QUIET", PercentOff(500), audience=soon())
    version = quiet.versions.get()
    version.terms = replace(terms_of(version.terms), tells_start=False).document()
    version.save(update_fields=["terms"])
    make_policy(cast.root, "FIRST", PercentOff(500), audience=replace(soon(), first_order_only=True))
    assert services.tell_begun() == 0
    assert not Message.objects.filter(template="promotions.began").exists()


def test_of_a_promotion_with_coupons_their_holders_hear(cast: Cast) -> None:
    policy = make_policy(cast.root, "COUPON", PercentOff(500), audience=soon(), needs_coupon=True)
    holder = cast.p1 if cast.p1.supplier_id == cast.root.pk else cast.c1
    make_coupon(policy, "HELD", dealer=holder)
    make_coupon(policy, "FREE")
    assert services.tell_begun() == 1
    assert told_houses(cast) == {holder.pk}


def test_a_further_version_that_goes_on_is_no_news_and_a_second_run_is(cast: Cast) -> None:
    began: datetime = clock.now() - timedelta(days=6)
    first = Audience(began, clock.now() + timedelta(days=2))
    policy = make_policy(cast.root, "RUNS", PercentOff(500), audience=first)
    terms = terms_of(policy.versions.get().terms)
    add_version(policy, replace(terms, reward=PercentOff(600)), number=2, rules_from=clock.now() - timedelta(hours=1))
    assert services.tell_begun() == 0
    again = make_policy(cast.root, "AGAIN", PercentOff(500), audience=Audience(began, began + timedelta(days=2)))
    terms = replace(terms_of(again.versions.get().terms), audience=soon())
    add_version(again, terms, number=2, rules_from=terms.audience.starts_at)
    assert services.tell_begun() == 1


def test_many_houses_cost_the_statements_of_one_and_no_order_waits(cast: Cast) -> None:
    """Orders that use the policy hold its key: the lock must let them, and nobody is looked for under it."""
    counts = []
    for code, whom in (("ONE", frozenset({"C1"})), ("ALL", frozenset[str]())):
        make_policy(cast.root, code, PercentOff(500), audience=soon(dealers=whom))
        with CaptureQueriesContext(connection) as asked:
            assert services.tell_begun() == 1
        told = [one["sql"] for one in asked.captured_queries]
        (lock,) = [place for place, sql in enumerate(told) if "promotions_promotionpolicy" in sql and " FOR " in sql]
        assert "FOR NO KEY UPDATE" in told[lock]
        (seats,) = [place for place, sql in enumerate(told) if 'FROM "access_seat"' in sql]
        assert seats < lock
        counts.append(len(told))
        PromotionPolicy.objects.update(status="ENDED")
    assert len(told_houses(cast)) > 1
    assert counts[0] == counts[1]
