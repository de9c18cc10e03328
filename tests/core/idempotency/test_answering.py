"""A door answers a request once: key, verb and answer stand or fall together."""

import pytest

from core.db.acts import act
from core.idempotency.models import Answer
from core.idempotency.rules import Claim
from core.idempotency.services import answering
from core.jobs.models import Job
from core.kernel import clock
from core.kernel.errors import DomainError
from tests.core.actors import an_actor
from tests.portals import TestPortal


def _claim(key: str = "k-1") -> Claim:
    return Claim.of(actor=an_actor(), method="POST", route="/api/v1/things", key=key, body=b"{}")


def _verb(kind: str = "made") -> None:
    with act():
        Job.objects.create(kind=kind, created_at=clock.now())


def test_the_verb_s_act_joins_the_door_s_and_the_answer_is_kept(xinghe: TestPortal) -> None:
    for _time in range(2):
        with answering(_claim()) as asked:
            if asked.given is None:
                _verb()
                asked.answer(status=201, body={"number": 1})
            else:
                assert (asked.given.status, asked.given.body) == (201, {"number": 1})
    assert Job.objects.count() == 1
    assert Answer.objects.count() == 1


def test_a_refusal_keeps_neither_row_nor_answer(xinghe: TestPortal) -> None:
    with pytest.raises(DomainError), answering(_claim()) as asked:
        _verb()
        asked.answer(status=201, body={})
        raise DomainError
    assert not Job.objects.exists()
    assert not Answer.objects.exists()


def test_one_answered_request_is_one_verb(xinghe: TestPortal) -> None:
    with pytest.raises(RuntimeError), answering(_claim()):
        _verb("first")
        _verb("second")
    assert not Job.objects.exists()


def test_after_the_door_an_act_is_its_own_again(xinghe: TestPortal) -> None:
    with answering(_claim()):
        pass
    _verb()
    with act(), pytest.raises(RuntimeError):
        _verb()
