"""Every status and kind the rooms know has words: a new one is a row in the kit's tables."""

import pytest
from django.db import models

from billing.ledger.models import Hold, Journal
from core.catalogue.models import Sku
from core.jobs.models import Job
from core.messages.models import Message
from dms.dealers.models import Credential, Dealer
from dms.dealers.rules import Need, State
from dms.stock.models import Movement, Stock, Warehouse
from dms.territories.models import Grant
from frontend.ui.vocabulary import known_terms
from frontend.ui.words import known_statuses
from ordering.fulfilment.models import Shipment
from ordering.orders.models import Order
from ordering.pricing.models import PriceList
from tenants.access.models import Seat
from tenants.brands.models import Brand
from tenants.organisations.models import Licence, Organisation

STATUSES: dict[str, type[models.TextChoices]] = {
    "order": Order.Status,
    "payment": Order.Payment,
    "fulfilment": Order.Fulfilment,
    "invoice": Order.Invoice,
    "settlement": Order.Settlement,
    "shipment": Shipment.Status,
    "sku": Sku.Status,
    "dealer": Dealer.Status,
    "job": Job.Status,
    "brand": Brand.State,
    "seat": Seat.Status,
    "hold": Hold.Status,
    "message": Message.Status,
    "licence_check": Credential.CheckStatus,
    "licence": Licence.Status,
}
TERMS: dict[str, type[models.TextChoices]] = {
    "tier": Dealer.Tier,
    "sells_in": Sku.SellsIn,
    "warehouse": Warehouse.Kind,
    "condition": Stock.Condition,
    "movement": Movement.Kind,
    "journal": Journal.Kind,
    "grant_kind": Grant.Kind,
    "price_scope": PriceList.Scope,
    "credential_type": Licence.Type,
    "organisation": Organisation.Kind,
    "side": Seat.Side,
    "source": Order.Source,
}


@pytest.mark.parametrize("kind", STATUSES)
def test_every_status_of_a_room_has_words(kind: str) -> None:
    assert set(STATUSES[kind].values) - set(known_statuses()[kind]) == set()


def test_every_state_of_a_paper_has_words() -> None:
    assert set(known_statuses()["credential"]) == {state.value for state in State}
    assert set(known_terms()["licence_need"]) == {need.value for need in Need}


@pytest.mark.parametrize("kind", TERMS)
def test_every_kind_of_a_room_has_words(kind: str) -> None:
    assert set(TERMS[kind].values) - set(known_terms()[kind]) == set()
