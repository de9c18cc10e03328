"""One act, one transaction, one schema; contention becomes busy, the wall stays."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction

from core.catalogue.models import ProductLine
from core.db.acts import WallError, act, brand_schema, connection, current_schema, public
from core.db.locks import LockOrderError, Rank, locked, note_rank
from core.kernel.errors import Busy, DomainError
from tests.portals import TestPortal


@pytest.fixture
def other(xinghe: TestPortal) -> Iterator["psycopg.Connection[Any]"]:
    parameters = connection.get_connection_params()
    wanted = {name: parameters[name] for name in ("dbname", "user", "host", "port") if name in parameters}
    with psycopg.connect(**wanted) as second:
        yield second


def take_advisory_lock(wait_ms: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {wait_ms}")
        cursor.execute("SELECT pg_advisory_xact_lock(815)")


def test_a_lock_not_to_be_had_in_time_is_busy(other: "psycopg.Connection[Any]") -> None:
    other.execute("SELECT pg_advisory_xact_lock(815)")
    with pytest.raises(Busy), act():
        ProductLine.objects.create(code="A", name="a")
        take_advisory_lock(30)
    assert not ProductLine.objects.exists()
    other.rollback()
    with act():
        take_advisory_lock(30)


def test_a_refusal_leaves_nothing_behind(xinghe: TestPortal) -> None:
    with pytest.raises(DomainError), act():
        ProductLine.objects.create(code="A", name="a")
        raise DomainError
    assert not ProductLine.objects.exists()


def test_other_database_errors_stay_what_they_are(xinghe: TestPortal) -> None:
    with pytest.raises(IntegrityError), act():
        ProductLine.objects.create(code="A", name="a")
        ProductLine.objects.create(code="A", name="b")


def test_an_act_inside_an_act_is_a_bug(xinghe: TestPortal) -> None:
    with pytest.raises(RuntimeError, match="durable"), act(), act():
        pass


def test_the_public_schema_is_out_of_reach_inside_an_act(xinghe: TestPortal) -> None:
    with act(), pytest.raises(WallError), public():
        pass
    with pytest.raises(WallError), act(), public():
        pass


def test_another_brand_is_out_of_reach_inside_an_act(xinghe: TestPortal) -> None:
    with act(), pytest.raises(WallError), brand_schema("t_chishui"):
        pass


def test_a_plain_transaction_is_a_wall_too(xinghe: TestPortal) -> None:
    with transaction.atomic(), pytest.raises(WallError), public():
        pass


def test_the_path_comes_back_after_a_visit(xinghe: TestPortal) -> None:
    with public():
        assert current_schema() == "public"
        with public():
            assert current_schema() == "public"
        with brand_schema("t_chishui"):
            assert current_schema() == "t_chishui"
        assert current_schema() == "public"
    assert (current_schema(), connection.include_public_schema) == ("t_xinghe", False)


def test_the_path_comes_back_after_a_failure(xinghe: TestPortal) -> None:
    with pytest.raises(DomainError), public():
        raise DomainError
    assert current_schema() == "t_xinghe"


def test_locks_go_up_the_ranks_only(xinghe: TestPortal) -> None:
    with act():
        note_rank(Rank.ORDER)
        note_rank(Rank.STOCK)
        note_rank(Rank.STOCK)
        with pytest.raises(LockOrderError, match="ORDER after STOCK"):
            note_rank(Rank.ORDER)
    with act():
        note_rank(Rank.KEY)


def test_rows_are_locked_in_the_order_of_their_ids(xinghe: TestPortal) -> None:
    for code in "CAB":
        ProductLine.objects.create(code=code, name=code)
    with act():
        rows = locked(ProductLine.objects.order_by("code"), Rank.ORDER)
    assert [row.pk for row in rows] == sorted(row.pk for row in rows)
