"""The platform's word about a paper arrives while the brand decides about it: neither undoes the other."""

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event as Signal
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from pytest_django import DjangoDbBlocker

from core.db.acts import act, brand_schema
from core.db.locks import Rank, locked
from core.kernel import clock
from core.kernel.ids import uuid7
from dms.dealers.models import Credential, Dealer
from dms.dealers.services import DecidePaper, copies, copy_rejected, decide_paper, papers
from dms.dealers.services.copies import Checked
from tests.cast import Cast
from tests.database import test_database
from tests.portals import XINGHE

pytestmark = pytest.mark.races
PATIENCE_S = 5
Check = Credential.CheckStatus
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture(scope="module")
def house(django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast in a database of its own, where everything is really committed."""
    name = f"{connection.settings_dict['TEST']['NAME']}_papers"
    with django_db_blocker.unblock(), test_database(name), XINGHE.inside():
        yield Cast.build(XINGHE)


@pytest.fixture
def sent(house: Cast) -> Iterator[Credential]:
    """A food permit that a dealer sent and nobody has decided about."""
    row = Credential.objects.create(
        dealer=house.c1,
        type=Credential.Type.LIQUOR_WHOLESALE,
        number="鲁酒批370102",
        valid_from=date(2026, 1, 1),
        is_accepted=False,
        check_status=Check.SUBMITTED,
        licence_id=uuid7(),
        licence_version=1,
        submitted_at=clock.now(),
    )
    yield row
    Credential.objects.filter(dealer=house.c1, number=row.number).delete()


def _until_somebody_waits() -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction it is asked once only
            cursor.execute(_WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("the platform's word did not wait for the brand's decision")


def _on_its_own(work: Callable[[], object]) -> None:
    try:
        with brand_schema(XINGHE.schema):
            work()
    finally:
        connection.close()


def _decided_while_the_word_arrives(house: Cast, sent: Credential, monkeypatch: pytest.MonkeyPatch) -> Credential:
    """Accept the paper; before that is committed, the platform rejects it and waits. The row after both."""
    has_decided, tell = Signal(), papers._tell

    def tell_and_linger(*words: Any) -> None:
        tell(*words)
        has_decided.set()
        _until_somebody_waits()

    monkeypatch.setattr(papers, "_tell", tell_and_linger)
    told = {"licence_id": str(sent.licence_id), "reason": "扫描件不清"}

    def hear() -> None:
        assert has_decided.wait(PATIENCE_S)
        with act():
            copy_rejected(told=told, version=2)

    command = DecidePaper(sent.pk, accepts=True)
    with ThreadPoolExecutor(2) as pool:
        for done in [
            pool.submit(_on_its_own, lambda: decide_paper(actor=house.admin, command=command)),
            pool.submit(_on_its_own, hear),
        ]:
            done.result()
    return Credential.objects.get(pk=sent.pk)


def test_what_the_brand_decided_stays_decided(house: Cast, sent: Credential, monkeypatch: pytest.MonkeyPatch) -> None:
    row = _decided_while_the_word_arrives(house, sent, monkeypatch)
    assert (row.is_accepted, row.decided_by_name, row.reason) == (True, house.admin.person_name, "")
    assert row.decided_at is not None
    assert (row.check_status, row.licence_version) == (Check.REJECTED, 2)


def _marked_as_read_before(
    told: Mapping[str, Any], version: int, check: Check, rows: QuerySet[Credential]
) -> tuple[Checked, ...]:
    """The fault: the rows are read first, and written back as they were once the house is held."""
    read = list(rows.filter(licence_version__lt=version))
    locked(Dealer.objects.filter(pk__in={row.dealer_id for row in read}), Rank.KEY)
    for row in read:
        row.check_status, row.licence_version = check, version
        row.save()
    return ()


def test_the_race_is_seen_where_rows_are_read_before_the_lock(
    house: Cast, sent: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "_mark", _marked_as_read_before)
    row = _decided_while_the_word_arrives(house, sent, monkeypatch)
    assert (row.is_accepted, row.decided_at) == (False, None), "the brand's word is lost"
