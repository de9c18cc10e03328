"""The same request sent twice is done once."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core.db.acts import act
from core.db.locks import LockOrderError, Rank, note_rank
from core.idempotency.errors import BodyDiffers, InProgress, KeyInvalid
from core.idempotency.models import Answer
from core.idempotency.rules import Claim
from core.idempotency.services import GivenAnswer, claim, purge, remember
from core.idempotency.tasks import purge as purge_everywhere
from core.kernel import clock
from core.kernel.errors import Kind
from tests.core.actors import an_actor
from tests.core.second_connection import second_connection
from tests.portals import TestPortal


def _claim(*, key: str = "k-1", body: bytes = b"{}", who: str = "周海棠", **differing: object) -> Claim:
    facts: dict[str, object] = {"method": "POST", "route": "/api/v1/orders", "schema": "t_xinghe", "token_id": None}
    facts.update(differing)
    actor = an_actor(who, schema=str(facts["schema"]), token_id=facts["token_id"])  # type: ignore[arg-type]  # an int or None
    return Claim.of(actor=actor, method=str(facts["method"]), route=str(facts["route"]), key=key, body=body)


def test_the_second_request_gets_the_first_answer(xinghe: TestPortal) -> None:
    wanted = _claim()
    with act():
        assert claim(wanted) is None
        remember(wanted, status=201, body={"number": "SO20260112-0001X", "行": [1, 2]})
    with act():
        assert claim(wanted) == GivenAnswer(status=201, body={"number": "SO20260112-0001X", "行": [1, 2]})


def test_a_claim_is_one_statement(xinghe: TestPortal) -> None:
    Answer.objects.count()
    with CaptureQueriesContext(connection) as queries:
        claim(_claim())
    assert len(queries) == 1


def test_refuses_another_body_with_the_same_key(xinghe: TestPortal) -> None:
    wanted = _claim()
    claim(wanted)
    remember(wanted, status=201, body={})
    with pytest.raises(BodyDiffers) as refusal:
        claim(_claim(body=b'{"lines": []}'))
    assert (refusal.value.code, refusal.value.kind) == ("idempotency.body_differs", Kind.INVALID)


def test_refuses_while_the_first_request_is_running(xinghe: TestPortal) -> None:
    wanted = _claim()
    with second_connection() as other, other.transaction():
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [wanted.scope])
        with pytest.raises(InProgress) as refusal:
            claim(wanted)
        assert (refusal.value.code, refusal.value.kind) == ("idempotency.in_progress", Kind.CONFLICT)
    assert claim(wanted) is None, "the key is free again after the other's end"


def test_an_answer_given_between_snapshot_and_lock_undoes_the_act(xinghe: TestPortal) -> None:
    wanted = _claim()
    with pytest.raises(InProgress), act():
        assert claim(wanted) is None
        Answer.objects.create(scope=wanted.scope, body_digest=wanted.body_digest, status=201, body={}, at=clock.now())
        remember(wanted, status=201, body={})
    assert not Answer.objects.exists()


def test_a_refused_act_leaves_the_key_free(xinghe: TestPortal) -> None:
    wanted = _claim()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        claim(wanted)
        remember(wanted, status=201, body={})
        raise ZeroDivisionError
    assert claim(wanted) is None


@pytest.mark.parametrize(
    "differing",
    [
        {"key": "k-2"},
        {"who": "李敏"},
        {"method": "PUT"},
        {"route": "/api/v1/carts"},
        {"schema": "t_chishui"},
        {"token_id": 4},
    ],
)
def test_the_scope_is_brand_person_method_route_and_key(differing: dict[str, object]) -> None:
    assert _claim(**differing).scope != _claim().scope  # type: ignore[arg-type]  # names and types of _claim's own
    assert _claim().scope == _claim(body=b"other").scope


@pytest.mark.parametrize("key", ["", "x" * 256, "钥匙", "a\nb"])
def test_refuses_a_key_that_is_none(key: str) -> None:
    with pytest.raises(KeyInvalid):
        _claim(key=key)


def test_the_key_is_the_first_lock_of_an_act(xinghe: TestPortal) -> None:
    with act():
        note_rank(Rank.STOCK)
        with pytest.raises(LockOrderError):
            claim(_claim())


def test_answers_are_forgotten_after_thirty_days_in_every_brand(xinghe: TestPortal, chishui: TestPortal) -> None:
    now = clock.now()
    for portal in (xinghe, chishui):
        with portal.inside():
            for days in (29, 31):
                remember(Claim(scope=f"{days}", body_digest="d"), status=200, body={})
                Answer.objects.filter(scope=f"{days}").update(at=now - timedelta(days=days))
    purge_everywhere()
    for portal in (xinghe, chishui):
        with portal.inside():
            assert list(Answer.objects.values_list("scope", flat=True)) == ["29"]
            assert purge(now=now + timedelta(days=2)) == 1
