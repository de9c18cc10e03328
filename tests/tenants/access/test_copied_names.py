"""Names of people copied beside what they did: known where they are, and gone with the person."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, transaction

from core.catalogue.models import ToldApart
from core.kernel import clock
from core.kernel.actor import Actor
from dms.sellthrough.models import MarketQuote
from dms.stock.models import StockCount, Transfer
from ordering.lists.models import ShoppingList
from tenants.access.models import Seat
from tenants.access.services.personal import forget_person
from tests.cast import Cast

ON_SEATS = {"access.Seat": {"person_name"}, "access.Invitation": {"invited_by_name"}}
"""Taken away by the room of seats itself."""
OF_TRANSACTIONS = {
    "orders.Order": {"placed_by_name", "decided_by_name"},
    "orders.StaffNote": {"person_name"},
    "fulfilment.Shipment": {"shipped_by_name", "signed_by_name"},
}
"""Taken away three years later (tests/ordering/fulfilment/test_forget_names.py)."""


def test_every_copy_of_a_name_is_known() -> None:
    rooms = {name.rpartition(".")[2] for name in settings.TENANT_APPS}
    found: dict[str, set[str]] = {}
    for model in apps.get_models():
        names = {
            one.name
            for one in model._meta.fields
            if one.name.endswith(("_by_name", "person_name", "reader_name", "owner_name"))
        }
        if names and model._meta.app_label in rooms:
            found[model._meta.label] = names
    listed = {label: set(columns) for label, columns in settings.COPIED_NAMES.items()}
    assert found == {**listed, **ON_SEATS, **OF_TRANSACTIONS}
    for label, columns in settings.COPIED_NAMES.items():
        for by in filter(None, columns.values()):
            apps.get_model(label)._meta.get_field(by)


def count_of(cast: Cast, number: str, opened: Actor, counted: Actor) -> StockCount:
    return StockCount.objects.create(
        number=number,
        owner=cast.root,
        warehouse=cast.w1,
        opened_at=clock.now(),
        opened_by_id=opened.person_id,
        opened_by_name=opened.person_name,
        counted_by_id=counted.person_id,
        counted_by_name=counted.person_name,
    )


def transfer_of(cast: Cast, made: Actor, sent: Actor) -> Transfer:
    return Transfer.objects.create(
        number="T-1",
        owner=cast.root,
        source=cast.w1,
        target=cast.d_c1,
        made_at=clock.now(),
        made_by_id=made.person_id,
        made_by_name=made.person_name,
        sent_by_name=sent.person_name,
    )


def test_a_name_goes_and_the_colleagues_stay(cast: Cast) -> None:
    gone, other = cast.warehouse, cast.rep
    first, second = count_of(cast, "Z-1", gone, other), count_of(cast, "Z-2", other, gone)
    carried = transfer_of(cast, other, gone)
    forget_person(gone.person_id)
    for row in (first, second, carried):
        row.refresh_from_db()
    assert (first.opened_by_name, first.counted_by_name, first.ended_by_name) == ("—", other.person_name, "")
    assert (second.opened_by_name, second.counted_by_name) == (other.person_name, "—")
    assert (carried.made_by_name, carried.sent_by_name, carried.ended_by_name) == (other.person_name, "—", "")
    assert first.opened_by_id == gone.person_id, "the id stays: the trail is whole"


def test_a_name_a_colleague_bears_too_stays_where_no_id_says_whose_it_is(cast: Cast) -> None:
    gone, other = cast.product, cast.rep
    Seat.objects.filter(person_id=other.person_id).update(person_name=gone.person_name)
    first, second = sorted([cast.skus[1], cast.skus[2]], key=lambda sku: sku.pk)
    said = ToldApart.objects.create(first=first, second=second, said_by_name=gone.person_name, said_at=clock.now())
    counted = count_of(cast, "Z-3", gone, gone)
    forget_person(gone.person_id)
    said.refresh_from_db()
    counted.refresh_from_db()
    assert (said.said_by_name, counted.opened_by_name) == (gone.person_name, "—")


def test_a_reader_and_the_owner_of_a_list_are_known_by_their_seats(cast: Cast) -> None:
    gone, colleague = cast.buyer_c1, cast.rep
    own, theirs = (
        ShoppingList.objects.create(
            buyer=cast.c1,
            seat_id=actor.seat_id,
            owner_name=gone.person_name,
            name="常订",
            created_at=clock.now(),
            updated_at=clock.now(),
        )
        for actor in (gone, colleague)
    )
    forget_person(gone.person_id)
    own.refresh_from_db()
    theirs.refresh_from_db()
    assert (own.owner_name, theirs.owner_name) == ("—", gone.person_name)


def test_a_quote_gives_up_its_name_and_nothing_else(cast: Cast) -> None:
    quote = MarketQuote.objects.create(
        sku=cast.skus[1],
        region_code="370100",
        quoted_on=clock.now().date(),
        unit="CASE",
        amount=190_000,
        currency="CNY",
        person_id=cast.rep.person_id,
        entered_by_name=cast.rep.person_name,
        entered_at=clock.now(),
    )
    forget_person(cast.rep.person_id)
    quote.refresh_from_db()
    assert (quote.entered_by_name, quote.amount, quote.person_id) == ("—", 190_000, cast.rep.person_id)
    with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
        MarketQuote.objects.filter(pk=quote.pk).update(amount=1)
    with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
        quote.delete()
